// SweepResolvers: the fields of sweeps and their agents (schema section "Sweeps").
#pragma once
#include "graphql/engine.h"
#include "server/sweeps/sweep_service.h"

namespace slipway::server {

class SweepResolvers {
 public:
  SweepResolvers(SweepStore& store, SweepService& sweeps) : store_(store), sweeps_(sweeps) {}
  void bind(graphql::Resolvers& resolvers);

 private:
  using Call = graphql::FieldCall;
  Task<Json> sweep_of_project(const Call& call);
  Task<Json> sweeps_of_project(const Call& call);
  Task<Json> count_of_project(const Call& call);
  Task<Json> runs(const Call& call);
  Task<Json> run_count(const Call& call);
  Task<Json> best_loss(const Call& call);
  Task<Json> agents(const Call& call);
  Task<Json> agent(const Call& call);
  Task<Json> runs_of_agent(const Call& call);
  Task<Json> upsert(const Call& call);
  Task<Json> create_agent(const Call& call);
  Task<Json> heartbeat(const Call& call);

  SweepStore& store_;
  SweepService& sweeps_;
};

}  // namespace slipway::server
