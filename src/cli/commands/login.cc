// login: writes the key to ~/.netrc and the address to ~/.config/wandb/settings, where wandb and slipway both
// look (protocol 1.1.3, 1.2).
#include <fmt/format.h>

#include "archive/archive.h"
#include "base/strings.h"
#include "cli/commands/all.h"
#include "cli/session.h"
#include "net/http_types.h"

namespace slipway::cli::commands {
namespace fs = std::filesystem;
namespace {

/// Without the entry of that machine; others stay as they are, line by line.
std::string netrc_without(const std::string& text, const std::string& machine) {
  std::string kept;
  bool skipping = false;
  for (const auto& line : split(text, '\n')) {
    const auto words = split_words(line).value_or(std::vector<std::string>{});
    if (!words.empty() && (words[0] == "machine" || words[0] == "default"))
      skipping = words[0] == "machine" && words.size() > 1 && words[1] == machine;
    if (!skipping && !(line.empty() && kept.empty())) kept += line + "\n";
  }
  while (kept.ends_with("\n\n")) kept.pop_back();
  return kept;
}

std::string settings_with(const std::string& text, const std::string& base_url) {
  std::string out;
  bool written = false;
  for (const auto& line : split(text, '\n')) {
    if (trim(line).starts_with("base_url")) {
      out += "base_url = " + base_url + "\n";
      written = true;
    } else if (!line.empty()) {
      out += line + "\n";
    }
    if (trim(line) == "[default]" && !written && text.find("base_url") == std::string::npos) {
      out += "base_url = " + base_url + "\n";
      written = true;
    }
  }
  return written ? out : out + "[default]\nbase_url = " + base_url + "\n";
}

class LoginCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("KEY", key_, "API key; asked for when left out");
    options.text("--host", host_, "Address of the server", "WANDB_BASE_URL");
    options.flag("--relogin", relogin_, "Ask for a key even when one is known");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto connection, client::Connection::discover(terminal.env(), terminal.home()));
    while (host_.ends_with('/')) host_.pop_back();
    if (!host_.empty()) connection.base_url = host_;
    TRY(const auto url, net::parse_url(connection.base_url));
    if (key_.empty() && (relogin_ || connection.api_key.empty() || !host_.empty())) {
      key_ = terminal.read_secret(fmt::format("API key for {}: ", connection.base_url));
    }
    if (!key_.empty()) connection.api_key = Secret(key_);
    if (connection.api_key.empty()) {
      return Error(Code::unauthenticated, "no API key is given")
          .hint("Give it as an argument, or run this on a terminal.");
    }
    TRY(const auto user, check(connection));
    TRY_VOID(remember(terminal, connection, url.host));
    terminal.print_json(JsonObject{{"base_url", connection.base_url}, {"username", user}});
    if (!terminal.json()) terminal.print(fmt::format("Logged in to {} as {}", connection.base_url, user));
    return 0;
  }

 private:
  static Result<std::string> check(const client::Connection& connection) {
    asio::io_context io;
    client::ApiClient api(std::make_shared<net::HttpClient>(), connection);
    std::optional<Result<Json>> answer;
    asio::co_spawn(
        io,
        [&]() -> asio::awaitable<void> {
          answer = co_await no_throw(api.call("query Viewer { viewer { id username } }", JsonObject(),
                                              client::CallOptions{.retry_for = Millis(0)}));
        },
        [](const std::exception_ptr& error) {
          if (error) std::rethrow_exception(error);
        });
    while (!answer && io.run_one() > 0) {
    }
    if (!answer) return Error(Code::internal, "the server was not asked");
    if (!*answer) return std::move(*answer).error().wrap("checking the key");
    const Json* user = find_path(**answer, "viewer.username");
    if (!user || !user->is_string()) {
      return Error(Code::unauthenticated, fmt::format("{} does not know this key", connection.base_url))
          .hint("Look whether it is complete and of this server.");
    }
    return std::string(user->get_string());
  }

  static Result<> remember(const Terminal& terminal, const client::Connection& connection, const std::string& machine) {
    const fs::path home = terminal.home();
    const fs::path netrc = terminal.env("NETRC", (home / ".netrc").string());
    const auto old = archive::read_file(netrc);
    const std::string text =
        netrc_without(old ? *old : "", machine) +
        fmt::format("machine {}\n  login user\n  password {}\n", machine, connection.api_key.reveal());
    TRY_VOID(archive::write_file_atomically(netrc, text, 0600));
    const fs::path settings = home / ".config/wandb/settings";
    std::error_code ec;
    fs::create_directories(settings.parent_path(), ec);
    const auto known = archive::read_file(settings);
    return archive::write_file_atomically(settings, settings_with(known ? *known : "", connection.base_url), 0644);
  }

  std::string key_, host_;
  bool relogin_ = false;
};

}  // namespace

std::unique_ptr<Command> make_login() { return std::make_unique<LoginCommand>(); }

}  // namespace slipway::cli::commands
