// completion: scripts made from the table of commands.
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/strings.h"
#include "cli/commands/all.h"

namespace slipway::cli::commands {
namespace {

/// Words that may follow "slipway <words…>", from the table.
std::map<std::string, std::set<std::string>> followers() {
  std::map<std::string, std::set<std::string>> next;
  for (const auto& row : command_table()) {
    if (row.hidden) continue;
    std::string before;
    for (const auto& word : split(row.path, ' ')) {
      next[before].insert(word);
      before += (before.empty() ? "" : " ") + word;
    }
  }
  return next;
}

std::string joined(const std::set<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

std::string bash_script() {
  std::string cases;
  for (const auto& [before, words] : followers())
    cases += fmt::format("    \"{}\") words=\"{}\" ;;\n", before, joined(words));
  return R"(_slipway() {
  local current="${COMP_WORDS[COMP_CWORD]}" before="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == -* ]] && break
    before+="${before:+ }${COMP_WORDS[i]}"
  done
  case "$before" in
)" + cases +
         R"(  esac
  if [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -o default -F _slipway slipway)";
}

std::string zsh_script() { return "autoload -U +X bashcompinit && bashcompinit\n" + bash_script(); }

std::string fish_script() {
  std::string out = "complete -c slipway -f\n";
  for (const auto& row : command_table()) {
    if (row.hidden) continue;
    const auto words = split(row.path, ' ');
    std::string condition = words.size() == 1 ? "__fish_use_subcommand" : "";
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
      condition += fmt::format("{}__fish_seen_subcommand_from {}", i > 0 ? "; and " : "", words[i]);
    out += fmt::format("complete -c slipway -n '{}' -a {} -d '{}'\n", condition, words.back(), row.summary);
  }
  return out;
}

class CompletionCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("SHELL", shell_, "bash, zsh or fish");
    options.required();
  }
  Result<int> run(Terminal& terminal) override {
    if (shell_ == "bash")
      terminal.print(bash_script());
    else if (shell_ == "zsh")
      terminal.print(zsh_script());
    else if (shell_ == "fish")
      terminal.print(fish_script());
    else
      return Error(Code::invalid_argument, fmt::format("'{}' is none of bash, zsh, fish", shell_));
    return 0;
  }

 private:
  std::string shell_;
};

}  // namespace

std::unique_ptr<Command> make_completion() { return std::make_unique<CompletionCommand>(); }

}  // namespace slipway::cli::commands
