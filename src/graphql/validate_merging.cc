#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "graphql/printer.h"
#include "graphql/validation_rules.h"

namespace slipway::graphql {
namespace {

/// Pairs of fields that one document may make us compare. The fields are limited already; this bounds their
/// square.
constexpr std::size_t kMaxComparisons = 200'000;
constexpr std::size_t kMaxConflicts = 100;    ///< That are reported.
constexpr std::size_t kMaxSubConflicts = 20;  ///< That one reason names.

/// A field of a selection set with all fragments spread.
struct Entry {
  const Selection* node;
  const FragmentDefinition* via;  ///< The outermost spread that it came through; null: it stands in the set itself.
};

using Groups = std::map<std::string_view, std::vector<Entry>>;

struct Conflict {
  std::string reason;
  std::vector<Location> left;
  std::vector<Location> right;
};

std::string sorted_text(const Value& value) {
  if (value.kind == Value::Kind::object) {
    std::map<std::string_view, std::string> members;
    for (const auto& member : value.members) members.emplace(member.name.text, sorted_text(member.value));
    std::string out = "{";
    for (const auto& [name, text] : members) out.append(name).append(":").append(text).append(",");
    return out + "}";
  }
  if (value.kind == Value::Kind::list) {
    std::string out = "[";
    for (const auto& item : value.items) out.append(sorted_text(item)).append(",");
    return out + "]";
  }
  return print(value);
}

bool same_arguments(const Selection& a, const Selection& b) {
  if (a.arguments.size() != b.arguments.size()) return false;
  return std::ranges::all_of(a.arguments, [&](const Argument& argument) {
    const auto other =
        std::ranges::find(b.arguments, argument.name.text, [](const auto& each) { return each.name.text; });
    return other != b.arguments.end() && sorted_text(argument.value) == sorted_text(other->value);
  });
}

/// True when no value can be of both types, looking at wrappers and leaf types only.
bool types_conflict(TypeRef a, TypeRef b) {
  if (a.wrappers != b.wrappers) return true;
  return (a.named->leaf() || b.named->leaf()) && a.named != b.named;
}

class MergeCheck {
 public:
  explicit MergeCheck(ValidationContext& context) : context_(context) {}

  void selections(const SelectionSet& set) {
    within(set);
    inner_sets(set);
  }

 private:
  void inner_sets(const SelectionSet& set) {
    for (const auto& node : set) {
      if (node.kind == Selection::Kind::field && node.has_selections) selections(node.selections);
      if (node.kind == Selection::Kind::inline_fragment) inner_sets(node.selections);
    }
  }

  /// Fields that came through one spread are compared when the fragment's own selections are.
  void within(const SelectionSet& set) {
    for (const auto& [name, entries] : groups(set)) {
      for (std::size_t i = 0; i < entries.size(); ++i) {
        for (std::size_t j = i + 1; j < entries.size(); ++j) {
          if (entries[i].via && entries[i].via == entries[j].via) continue;
          if (exhausted()) return;
          if (auto conflict = compare(*entries[i].node, *entries[j].node, false)) report(name, *std::move(conflict));
          if (conflicts_ > kMaxConflicts) return;
        }
      }
    }
  }

  void report(std::string_view name, Conflict conflict) {
    ++conflicts_;
    auto locations = std::move(conflict.left);
    locations.insert(locations.end(), conflict.right.begin(), conflict.right.end());
    context_.report(fmt::format("Fields \"{}\" conflict because {}. Use different aliases on the fields to "
                                "fetch both if this was intentional.",
                                name, conflict.reason),
                    std::move(locations));
  }

  bool exhausted() {
    if (comparisons_ < kMaxComparisons) return false;
    if (comparisons_ == kMaxComparisons) {
      ++comparisons_;
      context_.errors.push_back(
          {Error(Code::resource_exhausted, "the query has too many fields of the same name to compare them all")
               .hint("Give the fields different aliases, or split the query."),
           {},
           {}});
    }
    return true;
  }

  std::optional<Conflict> compare(const Selection& a, const Selection& b, bool parents_exclusive) {
    if (&a == &b || exhausted()) return std::nullopt;
    ++comparisons_;
    const auto conflict = [&](std::string reason) { return Conflict{std::move(reason), {a.at}, {b.at}}; };
    const bool objects =
        a.parent && b.parent && a.parent->kind == TypeKind::object && b.parent->kind == TypeKind::object;
    const bool exclusive = parents_exclusive || (objects && a.parent != b.parent);
    if (!exclusive) {
      if (a.name.text != b.name.text)
        return conflict(fmt::format("\"{}\" and \"{}\" are different fields", a.name.text, b.name.text));
      if (!same_arguments(a, b)) return conflict("they have differing arguments");
    }
    if (a.definition && b.definition && types_conflict(a.definition->type, b.definition->type)) {
      return conflict(fmt::format("they return conflicting types \"{}\" and \"{}\"", a.definition->type.to_string(),
                                  b.definition->type.to_string()));
    }
    if (!a.has_selections || !b.has_selections) return std::nullopt;
    return between(a, b, exclusive);
  }

  std::optional<Conflict> between(const Selection& a, const Selection& b, bool exclusive) {
    Conflict out{{}, {a.at}, {b.at}};
    std::size_t found_here = 0;
    const Groups& left = groups(a.selections);
    const Groups& right = groups(b.selections);
    for (const auto& [name, entries] : left) {
      const auto others = right.find(name);
      if (others == right.end()) continue;
      for (const auto& entry : entries) {
        for (const auto& other : others->second) {
          auto found = compare(*entry.node, *other.node, exclusive);
          if (!found || ++found_here > kMaxSubConflicts) continue;
          out.reason += fmt::format("{}subfields \"{}\" conflict because {}", out.reason.empty() ? "" : " and ", name,
                                    found->reason);
          out.left.insert(out.left.end(), found->left.begin(), found->left.end());
          out.right.insert(out.right.end(), found->right.begin(), found->right.end());
        }
      }
    }
    return out.reason.empty() ? std::nullopt : std::optional(std::move(out));
  }

  const Groups& groups(const SelectionSet& set) {
    const auto [entry, fresh] = groups_.try_emplace(&set);
    if (fresh) {
      std::vector<const FragmentDefinition*> visited;
      collect(set, nullptr, visited, entry->second);
    }
    return entry->second;
  }

  static void collect(const SelectionSet& set, const FragmentDefinition* via,
                      std::vector<const FragmentDefinition*>& visited, Groups& out) {
    for (const auto& node : set) {
      switch (node.kind) {
        case Selection::Kind::field:
          out[node.response_key()].push_back({&node, via});
          break;
        case Selection::Kind::inline_fragment:
          collect(node.selections, via, visited, out);
          break;
        case Selection::Kind::spread:
          if (!node.fragment || std::ranges::find(visited, node.fragment) != visited.end()) break;
          visited.push_back(node.fragment);
          collect(node.fragment->selections, via ? via : node.fragment, visited, out);
          break;
      }
    }
  }

  ValidationContext& context_;
  std::map<const SelectionSet*, Groups> groups_;
  std::size_t comparisons_ = 0;
  std::size_t conflicts_ = 0;
};

}  // namespace

void check_merging(ValidationContext& context) {
  MergeCheck check(context);
  for (const auto* operation : context.operations) check.selections(operation->selections);
  for (const auto* fragment : context.reached) check.selections(fragment->selections);
}

}  // namespace slipway::graphql
