#include "server/api/health_routes.h"

#include "server/service/access.h"

namespace slipway::server {
namespace {

Task<> healthy(RouteCall& call) { return call.exchange.respond(net::ServerResponse::text(200, "ok\n")); }

Task<> ready(RouteCall& call, Store& store, const bool& stopping) {
  if (stopping) co_return Error(Code::unavailable, "the server is stopping");
  const auto entities = co_await store.list_entities();
  if (!entities) co_return Error(Code::unavailable, "the store does not answer");
  co_return co_await call.exchange.respond(net::ServerResponse::text(200, "ok\n"));
}

struct Depth {
  std::string entity, queue;
  QueueCounts counts;
};

std::string depth_text(const std::vector<Depth>& depths) {
  std::string out = "# HELP slipway_queue_items Items by queue and state.\n# TYPE slipway_queue_items gauge\n";
  for (const auto& depth : depths) {
    const auto line = [&](std::string state, std::int64_t value) {
      return Metrics::sample("slipway_queue_items",
                             {{"entity", depth.entity}, {"queue", depth.queue}, {"state", std::move(state)}},
                             static_cast<double>(value));
    };
    out += line("waiting", depth.counts.waiting) + line("leased", depth.counts.leased) +
           line("running", depth.counts.running);
  }
  return out;
}

Task<> metrics_page(RouteCall& call, Metrics& metrics, Store& store) {
  const auto& who = call.context->principal;
  std::vector<Depth> depths;
  if (who.user.id != 0) {
    CO_TRY(const auto entities, co_await store.list_entities());
    for (const auto& entity : entities) {
      if (!role_in(who, entity.name)) continue;
      CO_TRY(const auto queues, co_await store.list_queues(entity.id));
      for (const auto& queue : queues) {
        CO_TRY(const auto counts, co_await store.counts(queue.id));
        depths.push_back({entity.name, queue.name, counts});
      }
    }
  }
  auto text = metrics.text(depths.empty() ? "" : depth_text(depths));
  co_return co_await call.exchange.respond(
      net::ServerResponse::text(200, std::move(text), "text/plain; version=0.0.4; charset=utf-8"));
}

}  // namespace

void mount_health(Router& router, Metrics& metrics, Store& store, const bool& stopping) {
  RouteOptions open;
  open.auth = AuthNeed::none;
  open.max_body = 0;
  router.add("GET", "/healthz", open, healthy);
  router.add("GET", "/readyz", open, [&store, &stopping](RouteCall& call) { return ready(call, store, stopping); });
  router.add("GET", "/metrics", open,
             [&metrics, &store](RouteCall& call) { return metrics_page(call, metrics, store); });
}

}  // namespace slipway::server
