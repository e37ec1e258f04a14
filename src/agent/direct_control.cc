#include "agent/direct_control.h"

#include <fmt/format.h>

namespace slipway::agent {

Lease DirectControl::lease_of(const Json& spec) const {
  Lease lease;
  lease.item_id = "direct";
  lease.run_entity = text_or(spec, "entity");
  lease.run_project = text_or(spec, "project");
  lease.run_name = text_or(spec, "run_id");
  lease.author = text_or(spec, "author");
  lease.spec = spec;
  return lease;
}

Task<bool> DirectControl::report(Held, Report report) {
  if (report.exit_code) outcome_.exit_code = report.exit_code;
  if (report.failure_class) outcome_.failure_class = *report.failure_class;
  if (report.message) outcome_.message = *report.message;
  if (report.warning && run_.on_progress) run_.on_progress("warning: " + *report.warning);
  if (report.phase) {
    outcome_.state = *report.phase;
    if (run_.on_progress) run_.on_progress(std::string(launch::state_name(*report.phase)));
  }
  co_return false;
}

Task<> DirectControl::append_log(Lease, std::uint64_t, std::vector<std::string> lines) {
  lines_ += lines.size();
  if (run_.on_line) {
    for (const auto& line : lines) run_.on_line(line);
  }
  co_return Result<>();
}

}  // namespace slipway::agent
