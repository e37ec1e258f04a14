// ArtifactResolvers: the fields of artifacts (schema section "Artifacts").
#pragma once
#include "graphql/engine.h"
#include "server/tracking/artifact_service.h"

namespace slipway::server {

struct RequestContext;

class ArtifactResolvers {
 public:
  ArtifactResolvers(TrackingStore& store, ArtifactService& artifacts) : store_(store), artifacts_(artifacts) {}
  void bind(graphql::Resolvers& resolvers);

 private:
  using Call = graphql::FieldCall;
  void bind_reads(graphql::Resolvers& resolvers);
  void bind_mutations(graphql::Resolvers& resolvers);
  void bind_collections(graphql::Resolvers& resolvers);

  // artifact_collection_resolvers.cc
  Task<Json> collection_by_id(const Call& call);
  Task<Json> collections_of_project(const Call& call);
  Task<Json> collections(const Call& call, std::string entity, std::string project, std::string type);
  Task<Json> type_since(const Call& call);
  Task<Json> users(const Call& call);
  Task<Json> memberships(const Call& call);
  Task<Json> artifact_of_type(const Call& call);
  Task<Json> count(const Call& call);
  Task<Json> change_collection(const Call& call, Id id, CollectionChange change);
  Task<Json> update_collection(const Call& call);
  Task<Json> move_collection(const Call& call);
  Task<Json> remove_collection(const Call& call);
  Task<Json> tag_collection(const Call& call, CollectionChange change);
  Task<Json> add_collection_tags(const Call& call);
  Task<Json> remove_collection_tags(const Call& call);

  // artifact_resolvers.cc
  Task<Json> artifact(const Call& call);
  Task<Json> client_id_mapping(const Call& call);
  Task<Json> types_of_project(const Call& call);
  Task<Json> type_of_project(const Call& call);
  Task<Json> artifact_of_project(const Call& call, bool as_member);
  Task<Json> collection_of_project(const Call& call);
  Task<Json> collections_of_type(const Call& call);
  Task<Json> collection_of_type(const Call& call);
  Task<Json> membership_of_collection(const Call& call);
  Task<Json> artifacts_of_collection(const Call& call);
  Task<Json> aliases_of_collection(const Call& call);
  Task<Json> latest_of_collection(const Call& call);
  Task<Json> files(const Call& call);
  Task<Json> maker(const Call& call);
  Task<Json> artifacts_of_run(const Call& call, ArtifactStore::RunLink link);
  Result<Json> current_manifest(const Call& call);

  // artifact_mutations.cc
  Task<Json> create_artifact(const Call& call);
  Task<Json> create_manifest(const Call& call);
  Task<Json> update_manifest(const Call& call);
  Task<Json> create_files(const Call& call);
  Task<Json> complete_upload(const Call& call);
  Task<Json> change_aliases(const Call& call, bool add);
  Task<Json> commit(const Call& call);
  Task<Json> use(const Call& call);
  Task<Json> update(const Call& call);
  Task<Json> remove(const Call& call);
  Task<Json> manifest_payload(const RequestContext& request, Id artifact, std::string name, std::string digest);

  TrackingStore& store_;
  ArtifactService& artifacts_;
};

}  // namespace slipway::server
