// audit list.
#include <fmt/format.h>

#include "cli/commands/all.h"
#include "cli/commands/item_view.h"
#include "cli/session.h"

namespace slipway::cli::commands {
namespace {

constexpr const char* kLog =
    "query AuditLog($entity: String, $actor: String, $action: String, $first: Int, $after: String) {"
    " auditLog(entityName: $entity, actor: $actor, action: $action, first: $first, after: $after) {"
    " pageInfo { endCursor hasNextPage } edges { node { id at entityName actor action subject detail } } } }";

class AuditListCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("-e,--entity", entity_, "Only what happened in this entity; left out: all that you may see");
    options.text("--actor", actor_, "Only what this one did, such as user:ann");
    options.text("--action", action_, "Only this, such as queue.update, or queue for all that was done to queues");
    options.integer("-n,--limit", limit_, "How many at most");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const JsonArray entries, fetch(*session));
    terminal.print_json(entries);
    if (terminal.json()) return 0;
    std::vector<std::vector<std::string>> rows;
    for (const auto& entry : entries) {
      rows.push_back({short_time(text_or(entry, "at")), text_or(entry, "actor"), text_or(entry, "action"),
                      text_or(entry, "subject"), text_or(entry, "entityName"), to_text(*find(entry, "detail"))});
    }
    terminal.table({"AT (UTC)", "WHO", "WHAT", "TO", "ENTITY", "DETAIL"}, rows);
    return 0;
  }

 private:
  Result<JsonArray> fetch(Session& session) const {
    JsonArray found;
    Json after;
    while (static_cast<int>(found.size()) < limit_) {
      JsonObject variables{{"first", std::min(limit_ - static_cast<int>(found.size()), 500)}, {"after", after}};
      if (!entity_.empty()) variables["entity"] = text_value(entity_);
      if (!actor_.empty()) variables["actor"] = text_value(actor_);
      if (!action_.empty()) variables["action"] = text_value(action_);
      TRY(const Json data, session.call(kLog, std::move(variables)));
      const Json* log = find(data, "auditLog");
      if (log == nullptr || !log->is_object()) return Error(Code::internal, "the server's answer has no audit log");
      for (const auto& edge : find(*log, "edges")->as_array()) found.push_back(*find(edge, "node"));
      const Json& page = *find(*log, "pageInfo");
      if (!bool_or(page, "hasNextPage", false)) break;
      after = *find(page, "endCursor");
    }
    return found;
  }

  std::string entity_, actor_, action_;
  int limit_ = 100;
};

}  // namespace

std::unique_ptr<Command> make_audit_list() { return std::make_unique<AuditListCommand>(); }

}  // namespace slipway::cli::commands
