#include "graphql/document_limits.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace slipway::graphql {
namespace {

/// Fragments inside fragments; bounds the use of the stack by everything that follows spreads.
constexpr std::size_t kMaxSpreadNesting = 100;
constexpr std::size_t kSaturated = 1'000'000'000;

struct Extent {
  std::size_t fields = 0;
  std::size_t depth = 0;
  std::size_t spreads = 0;  ///< Levels of fragment spreads.

  void join(const Extent& other) {
    fields = std::min(fields + other.fields, kSaturated);
    depth = std::max(depth, other.depth);
    spreads = std::max(spreads, other.spreads);
  }
};

class Measure {
 public:
  Extent selections(const SelectionSet& set) {
    Extent out;
    for (const auto& node : set) {
      if (node.kind == Selection::Kind::spread) {
        if (node.fragment) out.join(fragment(*node.fragment));
        continue;
      }
      Extent below = selections(node.selections);
      if (node.kind == Selection::Kind::field) {
        ++below.fields;
        ++below.depth;
      }
      out.join(below);
    }
    return out;
  }

  bool too_nested = false;

 private:
  Extent fragment(const FragmentDefinition& definition) {
    const auto [entry, fresh] = known_.try_emplace(&definition);
    if (!fresh) return entry->second;
    if (nesting_ >= kMaxSpreadNesting) too_nested = true;
    if (too_nested) return {};
    ++nesting_;
    Extent out = selections(definition.selections);
    --nesting_;
    ++out.spreads;
    if (out.spreads > kMaxSpreadNesting) too_nested = true;
    return known_[&definition] = out;
  }

  std::unordered_map<const FragmentDefinition*, Extent> known_;
  std::size_t nesting_ = 0;
};

Error exceeded(std::string message) {
  return Error(Code::resource_exhausted, std::move(message))
      .hint("Ask for less in one request, or split it into several.");
}

}  // namespace

Result<> check_limits(const Document& document, const Limits& limits) {
  Measure measure;
  Extent whole;
  for (const auto& each : document.definitions) {
    const auto* operation = std::get_if<OperationDefinition>(&each);
    const auto* fragment = std::get_if<FragmentDefinition>(&each);
    if (operation) whole.join(measure.selections(operation->selections));
    if (fragment) measure.selections(fragment->selections);
  }
  if (measure.too_nested)
    return exceeded(
        fmt::format("the query nests fragments deeper than {} levels, which is the limit", kMaxSpreadNesting));
  if (whole.depth > limits.max_depth) {
    return exceeded(fmt::format("the query is {} levels deep; the limit is {}", whole.depth, limits.max_depth));
  }
  if (whole.fields > limits.max_fields) {
    return exceeded(fmt::format("the query asks for {}{} fields; the limit is {}",
                                whole.fields >= kSaturated ? "more than " : "", whole.fields, limits.max_fields));
  }
  return {};
}

}  // namespace slipway::graphql
