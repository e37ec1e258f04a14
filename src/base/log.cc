#include "base/log.h"

#include <unistd.h>

#include <cstdio>
#include <mutex>

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.h"
#include "base/strings.h"

namespace slipway::log {
namespace {

struct Sink {
  std::atomic<Level> level = Level::info;
  bool json = ::isatty(STDERR_FILENO) == 0;
  std::shared_ptr<spdlog::logger> logger;

  Sink() { attach(std::make_shared<spdlog::sinks::stderr_sink_mt>()); }
  void attach(std::shared_ptr<spdlog::sinks::sink> target) {
    logger = std::make_shared<spdlog::logger>("slipway", std::move(target));
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
  }
};

Sink& sink() {
  static Sink instance;
  return instance;
}

constexpr std::string_view name(Level level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
  return kNames[static_cast<int>(level)];
}

std::string as_text(Level level, std::string_view message, std::initializer_list<Field> fields) {
  std::string line = fmt::format("{} {:<5} {}", to_iso8601(system_clock().now()), name(level), message);
  for (const auto& field : fields) {
    const auto* text = field.value.if_string();
    line += fmt::format("  {}={}", field.key, text ? quote_word(*text) : to_text(field.value));
  }
  return line;
}

std::string as_json(Level level, std::string_view message, std::initializer_list<Field> fields) {
  JsonObject line{{"time", to_iso8601(system_clock().now())}, {"level", name(level)}, {"message", message}};
  for (const auto& field : fields) line[field.key] = field.value;
  return to_text(line);
}

}  // namespace

Result<> configure(const Options& options) {
  Sink& target = sink();
  target.level = options.level;
  target.json = options.json || (options.file.empty() && ::isatty(STDERR_FILENO) == 0);
  if (options.file.empty() || options.file == "-") return {};
  try {
    target.attach(std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file));
  } catch (const spdlog::spdlog_ex& error) {
    return Error(Code::invalid_argument, fmt::format("opening the log file '{}': {}", options.file, error.what()));
  }
  return {};
}

bool enabled(Level level) { return level >= sink().level.load(std::memory_order_relaxed); }

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
  if (!enabled(level)) return;
  Sink& target = sink();
  target.logger->log(spdlog::level::info, "{}",
                     target.json ? as_json(level, message, fields) : as_text(level, message, fields));
}

}  // namespace slipway::log
