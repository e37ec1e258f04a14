// What a server is started with.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/clock.h"

namespace slipway::server {

struct ServerLimits {
  std::size_t max_graphql_body = 8u << 20;  ///< Bytes of a GraphQL request; a launch spec may have 4 MiB.
  std::size_t max_upload = 0;               ///< Bytes of one uploaded file; 0: as the disk allows.
  std::size_t max_page = 1000;              ///< Rows of one page of any connection.
  Millis max_lease_wait{55'000};
  std::size_t max_connections = 20'000;
};

struct ServerConfig {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: the kernel chooses; see App::address().
  std::filesystem::path data_dir = "slipway-data";
  std::string database_url;   ///< "": "sqlite:<data_dir>/slipway.db".
  std::string blobs;          ///< "s3://BUCKET/PREFIX?endpoint=URL&region=REGION"; "": DATA/blobs.
  std::string public_url;     ///< The address that browsers and agents use; "": as each client addressed the server.
  Millis stop_grace{10'000};  ///< For requests in progress when the server is told to stop.
  /// For tests of compatibility: /graphql has the W&B fields only, everything is below /full (/full/graphql, /full/api/…).
  bool wandb_fields_only = false;
  ServerLimits limits;
  const Clock* clock = &system_clock();
};

}  // namespace slipway::server
