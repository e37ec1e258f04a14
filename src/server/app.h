// App: the server's composition root. Everything is built in order, and torn down in reverse.
#pragma once
#include <memory>
#include <string>

#include "async/task.h"
#include "server/config.h"

namespace slipway::server {

/// A running server. All calls on the executor that it was started with, except where noted.
class App {
 public:
  virtual ~App() = default;
  /// "http://127.0.0.1:8080": the address that it listens on.
  virtual std::string address() const = 0;
  /// Stays the same for the life of the data directory.
  virtual const std::string& server_id() const = 0;
  /// True when this start made the data directory's first entity, administrator and key.
  virtual bool first_start() const = 0;
  /// Where the first administrator's key is ("DIR/admin.key", mode 0600).
  virtual std::filesystem::path admin_key_file() const = 0;
  /// Ends long polls with an empty answer, lets requests in progress end, flushes, closes. Idempotent. Await it before destruction.
  virtual asio::awaitable<void> stop() = 0;
};

/// Opens the data directory (created 0700, locked: a second server on it is refused with the first one's pid), the store and the listening socket, and serves at once.
/// `executor` runs on one thread. Codes: failed_precondition (locked, newer database), conflict (address in use), invalid_argument, resource_exhausted (disk full).
Task<std::unique_ptr<App>> start(asio::any_io_executor executor, ServerConfig config);

/// For the command line: runs a server on this thread until SIGINT or SIGTERM, then stops it. `started` is called once it serves. A second signal ends at once.
Result<> run_until_signal(ServerConfig config, std::function<void(const App&)> started = {});

}  // namespace slipway::server
