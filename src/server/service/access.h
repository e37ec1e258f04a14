// Access: one rule for who may do what in an entity. Called by services, never by the store.
#pragma once
#include <optional>
#include <string_view>

#include "server/store/types.h"

namespace slipway::server {

/// The caller's role in an entity; nothing for those who are no member. Administrators of the server are admins everywhere.
std::optional<Role> role_in(const Principal& who, std::string_view entity_name);

/// Roles as rights: admin (queues, members, everything), member (push, cancel, tracked runs), agent (register, lease, report; the runs, logs and artifacts of
/// launched jobs; not for viewers), viewer (read; every role).
/// Codes: unauthenticated without a user; not_found when the caller is no member, with the text that an entity that does not exist gives, so that nothing can be guessed;
/// permission_denied when a member's role is too low.
Result<> require(const Principal& who, std::string_view entity_name, Role needed);
/// Anybody with a key.
Result<> require_signed_in(const Principal& who);
/// Only administrators of the whole server.
Result<> require_server_admin(const Principal& who);
/// The not_found of require(), for rows whose entity the caller may not see: "queue 'x' not found".
Error absent(std::string_view kind, std::string_view name);

}  // namespace slipway::server
