// TypeRef: a type with its list and non-null wrappers, as a small value.
#pragma once
#include <compare>
#include <cstdint>
#include <string>

namespace slipway::graphql {

struct NamedType;

/// The wrappers around a named type, the outermost first. `[Int!]!` is non-null, list, non-null.
class Wrappers {
 public:
  static constexpr std::uint32_t kMax = 60;

  /// Puts one more around all others. At most kMax in total; the parser refuses more.
  void wrap_list() { push(0); }
  void wrap_non_null() { push(1); }

  bool empty() const { return count_ == 0; }
  bool full() const { return count_ == kMax; }
  bool non_null() const { return count_ > 0 && (bits_ & 1) == 1; }
  bool list() const { return count_ > 0 && (bits_ & 1) == 0; }
  /// Without the outermost one.
  Wrappers inner() const {
    Wrappers out;
    out.bits_ = bits_ >> 1;
    out.count_ = count_ - 1;
    return out;
  }
  bool operator==(const Wrappers&) const = default;

 private:
  void push(std::uint64_t bit) {
    bits_ = (bits_ << 1) | bit;
    ++count_;
  }

  std::uint64_t bits_ = 0;
  std::uint32_t count_ = 0;
};

/// "[Int!]!" of "Int" and its wrappers.
std::string wrapped_name(std::string_view name, Wrappers wrappers);

/// Points to a type of the schema, which must outlive it. Default: no type.
struct TypeRef {
  const NamedType* named = nullptr;
  Wrappers wrappers;

  explicit operator bool() const { return named != nullptr; }
  bool non_null() const { return wrappers.non_null(); }
  bool list() const { return wrappers.list(); }
  /// The item type of a list, the nullable type of a non-null one.
  TypeRef inner() const { return {named, wrappers.inner()}; }
  TypeRef nullable() const { return non_null() ? inner() : *this; }
  bool operator==(const TypeRef&) const = default;

  std::string to_string() const;
};

}  // namespace slipway::graphql
