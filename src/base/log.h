// Structured log lines to standard error: text on a terminal, JSON lines otherwise. Thread-safe. Job output is data, not log.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"

namespace slipway::log {

enum class Level { debug, info, warn, error };

struct Field {
  /// Anything that becomes JSON: text, numbers, booleans, Json.
  template <class T>
  Field(std::string_view name, const T& content) : key(name), value(boost::json::value_from(content)) {}

  std::string_view key;
  Json value;
};

/// Once, before threads start. `file` "-" or "": standard error. `json`: JSON lines even on a terminal.
struct Options {
  Level level = Level::info;
  std::string file;
  bool json = false;
};
Result<> configure(const Options& options);
bool enabled(Level level);
/// log::info("run submitted", {{"run", id}, {"runner", name}}). One line per change of state at info, details at debug.
void write(Level level, std::string_view message, std::initializer_list<Field> fields = {});
inline void debug(std::string_view message, std::initializer_list<Field> fields = {}) {
  if (enabled(Level::debug)) write(Level::debug, message, fields);
}
inline void info(std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::info, message, fields);
}
inline void warn(std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::warn, message, fields);
}
inline void error(std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::error, message, fields);
}

}  // namespace slipway::log
