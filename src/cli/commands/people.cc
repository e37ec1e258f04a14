// team create, user create, member set, key create, list, revoke.
#include <fmt/format.h>

#include "base/strings.h"
#include "cli/commands/all.h"
#include "cli/commands/item_view.h"
#include "cli/session.h"

namespace slipway::cli::commands {
namespace {

Result<std::string> parse_role(const std::string& text) {
  const std::vector<std::string> roles = {"admin", "member", "viewer", "agent"};
  const std::string role = lower(text);
  if (std::ranges::find(roles, role) == roles.end()) {
    return Error(Code::invalid_argument, fmt::format("--role: '{}' is none of admin, member, viewer, agent.{}", text,
                                                     did_you_mean(text, roles)));
  }
  std::string upper = role;
  for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

class TeamCreateCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("NAME", name_, "Name of the team");
    options.required();
  }
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const Json payload,
        session->mutate(
            "mutation CreateTeam($input: CreateTeamInput!) { createTeam(input: $input) { entity { id name } } }",
            "createTeam", JsonObject{{"name", name_}}));
    terminal.print_json(*find(payload, "entity"));
    if (!terminal.json()) terminal.print(fmt::format("Created team '{}'", name_));
    return 0;
  }

 private:
  std::string name_;
};

class UserCreateCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("NAME", name_, "Login name");
    options.required();
    options.text("--email", email_, "E-mail address");
    options.flag("--service", service_, "A service account: acts for the person who submitted");
    options.text("-t,--team", team_, "Team to join");
    options.text("--role", role_, "Role in that team: admin, member, viewer, agent");
  }
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    JsonObject input{{"username", name_}, {"service", service_}};
    if (!email_.empty()) input["email"] = text_value(email_);
    if (!team_.empty()) {
      TRY(const auto role, parse_role(role_.empty() ? (service_ ? "agent" : "member") : role_));
      input["entityName"] = text_value(team_);
      input["role"] = text_value(role);
    }
    TRY(const Json payload, session->mutate("mutation CreateUser($input: CreateUserInput!) { createUser(input: $input) "
                                            "{ user { id username service } apiKey } }",
                                            "createUser", std::move(input)));
    terminal.print_json(payload);
    if (terminal.json()) return 0;
    terminal.say(fmt::format("Created {} '{}'. This key is shown once:", service_ ? "service account" : "user", name_));
    terminal.print(text_or(payload, "apiKey"));
    return 0;
  }

 private:
  std::string name_, email_, team_, role_;
  bool service_ = false;
};

class MemberSetCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("TEAM", team_, "Name of the team");
    options.required();
    options.text("NAME", name_, "Login name");
    options.required();
    options.text("--role", role_, "admin, member, viewer or agent; left out: remove");
  }
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    JsonObject input{{"entityName", team_}, {"username", name_}, {"role", nullptr}};
    if (!role_.empty()) {
      TRY(const auto role, parse_role(role_));
      input["role"] = text_value(role);
    }
    TRY(const Json payload,
        session->mutate("mutation SetMember($input: SetMemberInput!) { setMember(input: $input) { success } }",
                        "setMember", std::move(input)));
    terminal.print_json(payload);
    if (!terminal.json())
      terminal.print(role_.empty() ? fmt::format("Removed {} from {}", name_, team_)
                                   : fmt::format("{} is {} of {}", name_, lower(role_), team_));
    return 0;
  }

 private:
  std::string team_, name_, role_;
};

class KeyCreateCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("NAME", name_, "What the key is for");
    options.required();
    options.text("--user", user_, "Whose key; yours by default");
  }
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    JsonObject input{{"name", name_}};
    if (!user_.empty()) input["username"] = text_value(user_);
    TRY(const Json payload,
        session->mutate(
            "mutation CreateApiKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { id apiKey } }",
            "createApiKey", std::move(input)));
    terminal.print_json(payload);
    if (terminal.json()) return 0;
    terminal.say("This key is shown once:");
    terminal.print(text_or(payload, "apiKey"));
    return 0;
  }

 private:
  std::string name_, user_;
};

class KeyListCommand final : public Command {
 public:
  void declare(Options&) override {}
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const Json data,
        session->call(
            "query Keys { viewer { apiKeys { edges { node { id name description createdAt lastUsedAt } } } } }", {}));
    JsonArray keys;
    std::vector<std::vector<std::string>> rows;
    if (const Json* edges = find_path(data, "viewer.apiKeys.edges"); edges && edges->is_array()) {
      for (const auto& edge : edges->get_array()) {
        const Json& key = *find(edge, "node");
        rows.push_back({text_or(key, "id"), text_or(key, "name"), short_time(text_or(key, "createdAt")),
                        short_time(text_or(key, "lastUsedAt"))});
        keys.push_back(key);
      }
    }
    terminal.print_json(keys);
    if (!terminal.json()) terminal.table({"ID", "NAME", "CREATED (UTC)", "LAST USED (UTC)"}, rows);
    return 0;
  }
};

class KeyRevokeCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("ID", id_, "Id of the key, from key list");
    options.required();
    options.flag("-y,--yes", yes_, "Do not ask");
  }
  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    if (!yes_ && !terminal.confirm(fmt::format("Revoke key {}? Whoever uses it is shut out at once.", id_))) {
      return Error(Code::failed_precondition, "nothing was revoked").hint("Say yes at the question, or give --yes.");
    }
    TRY(const Json payload,
        session->mutate("mutation RevokeApiKey($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { success } }",
                        "revokeApiKey", JsonObject{{"id", id_}}));
    terminal.print_json(payload);
    if (!terminal.json()) terminal.print("Revoked");
    return 0;
  }

 private:
  std::string id_;
  bool yes_ = false;
};

}  // namespace

std::unique_ptr<Command> make_team_create() { return std::make_unique<TeamCreateCommand>(); }
std::unique_ptr<Command> make_user_create() { return std::make_unique<UserCreateCommand>(); }
std::unique_ptr<Command> make_member_set() { return std::make_unique<MemberSetCommand>(); }
std::unique_ptr<Command> make_key_create() { return std::make_unique<KeyCreateCommand>(); }
std::unique_ptr<Command> make_key_list() { return std::make_unique<KeyListCommand>(); }
std::unique_ptr<Command> make_key_revoke() { return std::make_unique<KeyRevokeCommand>(); }

}  // namespace slipway::cli::commands
