// ArtifactService: artifacts as clients make, read and delete them (protocol 1.6). No HTTP, no GraphQL.
#pragma once
#include "server/services.h"
#include "server/store/tracking.h"
#include "server/store/tracking_store.h"
#include "server/tracking/blob_files.h"
#include "server/tracking/grants.h"
#include "server/tracking/manifest.h"

namespace slipway::server {

/// One file that a client wants to add to a pending artifact.
struct FileSpec {
  Id artifact = 0;
  std::string name;
  std::string md5;                 ///< Base64.
  std::vector<std::string> parts;  ///< MD5 hex of each part, when the client wants to send them one by one.
};

struct UploadTicket {
  std::string name;
  std::string md5;                     ///< Hex.
  std::optional<std::string> address;  ///< Path to PUT to; nothing: the bytes are there already.
  std::string upload;                  ///< Of parts.
  std::vector<std::string> parts;      ///< Paths to PUT the parts to.
};

class ArtifactService {
 public:
  ArtifactService(Services& services, TrackingStore& store, BlobFiles& files, const Grants& grants)
      : services_(services), store_(store), files_(files), grants_(grants) {}

  /// `run_name`: of the artifact's project; one that does not exist is left out.
  Task<Artifact> create(Principal who, NewArtifact artifact, std::string run_name);
  /// The manifest's record; the value is where its bytes go, nothing when they are not wanted (no digest) or there already.
  Task<std::optional<std::string>> set_manifest(Principal who, Id artifact, std::string name, std::string digest);
  /// In the order of the request. invalid_argument names every spec that is wrong.
  Task<std::vector<UploadTicket>> add_files(Principal who, std::vector<FileSpec> specs);
  /// The parts of `upload` are all there: they are the file now. The value is the file's MD5 in base64.
  Task<std::string> complete_upload(Principal who, Id artifact, std::string storage_path, std::string upload,
                                    std::int64_t parts);
  /// Checks the manifest against the artifact's digest and the uploaded bytes. failed_precondition names what is missing.
  Task<Artifact> commit(Principal who, Id artifact);
  Task<Artifact> update(Principal who, Id artifact, ArtifactChange change);
  Task<> remove(Principal who, Id artifact, bool delete_aliases);
  Task<ArtifactCollection> collection(Principal who, Id collection, Role needed = Role::viewer);
  Task<ArtifactCollection> update_collection(Principal who, Id collection, CollectionChange change);
  Task<> remove_collection(Principal who, Id collection);
  Task<Artifact> use(Principal who, Id artifact, RunKey run, std::string used_as);

  /// Looks absent to those who may not see it.
  Task<Artifact> get(Principal who, Id artifact, Role needed = Role::viewer);
  /// not_found unless "entity/project/name:alias" is a job that the caller may read.
  Task<> check_job(Principal who, std::string job);
  Task<std::optional<Id>> find_client_id(Principal who, std::string client_id);

  /// Path to GET the bytes from, without credentials, for a day.
  std::string address_of(const std::string& entity, const std::string& sha256, const std::string& name) const;

 private:
  void add_parts(const std::string& entity, const std::vector<std::string>& md5s, UploadTicket& ticket);
  Task<Manifest> read_manifest(Artifact artifact);
  Task<std::vector<ArtifactFile>> stored_files(std::string entity, Manifest manifest);

  Services& services_;
  TrackingStore& store_;
  BlobFiles& files_;
  const Grants& grants_;
};

}  // namespace slipway::server
