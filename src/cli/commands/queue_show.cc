// queue list and queue get.
#include <fmt/format.h>

#include "base/yaml.h"
#include "cli/commands/all.h"
#include "cli/commands/queue_document.h"

namespace slipway::cli::commands {
namespace {

std::string count(const Json& queue, const char* key) {
  const Json* counts = find(queue, "counts");
  return std::to_string(counts ? int_or(*counts, key, 0) : 0);
}

class QueueListCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("-e,--entity", entity_, "Entity; yours by default", "WANDB_ENTITY");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto entity, session->entity(entity_));
    const std::string document =
        fmt::format("query Queues($entity: String) {{ entity(name: $entity) {{ runQueues {{ {} }} }} }}", kQueueFields);
    TRY(const Json data, session->call(document, JsonObject{{"entity", entity}}));
    const Json* queues = find_path(data, "entity.runQueues");
    if (!queues || !queues->is_array()) return Error(Code::not_found, fmt::format("there is no entity '{}'", entity));
    terminal.print_json(*queues);
    if (terminal.json()) return 0;
    if (queues->get_array().empty()) {
      terminal.print(fmt::format(
          "Entity '{}' has no queues. Create one: slipway queue create NAME --resource local-container", entity));
      return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& queue : queues->get_array()) {
      rows.push_back({text_or(queue, "name"), text_or(queue, "resource"), terminal.state(queue_activity(queue)),
                      text_or(queue, "prioritizationMode") == "V0" ? "priority" : "fifo", count(queue, "waiting"),
                      count(queue, "leased"), count(queue, "running")});
    }
    terminal.table({"QUEUE", "RESOURCE", "STATE", "ORDER", "WAITING", "STARTING", "RUNNING"}, rows);
    return 0;
  }

 private:
  std::string entity_;
};

class QueueGetCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("NAME", name_, "Name of the queue");
    options.required();
    options.text("-e,--entity", entity_, "Entity that owns it", "WANDB_ENTITY");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto entity, session->entity(entity_));
    TRY(const Json queue, find_queue(*session, entity, name_));
    terminal.print_json(queue);
    if (terminal.json()) return 0;
    terminal.facts({{"queue", entity + "/" + name_},
                    {"resource", text_or(queue, "resource")},
                    {"state", terminal.state(queue_activity(queue))},
                    {"order", text_or(queue, "prioritizationMode") == "V0" ? "priority" : "first in, first out"},
                    {"waiting", count(queue, "waiting")},
                    {"running", count(queue, "running")},
                    {"created", text_or(queue, "createdAt") + " by " + text_or(queue, "createdBy")}});
    if (const Json* config = find(queue, "config"); config && config->is_object() && !config->get_object().empty()) {
      terminal.print("\n" + terminal.bold("configuration"));
      terminal.print(to_yaml(*config));
    }
    const Json* variables = find(queue, "templateVariables");
    if (variables && variables->is_array() && !variables->get_array().empty()) {
      std::vector<std::vector<std::string>> rows;
      for (const auto& variable : variables->get_array())
        rows.push_back({text_or(variable, "name"), text_or(variable, "schema")});
      terminal.table({"VARIABLE", "SCHEMA"}, rows);
    }
    return 0;
  }

 private:
  std::string name_, entity_;
};

}  // namespace

std::unique_ptr<Command> make_queue_list() { return std::make_unique<QueueListCommand>(); }
std::unique_ptr<Command> make_queue_get() { return std::make_unique<QueueGetCommand>(); }

}  // namespace slipway::cli::commands
