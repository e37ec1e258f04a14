#include "plugins/runners/api.h"

#include "launch/item_state.h"

namespace slipway::plugins {

Json RunHandle::to_json() const {
  JsonObject out;
  out["name"] = name;
  out["uid"] = uid;
  out["details"] = details;
  return out;
}

Result<RunHandle> RunHandle::from_json(const Json& value) {
  RunHandle handle;
  handle.name = text_or(value, "name");
  handle.uid = text_or(value, "uid");
  if (handle.name.empty()) {
    return Error(Code::invalid_argument, "reading a run handle: 'name' is missing or no text");
  }
  if (const Json* details = slipway::find(value, "details")) handle.details = *details;
  return handle;
}

std::string_view submit_failure_class(Code code) {
  switch (code) {
    case Code::not_found:
      return launch::failure::image;
    case Code::invalid_argument:
    case Code::permission_denied:
      return launch::failure::refused;
    default:
      return launch::failure::backend;
  }
}

Task<> Runner::prepare(SubmitRequest) { co_return Result<>(); }

}  // namespace slipway::plugins
