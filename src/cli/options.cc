// The only place that knows CLI11: a table row becomes a subcommand.
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/strings.h"
#include "cli/command.h"

namespace slipway::cli {
namespace {

class CliOptions final : public Options {
 public:
  explicit CliOptions(CLI::App& app) : app_(app) {}

  void text(const std::string& names, std::string& target, const std::string& help, const std::string& env) override {
    last_ = app_.add_option(names, target, help);
    if (!env.empty()) last_->envname(env);
  }
  void optional_text(const std::string& names, std::optional<std::string>& target, const std::string& help) override {
    last_ = app_.add_option_function<std::string>(names, [&target](const std::string& value) { target = value; }, help);
  }
  void optional_int(const std::string& names, std::optional<int>& target, const std::string& help) override {
    last_ = app_.add_option_function<int>(names, [&target](const int& value) { target = value; }, help);
  }
  void integer(const std::string& names, int& target, const std::string& help) override {
    last_ = app_.add_option(names, target, help);
  }
  void list(const std::string& names, std::vector<std::string>& target, const std::string& help) override {
    last_ = app_.add_option(names, target, help);
    if (names.front() == '-') last_->expected(1)->take_all()->allow_extra_args(false);
  }
  void flag(const std::string& names, bool& target, const std::string& help) override {
    last_ = app_.add_flag(names, target, help);
  }
  void count(const std::string& names, int& target, const std::string& help) override {
    last_ = app_.add_flag(names, target, help);
  }
  void text_or_bare(const std::string& names, std::string& target, const std::string& bare,
                    const std::string& help) override {
    last_ = app_.add_option_function<std::vector<std::string>>(
        names,
        [&target, bare](const std::vector<std::string>& values) {
          target = values.empty() || values[0].empty() ? bare : values[0];
        },
        help);
    last_->expected(0, 1);
  }
  void required() override { last_->required(); }
  void hidden() override { last_->group(""); }
  void excludes(const std::string& other) override { last_->excludes(app_.get_option(other)); }

 private:
  CLI::App& app_;
  CLI::Option* last_ = nullptr;
};

/// A parsed command line.
struct Parsed {
  const CommandRow* row = nullptr;
  std::unique_ptr<Command> command;
  bool json = false;
};

struct Built {
  std::unique_ptr<CLI::App> app;
  std::map<std::string, CLI::App*> groups;  ///< "queue", "job create".
  std::vector<std::unique_ptr<Parsed>> parsed;
};

/// The subcommand that holds the commands under `words` but the last.
CLI::App* group_of(Built& built, const std::vector<std::string>& words) {
  CLI::App* at = built.app.get();
  std::string path;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    path += (path.empty() ? "" : " ") + words[i];
    CLI::App*& next = built.groups[path];
    if (!next) {
      next = at->add_subcommand(words[i], group_summary(path));
      next->require_subcommand(1);
    }
    at = next;
  }
  return at;
}

void add_row(Built& built, const CommandRow& row) {
  const auto words = split(row.path, ' ');
  CLI::App* app = group_of(built, words)->add_subcommand(words.back(), row.summary);
  if (row.hidden) app->group("");
  const std::string_view doc = command_doc(row.path);
  if (!doc.empty()) app->footer("\n" + std::string(doc));
  auto& parsed = built.parsed.emplace_back(std::make_unique<Parsed>());
  parsed->row = &row;
  parsed->command = row.make();
  CliOptions options(*app);
  parsed->command->declare(options);
  if (row.json) app->add_flag("--json", parsed->json, "Print JSON");
  app->set_help_flag("-h,--help", "Show this page");
}

Built build() {
  Built built;
  built.app =
      std::make_unique<CLI::App>("slipway: launch machine-learning jobs from queues onto your own compute", "slipway");
  built.app->require_subcommand(1);
  built.app->set_version_flag("--version", "slipway " SLIPWAY_VERSION);
  built.app->set_help_flag("-h,--help", "Show this page");
  built.app->footer("\nFirst steps: slipway up, then slipway launch --help. Every command has --help with an example.");
  for (const auto& row : command_table()) add_row(built, row);
  return built;
}

/// CLI11 names an unknown word; we add the command that was most likely meant.
std::string with_suggestion(const std::string& message, int argc, char** argv) {
  std::vector<std::string> known;
  for (const auto& row : command_table()) {
    if (!row.hidden) known.push_back(split(row.path, ' ').front());
  }
  std::string first = argc > 1 ? argv[1] : "";
  if (first.empty() || first.front() == '-' || std::ranges::find(known, first) != known.end()) return message;
  return fmt::format("there is no command '{}'.{}", first, did_you_mean(first, known));
}

}  // namespace

int run_command_line(int argc, char** argv, Terminal& terminal) {
  auto built = build();
  try {
    built.app->parse(argc, argv);
  } catch (const CLI::Success& page) {
    return built.app->exit(page, std::cout, std::cerr);
  } catch (const CLI::ParseError& problem) {
    Error error(Code::invalid_argument, with_suggestion(problem.what(), argc, argv));
    terminal.error(std::move(error).hint("Run `slipway --help`, or --help after a command, for what there is."));
    return exit_status(Code::invalid_argument);
  }
  for (auto& parsed : built.parsed) {
    CLI::App* at = built.app.get();
    for (const auto& word : split(parsed->row->path, ' ')) at = at->get_subcommand(word);
    if (!at->parsed()) continue;
    if (parsed->json) terminal.use_json();
    auto status = parsed->command->run(terminal);
    if (status) return *status;
    terminal.error(status.error());
    return exit_status(status.error().code());
  }
  return exit_status(Code::internal);
}

}  // namespace slipway::cli
