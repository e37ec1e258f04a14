#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include <fmt/format.h>

#include "base/strings.h"
#include "proc/process.h"

namespace slipway::cli {
namespace {

/// Columns that a text takes: characters, not bytes; escape sequences take none.
std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      while (i < text.size() && text[i] != 'm') ++i;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++count;
    }
  }
  return count;
}

std::string padded(const std::string& text, std::size_t width) {
  const auto used = columns(text);
  return text + std::string(width > used ? width - used : 0, ' ');
}

}  // namespace

Terminal::Terminal(TerminalOptions options, std::map<std::string, std::string> env)
    : options_(options), env_(std::move(env)) {}

Terminal process_terminal() {
  TerminalOptions options;
  auto env = proc::inherited_environment();
  const bool out = ::isatty(STDOUT_FILENO) == 1;
  options.color = out && !env.contains("NO_COLOR") && env["TERM"] != "dumb";
  options.interactive = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (out && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) options.width = size.ws_col;
  return Terminal(options, std::move(env));
}

std::string Terminal::env(const std::string& name, std::string otherwise) const {
  const auto found = env_.find(name);
  return found == env_.end() || found->second.empty() ? std::move(otherwise) : found->second;
}

void Terminal::print(std::string_view line) {
  finish_progress();
  std::cout << line << '\n' << std::flush;
}

void Terminal::print_json(const Json& value) {
  if (!options_.json) return;
  finish_progress();
  std::cout << pretty_text(value) << '\n' << std::flush;
}

void Terminal::say(std::string_view line) {
  if (options_.json && !options_.interactive) return;
  finish_progress();
  std::cerr << line << '\n';
}

void Terminal::warn(std::string_view line) {
  finish_progress();
  std::cerr << paint("33", "warning:") << ' ' << line << '\n';
}

void Terminal::error(const Error& error) {
  finish_progress();
  if (!options_.json) {
    std::cerr << paint("31", "error:") << ' ' << error.to_string() << '\n';
    return;
  }
  JsonArray problems;
  for (const auto& problem : error.problems()) {
    problems.push_back(JsonObject{{"path", problem.path},
                                  {"message", problem.message},
                                  {"file", problem.file},
                                  {"line", problem.line},
                                  {"column", problem.column}});
  }
  JsonObject body{{"code", code_name(error.code())},
                  {"message", error.message()},
                  {"hint", error.mend()},
                  {"problems", std::move(problems)}};
  std::cout << pretty_text(JsonObject{{"error", std::move(body)}}) << '\n' << std::flush;
}

void Terminal::progress(std::string_view line) {
  if (!options_.interactive) return;
  std::cerr << "\r\x1b[2K" << line << std::flush;
  progress_open_ = true;
}

void Terminal::finish_progress() {
  if (std::exchange(progress_open_, false)) std::cerr << '\n';
}

void Terminal::table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(headings.size());
  for (std::size_t i = 0; i < headings.size(); ++i) widths[i] = columns(headings[i]);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  const auto draw = [&](const std::vector<std::string>& row, bool heading) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      const std::string cell = heading ? bold(row[i]) : row[i];
      line += last ? cell : padded(cell, widths[i] + 2);
    }
    print(line);
  };
  draw(headings, true);
  for (const auto& row : rows) draw(row, false);
}

void Terminal::facts(const std::vector<std::pair<std::string, std::string>>& facts) {
  std::size_t width = 0;
  for (const auto& [label, value] : facts) width = std::max(width, columns(label));
  for (const auto& [label, value] : facts) print(padded(dim(label), width + 2) + value);
}

bool Terminal::confirm(std::string_view question) {
  if (!options_.interactive) return false;
  finish_progress();
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return lower(trim(answer)) == "y" || lower(trim(answer)) == "yes";
}

std::string Terminal::read_secret(std::string_view prompt) {
  if (!options_.interactive) return "";
  std::cerr << prompt << std::flush;
  termios before{};
  ::tcgetattr(STDIN_FILENO, &before);
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  std::string line;
  std::getline(std::cin, line);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
  std::cerr << '\n';
  return std::string(trim(line));
}

std::string Terminal::paint(std::string_view code, std::string_view text) const {
  return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string Terminal::bold(std::string_view text) const { return paint("1", text); }
std::string Terminal::dim(std::string_view text) const { return paint("2", text); }

std::string Terminal::state(std::string_view name) const {
  const std::string key = lower(name);
  for (const char* good : {"finished", "active", "ok", "polling"}) {
    if (key == good) return paint("32", name);
  }
  for (const char* bad : {"failed", "crashed", "killed", "stopped", "refused"}) {
    if (key == bad) return paint("31", name);
  }
  return paint("33", name);
}

}  // namespace slipway::cli
