// queue create and queue update: the same options, another mode.
#include <fmt/format.h>

#include "cli/commands/all.h"
#include "cli/commands/queue_document.h"

namespace slipway::cli::commands {
namespace {

constexpr const char* kSave =
    "mutation UpsertRunQueue($input: UpsertRunQueueInput!) { upsertRunQueue(input: $input) {"
    " success configSchemaValidationErrors queue { id name entityName resource state } } }";

class QueueSaveCommand : public Command {
 public:
  void declare(Options& options) override {
    options.text("NAME", name_, "Name of the queue");
    options.required();
    options.text("-e,--entity", entity_, "Entity that owns it", "WANDB_ENTITY");
    declare_mode(options);
    options.optional_text("-c,--config", config_,
                          "Configuration: a YAML or JSON file, JSON text, or - for standard input");
    options.optional_text("--template-variables", templates_, "Schema of the {{variables}}, a file or JSON text");
    options.optional_text("--policy", policy_, "Who may override what, a file or JSON text");
    options.list("--link", links_, "LABEL=URL shown with the queue; may be repeated");
    options.optional_int("--lease-seconds", lease_seconds_, "A lease that is not renewed for that long is taken away");
    options.optional_int("--max-deliveries", max_deliveries_, "Then an item that ends no agent's work is put aside");
    options.optional_int("--lost-after", lost_after_,
                         "Seconds after which a submitted item that no agent reaches fails; 0: never");
  }

 protected:
  virtual void declare_mode(Options& options) = 0;
  virtual Result<> fill_mode(Session& session, const std::string& entity, JsonObject& input) = 0;

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto entity, session->entity(entity_));
    JsonObject input{{"entityName", entity}, {"projectName", kQueueProject}, {"queueName", name_}};
    TRY_VOID(fill_mode(*session, entity, input));
    if (config_) {
      TRY(const Json config, read_document(*config_, "--config"));
      input["resourceConfig"] = text_value(to_text(config));
    }
    if (templates_) {
      TRY(const Json templates, read_document(*templates_, "--template-variables"));
      input["templateVariables"] = text_value(to_text(templates));
    }
    if (policy_) {
      TRY(const Json policy, read_document(*policy_, "--policy"));
      input["policy"] = text_value(to_text(policy));
    }
    if (!links_.empty()) {
      TRY(const Json links, external_links(links_));
      input["externalLinks"] = text_value(to_text(links));
    }
    if (lease_seconds_) input["leaseSeconds"] = *lease_seconds_;
    if (max_deliveries_) input["maxDeliveries"] = *max_deliveries_;
    if (lost_after_) input["lostAfterSeconds"] = *lost_after_;
    TRY(const Json payload, session->mutate(kSave, "upsertRunQueue", std::move(input)));
    if (const Json* warnings = find(payload, "configSchemaValidationErrors"); warnings && warnings->is_array()) {
      for (const auto& warning : warnings->get_array()) terminal.warn(std::string(warning.as_string()));
    }
    if (const Json* queue = find(payload, "queue")) terminal.print_json(*queue);
    if (!terminal.json()) terminal.print(fmt::format("{} queue '{}' of entity '{}'", done_, name_, entity));
    terminal.say("See it at " + session->page("/launch"));
    return 0;
  }

  std::string done_ = "Saved";
  std::string name_;
  std::string entity_;

 private:
  std::optional<std::string> config_, templates_, policy_;
  std::vector<std::string> links_;
  std::optional<int> lease_seconds_, max_deliveries_, lost_after_;
};

class QueueCreateCommand final : public QueueSaveCommand {
  void declare_mode(Options& options) override {
    options.text("-r,--resource", resource_, "local-process, local-container, kubernetes, sagemaker, vertex");
    options.required();
    options.flag("--prioritize", prioritize_, "Items may have a priority");
    options.flag("--private", private_, "Only you may push");
  }
  Result<> fill_mode(Session&, const std::string&, JsonObject& input) override {
    done_ = "Created";
    input["mode"] = "CREATE";
    input["resourceType"] = text_value(resource_);
    input["resourceConfig"] = "{}";
    input["prioritizationMode"] = prioritize_ ? "V0" : "DISABLED";
    input["access"] = private_ ? "USER" : "PROJECT";
    return {};
  }
  std::string resource_;
  bool prioritize_ = false;
  bool private_ = false;
};

/// What is not given stays as it is.
class QueueUpdateCommand final : public QueueSaveCommand {
  void declare_mode(Options& options) override {
    options.optional_text("-r,--resource", resource_, "Another target resource");
    options.flag("--prioritize", prioritize_, "Items may have a priority");
    options.flag("--no-prioritize", no_prioritize_, "All items are equal, first in, first out");
    options.excludes("--prioritize");
  }
  Result<> fill_mode(Session& session, const std::string& entity, JsonObject& input) override {
    done_ = "Updated";
    TRY(const Json queue, find_queue(session, entity, name_));
    input["mode"] = "UPDATE";
    input["resourceType"] = text_value(resource_.value_or(text_or(queue, "resource")));
    const Json* config = find(queue, "config");
    input["resourceConfig"] = text_value(config && config->is_object() ? to_text(*config) : "{}");
    JsonObject templates;
    if (const Json* variables = find(queue, "templateVariables"); variables && variables->is_array()) {
      for (const auto& variable : variables->get_array()) {
        TRY(Json schema, parse_json(text_or(variable, "schema")));
        templates[text_or(variable, "name")] =
            JsonObject{{"schema", std::move(schema)}, {"description", text_or(variable, "description")}};
      }
    }
    input["templateVariables"] = text_value(to_text(templates));
    if (const Json* links = find(queue, "externalLinks"); links && links->is_object())
      input["externalLinks"] = text_value(to_text(*links));
    const bool was = text_or(queue, "prioritizationMode") == "V0";
    input["prioritizationMode"] = (prioritize_ || (was && !no_prioritize_)) ? "V0" : "DISABLED";
    return {};
  }
  std::optional<std::string> resource_;
  bool prioritize_ = false;
  bool no_prioritize_ = false;
};

}  // namespace

std::unique_ptr<Command> make_queue_create() { return std::make_unique<QueueCreateCommand>(); }
std::unique_ptr<Command> make_queue_update() { return std::make_unique<QueueUpdateCommand>(); }

}  // namespace slipway::cli::commands
