#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "graphql/validation_rules.h"

namespace slipway::graphql {
namespace {

void check_operation_names(ValidationContext& context) {
  std::unordered_map<std::string_view, Location> seen;
  for (const auto* operation : context.operations) {
    if (operation->name.text.empty()) {
      if (context.operations.size() > 1) {
        context.report("This anonymous operation must be the only defined operation.", {operation->at});
      }
      continue;
    }
    const auto [first, fresh] = seen.emplace(operation->name.text, operation->name.at);
    if (!fresh) {
      context.report(fmt::format("There can be only one operation named \"{}\".", operation->name.text),
                     {first->second, operation->name.at});
    }
  }
}

void check_fragment_names(ValidationContext& context) {
  std::unordered_map<std::string_view, Location> seen;
  for (const auto* fragment : context.fragments) {
    const auto [first, fresh] = seen.emplace(fragment->name.text, fragment->name.at);
    if (fresh) continue;
    context.report(fmt::format("There can be only one fragment named \"{}\".", fragment->name.text),
                   {first->second, fragment->name.at});
  }
}

/// Follows the spreads of all fragments once, depth first (NoFragmentCycles), and finds those that operations
/// reach.
class FragmentWalk {
 public:
  explicit FragmentWalk(ValidationContext& context) : context_(context) {}

  bool acyclic = true;

  void find_cycles(const FragmentDefinition& fragment) {
    if (!visited_.insert(&fragment).second) return;
    const auto spreads = spreads_of(fragment.selections);
    if (spreads.empty()) return;
    index_in_path_[&fragment] = path_.size();
    for (const auto* spread : spreads) {
      if (!spread->fragment) continue;
      const auto index = index_in_path_.find(spread->fragment);
      path_.push_back(spread);
      if (index == index_in_path_.end()) {
        find_cycles(*spread->fragment);
      } else {
        report_cycle(index->second);
      }
      path_.pop_back();
    }
    index_in_path_.erase(&fragment);
  }

  void reach(const SelectionSet& selections) {
    std::vector<const SelectionSet*> todo{&selections};
    while (!todo.empty()) {
      const auto* set = todo.back();
      todo.pop_back();
      for (const auto* spread : spreads_of(*set)) {
        if (spread->fragment && context_.reached.insert(spread->fragment).second)
          todo.push_back(&spread->fragment->selections);
      }
    }
  }

  void report_unknown(const SelectionSet& selections) {
    for (const auto* spread : spreads_of(selections)) {
      if (spread->fragment) continue;
      context_.report(fmt::format("Unknown fragment \"{}\".", spread->name.text), {spread->name.at});
    }
  }

 private:
  static std::vector<const Selection*> spreads_of(const SelectionSet& selections) {
    std::vector<const Selection*> out;
    add_spreads(selections, out);
    return out;
  }

  static void add_spreads(const SelectionSet& selections, std::vector<const Selection*>& out) {
    for (const auto& node : selections) {
      if (node.kind == Selection::Kind::spread) out.push_back(&node);
      add_spreads(node.selections, out);
    }
  }

  void report_cycle(std::size_t from) {
    acyclic = false;
    std::string via;
    std::vector<Location> locations;
    for (std::size_t i = from; i < path_.size(); ++i) {
      locations.push_back(path_[i]->at);
      if (i + 1 < path_.size()) via += fmt::format("{}\"{}\"", via.empty() ? " via " : ", ", path_[i]->name.text);
    }
    context_.report(fmt::format("Cannot spread fragment \"{}\" within itself{}.", path_.back()->name.text, via),
                    std::move(locations));
  }

  ValidationContext& context_;
  std::set<const FragmentDefinition*> visited_;
  std::unordered_map<const FragmentDefinition*, std::size_t> index_in_path_;
  std::vector<const Selection*> path_;
};

}  // namespace

void check_definitions(ValidationContext& context, const Document& document) {
  for (const auto& each : document.definitions) {
    const auto* node = std::get_if<TypeSystemNode>(&each);
    if (!node) continue;
    const bool unnamed = node->kind == TypeSystemNode::Kind::schema;
    context.report(unnamed ? "The schema definition is not executable."
                           : fmt::format("The \"{}\" definition is not executable.", node->name.text),
                   {node->at});
  }
  check_operation_names(context);
  check_fragment_names(context);
}

bool check_fragments(ValidationContext& context) {
  FragmentWalk walk(context);
  for (const auto* operation : context.operations) {
    walk.report_unknown(operation->selections);
    walk.reach(operation->selections);
  }
  for (const auto* fragment : context.fragments) {
    walk.report_unknown(fragment->selections);
    walk.find_cycles(*fragment);
    const auto same_name = [&](const auto* reached) { return reached->name.text == fragment->name.text; };
    if (!context.reached.contains(fragment) && std::ranges::none_of(context.reached, same_name)) {
      context.report(fmt::format("Fragment \"{}\" is never used.", fragment->name.text), {fragment->at});
    }
  }
  return walk.acyclic;
}

}  // namespace slipway::graphql
