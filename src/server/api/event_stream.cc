#include "server/api/event_stream.h"

#include <charconv>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
#include "server/service/access.h"

namespace slipway::server {
namespace {

constexpr auto kHeartbeat = std::chrono::seconds(15);

/// Sequences count from the start of the process, so the ids of an earlier one mean nothing to this one.
const std::string& process_mark() {
  static const std::string kMark = random_id(6);
  return kMark;
}

std::string event_id(std::uint64_t sequence) { return fmt::format("{}-{}", process_mark(), sequence); }

struct Place {
  std::optional<std::uint64_t> after;
  bool lost = false;  ///< The id is of another process.
};

Place place_of(std::string_view last_event_id) {
  Place place;
  if (last_event_id.empty()) return place;
  const auto dash = last_event_id.rfind('-');
  std::uint64_t sequence = 0;
  if (dash != std::string_view::npos && last_event_id.substr(0, dash) == process_mark()) {
    const std::string_view digits = last_event_id.substr(dash + 1);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), sequence).ec == std::errc())
      place.after = sequence;
  }
  place.lost = !place.after;
  return place;
}

/// "queue:<global id>" → "queue:12".
Result<std::string> topic_of(const std::string& written) {
  if (written.empty() || written.starts_with("run:")) return written;
  const auto colon = written.find(':');
  const std::string kind = written.substr(0, colon);
  const std::string id = colon == std::string::npos ? "" : written.substr(colon + 1);
  if (const auto number = parse_global_id("RunQueue", id); number && kind == "queue") return queue_topic(*number);
  if (const auto number = parse_global_id("RunQueueItem", id); number && kind == "item") return item_topic(*number);
  if (const auto number = parse_global_id("LaunchAgent", id); number && kind == "agent") return agent_topic(*number);
  return Error(Code::invalid_argument,
               fmt::format("topic '{}' is not known. It is queue:ID, item:ID, agent:ID or run:ENTITY/PROJECT/NAME.",
                           to_utf8_lossy(written.substr(0, 200))));
}

std::string event_text(const Change& change) {
  JsonObject body;
  if (change.body.is_object()) body = change.body.get_object();
  body["at"] = text_value(to_iso8601(change.at));
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event_id(change.sequence), change.kind,
                     to_text(Json(std::move(body))));
}

std::string reset_text(const Live& live) {
  return fmt::format("id: {}\nevent: reset\ndata: {{}}\n\n", event_id(live.last_sequence()));
}

Task<bool> may_hear(Principal who, QueueDirectory& directory, const Change& change) {
  const auto role = role_in(who, change.entity);
  if (!role) co_return false;
  if (!change.owner.empty() && change.owner != who.user.name && *role != Role::admin) co_return false;
  if (change.queue == 0) co_return true;
  const auto queue = co_await directory.get(change.queue);
  if (queue) co_return may_see(who, (*queue)->row);
  // Its queue was deleted, and with it who may see the last changes of its items.
  co_return *role == Role::admin;
}

Task<> stream(RouteCall& call, Authenticator& authenticator, QueueDirectory& directory, Live& live) {
  const auto& request = call.exchange.request();
  CO_TRY(const auto topic, topic_of(request.query_value("topic").value_or("")));
  std::string last = request.query_value("lastEventId").value_or("");
  if (request.headers.has("Last-Event-ID")) last = std::string(request.headers.get("Last-Event-ID"));
  const Place place = place_of(last);
  auto subscription = live.subscribe(topic, place.after);
  net::Headers headers;
  headers.set("Content-Type", "text/event-stream");
  headers.set("Cache-Control", "no-store");
  headers.set("X-Accel-Buffering", "no");
  CO_TRY_VOID(co_await call.exchange.start_stream(200, std::move(headers)));
  std::string first = "retry: 2000\n\n";
  if (place.lost) first += reset_text(live);
  CO_TRY_VOID(co_await call.exchange.write(std::move(first)));
  auto checked = std::chrono::steady_clock::now();
  Principal who = call.context->principal;
  while (!live.closed()) {
    const auto changes = co_await subscription.next(kHeartbeat);
    std::string text;
    if (subscription.take_lost()) text += reset_text(live);
    for (const auto& change : changes) {
      CO_TRY(const bool hears, co_await may_hear(who, directory, change));
      if (hears) text += event_text(change);
    }
    const auto now = std::chrono::steady_clock::now();
    if (now - checked >= kHeartbeat) {
      // A key that was revoked hears no more.
      auto again = co_await authenticator.identify(request);
      if (!again && again.error().code() != Code::unauthenticated) co_return std::move(again).error();
      if (!again || (*again)->principal.user.id != who.user.id) break;
      who = (*again)->principal;
      checked = now;
    }
    if (text.empty() && changes.empty()) text = ": still here\n\n";
    if (!text.empty()) CO_TRY_VOID(co_await call.exchange.write(std::move(text)));
  }
  co_return co_await call.exchange.finish_stream();
}

}  // namespace

void mount_events(Router& router, Authenticator& authenticator, QueueDirectory& directory, Live& live) {
  RouteOptions options;
  options.auth = AuthNeed::any;
  options.max_body = 0;
  router.add("GET", "/api/events", options, [&authenticator, &directory, &live](RouteCall& call) {
    return stream(call, authenticator, directory, live);
  });
}

}  // namespace slipway::server
