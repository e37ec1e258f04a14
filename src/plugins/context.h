// What every plugin object gets, and what the stages of the pipeline hand on.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "base/clock.h"
#include "base/json.h"
#include "base/secret.h"
#include "client/api_client.h"
#include "net/http_client.h"

namespace slipway::plugins {

/// Shared by all plugin objects of one agent (or of one `slipway launch` without a queue). Outlives them.
struct Context {
  const Clock* clock = &system_clock();
  std::shared_ptr<net::HttpClient> http;
  std::shared_ptr<client::ApiClient>
      api;  ///< The server that the items come from: downloads of job and code artifacts.
  asio::any_io_executor executor;
  asio::thread_pool* blocking = nullptr;   ///< For hashing, tar, copying.
  std::filesystem::path state_dir;         ///< Kept over restarts: spools, supervised processes, fetched sources.
  std::map<std::string, std::string> env;  ///< The agent's environment (DOCKER_HOST, PATH, git configuration).
};

/// Progress and job-visible log of the stages before the job runs (git output, build log). One line a call, without newline.
using LineSink = std::function<void(std::string_view)>;

/// Names of the thing that runs: deterministic in (run, attempt), so that any agent of the queue finds it again.
struct Identity {
  std::string name;  ///< launch::backend_name(): "slipway-<run>-<attempt>".
  std::map<std::string, std::string>
      labels;  ///< "slipway.dev/server", "slipway.dev/item", "slipway.dev/attempt", "slipway.dev/queue", "slipway.dev/run".
};

}  // namespace slipway::plugins
