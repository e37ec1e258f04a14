#include "graphql/annotate.h"

#include <algorithm>
#include <unordered_map>

namespace slipway::graphql {
namespace {

class NameResolution {
 public:
  NameResolution(const Schema& schema, Document& document) : schema_(schema) {
    for (auto& each : document.definitions) {
      if (auto* fragment = std::get_if<FragmentDefinition>(&each)) fragments_.emplace(fragment->name.text, fragment);
    }
  }

  void definition(OperationDefinition& operation) {
    operation.root = schema_.root(operation.kind);
    for (auto& variable : operation.variables) {
      variable.resolved = {schema_.type(variable.type.name.text), variable.type.wrappers};
    }
    selections(operation.selections, operation.root);
  }

  void definition(FragmentDefinition& fragment) {
    fragment.type = schema_.type(fragment.condition.text);
    selections(fragment.selections, fragment.type);
  }

  void definition(TypeSystemNode&) {}

 private:
  void selections(SelectionSet& set, const NamedType* parent) {
    if (parent && !parent->composite()) parent = nullptr;
    for (auto& node : set) {
      node.parent = parent;
      switch (node.kind) {
        case Selection::Kind::field:
          if (parent) node.definition = schema_.field(*parent, node.name.text);
          selections(node.selections, node.definition ? node.definition->type.named : nullptr);
          break;
        case Selection::Kind::spread: {
          const auto found = fragments_.find(node.name.text);
          node.fragment = found == fragments_.end() ? nullptr : found->second;
          break;
        }
        case Selection::Kind::inline_fragment:
          node.condition = node.name.text.empty() ? parent : schema_.type(node.name.text);
          selections(node.selections, node.condition);
          break;
      }
    }
  }

  const Schema& schema_;
  std::unordered_map<std::string_view, const FragmentDefinition*> fragments_;
};

/// Counts every place where execution may read a variable, fragments as often as they are spread.
class UseCount {
 public:
  explicit UseCount(OperationDefinition& operation) : operation_(operation) { selections(operation.selections); }

 private:
  void value(const Value& node) {
    if (node.kind == Value::Kind::variable) {
      const auto found =
          std::ranges::find(operation_.variables, node.text, [](const auto& each) { return each.name.text; });
      if (found != operation_.variables.end()) ++found->uses;
    }
    for (const auto& item : node.items) value(item);
    for (const auto& member : node.members) value(member.value);
  }
  void arguments(const std::vector<Argument>& list) {
    for (const auto& argument : list) value(argument.value);
  }
  void selections(const SelectionSet& set) {
    for (const auto& node : set) {
      arguments(node.arguments);
      for (const auto& directive : node.directives) arguments(directive.arguments);
      selections(node.kind == Selection::Kind::spread ? node.fragment->selections : node.selections);
    }
  }

  OperationDefinition& operation_;
};

class AwaitSearch {
 public:
  explicit AwaitSearch(const Schema& schema) : schema_(schema) {}

  bool selections(const SelectionSet& set) {
    bool any = false;
    for (const auto& node : set) any |= selection(const_cast<Selection&>(node));
    return any;
  }

 private:
  bool selection(Selection& node) {
    if (node.kind == Selection::Kind::spread) {
      node.awaits = fragment(*node.fragment);
    } else {
      node.awaits_below = selections(node.selections);
      node.awaits = node.awaits_below || (node.kind == Selection::Kind::field && field_awaits(node));
    }
    return node.awaits;
  }

  bool field_awaits(const Selection& node) {
    if (node.definition->async) return true;
    if (!node.parent->abstract()) return false;
    return std::ranges::any_of(node.parent->possible, [&](const NamedType* type) {
      const auto* field = schema_.field(*type, node.name.text);
      return field && field->async;
    });
  }

  bool fragment(const FragmentDefinition& definition) {
    const auto known = fragments_.find(&definition);
    if (known != fragments_.end()) return known->second;
    return fragments_[&definition] = selections(definition.selections);
  }

  const Schema& schema_;
  std::unordered_map<const FragmentDefinition*, bool> fragments_;
};

}  // namespace

void annotate(const Schema& schema, Document& document) {
  NameResolution names(schema, document);
  for (auto& each : document.definitions) {
    std::visit([&](auto& node) { names.definition(node); }, each);
  }
}

void annotate_execution(const Schema& schema, Document& document) {
  AwaitSearch search(schema);
  for (auto& each : document.definitions) {
    auto* operation = std::get_if<OperationDefinition>(&each);
    if (!operation || !operation->root) continue;
    UseCount{*operation};
    search.selections(operation->selections);
  }
}

}  // namespace slipway::graphql
