#include "base/json.h"
#include "net/http_server.h"
#include "net/request_head.h"

namespace slipway::net {

std::optional<std::string> ServerRequest::query_value(std::string_view name) const {
  return find_query_value(query, name);
}

ServerResponse ServerResponse::text(int status, std::string body, std::string content_type) {
  ServerResponse response;
  response.status = status;
  response.headers.add("Content-Type", std::move(content_type));
  response.body = std::move(body);
  return response;
}

ServerResponse ServerResponse::json(int status, std::string body) {
  return text(status, std::move(body), "application/json");
}

ServerResponse ServerResponse::from_error(const Error& error) {
  JsonObject inner;
  inner["code"] = text_value(code_name(error.code()));
  inner["message"] = text_value(error.to_string());
  if (!error.mend().empty()) {
    inner["message"] = text_value(error.message());
    inner["hint"] = text_value(error.mend());
  }
  JsonObject outer;
  outer["error"] = std::move(inner);
  return json(http_status(error.code()), to_text(outer));
}

}  // namespace slipway::net
