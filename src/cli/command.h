// A command of the slipway program: one class, one Markdown page beside it, one row in commands.cc.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cli/terminal.h"

namespace slipway::cli {

/// What a command says about its flags and arguments. Names as "-q,--queue"; a name without dashes is a positional argument. `env`: the variable that fills it in when
/// the flag is absent. Targets must outlive the parse.
class Options {
 public:
  virtual ~Options() = default;
  virtual void text(const std::string& names, std::string& target, const std::string& help,
                    const std::string& env = "") = 0;
  virtual void optional_text(const std::string& names, std::optional<std::string>& target, const std::string& help) = 0;
  virtual void optional_int(const std::string& names, std::optional<int>& target, const std::string& help) = 0;
  virtual void integer(const std::string& names, int& target, const std::string& help) = 0;
  /// May be repeated; one value each time.
  virtual void list(const std::string& names, std::vector<std::string>& target, const std::string& help) = 0;
  virtual void flag(const std::string& names, bool& target, const std::string& help) = 0;
  virtual void count(const std::string& names, int& target, const std::string& help) = 0;
  /// The value may be left out: then it is `bare`. Needs no "=" for a value.
  virtual void text_or_bare(const std::string& names, std::string& target, const std::string& bare,
                            const std::string& help) = 0;
  /// The last one added must be given.
  virtual void required() = 0;
  /// The last one added is not shown in --help.
  virtual void hidden() = 0;
  /// The last one added excludes that other one.
  virtual void excludes(const std::string& other) = 0;
};

class Command {
 public:
  virtual ~Command() = default;
  virtual void declare(Options& options) = 0;
  /// Returns the exit status. An Error is printed with its hint, or as JSON after --json, and becomes exit_status(code).
  virtual Result<int> run(Terminal& terminal) = 0;
};

/// A row of the table.
struct CommandRow {
  std::string path;     ///< "queue create".
  std::string summary;  ///< One line for the list of commands.
  std::unique_ptr<Command> (*make)();
  bool json = true;  ///< Has --json.
  bool hidden = false;
};

template <class T>
std::unique_ptr<Command> make_command() {
  return std::make_unique<T>();
}

/// The table, in the order of --help.
const std::vector<CommandRow>& command_table();
/// "Work with queues": for --help of the words in front.
std::string group_summary(const std::string& words);
/// The Markdown page of a command ("queue_create.md"), embedded at build time; "" when there is none.
std::string_view command_doc(std::string_view path);

/// Parses and runs. Never throws.
int run_command_line(int argc, char** argv, Terminal& terminal);

}  // namespace slipway::cli
