// What every statement of the engine needs: the connection inside a transaction and the time of the transaction.
#pragma once
#include "base/clock.h"
#include "base/json.h"
#include "db/sqlite/database.h"
#include "server/store/store.h"

namespace slipway::server::sqlite {

using db::sqlite::Connection;
using db::sqlite::Database;
using db::sqlite::Rows;

struct Tx {
  Connection& db;
  UnixMillis now = 0;
};

/// A document as stored text. Null becomes `otherwise`.
std::string document_text(const Json& value, std::string_view otherwise);
/// The store wrote it, so it is JSON; text that is not (a damaged row) reads as null.
Json document(const std::string& text);

}  // namespace slipway::server::sqlite
