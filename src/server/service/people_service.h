// PeopleService: teams, people, service accounts, memberships and keys.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "server/service/access.h"
#include "server/store/store.h"

namespace slipway::server {

struct UserInput {
  std::string username;
  std::string email;
  bool service = false;
  std::string entity;  ///< Joins it; a service account must.
  std::optional<Role> role;
};

struct NewUser {
  User user;
  Secret key;
};

class PeopleService {
 public:
  /// `changed`: keys and memberships that are remembered elsewhere are out of date.
  PeopleService(Store& store, std::function<void()> changed) : store_(store), changed_(std::move(changed)) {}

  /// Any person; it becomes the team's administrator.
  Task<Entity> create_team(Principal who, std::string name);
  /// Administrators of the server; for a service account also those of its team.
  Task<NewUser> create_user(Principal who, UserInput input);
  /// Administrators of the entity. Nobody can take the last administrator away.
  Task<> set_member(Principal who, std::string entity, std::string username, std::optional<Role> role);
  Task<std::vector<std::pair<User, Role>>> members(Principal who, std::string entity);
  /// For oneself; for others administrators of the server; for a service account those of a team of it.
  Task<std::pair<Id, Secret>> create_key(Principal who, std::string name, std::string username);
  Task<> revoke_key(Principal who, Id key);
  Task<std::vector<ApiKey>> keys(Id user) { return store_.list_keys(user); }
  Task<Entity> entity(Principal who, std::string name);

 private:
  Task<bool> keeps_account(Principal who, User account);
  Task<std::optional<User>> owner_of_key(Principal who, Id key);

  Store& store_;
  std::function<void()> changed_;
};

}  // namespace slipway::server
