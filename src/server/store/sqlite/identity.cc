#include <array>

#include <fmt/format.h>

#include "server/store/sqlite/audit.h"
#include "server/store/sqlite/sqlite_store.h"

namespace slipway::server::sqlite {
namespace {

constexpr std::size_t kLongestName = 128;
constexpr std::array<std::string_view, 4> kRoleNames = {"admin", "member", "viewer", "agent"};

const std::string kSelectUser =
    "SELECT u.id, u.name, u.email, u.service, u.admin, coalesce(u.default_entity, 0) FROM users u ";

void read_user(Rows& rows, User& user) {
  rows.read(user.id, user.name, user.email, user.service, user.admin, user.default_entity);
}

Result<> check_name(std::string_view what, const std::string& name) {
  if (!name.empty() && name.size() <= kLongestName) return Result<>();
  return Error(Code::invalid_argument,
               fmt::format("the name of {} has 1 to {} characters, not {}", what, kLongestName, name.size()));
}

Result<Entity> insert_entity(const Tx& tx, const std::string& name, EntityKind kind) {
  TRY_VOID(check_name("an entity", name));
  TRY(const auto taken, tx.db.value<Id>("SELECT id FROM entities WHERE name = ?", name));
  if (taken) return Error(Code::conflict, fmt::format("an entity named '{}' exists already", name));
  TRY_VOID(tx.db.run("INSERT INTO entities (name, kind, created_at) VALUES (?, ?, ?)", name, kind, tx.now));
  return Entity{.id = tx.db.last_id(), .name = name, .kind = kind};
}

Result<> put_member(const Tx& tx, Id entity, Id user, Role role) {
  TRY_VOID(tx.db.run(
      "INSERT INTO members (user, entity, role) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET role = excluded.role", user,
      entity, role));
  return Result<>();
}

Result<User> insert_user(const Tx& tx, User user) {
  TRY_VOID(check_name("a user", user.name));
  TRY(const auto taken, tx.db.value<Id>("SELECT id FROM users WHERE name = ?", user.name));
  if (taken) return Error(Code::conflict, fmt::format("a user named '{}' exists already", user.name));
  std::optional<Entity> own;
  if (!user.service) {
    TRY(own, insert_entity(tx, user.name, EntityKind::person));
    if (user.default_entity == 0) user.default_entity = own->id;
  }
  const auto entity = user.default_entity == 0 ? std::optional<Id>() : user.default_entity;
  if (entity) {
    TRY(const auto known, tx.db.value<Id>("SELECT id FROM entities WHERE id = ?", *entity));
    if (!known) return Error(Code::not_found, fmt::format("there is no entity {}", *entity));
  }
  TRY_VOID(
      tx.db.run("INSERT INTO users (name, email, service, admin, default_entity, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                user.name, user.email, user.service, user.admin, entity, tx.now));
  user.id = tx.db.last_id();
  if (own) TRY_VOID(put_member(tx, own->id, user.id, Role::admin));
  return user;
}

Result<> check_exists(const Tx& tx, Id entity, Id user) {
  TRY(const auto found_user, tx.db.value<Id>("SELECT id FROM users WHERE id = ?", user));
  if (!found_user) return Error(Code::not_found, fmt::format("there is no user {}", user));
  TRY(const auto found_entity, tx.db.value<Id>("SELECT id FROM entities WHERE id = ?", entity));
  if (!found_entity) return Error(Code::not_found, fmt::format("there is no entity {}", entity));
  return Result<>();
}

Result<ApiKey> insert_key(const Tx& tx, Id user, const std::string& name, const std::string& hash) {
  TRY(const auto found, tx.db.value<Id>("SELECT id FROM users WHERE id = ?", user));
  if (!found) return Error(Code::not_found, fmt::format("there is no user {}", user));
  TRY_VOID(
      tx.db.run("INSERT INTO api_keys (user, name, hash, created_at) VALUES (?, ?, ?, ?)", user, name, hash, tx.now));
  return ApiKey{.id = tx.db.last_id(), .user = user, .name = name, .created_at = tx.now};
}

/// A key belongs to the entity of its service account, or to that of its person.
Result<> audit_key(const Tx& tx, std::string_view action, const ApiKey& key, const Cause& cause) {
  std::string owner;
  Audited audited{.action = action, .subject = key.name};
  TRY(auto rows, tx.db.query("SELECT u.name, CASE WHEN u.service THEN u.default_entity ELSE e.id END FROM users u"
                             " LEFT JOIN entities e ON e.name = u.name WHERE u.id = ?",
                             key.user));
  TRY(const bool found, rows.next());
  if (found) rows.read(owner, audited.entity);
  TRY_VOID(rows.next());
  audited.detail["user"] = text_value(owner);
  audited.detail["key"] = key.id;
  return add_audit(tx, cause, audited);
}

Result<Principal> load_principal(Connection& db, const std::string& hash) {
  Principal principal;
  User& user = principal.user;
  TRY(auto rows, db.query("SELECT k.id, u.id, u.name, u.email, u.service, u.admin, coalesce(u.default_entity, 0)"
                          " FROM api_keys k JOIN users u ON u.id = k.user WHERE k.hash = ? AND k.revoked_at IS NULL",
                          hash));
  TRY(const bool found, rows.next());
  if (!found) return Error(Code::not_found, "the API key is not known or was revoked");
  rows.read(principal.key_id, user.id, user.name, user.email, user.service, user.admin, user.default_entity);
  TRY(auto members, db.query("SELECT e.id, e.name, e.kind, m.role FROM members m JOIN entities e ON e.id = m.entity"
                             " WHERE m.user = ? ORDER BY e.id",
                             user.id));
  TRY_VOID(members.each([&] {
    auto& member = principal.memberships.emplace_back();
    members.read(member.entity.id, member.entity.name, member.entity.kind, member.role);
  }));
  return principal;
}

Result<bool> bootstrap_empty(const Tx& tx, const std::string& entity, const std::string& user,
                             const std::string& key_hash) {
  TRY(const auto people, tx.db.value<std::int64_t>("SELECT count(*) FROM users"));
  if (people.value_or(0) > 0) return false;
  TRY(const auto admin, insert_user(tx, User{.name = user, .admin = true}));
  if (entity != user) {
    TRY(const auto team, insert_entity(tx, entity, EntityKind::team));
    TRY_VOID(put_member(tx, team.id, admin.id, Role::admin));
    TRY_VOID(tx.db.run("UPDATE users SET default_entity = ? WHERE id = ?", team.id, admin.id));
  }
  TRY_VOID(insert_key(tx, admin.id, "bootstrap", key_hash));
  return true;
}

Result<> note_use(const Tx& tx, Id key) {
  TRY_VOID(tx.db.run("UPDATE api_keys SET last_used_at = ? WHERE id = ?", tx.now, key));
  return Result<>();
}

}  // namespace

Task<Principal> SqliteStore::authenticate(std::string key_hash) {
  const UnixMillis now = clock_->now();
  const auto noted = [this](Id key) { database_->post([this, key](Connection& db) { return note_use(tx(db), key); }); };
  if (auto known = principals_.find(key_hash, now)) {
    if (known->use_is_due) noted(known->principal.key_id);
    co_return std::move(known->principal);
  }
  const auto generation = principals_.generation();
  auto work = [key_hash](Connection& db) { return load_principal(db, key_hash); };
  auto loaded = co_await database_->read(std::move(work));
  CO_TRY(auto principal, std::move(loaded));
  principals_.put(key_hash, principal, generation, now);
  noted(principal.key_id);
  co_return principal;
}

Task<Entity> SqliteStore::create_entity(std::string name, EntityKind kind, Cause cause) {
  return database_->write(
      [this, name = std::move(name), kind, cause = std::move(cause)](Connection& db) -> Result<Entity> {
        TRY(auto entity, insert_entity(tx(db), name, kind));
        TRY_VOID(add_audit(tx(db), cause, {.entity = entity.id, .action = "team.create", .subject = name}));
        return entity;
      });
}

Task<std::optional<Entity>> SqliteStore::find_entity(std::string name) {
  return database_->read([name = std::move(name)](Connection& db) -> Result<std::optional<Entity>> {
    std::optional<Entity> entity;
    TRY(auto rows, db.query("SELECT id, name, kind FROM entities WHERE name = ?", name));
    TRY(const bool found, rows.next());
    if (found) {
      auto& out = entity.emplace();
      rows.read(out.id, out.name, out.kind);
    }
    return entity;
  });
}

Task<std::vector<Entity>> SqliteStore::list_entities() {
  return database_->read([](Connection& db) -> Result<std::vector<Entity>> {
    std::vector<Entity> entities;
    TRY(auto rows, db.query("SELECT id, name, kind FROM entities ORDER BY name"));
    TRY_VOID(rows.each([&] {
      auto& out = entities.emplace_back();
      rows.read(out.id, out.name, out.kind);
    }));
    return entities;
  });
}

Task<User> SqliteStore::create_user(User user, Cause cause) {
  auto work = [this, user = std::move(user), cause = std::move(cause)](Connection& db) -> Result<User> {
    TRY(auto made, insert_user(tx(db), user));
    Audited audited{.action = "user.create", .subject = made.name};
    if (made.default_entity != 0) audited.entity = made.default_entity;
    audited.detail["service"] = made.service;
    TRY_VOID(add_audit(tx(db), cause, audited));
    return made;
  };
  auto created = co_await database_->write(std::move(work));
  principals_.forget();
  co_return created;
}

Task<std::optional<User>> SqliteStore::find_user(std::string name) {
  return database_->read([name = std::move(name)](Connection& db) -> Result<std::optional<User>> {
    static const std::string sql = kSelectUser + "WHERE u.name = ?";
    std::optional<User> user;
    TRY(auto rows, db.query(sql, name));
    TRY(const bool found, rows.next());
    if (found) read_user(rows, user.emplace());
    return user;
  });
}

Task<std::optional<User>> SqliteStore::get_user(Id id) {
  return database_->read([id](Connection& db) -> Result<std::optional<User>> {
    static const std::string sql = kSelectUser + "WHERE u.id = ?";
    std::optional<User> user;
    TRY(auto rows, db.query(sql, id));
    TRY(const bool found, rows.next());
    if (found) read_user(rows, user.emplace());
    return user;
  });
}

Task<std::vector<User>> SqliteStore::list_users() {
  return database_->read([](Connection& db) -> Result<std::vector<User>> {
    static const std::string sql = kSelectUser + "ORDER BY u.name";
    std::vector<User> users;
    TRY(auto rows, db.query(sql));
    TRY_VOID(rows.each([&] { read_user(rows, users.emplace_back()); }));
    return users;
  });
}

Task<> SqliteStore::set_member(Id entity, Id user, std::optional<Role> role, Cause cause) {
  auto work = [this, entity, user, role, cause = std::move(cause)](Connection& db) -> Result<> {
    const Tx now = tx(db);
    TRY_VOID(check_exists(now, entity, user));
    if (role) {
      TRY_VOID(put_member(now, entity, user, *role));
    } else {
      TRY_VOID(db.run("DELETE FROM members WHERE entity = ? AND user = ?", entity, user));
    }
    TRY(const auto name, db.value<std::string>("SELECT name FROM users WHERE id = ?", user));
    Audited audited{.entity = entity, .action = role ? "member.set" : "member.remove", .subject = name.value_or("")};
    if (role) audited.detail["role"] = kRoleNames.at(static_cast<std::size_t>(*role));
    return add_audit(now, cause, audited);
  };
  auto done = co_await database_->write(std::move(work));
  principals_.forget();
  co_return done;
}

Task<std::vector<std::pair<User, Role>>> SqliteStore::list_members(Id entity) {
  return database_->read([entity](Connection& db) -> Result<std::vector<std::pair<User, Role>>> {
    std::vector<std::pair<User, Role>> members;
    TRY(auto rows, db.query("SELECT m.role, u.id, u.name, u.email, u.service, u.admin, coalesce(u.default_entity, 0)"
                            " FROM members m JOIN users u ON u.id = m.user WHERE m.entity = ? ORDER BY u.name",
                            entity));
    TRY_VOID(rows.each([&] {
      auto& [user, role] = members.emplace_back();
      rows.read(role, user.id, user.name, user.email, user.service, user.admin, user.default_entity);
    }));
    return members;
  });
}

Task<ApiKey> SqliteStore::add_key(Id user, std::string name, std::string key_hash, Cause cause) {
  return database_->write([this, user, name = std::move(name), key_hash = std::move(key_hash),
                           cause = std::move(cause)](Connection& db) -> Result<ApiKey> {
    TRY(auto key, insert_key(tx(db), user, name, key_hash));
    TRY_VOID(audit_key(tx(db), "key.create", key, cause));
    return key;
  });
}

Task<std::vector<ApiKey>> SqliteStore::list_keys(Id user) {
  return database_->read([user](Connection& db) -> Result<std::vector<ApiKey>> {
    std::vector<ApiKey> keys;
    TRY(auto rows,
        db.query("SELECT id, user, name, created_at, last_used_at FROM api_keys WHERE user = ? AND revoked_at IS NULL"
                 " ORDER BY id",
                 user));
    TRY_VOID(rows.each([&] {
      auto& key = keys.emplace_back();
      rows.read(key.id, key.user, key.name, key.created_at, key.last_used_at);
    }));
    return keys;
  });
}

Task<> SqliteStore::revoke_key(Id key, Cause cause) {
  auto work = [this, key, cause = std::move(cause)](Connection& db) -> Result<> {
    const Tx now = tx(db);
    ApiKey revoked{.id = key};
    TRY(auto rows,
        db.query("UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING user, name", now.now,
                 key));
    TRY(const bool found, rows.next());
    if (!found) return Error(Code::not_found, fmt::format("there is no API key {}", key));
    rows.read(revoked.user, revoked.name);
    TRY_VOID(rows.next());
    return audit_key(now, "key.revoke", revoked, cause);
  };
  auto done = co_await database_->write(std::move(work));
  principals_.forget();
  co_return done;
}

Task<bool> SqliteStore::bootstrap(std::string entity, std::string user, std::string key_hash) {
  auto work = [this, entity, user, key_hash](Connection& db) {
    return bootstrap_empty(tx(db), entity, user, key_hash);
  };
  auto done = co_await database_->write(std::move(work));
  principals_.forget();
  co_return done;
}

}  // namespace slipway::server::sqlite
