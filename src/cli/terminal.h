// Terminal: where a command's words go, and what it knows of its surroundings. Data goes to standard output, everything else to standard error.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace slipway::cli {

struct TerminalOptions {
  bool json = false;  ///< --json: one JSON document (or one a line for streams) on standard output, nothing else there.
  bool color = false;        ///< A terminal, and NO_COLOR is not set.
  bool interactive = false;  ///< Standard input and error are terminals: may ask, may draw progress.
  int width = 80;
};

class Terminal {
 public:
  Terminal(TerminalOptions options, std::map<std::string, std::string> env);

  const std::map<std::string, std::string>& env() const { return env_; }
  std::string env(const std::string& name, std::string otherwise = "") const;
  std::string home() const { return env("HOME", "/"); }
  bool json() const { return options_.json; }
  void use_json() { options_.json = true; }
  bool interactive() const { return options_.interactive; }

  /// A line of data.
  void print(std::string_view line);
  /// The --json document. Nothing without --json.
  void print_json(const Json& value);
  /// A line for the person: what happens, notices. To standard error; left out after --json unless it is a terminal.
  void say(std::string_view line);
  void warn(std::string_view line);
  void error(const Error& error);
  /// A line that is drawn over the last one of its kind; only on a terminal. finish_progress() leaves the last one standing.
  void progress(std::string_view line);
  void finish_progress();
  /// Rows under headings, columns as wide as needed, the last one cut at the terminal's width.
  void table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows);
  /// "label  value" lines, labels aligned.
  void facts(const std::vector<std::pair<std::string, std::string>>& facts);
  /// Asks "… [y/N]"; false without a terminal.
  bool confirm(std::string_view question);
  /// Reads a line without echo; "" without a terminal.
  std::string read_secret(std::string_view prompt);

  std::string bold(std::string_view text) const;
  std::string dim(std::string_view text) const;
  /// Green for good ends, red for bad ones, yellow for what waits or runs: by the state's name.
  std::string state(std::string_view name) const;

 private:
  std::string paint(std::string_view code, std::string_view text) const;
  TerminalOptions options_;
  std::map<std::string, std::string> env_;
  bool progress_open_ = false;
};

/// Looks at the process's own standard streams and environment.
Terminal process_terminal();

}  // namespace slipway::cli
