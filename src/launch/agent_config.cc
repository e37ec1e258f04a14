#include "launch/agent_config.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/agent_config_blocks.h"

namespace slipway::launch {
namespace {

/// "<queue-name>" in `text`, "" when there is none.
std::string_view placeholder_in(std::string_view text) {
  const auto open = text.find('<');
  if (open == std::string_view::npos) return {};
  const auto close = text.find('>', open);
  if (close == std::string_view::npos || close == open + 1 || text[open + 1] == ' ') return {};
  return text.substr(open, close - open + 1);
}

/// Every text leaf of what people paste from a guide. A build job's manifest is left out: '<' may be meant
/// there.
void find_placeholders_in(const Json& value, const std::string& path, ProblemList& problems) {
  if (path == "builder.kaniko-config") return;
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) find_placeholders_in(member.value(), join_path(path, member.key()), problems);
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) find_placeholders_in((*array)[i], join_path(path, i), problems);
  } else if (const auto* text = value.if_string()) {
    const auto placeholder = placeholder_in(*text);
    if (placeholder.empty()) return;
    const bool choice = placeholder.find('|') != std::string_view::npos;
    problems.add(path, fmt::format("the placeholder '{}' was never filled. {}", placeholder,
                                   choice ? "Choose one of them" : "Put the real value in its place"));
  }
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string limit_problem(std::int64_t number) {
  if (number == -1 || (number >= 1 && number <= 1'000'000)) return "";
  return fmt::format("{} is out of range. Use a number from 1 on, or -1 for no limit", number);
}

int read_limit(FieldReader& fields, std::string_view key, int otherwise, BlockContext& context) {
  const Json* value = fields.raw(key);
  if (!value) return otherwise;
  auto number = as_integer(*value);
  // Charts and templates often put quotes around numbers (L-2).
  if (!number && value->is_string()) number = number_in(std::string_view(value->get_string()));
  const auto path = fields.path_of(key);
  if (!number)
    context.problems.add(path, fmt::format("expected an integer, got {} {}", kind_name(*value), to_text(*value)));
  else if (const auto why = limit_problem(*number); !why.empty())
    context.problems.add(path, why);
  else
    return static_cast<int>(*number);
  return otherwise;
}

std::vector<std::string> read_queues(FieldReader& fields, BlockContext& context) {
  std::vector<std::string> queues;
  for (const std::string_view key : {"queues", "queue"}) {
    const Json* value = fields.raw(key);
    if (!value) continue;
    if (key == "queue") context.notice("queue", "read as queues");
    if (value->is_string())
      queues.emplace_back(value->get_string());
    else
      for (auto& name : fields.texts(key)) queues.push_back(std::move(name));
  }
  std::vector<std::string> unique;
  for (auto& name : queues) {
    if (trim(name).empty())
      context.problems.add("queues", "an empty queue name");
    else if (std::ranges::find(unique, name) != unique.end())
      context.notice("queues", fmt::format("'{}' is named twice", name));
    else
      unique.push_back(std::move(name));
  }
  return unique;
}

void read_macros(FieldReader& fields, AgentConfig& config, BlockContext& context) {
  constexpr std::string_view kKey = "environment_macros";
  const Json* value = fields.raw(kKey);
  if (!value) return;
  if (value->is_string() && value->get_string() == "all") {
    config.macro_mode = EnvironmentMacros::all;
    context.notice(
        std::string(kKey),
        "every variable of the agent, keys included, can be read by whoever may write a queue configuration");
    return;
  }
  if (value->is_string())
    return context.problems.add(std::string(kKey), "expected a list of variable names, or the word 'all'");
  std::size_t index = 0;
  for (auto& name : fields.texts(kKey)) {
    const auto path = join_path(kKey, index++);
    static constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    if (name.empty() || name.find_first_not_of(kAlphabet) != std::string::npos)
      context.problems.add(path, fmt::format("'{}' is no name of a variable", name));
    else if (is_builtin_macro(name))
      context.notice(path, fmt::format("${{{}}} is built in, the variable is never used", name));
    else
      config.macro_allowed.insert(std::move(name));
  }
}

void read_top_level(const JsonObject& object, AgentConfig& config, BlockContext& context) {
  FieldReader fields(object, "", context.problems);
  config.entity = fields.text("entity");
  config.queues = read_queues(fields, context);
  config.max_jobs = read_limit(fields, "max_jobs", config.max_jobs, context);
  config.max_schedulers = read_limit(fields, "max_schedulers", config.max_schedulers, context);
  config.secure_mode = fields.boolean("secure_mode", false);
  config.verbosity = static_cast<int>(fields.integer("verbosity", 0, 10).value_or(0));
  config.stopped_run_timeout = std::chrono::seconds(fields.integer("stopped_run_timeout", 0, 86'400).value_or(60));
  config.base_url = fields.text("base_url");
  if (!config.base_url.empty()) context.notice("base_url", "WANDB_BASE_URL is the usual place and wins over this key");
  config.environment = read_environment(fields, context);
  config.registry = read_registry(fields, config.environment, context);
  config.builder = read_builder(fields, config.registry, context);
  check_regions(config.environment, config.builder.destination, context);
  read_macros(fields, config, context);
  fields.refuse_rest("key");
}

std::string variable(const std::map<std::string, std::string>& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : std::string(trim(found->second));
}

std::optional<std::chrono::seconds> seconds_in(std::string_view text) {
  double seconds = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (ec != std::errc() || end != text.data() + text.size() || !(seconds > 0) || seconds > 31'536'000)
    return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(seconds)));
}

}  // namespace

Result<AgentConfig> parse_agent_config(std::string_view text, std::string file, TabPolicy tabs) {
  const std::string failure = fmt::format("{} is not valid", file.empty() ? "the agent configuration" : file);
  auto document = parse_yaml(text, file, tabs);
  if (!document)
    return Error(document.error().code(), failure, document.error().problems()).hint(document.error().mend());
  AgentConfig config;
  config.notices = document->notices;
  if (document->value.is_null()) return config;
  if (!document->value.is_object()) {
    return Error(Code::invalid_argument, failure,
                 {Problem{"", fmt::format("expected a map of keys, got {}", kind_name(document->value)), file, 1, 1}});
  }
  ProblemList problems(&*document, ProblemList::Repeats::first_per_path);
  find_placeholders_in(document->value, "", problems);
  BlockContext context{problems, *document, config.notices};
  read_top_level(document->value.get_object(), config, context);
  if (!problems.empty()) return problems.error(failure);
  return config;
}

Result<AgentConfig> apply_environment_and_flags(AgentConfig config,
                                                const std::map<std::string, std::string>& environment,
                                                const AgentFlags& flags) {
  ProblemList problems;
  if (const auto entity = variable(environment, "WANDB_ENTITY"); !entity.empty()) config.entity = entity;
  if (const auto url = variable(environment, "WANDB_BASE_URL"); !url.empty()) config.base_url = url;
  if (const auto text = variable(environment, "WANDB_LAUNCH_MAX_JOBS"); !text.empty()) {
    const auto number = number_in(text);
    const auto why = number ? limit_problem(*number) : fmt::format("expected an integer, got '{}'", text);
    if (why.empty())
      config.max_jobs = static_cast<int>(*number);
    else
      problems.add("WANDB_LAUNCH_MAX_JOBS", why);
  }
  if (const auto text = variable(environment, "WANDB_LAUNCH_START_TIMEOUT"); !text.empty()) {
    if (const auto seconds = seconds_in(text))
      config.start_timeout = *seconds;
    else
      problems.add("WANDB_LAUNCH_START_TIMEOUT", fmt::format("expected seconds, got '{}'", text));
  }
  if (flags.entity && !flags.entity->empty()) config.entity = *flags.entity;
  if (!flags.queues.empty()) config.queues = flags.queues;
  if (flags.max_jobs) {
    if (const auto why = limit_problem(*flags.max_jobs); why.empty())
      config.max_jobs = *flags.max_jobs;
    else
      problems.add("--max-jobs", why);
  }
  if (flags.verbose > 0) config.verbosity = flags.verbose;
  if (config.queues.empty() && flags.queues_needed)
    problems.add("queues",
                 "no queue to serve. Give one with -q/--queue, or list it under queues in launch-config.yaml");
  if (!problems.empty()) return problems.error("the agent cannot start with this configuration");
  return config;
}

}  // namespace slipway::launch
