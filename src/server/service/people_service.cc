#include "server/service/people_service.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "server/service/key.h"
#include "server/service/queue_document.h"

namespace slipway::server {
namespace {

Cause by(const Principal& who) { return {"user:" + who.user.name, ""}; }

Result<> require_person(const Principal& who) {
  if (who.user.id == 0) return require(who, "", Role::viewer);
  if (!who.user.service) return {};
  return Error(Code::permission_denied, "service accounts may not do this: ask a person");
}

}  // namespace

Task<Entity> PeopleService::entity(Principal who, std::string name) {
  CO_TRY_VOID(require(who, name, Role::viewer));
  CO_TRY(auto found, co_await store_.find_entity(name));
  if (!found) co_return absent("entity", name);
  co_return *std::move(found);
}

Task<Entity> PeopleService::create_team(Principal who, std::string name) {
  CO_TRY_VOID(require_person(who));
  CO_TRY_VOID(check_account_name("a team", name));
  CO_TRY(auto team, co_await store_.create_entity(std::move(name), EntityKind::team, by(who)));
  CO_TRY_VOID(co_await store_.set_member(team.id, who.user.id, Role::admin, by(who)));
  changed_(team.name, "team created");
  co_return team;
}

Task<NewUser> PeopleService::create_user(Principal who, UserInput input) {
  CO_TRY_VOID(require_person(who));
  if (input.service && input.entity.empty()) {
    co_return Error(Code::invalid_argument, "a service account belongs to a team: give entityName");
  }
  if (!input.service) CO_TRY_VOID(require_server_admin(who));
  if (!input.entity.empty()) CO_TRY_VOID(require(who, input.entity, Role::admin));
  CO_TRY_VOID(check_account_name("a user", input.username));
  std::optional<Entity> team;
  if (!input.entity.empty()) {
    CO_TRY(team, co_await store_.find_entity(input.entity));
    if (!team) co_return absent("entity", input.entity);
  }
  User user;
  user.name = std::move(input.username);
  user.email = std::move(input.email);
  user.service = input.service;
  if (user.service && team) user.default_entity = team->id;
  NewUser made;
  CO_TRY(made.user, co_await store_.create_user(std::move(user), by(who)));
  if (team) {
    const Role role = input.role.value_or(made.user.service ? Role::agent : Role::member);
    CO_TRY_VOID(co_await store_.set_member(team->id, made.user.id, role, by(who)));
  }
  made.key = new_api_key();
  CO_TRY_VOID(co_await store_.add_key(made.user.id, "first key", key_hash(made.key.reveal()), by(who)));
  changed_(team ? team->name : made.user.name, "user created");
  co_return made;
}

Task<> PeopleService::set_member(Principal who, std::string entity, std::string username, std::optional<Role> role) {
  CO_TRY_VOID(require(who, entity, Role::admin));
  CO_TRY(const auto team, co_await store_.find_entity(entity));
  if (!team) co_return absent("entity", entity);
  CO_TRY(const auto user, co_await store_.find_user(username));
  if (!user) co_return absent("user", username);
  CO_TRY(const auto members, co_await store_.list_members(team->id));
  const auto is_other_admin = [&](const auto& member) {
    return member.second == Role::admin && member.first.id != user->id;
  };
  if (role != Role::admin && std::ranges::none_of(members, is_other_admin)) {
    co_return Error(Code::failed_precondition, fmt::format("'{}' would be without an administrator", entity));
  }
  CO_TRY_VOID(co_await store_.set_member(team->id, user->id, role, by(who)));
  changed_(team->name, "members changed");
  co_return Result<>();
}

Task<std::vector<std::pair<User, Role>>> PeopleService::members(Principal who, std::string entity) {
  CO_TRY(const auto team, co_await this->entity(std::move(who), std::move(entity)));
  co_return co_await store_.list_members(team.id);
}

Task<bool> PeopleService::keeps_account(Principal who, User account) {
  if (account.id == who.user.id || who.user.admin) co_return true;
  if (!account.service) co_return false;
  for (const auto& membership : who.memberships) {
    if (membership.role != Role::admin) continue;
    CO_TRY(const auto members, co_await store_.list_members(membership.entity.id));
    if (std::ranges::any_of(members, [&](const auto& member) { return member.first.id == account.id; })) co_return true;
  }
  co_return false;
}

Task<std::pair<Id, Secret>> PeopleService::create_key(Principal who, std::string name, std::string username) {
  CO_TRY_VOID(require_person(who));
  if (name.empty() || name.size() > 128)
    co_return Error(Code::invalid_argument, "a key's name has 1 to 128 characters");
  User account = who.user;
  if (!username.empty() && username != who.user.name) {
    CO_TRY(const auto found, co_await store_.find_user(username));
    if (!found) co_return absent("user", username);
    CO_TRY(const bool allowed, co_await keeps_account(who, *found));
    if (!allowed) co_return absent("user", username);
    account = *found;
  }
  Secret key = new_api_key();
  CO_TRY(const auto row, co_await store_.add_key(account.id, std::move(name), key_hash(key.reveal()), by(who)));
  changed_("", "key created");
  co_return std::pair(row.id, std::move(key));
}

Task<std::optional<User>> PeopleService::owner_of_key(Principal who, Id key) {
  std::vector<User> accounts{who.user};
  for (const auto& membership : who.memberships) {
    if (membership.role != Role::admin) continue;
    CO_TRY(const auto members, co_await store_.list_members(membership.entity.id));
    for (const auto& [user, role] : members) {
      if (user.service) accounts.push_back(user);
    }
  }
  for (const auto& account : accounts) {
    CO_TRY(const auto keys, co_await store_.list_keys(account.id));
    if (std::ranges::find(keys, key, &ApiKey::id) != keys.end()) co_return std::optional(account);
  }
  co_return std::optional<User>();
}

Task<> PeopleService::revoke_key(Principal who, Id key) {
  CO_TRY_VOID(require_person(who));
  if (!who.user.admin) {
    CO_TRY(const auto owner, co_await owner_of_key(who, key));
    if (!owner) co_return absent("key", std::to_string(key));
  }
  CO_TRY_VOID(co_await store_.revoke_key(key, by(who)));
  changed_("", "key revoked");
  co_return Result<>();
}

Task<std::vector<ApiKey>> PeopleService::keys(Principal who, Id user) {
  CO_TRY(const auto account, co_await store_.get_user(user));
  if (!account) co_return absent("user", std::to_string(user));
  CO_TRY(const bool allowed, co_await keeps_account(std::move(who), *account));
  if (!allowed) co_return absent("user", account->name);
  co_return co_await store_.list_keys(user);
}

Task<std::vector<Entity>> PeopleService::entities(Principal who) {
  CO_TRY_VOID(require_signed_in(who));
  if (who.user.admin) co_return co_await store_.list_entities();
  std::vector<Entity> found;
  for (const auto& membership : who.memberships) found.push_back(membership.entity);
  std::ranges::sort(found, {}, &Entity::name);
  co_return found;
}

Task<std::vector<User>> PeopleService::users(Principal who) {
  CO_TRY_VOID(require_signed_in(who));
  if (who.user.admin) co_return co_await store_.list_users();
  std::map<std::string, User> found;
  found.emplace(who.user.name, who.user);
  for (const auto& membership : who.memberships) {
    CO_TRY(const auto members, co_await store_.list_members(membership.entity.id));
    for (const auto& [user, role] : members) found.emplace(user.name, user);
  }
  std::vector<User> users;
  for (auto& [name, user] : found) users.push_back(std::move(user));
  co_return users;
}

}  // namespace slipway::server
