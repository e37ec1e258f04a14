// What an answer of the server means (protocol 1.1, 3 to 7). Pure; private to the client.
#pragma once
#include <string_view>

#include "base/json.h"
#include "net/http_client.h"

namespace slipway::client {

/// `data` of a GraphQL answer, or the Error that its errors or its status say.
Result<Json> read_graphql_answer(const net::ClientResponse& response);
/// The JSON of any other answer: an empty body is an empty object. Errors as {"error": …} or {"errors": […]},
/// or as text.
Result<Json> read_json_answer(const net::ClientResponse& response, std::string_view doing);

}  // namespace slipway::client
