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
  /// `changed`: keys and memberships that are remembered elsewhere are out of date; in that entity, "" when it is not known.
  using Changed = std::function<void(std::string_view entity, std::string_view what)>;
  PeopleService(Store& store, Changed changed) : store_(store), changed_(std::move(changed)) {}

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
  /// Of an account whose keys the caller may revoke; not_found otherwise.
  Task<std::vector<ApiKey>> keys(Principal who, Id user);
  Task<Entity> entity(Principal who, std::string name);
  /// Those that the caller may see: all for an administrator of the server.
  Task<std::vector<Entity>> entities(Principal who);
  /// Everybody for an administrator of the server, otherwise those who share an entity with the caller. In order of names.
  Task<std::vector<User>> users(Principal who);

 private:
  Task<bool> keeps_account(Principal who, User account);
  Task<std::optional<User>> owner_of_key(Principal who, Id key);

  Store& store_;
  Changed changed_;
};

}  // namespace slipway::server
