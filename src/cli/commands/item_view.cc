#include "cli/commands/item_view.h"

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/priority.h"

namespace slipway::cli {
namespace {

std::string member_text(const Json& object, std::string_view outer, std::string_view inner) {
  const Json* part = find(object, outer);
  return part ? text_or(*part, inner) : "";
}

/// Why it waits, or why it failed: the one sentence that a row has room for.
std::string reason_of(const Json& item) {
  if (!text_or(item, "waitReason").empty()) return text_or(item, "waitReason");
  if (!text_or(item, "unreachableSince").empty())
    return "the backend does not answer since " + short_time(text_or(item, "unreachableSince"));
  return split(member_text(item, "error", "message"), '\n').front();
}

}  // namespace

std::string short_time(const std::string& iso) {
  return iso.size() >= 19 ? iso.substr(0, 10) + " " + iso.substr(11, 8) : iso;
}

std::vector<std::string> item_headings() {
  return {"ITEM", "RUN", "STATE", "PRIORITY", "AUTHOR", "PUSHED (UTC)", "EXIT", "REASON"};
}

std::vector<std::string> item_row(const Terminal& terminal, const Json& item) {
  const auto priority = int_or(item, "priority", -1);
  const Json* exit_code = find(item, "exitCode");
  return {text_or(item, "id"),
          member_text(item, "run", "name"),
          terminal.state(text_or(item, "phase")),
          priority >= 0 && priority <= 3 ? std::string(launch::priority_name(static_cast<int>(priority))) : "",
          text_or(item, "author"),
          short_time(text_or(item, "createdAt")),
          exit_code && exit_code->is_int64() ? to_text(*exit_code) : "",
          reason_of(item)};
}

void print_item(Terminal& terminal, const Json& item) {
  std::vector<std::pair<std::string, std::string>> facts;
  const auto add = [&](const char* label, const std::string& value) {
    if (!value.empty()) facts.emplace_back(label, value);
  };
  add("item", text_or(item, "id"));
  add("run", member_text(item, "run", "name"));
  add("queue", member_text(item, "queue", "entityName") + "/" + member_text(item, "queue", "name"));
  add("resource", member_text(item, "queue", "resource"));
  add("state", terminal.state(text_or(item, "phase")));
  if (const Json* exit_code = find(item, "exitCode"); exit_code && exit_code->is_int64())
    add("exit code", to_text(*exit_code));
  add("waits because", text_or(item, "waitReason"));
  add("error", member_text(item, "error", "message"));
  add("error class", member_text(item, "error", "failureClass"));
  add("unreachable since", short_time(text_or(item, "unreachableSince")));
  add("image", text_or(item, "image"));
  add("agent", text_or(item, "agentName"));
  add("author", text_or(item, "author"));
  add("attempt", std::to_string(int_or(item, "attempt", 1)));
  terminal.facts(facts);
  const Json* events = find(item, "events");
  if (!events || !events->is_array() || events->get_array().empty()) return;
  terminal.print("");
  std::vector<std::vector<std::string>> rows;
  for (const auto& event : events->get_array()) {
    rows.push_back(
        {short_time(text_or(event, "at")), text_or(event, "to"), text_or(event, "actor"), text_or(event, "reason")});
  }
  terminal.table({"TIME (UTC)", "STATE", "BY", "WHY"}, rows);
}

}  // namespace slipway::cli
