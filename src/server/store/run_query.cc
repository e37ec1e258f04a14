#include "server/store/run_query.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/pattern.h"
#include "server/store/dotted.h"
#include "server/store/tracking.h"

namespace slipway::server {

namespace {

constexpr int kMaxDepth = 16;
constexpr int kMaxConditions = 500;
/// Longer values are not matched against a pattern.
constexpr std::size_t kMaxMatched = 4096;

Error refused(std::string message) { return Error(Code::invalid_argument, "filters: " + std::move(message)); }

Json text_or_null(const std::string& text) { return text.empty() ? Json() : text_value(text); }
Json time_or_null(std::optional<UnixMillis> time) { return time ? text_value(to_iso8601(*time)) : Json(); }

/// SDKs keep a setting as {"lr": {"value": 0.1}}; people ask for config.lr, and for config.lr.value.
Json config_value(const Json& config, std::string_view key) {
  if (!config.is_object()) return Json();
  const Json* exact = find_dotted(config.as_object(), key);
  if (exact && !(exact->is_object() && exact->as_object().contains("value"))) return *exact;
  if (exact) return exact->at("value");
  for (std::size_t dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.', dot + 1)) {
    const Json* setting = find(config, key.substr(0, dot));
    const Json* value = setting ? find(*setting, "value") : nullptr;
    if (!value || !value->is_object()) continue;
    if (const Json* found = find_dotted(value->as_object(), key.substr(dot + 1))) return *found;
  }
  return Json();
}

struct Column {
  std::string_view name;
  Json (*value)(const Run& run);
};

constexpr auto kColumns = std::to_array<Column>({
    {"name", [](const Run& run) { return text_value(run.key.name); }},
    {"display_name", [](const Run& run) { return text_or_null(run.display_name); }},
    {"state", [](const Run& run) { return text_value(run.state); }},
    {"username", [](const Run& run) { return text_or_null(run.user); }},
    {"user", [](const Run& run) { return text_or_null(run.user); }},
    {"entity", [](const Run& run) { return text_value(run.key.entity); }},
    {"project", [](const Run& run) { return text_value(run.key.project); }},
    {"group", [](const Run& run) { return text_or_null(run.group); }},
    {"job_type", [](const Run& run) { return text_or_null(run.job_type); }},
    {"host", [](const Run& run) { return text_or_null(run.host); }},
    {"program", [](const Run& run) { return text_or_null(run.program); }},
    {"commit", [](const Run& run) { return text_or_null(run.commit); }},
    {"description", [](const Run& run) { return text_or_null(run.notes); }},
    {"notes", [](const Run& run) { return text_or_null(run.notes); }},
    {"sweep", [](const Run& run) { return text_or_null(run.sweep); }},
    {"tags", [](const Run& run) { return run.tags; }},
    {"created_at", [](const Run& run) { return time_or_null(run.created_at); }},
    {"updated_at", [](const Run& run) { return time_or_null(run.finished_at ? run.finished_at : run.started_at); }},
    {"heartbeat_at", [](const Run& run) { return time_or_null(run.heartbeat_at); }},
});

/// "jobType" and "job_type" are one field.
std::string snake(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') text.push_back('_');
    text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  if (text == "sweep_name") return "sweep";
  return text;
}

/// "config", "summary_metrics" or the name of a column; "": no such field.
std::string root_of(std::string_view field) {
  const std::string root = snake(field.substr(0, field.find('.')));
  if (root == "config" || root == "summary_metrics") return field.find('.') == std::string_view::npos ? "" : root;
  return std::ranges::find(kColumns, root, &Column::name) == kColumns.end() ? "" : root;
}

Json value_of(const Run& run, std::string_view field) {
  const std::string root = root_of(field);
  if (root == "config") return config_value(run.config, field.substr(field.find('.') + 1));
  if (root == "summary_metrics") {
    const Json* found =
        run.summary.is_object() ? find_dotted(run.summary.as_object(), field.substr(field.find('.') + 1)) : nullptr;
    return found ? *found : Json();
  }
  const auto column = std::ranges::find(kColumns, root, &Column::name);
  return column == kColumns.end() ? Json() : column->value(run);
}

/// -1, 0, 1 for two numbers or two texts, nothing for anything else.
std::optional<int> order_of(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) {
    const double x = a.to_number<double>(), y = b.to_number<double>();
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (a.is_string() && b.is_string()) {
    const int order = a.get_string().compare(b.get_string());
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  return std::nullopt;
}

bool equal(const Json& a, const Json& b) {
  const auto order = order_of(a, b);
  return order ? *order == 0 : a == b;
}

/// A list is equal to what it holds, as tags are.
bool equal_or_holds(const Json& value, const Json& wanted) {
  if (equal(value, wanted)) return true;
  const auto* list = value.if_array();
  return list && std::ranges::any_of(*list, [&](const Json& item) { return equal(item, wanted); });
}

bool is_one_of(const Json& value, const Json& list) {
  return std::ranges::any_of(list.as_array(), [&](const Json& wanted) { return equal_or_holds(value, wanted); });
}

}  // namespace

Result<RunQuery> RunQuery::parse(std::string_view filters, std::string_view order) {
  RunQuery query;
  if (!filters.empty()) {
    auto parsed = parse_json(filters, {.max_bytes = 1u << 20, .max_depth = 2 * kMaxDepth});
    if (!parsed) return std::move(parsed).error().wrap("reading filters");
    Reading reading;
    if (!parsed->is_null()) {
      TRY(query.where_, read_object(*parsed, 0, reading));
    }
  }
  std::string_view field = order;
  if (field.starts_with('+') || field.starts_with('-')) field.remove_prefix(1);
  query.ascending_ = !order.empty() && !order.starts_with('-');
  if (field.empty() || snake(field) == "created_at") return query;
  if (root_of(field).empty())
    return Error(Code::invalid_argument, fmt::format("order: runs cannot be sorted by '{}'", field.substr(0, 100)))
        .hint("Say created_at, config.KEY, summary_metrics.KEY or another field of a run, with + or - before it.");
  query.order_ = field;
  return query;
}

Result<RunQuery::Condition> RunQuery::read_list(Op op, std::string_view name, const Json& list, int depth,
                                                Reading& reading) {
  if (!list.is_array()) return refused(fmt::format("{} needs a list of conditions", name));
  Condition condition{.op = op};
  for (const Json& item : list.as_array()) {
    TRY(Condition part, read_object(item, depth + 1, reading));
    condition.parts.push_back(std::move(part));
  }
  return condition;
}

Result<RunQuery::Condition> RunQuery::read_object(const Json& filters, int depth, Reading& reading) {
  const auto* object = filters.if_object();
  if (!object) return refused(fmt::format("expected an object, got {}", kind_name(filters)));
  if (depth > kMaxDepth) return refused("the conditions are nested too deeply");
  Condition all;
  for (const auto& [name, value] : *object) {
    const std::string_view key = name;
    const Op list = key == "$and" ? Op::all : key == "$or" ? Op::any : Op::none;
    if (key == "$and" || key == "$or" || key == "$nor") {
      TRY(Condition part, read_list(list, key, value, depth, reading));
      all.parts.push_back(std::move(part));
    } else {
      TRY(Condition part, read_field(key, value, depth, reading));
      all.parts.push_back(std::move(part));
    }
  }
  return all;
}

Result<RunQuery::Condition> RunQuery::read_field(std::string_view field, const Json& wanted, int depth,
                                                 Reading& reading) {
  if (root_of(field).empty()) return refused(fmt::format("'{}' is no field of a run", field.substr(0, 100)));
  const auto* operators = wanted.if_object();
  const bool plain = !operators || operators->empty() || !std::string_view(operators->begin()->key()).starts_with('$');
  if (plain) return read_operator(field, "$eq", wanted, depth, reading);
  Condition all;
  for (const auto& [name, value] : *operators) {
    TRY(Condition part, read_operator(field, name, value, depth, reading));
    all.parts.push_back(std::move(part));
  }
  return all;
}

Result<RunQuery::Condition> RunQuery::read_operator(std::string_view field, std::string_view name, const Json& value,
                                                    int depth, Reading& reading) {
  static constexpr auto kOperators = std::to_array<std::pair<std::string_view, Op>>({
      {"$eq", Op::equal},
      {"$ne", Op::not_equal},
      {"$lt", Op::less},
      {"$lte", Op::less_equal},
      {"$gt", Op::greater},
      {"$gte", Op::greater_equal},
      {"$in", Op::in},
      {"$nin", Op::not_in},
      {"$exists", Op::exists},
      {"$regex", Op::pattern},
  });
  if (++reading.conditions > kMaxConditions) return refused(fmt::format("more than {} conditions", kMaxConditions));
  if (depth > kMaxDepth) return refused("the conditions are nested too deeply");
  if (name == "$not") {
    TRY(Condition part, read_field(field, value, depth + 1, reading));
    Condition none{.op = Op::none};
    none.parts.push_back(std::move(part));
    return none;
  }
  const auto known = std::ranges::find(kOperators, name, &std::pair<std::string_view, Op>::first);
  if (known == kOperators.end())
    return refused(fmt::format("'{}' is no operator that this server has", name.substr(0, 100)));
  Condition condition{.op = known->second, .field = std::string(field), .value = value};
  if ((condition.op == Op::in || condition.op == Op::not_in) && !value.is_array())
    return refused(fmt::format("{} of '{}' needs a list", name, field));
  if (condition.op != Op::pattern) return condition;
  if (!value.is_string()) return refused(fmt::format("$regex of '{}' needs a text", field));
  auto pattern = compile_pattern(std::string(value.get_string()));
  if (!pattern) return std::move(pattern).error().wrap(fmt::format("filters: $regex of '{}'", field));
  condition.pattern = std::move(*pattern);
  return condition;
}

bool RunQuery::compares(const Condition& condition, const Json& value) {
  const auto order = order_of(value, condition.value);
  switch (condition.op) {
    case Op::less:
      return order && *order < 0;
    case Op::less_equal:
      return order && *order <= 0;
    case Op::greater:
      return order && *order > 0;
    case Op::greater_equal:
      return order && *order >= 0;
    case Op::pattern: {
      const auto* text = value.if_string();
      return text && text->size() <= kMaxMatched && std::regex_search(text->begin(), text->end(), *condition.pattern);
    }
    default:
      return false;
  }
}

bool RunQuery::holds(const Condition& condition, const Run& run) {
  const auto part_holds = [&](const Condition& part) { return holds(part, run); };
  switch (condition.op) {
    case Op::all:
      return std::ranges::all_of(condition.parts, part_holds);
    case Op::any:
      return std::ranges::any_of(condition.parts, part_holds);
    case Op::none:
      return std::ranges::none_of(condition.parts, part_holds);
    default:
      break;
  }
  const Json value = value_of(run, condition.field);
  switch (condition.op) {
    case Op::equal:
      return equal_or_holds(value, condition.value);
    case Op::not_equal:
      return !equal_or_holds(value, condition.value);
    case Op::in:
      return is_one_of(value, condition.value);
    case Op::not_in:
      return !is_one_of(value, condition.value);
    case Op::exists:
      return value.is_null() == (condition.value == Json(false) || condition.value == Json(0));
    default:
      break;
  }
  if (const auto* list = value.if_array())
    return std::ranges::any_of(*list, [&](const Json& item) { return compares(condition, item); });
  return compares(condition, value);
}

Json RunQuery::sort_value(const Run& run) const { return value_of(run, order_); }

bool RunQuery::before(const Json& a, const Json& b) {
  const auto order = order_of(a, b);
  if (order) return *order < 0;
  // Numbers before texts before everything else.
  const auto rank = [](const Json& value) { return value.is_number() ? 0 : value.is_string() ? 1 : 2; };
  return rank(a) < rank(b);
}

}  // namespace slipway::server
