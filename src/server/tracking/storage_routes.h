// StorageRoutes: uploads and downloads of bytes. Signed addresses need no credentials; the older paths do (protocol 1.6.6).
#pragma once
#include "server/api/router.h"
#include "server/tracking/artifact_service.h"
#include "server/tracking/run_service.h"

namespace slipway::server {

class StorageRoutes {
 public:
  StorageRoutes(TrackingStore& store, RunService& runs, BlobFiles& files, const Grants& grants)
      : store_(store), runs_(runs), files_(files), grants_(grants) {}
  void mount(Router& router);

 private:
  /// PUT /storage/{token}: the bytes must have the digest of the grant. 2xx only once they are on disk.
  Task<> put(RouteCall& call);
  Task<> get(RouteCall& call);
  /// GET /artifactsV2/{region}/{entity}/{project}/{collection}/[{artifact}/]{birth}/{md5}/{name}
  Task<> get_artifact_v2(RouteCall& call);
  /// GET /artifacts/{entity}/{md5}
  Task<> get_artifact_v1(RouteCall& call);
  /// GET /files/{entity}/{project}/{run}/{path...}
  Task<> get_run_file(RouteCall& call);

  struct Received {
    std::unique_ptr<Upload> upload;
    Blob blob;
  };
  /// The bytes, complete and with the digests that were announced.
  Task<Received> receive(net::Exchange* exchange, Grant grant);
  Task<> record(Grant grant, Received received);
  Task<> send_by_md5(RouteCall& call, std::string entity, std::string md5, std::string name);
  Task<> send(net::Exchange* exchange, std::string sha256, std::string name);

  TrackingStore& store_;
  RunService& runs_;
  BlobFiles& files_;
  const Grants& grants_;
};

}  // namespace slipway::server
