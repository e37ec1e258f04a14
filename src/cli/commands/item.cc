// queue items, and the commands on single items.
#include <fmt/format.h>

#include "base/strings.h"
#include "cli/commands/all.h"
#include "cli/commands/item_view.h"
#include "cli/commands/queue_document.h"
#include "launch/priority.h"

namespace slipway::cli::commands {
namespace {

Result<Json> item_by_id(Session& session, const std::string& id) {
  const std::string document =
      fmt::format("query Item($id: ID!) {{ runQueueItem(id: $id) {{ {} }} }}", kItemDetailFields);
  TRY(const Json data, session.call(document, JsonObject{{"id", id}}));
  const Json* item = find(data, "runQueueItem");
  if (!item || !item->is_object()) return Error(Code::not_found, fmt::format("there is no item '{}'", id));
  return *item;
}

class QueueItemsCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("NAME", name_, "Name of the queue");
    options.required();
    options.text("-e,--entity", entity_, "Entity that owns it", "WANDB_ENTITY");
    options.list("-s,--state", states_, "Only items in this state; may be repeated");
    options.integer("-n,--limit", limit_, "How many at most");
    options.flag("--newest", newest_, "Newest first");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto entity, session->entity(entity_));
    TRY(const Json queue, find_queue(*session, entity, name_));
    TRY(const JsonArray items, fetch(*session, text_or(queue, "id")));
    terminal.print_json(items);
    if (terminal.json()) return 0;
    if (items.empty()) {
      terminal.print(fmt::format("No items. Launch one: slipway launch -d IMAGE -q {}", name_));
      return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& item : items) rows.push_back(item_row(terminal, item));
    terminal.table(item_headings(), rows);
    return 0;
  }

 private:
  Result<JsonArray> fetch(Session& session, const std::string& queue_id) const {
    const std::string document = fmt::format(
        "query Items($id: ID!, $first: Int, $after: String, $states: [RunQueueItemState!], $newest: Boolean) {{ "
        "runQueue(id: $id) {{"
        " items(first: $first, after: $after, states: $states, newestFirst: $newest) {{ pageInfo {{ endCursor "
        "hasNextPage }}"
        " edges {{ node {{ {} }} }} }} }} }}",
        kItemRowFields);
    JsonArray found;
    Json after;
    while (static_cast<int>(found.size()) < limit_) {
      JsonObject variables{{"id", queue_id},
                           {"first", std::min(limit_ - static_cast<int>(found.size()), 500)},
                           {"after", after},
                           {"newest", newest_}};
      if (!states_.empty()) {
        JsonArray states;
        for (const auto& state : states_) states.emplace_back(text_value(upper(state)));
        variables["states"] = std::move(states);
      }
      TRY(const Json data, session.call(document, std::move(variables)));
      const Json* items = find_path(data, "runQueue.items");
      if (!items) return Error(Code::not_found, "the queue is gone");
      for (const auto& edge : find(*items, "edges")->as_array()) found.push_back(*find(edge, "node"));
      const Json* page = find(*items, "pageInfo");
      if (!page || !bool_or(*page, "hasNextPage", false)) break;
      after = *find(*page, "endCursor");
    }
    return found;
  }

  static std::string upper(std::string text) {
    for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
  }

  std::string name_, entity_;
  std::vector<std::string> states_;
  int limit_ = 100;
  bool newest_ = false;
};

class ItemDescribeCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("ITEM", id_, "Id of the item");
    options.required();
  }
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const Json item, item_by_id(*session, id_));
    terminal.print_json(item);
    if (!terminal.json()) print_item(terminal, item);
    return 0;
  }

 private:
  std::string id_;
};

/// One mutation on several items; prints how many changed.
class ItemsChangeCommand : public Command {
 public:
  void declare(Options& options) override {
    options.list("ITEM", ids_, "Ids of the items");
    options.required();
  }

 protected:
  Result<int> change(Terminal& terminal, const char* document, const char* field, JsonObject input,
                     std::string_view done) {
    TRY(auto session, Session::open(terminal));
    JsonArray ids;
    for (const auto& id : ids_) ids.emplace_back(text_value(id));
    input["ids"] = std::move(ids);
    TRY(const Json payload, session->mutate(document, field, std::move(input)));
    terminal.print_json(payload);
    if (!terminal.json())
      terminal.print(fmt::format("{} {} of {} items", done, int_or(payload, "changed", 0), ids_.size()));
    return 0;
  }
  std::vector<std::string> ids_;
};

class ItemCancelCommand final : public ItemsChangeCommand {
 public:
  void declare(Options& options) override {
    ItemsChangeCommand::declare(options);
    options.text("--reason", reason_, "Goes into the items' history");
    options.flag("--force", force_, "Also end items whose agent does not come back");
  }
  Result<int> run(Terminal& terminal) override {
    return change(terminal,
                  "mutation CancelRunQueueItems($input: CancelRunQueueItemsInput!) { cancelRunQueueItems(input: "
                  "$input) { changed } }",
                  "cancelRunQueueItems", JsonObject{{"reason", reason_}, {"force", force_}}, "Cancelled");
  }

 private:
  std::string reason_;
  bool force_ = false;
};

class ItemPriorityCommand final : public ItemsChangeCommand {
 public:
  void declare(Options& options) override {
    options.text("-P,--priority", priority_, "critical, high, medium or low");
    options.required();
    ItemsChangeCommand::declare(options);
  }
  Result<int> run(Terminal& terminal) override {
    TRY(const int priority, launch::parse_priority(priority_));
    return change(terminal,
                  "mutation SetPriority($input: SetRunQueueItemPriorityInput!) { setRunQueueItemPriority(input: "
                  "$input) { changed } }",
                  "setRunQueueItemPriority", JsonObject{{"priority", priority}}, "Changed");
  }

 private:
  std::string priority_;
};

class ItemRequeueCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("ITEM", id_, "Id of the item");
    options.required();
    options.flag("--force", force_, "Also an item whose agent does not come back");
  }
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const Json payload,
        session->mutate("mutation Requeue($input: RequeueRunQueueItemInput!) { requeueRunQueueItem(input: $input) {"
                        " item { id phase attempt position } } }",
                        "requeueRunQueueItem", JsonObject{{"id", id_}, {"force", force_}}));
    terminal.print_json(*find(payload, "item"));
    if (!terminal.json())
      terminal.print(fmt::format("Requeued; this is attempt {}", int_or(*find(payload, "item"), "attempt", 1)));
    return 0;
  }

 private:
  std::string id_;
  bool force_ = false;
};

class ItemDeleteCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("ITEM", id_, "Id of the item");
    options.required();
    options.flag("-y,--yes", yes_, "Do not ask");
  }
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const Json data, session->call("query Item($id: ID!) { runQueueItem(id: $id) { id phase queue { id name } } }",
                                       JsonObject{{"id", id_}}));
    const Json* queue = find_path(data, "runQueueItem.queue");
    if (!queue) return Error(Code::not_found, fmt::format("there is no item '{}'", id_));
    if (!yes_ && !terminal.confirm(fmt::format("Delete item {} of queue '{}'?", id_, text_or(*queue, "name")))) {
      return Error(Code::failed_precondition, "nothing was deleted").hint("Say yes at the question, or give --yes.");
    }
    TRY(const Json payload,
        session->mutate("mutation DeleteFromRunQueue($input: DeleteFromRunQueueInput!) { deleteFromRunQueue(input: "
                        "$input) { success } }",
                        "deleteFromRunQueue", JsonObject{{"queueID", text_or(*queue, "id")}, {"runQueueItemId", id_}}));
    terminal.print_json(payload);
    if (!terminal.json()) terminal.print("Deleted");
    return 0;
  }

 private:
  std::string id_;
  bool yes_ = false;
};

}  // namespace

std::unique_ptr<Command> make_queue_items() { return std::make_unique<QueueItemsCommand>(); }
std::unique_ptr<Command> make_item_describe() { return std::make_unique<ItemDescribeCommand>(); }
std::unique_ptr<Command> make_item_cancel() { return std::make_unique<ItemCancelCommand>(); }
std::unique_ptr<Command> make_item_priority() { return std::make_unique<ItemPriorityCommand>(); }
std::unique_ptr<Command> make_item_requeue() { return std::make_unique<ItemRequeueCommand>(); }
std::unique_ptr<Command> make_item_delete() { return std::make_unique<ItemDeleteCommand>(); }

}  // namespace slipway::cli::commands
