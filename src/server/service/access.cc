#include "server/service/access.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::server {
namespace {

bool role_covers(Role have, Role needed) {
  switch (needed) {
    case Role::viewer:
      return true;
    case Role::agent:
      return have != Role::viewer;
    case Role::member:
      return have == Role::admin || have == Role::member;
    case Role::admin:
      return have == Role::admin;
  }
  return false;
}

std::string_view what_it_takes(Role needed) {
  switch (needed) {
    case Role::viewer:
      return "a member";
    case Role::agent:
      return "the role agent or member";
    case Role::member:
      return "the role member or admin";
    case Role::admin:
      return "the role admin";
  }
  return "another role";
}

}  // namespace

std::optional<Role> role_in(const Principal& who, std::string_view entity_name) {
  const auto found =
      std::ranges::find_if(who.memberships, [&](const Membership& each) { return each.entity.name == entity_name; });
  if (who.user.id != 0 && who.user.admin) return Role::admin;
  if (found == who.memberships.end()) return std::nullopt;
  return found->role;
}

Result<> require_signed_in(const Principal& who) {
  if (who.user.id != 0) return {};
  return Error(Code::unauthenticated, "this needs an API key")
      .hint("Sign in with: slipway login, or set WANDB_API_KEY.");
}

Result<> require(const Principal& who, std::string_view entity_name, Role needed) {
  TRY_VOID(require_signed_in(who));
  const auto role = role_in(who, entity_name);
  if (!role) return absent("entity", entity_name);
  if (role_covers(*role, needed)) return {};
  return Error(Code::permission_denied, fmt::format("{} may not do this in '{}': it takes {}", who.user.name,
                                                    entity_name, what_it_takes(needed)))
      .hint(fmt::format("Ask an administrator of '{}' for that role.", entity_name));
}

Result<> require_server_admin(const Principal& who) {
  TRY_VOID(require_signed_in(who));
  if (who.user.admin) return {};
  return Error(Code::permission_denied, "only an administrator of the server may do this");
}

Error absent(std::string_view kind, std::string_view name) {
  return Error(Code::not_found, fmt::format("{} '{}' was not found", kind, name))
      .hint("It does not exist, or you are no member of the entity that it belongs to.");
}

}  // namespace slipway::server
