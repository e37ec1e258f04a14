// RunResolvers: the fields of runs and their files (schema section "Runs").
#pragma once
#include "graphql/engine.h"
#include "server/tracking/artifact_service.h"
#include "server/tracking/run_service.h"

namespace slipway::server {

struct RequestContext;

class RunResolvers {
 public:
  RunResolvers(Services& services, TrackingStore& store, StreamStore& streams, RunService& runs, const Grants& grants)
      : services_(services), store_(store), streams_(streams), runs_(runs), grants_(grants) {}
  void bind(graphql::Resolvers& resolvers);

 private:
  using Call = graphql::FieldCall;
  void bind_lines(graphql::Resolvers& resolvers);
  Task<Json> run_of_project(const Call& call);
  Task<Json> runs_of_project(const Call& call);
  Task<Json> count_of_project(const Call& call);
  Task<Json> projects_of_entity(const Call& call);
  Task<Json> run_of_item(const Call& call);
  Task<Json> user(const Call& call);
  Task<Json> heartbeat(const Call& call);
  Task<Json> lines(const Call& call, std::string file);
  Task<Json> tail(const Call& call, std::string file);
  Task<Json> launch_log(const Call& call);
  Task<Json> log_lines(const Call& call);
  Task<Json> files(const Call& call);
  Task<Json> upsert_bucket(const Call& call);
  Task<Json> delete_run(const Call& call);
  Task<Json> stop_run(const Call& call);
  Task<Json> create_run_files(const Call& call);
  // run_file_resolvers.cc
  void bind_files(graphql::Resolvers& resolvers);
  Task<Json> file_count(const Call& call);
  Task<Json> delete_files(const Call& call);
  Task<Json> mark_uploaded(const Call& call);
  Task<Json> set_state(const Call& call);
  Task<Json> alert(const Call& call);
  Task<StreamKey> newest_attempt(Id run, std::string file, std::optional<std::int64_t> attempt);

  Services& services_;
  TrackingStore& store_;
  StreamStore& streams_;
  RunService& runs_;
  const Grants& grants_;
};

}  // namespace slipway::server
