// RunQuery: which runs of a project, in which order, in the words of the clients' public API. Pure.
//
//   TRY(const auto query, RunQuery::parse(R"({"config.lr": {"$gt": 0.1}, "$or": [{"state": "running"}, {"tags": "best"}]})", "-summary_metrics.loss"));
#pragma once
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace slipway::server {

struct Run;

class RunQuery {
 public:
  /// "" stands for no filter, and for the newest runs first. invalid_argument names the operator, the field or the place that is wrong.
  static Result<RunQuery> parse(std::string_view filters, std::string_view order);

  bool matches(const Run& run) const { return holds(where_, run); }
  /// Runs are in the order of their creation: the cheap one.
  bool by_creation() const { return order_.empty(); }
  bool ascending() const { return ascending_; }
  /// What the run is sorted by; null when it has no such value: those come last.
  Json sort_value(const Run& run) const;
  static bool before(const Json& a, const Json& b);

 private:
  enum class Op {
    all,
    any,
    none,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    not_in,
    exists,
    pattern
  };
  struct Condition {
    Op op = Op::all;
    std::vector<Condition> parts;  ///< Of all, any, none.
    std::string field;
    Json value;
    std::optional<std::regex> pattern;
  };
  struct Reading {
    int conditions = 0;
  };

  static Result<Condition> read_object(const Json& filters, int depth, Reading& reading);
  static Result<Condition> read_list(Op op, std::string_view name, const Json& list, int depth, Reading& reading);
  static Result<Condition> read_field(std::string_view field, const Json& wanted, int depth, Reading& reading);
  static Result<Condition> read_operator(std::string_view field, std::string_view name, const Json& value, int depth,
                                         Reading& reading);
  static bool holds(const Condition& condition, const Run& run);
  static bool compares(const Condition& condition, const Json& value);

  Condition where_;
  std::string order_;
  bool ascending_ = false;
};

}  // namespace slipway::server
