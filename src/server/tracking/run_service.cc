#include "server/tracking/run_service.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/log.h"
#include "base/strings.h"
#include "server/service/access.h"
#include "server/tracking/sdk_json.h"

namespace slipway::server {

namespace {

constexpr std::array<std::string_view, 4> kTerminal = {"finished", "failed", "crashed", "killed"};
constexpr std::string_view kIdPrefix = "Run:v1:";

/// The agent's view of the job, where what was stored is final; the rest is the SDK's, which may say things anew.
AppendRule rule_of(std::string_view file) {
  const bool of_sdk = file == kHistory || file == kEvents || file == kConsoleLog;
  return of_sdk ? AppendRule::rewrite : AppendRule::strict;
}

Error absent_run(const RunKey& key) {
  return absent("run", fmt::format("{}/{}/{}", key.entity, key.project, key.name));
}

}  // namespace

bool is_terminal_run(std::string_view state) { return std::ranges::find(kTerminal, state) != kTerminal.end(); }

std::string name_fault(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > 128) return "it has more than 128 bytes";
  const auto forbidden = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F ||
           std::string_view("/\\:?#%").find(c) != std::string_view::npos;
  };
  if (std::ranges::any_of(name, forbidden)) return "it has one of the characters / \\ : ? # % or a control character";
  if (!is_utf8(name)) return "it is not UTF-8";
  if (name == "." || name == "..") return "it is '.' or '..'";
  return "";
}

std::string default_entity(const Principal& who) {
  for (const Membership& membership : who.memberships) {
    if (membership.entity.id == who.user.default_entity) return membership.entity.name;
  }
  return who.user.name;
}

std::string run_global_id(const RunKey& key) {
  return to_base64(fmt::format("{}{}:{}:{}", kIdPrefix, key.name, key.project, key.entity));
}

std::optional<RunKey> parse_run_global_id(std::string_view id) {
  const auto text = from_base64(id);
  if (!text || !text->starts_with(kIdPrefix)) return std::nullopt;
  const auto parts = split(std::string_view(*text).substr(kIdPrefix.size()), ':');
  if (parts.size() != 3) return std::nullopt;
  return RunKey{.entity = parts[2], .project = parts[1], .name = parts[0]};
}

Task<Run> RunService::find(Principal who, RunKey key, Role needed) {
  // One wording, whether the entity, the project or the run is missing, or may not be seen.
  if (auto allowed = require(who, key.entity, needed); !allowed) {
    if (allowed.error().code() != Code::not_found) co_return std::move(allowed).error();
    co_return absent_run(key);
  }
  CO_TRY(auto run, co_await runs_.find_run(key));
  if (!run) co_return absent_run(key);
  co_return std::move(*run);
}

Task<RunStore::Upserted> RunService::upsert(Principal who, RunChange change) {
  CO_TRY_VOID(require(who, change.key.entity, Role::agent));
  for (const auto& [what, name] : {std::pair("project", &change.key.project), std::pair("run", &change.key.name)}) {
    const std::string fault = name_fault(*name);
    if (!fault.empty())
      co_return Error(Code::invalid_argument,
                      fmt::format("'{}' cannot be the name of a {}: {}", to_utf8_lossy(*name), what, fault));
  }
  change.user = who.acting_for.empty() ? who.user.name : who.acting_for;
  CO_TRY(auto upserted, co_await runs_.upsert_run(std::move(change)));
  streams_.touch(upserted.run.id);
  publish(upserted.run);
  co_return upserted;
}

Task<> RunService::remove(Principal who, RunKey key) {
  CO_TRY(const Run run, co_await find(std::move(who), std::move(key), Role::agent));
  CO_TRY_VOID(co_await runs_.delete_run(run.id));
  CO_TRY_VOID(co_await streams_.remove(run.id));
  signals_.notify(run.id);
  co_return Result<>();
}

Task<bool> RunService::stop(Principal who, RunKey key) {
  const Cause cause{.actor = "user:" + who.user.name, .reason = "stop of the run was requested"};
  CO_TRY(const Run run, co_await find(std::move(who), std::move(key), Role::member));
  CO_TRY(const bool asked, co_await runs_.request_stop(run.id));
  if (run.item != 0) {
    std::vector<Id> items = {run.item};
    CO_TRY(const auto cancelled, co_await services_.store.cancel(std::move(items), cause));
    CO_TRY(const auto item, co_await services_.store.get(run.item));
    if (cancelled > 0 && item && on_cancelled) on_cancelled(*item);
  }
  co_return asked;
}

Task<bool> RunService::set_state(Principal who, RunKey key, std::string state) {
  if (state != "pending" && state != "failed")
    co_return Error(Code::invalid_argument, "state: a run can be set to 'pending' or 'failed' only");
  CO_TRY(const Run run, co_await find(std::move(who), std::move(key), Role::agent));
  CO_TRY(const bool changed, co_await runs_.set_run_state(run.id, state));
  CO_TRY(const auto now, co_await runs_.get_run(run.id));
  if (now) publish(*now);
  co_return changed;
}

Task<> RunService::keep_summary(Run run, StreamPart part) {
  if (part.lines.empty()) co_return Result<>();
  auto summary = parse_json(strict_json(part.lines.back()));
  if (!summary) co_return std::move(summary).error().wrap("reading the summary");
  co_return co_await runs_.set_summary(run.id, std::move(*summary));
}

Task<StreamAnswer> RunService::accept(Principal who, RunKey key, StreamBody body) {
  CO_TRY(Run run, co_await find(who, std::move(key), Role::agent));
  std::vector<StreamChunk> chunks;
  bool of_sdk = body.parts.empty();
  for (StreamPart& part : body.parts) {
    of_sdk = of_sdk || part.file != kLaunchLog;
    if (part.file == kSummary) {
      CO_TRY_VOID(co_await keep_summary(run, std::move(part)));
      continue;
    }
    StreamChunk& chunk = chunks.emplace_back();
    chunk.key = {.run = run.id, .file = part.file, .attempt = part.attempt};
    chunk.offset = part.offset;
    chunk.lines = std::move(part.lines);
    chunk.rule = rule_of(part.file);
    chunk.complete = part.complete;
    chunk.metrics = part.file == kHistory || part.file == kEvents;
    if (chunk.metrics) std::ranges::transform(chunk.lines, chunk.lines.begin(), strict_json);
  }
  StreamAnswer answer;
  if (!chunks.empty()) {
    CO_TRY(answer.streams, co_await streams_.append(std::move(chunks)));
  }
  if (of_sdk) streams_.touch(run.id);
  if (body.complete) {
    const int exit_code = body.exit_code.value_or(0);
    CO_TRY(run, co_await runs_.finish_run(run.id, exit_code == 0 ? "finished" : "failed", exit_code));
    publish(run);
  } else if (of_sdk && run.state == "crashed") {
    RunChange alive;
    alive.key = run.key;
    CO_TRY(auto revived, co_await runs_.upsert_run(std::move(alive)));
    publish(revived.run);
  }
  signals_.notify(run.id);
  answer.stopped = run.stop_requested;
  co_return answer;
}

Task<std::size_t> RunService::mark_crashed(Millis silence) {
  CO_TRY(const auto runs, co_await runs_.unwatched_runs());
  std::size_t crashed = 0;
  for (const Run& run : runs) {
    CO_TRY(const auto touched, co_await streams_.last_touch(run.id));
    const UnixMillis heard = std::max(touched.value_or(0), run.started_at.value_or(run.created_at));
    if (services_.clock.now() - heard < silence.count()) continue;
    CO_TRY(const Run now, co_await runs_.finish_run(run.id, "crashed", std::nullopt));
    if (now.state != "crashed") continue;
    ++crashed;
    log::info("run crashed: nothing was heard of it",
              {{"run", run.key.name}, {"project", run.key.project}, {"entity", run.key.entity}});
    publish(now);
    signals_.notify(now.id);
  }
  co_return crashed;
}

void RunService::publish(const Run& run) {
  Change change;
  change.kind = "run";
  change.entity = run.key.entity;
  change.topics = {run_topic(run.key.entity, run.key.project, run.key.name)};
  change.body = {{"entityName", run.key.entity},
                 {"projectName", run.key.project},
                 {"runName", run.key.name},
                 {"state", run.state}};
  services_.live.publish(std::move(change));
}

}  // namespace slipway::server
