// Runs, their output and artifacts below the edge: RunService, LogReader and ArtifactService on a real store.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "archive/archive.h"
#include "async/testing.h"
#include "base/ids.h"
#include "server/tracking/artifact_service.h"
#include "server/tracking/log_reader.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using RunRow = Run;  // testing::Test has a member Run.

class ServicesTest : public testing::Test {
 protected:
  template <class F>
  auto ok(F make) {
    auto result = run_task(io, std::move(make));
    if (!result) throw std::runtime_error(result.error().to_string());
    if constexpr (!std::is_void_v<typename decltype(result)::value_type>) return *std::move(result);
  }
  template <class F>
  std::optional<Code> code(F make) {
    auto result = run_task(io, std::move(make));
    if (result) return std::nullopt;
    last_error = result.error().to_string();
    return result.error().code();
  }
  ServicesTest() {
    config.data_dir = folder.path();
    tracking = open_tracking(*store);
    streams = *open_streams({.path = ":memory:", .clock = &clock});
    files = *BlobFiles::open(folder.path(), io.get_executor(), pool, *tracking,
                             *open_local_blobs(folder.path() / "blobs", pool));
    runs.emplace(services, *tracking, *streams, signals);
    reader.emplace(services, *tracking, *streams, signals);
    artifacts.emplace(services, *tracking, *files, grants);
    ok([&] { return store->bootstrap("default", "ann", "hash"); });
    ann = ok([&] { return store->authenticate("hash"); });
    ann.user.admin = false;
    viewer = member_of("default", Role::viewer);
    agent = member_of("default", Role::agent);
    stranger = member_of("elsewhere", Role::admin);
  }
  ~ServicesTest() override {
    ok([&]() -> Task<> {
      co_await scope.stop();
      co_return Result<>();
    });
    streams->close();
    store->close();
    pool.join();
  }
  static Principal member_of(const std::string& entity, Role role) {
    Principal who;
    who.user = {.id = 77, .name = "somebody"};
    who.memberships = {{.entity = {.id = 9, .name = entity}, .role = role}};
    return who;
  }
  RunRow start(const std::string& name, std::optional<Principal> who = {}) {
    RunChange change;
    change.key = {"default", "demo", name};
    return ok([&] { return runs->upsert(who.value_or(ann), change); }).run;
  }
  RunRow find(const std::string& name) {
    return ok([&] { return runs->find(ann, {"default", "demo", name}); });
  }
  StreamAnswer send(const std::string& name, const std::string& body) {
    return ok([&] { return runs->accept(agent, {"default", "demo", name}, *decode_stream_body(body)); });
  }
  std::string upload(const std::string& content, const std::string& entity = "default") {
    return ok([&]() -> Task<Blob> {
             CO_TRY(auto incoming, co_await files->begin(std::nullopt));
             CO_TRY_VOID(co_await incoming->write(content));
             CO_TRY_VOID(co_await incoming->finish());
             co_return co_await files->keep(std::move(incoming), entity);
           })
        .sha256;
  }

  FakeClock clock;
  archive::TemporaryFolder folder = *archive::TemporaryFolder::create("tracking");
  asio::io_context io;
  asio::thread_pool pool{1};
  ServerConfig config;
  std::unique_ptr<Store> store = *open_store({.url = "sqlite::memory:", .clock = &clock});
  Live live{io.get_executor(), clock};
  Scope scope{io.get_executor()};
  Services services{config, "server", io.get_executor(), pool, clock, *store, live, scope};
  LogSignals signals{io.get_executor()};
  const Grants grants{Secret(std::string(32, 'k')), clock};
  std::unique_ptr<TrackingStore> tracking;
  std::unique_ptr<StreamStore> streams;
  std::unique_ptr<BlobFiles> files;
  std::optional<RunService> runs;
  std::optional<LogReader> reader;
  std::optional<ArtifactService> artifacts;
  Principal ann, viewer, agent, stranger;
  std::string last_error;
};

// ---- Runs -------------------------------------------------------------------------------------------------------------------

TEST_F(ServicesTest, a_run_belongs_to_the_submitter_of_a_service_account) {
  Principal robot = agent;
  robot.user = {.id = 5, .name = "robot", .service = true};
  robot.acting_for = "ben";
  EXPECT_EQ(start("r1", robot).user, "ben");
  robot.acting_for = "";
  EXPECT_EQ(start("r2", robot).user, "robot");
}

TEST_F(ServicesTest, strangers_see_nothing_and_viewers_change_nothing) {
  start("r1");
  const RunKey key{"default", "demo", "r1"};
  EXPECT_EQ(code([&] { return runs->find(stranger, key); }), Code::not_found);
  const std::string hidden = last_error;
  EXPECT_EQ(code([&] { return runs->find(stranger, RunKey{"default", "demo", "r1"}); }), Code::not_found);
  EXPECT_EQ(last_error, hidden);
  EXPECT_FALSE(code([&] { return runs->find(viewer, key); }));
  EXPECT_EQ(code([&] { return runs->accept(viewer, key, StreamBody{}); }), Code::permission_denied);
  EXPECT_EQ(code([&] { return runs->accept(stranger, key, StreamBody{}); }), Code::not_found);
  EXPECT_EQ(code([&] { return runs->stop(agent, key); }), Code::permission_denied);
  EXPECT_EQ(code([&] { return runs->remove(viewer, key); }), Code::permission_denied);
  RunChange change;
  change.key = key;
  EXPECT_EQ(code([&] { return runs->upsert(viewer, change); }), Code::permission_denied);
  EXPECT_EQ(code([&] { return runs->upsert(stranger, change); }), Code::not_found);
  EXPECT_EQ(code([&] { return runs->find(ann, {"default", "demo", "r2"}); }), Code::not_found);
}

TEST_F(ServicesTest, names_cannot_be_paths) {
  for (const std::string name : {"", "a/b", "..", "a:b", "a\nb", "\xff"}) {
    RunChange change;
    change.key = {"default", "demo", name};
    EXPECT_EQ(code([&] { return runs->upsert(ann, change); }), Code::invalid_argument) << name;
    change.key = {"default", name, "r"};
    EXPECT_EQ(code([&] { return runs->upsert(ann, change); }), Code::invalid_argument) << name;
  }
}

TEST_F(ServicesTest, the_sdks_stream_moves_the_run) {
  start("r1");
  send(
      "r1",
      R"({"files":{"wandb-history.jsonl":{"offset":0,"content":["{\"loss\":1}"]},"wandb-summary.json":{"offset":0,"content":["{\"loss\":1}"]}}})");
  EXPECT_EQ(to_text(find("r1").summary), R"({"loss":1})");
  EXPECT_FALSE(send("r1", "{}").stopped);
  EXPECT_TRUE(ok([&] { return runs->stop(ann, {"default", "demo", "r1"}); }));
  EXPECT_TRUE(send("r1", "{}").stopped);
  send("r1", R"({"complete":true,"exitcode":4})");
  EXPECT_EQ(find("r1").state, "failed");
  EXPECT_EQ(find("r1").exit_code, 4);
  EXPECT_EQ(code([&] {
              return runs->accept(ann, {"default", "demo", "r1"},
                                  *decode_stream_body(R"({"files":{"wandb-summary.json":{"content":["{"]}}})"));
            }),
            Code::invalid_argument);
}

TEST_F(ServicesTest, only_runs_that_nobody_watches_crash) {
  start("silent");
  start("alive");
  Queue queue{.entity = ann.user.default_entity, .name = "q", .resource = "local-process"};
  queue = ok([&] { return store->create_queue(queue, Cause{}); });
  PushItem pushed{
      .queue = queue.id, .run_entity = "default", .run_project = "demo", .run_name = "watched", .author = "ann"};
  ok([&] { return store->push({pushed}, std::nullopt, Cause{}); });
  const Agent holder =
      ok([&] { return store->register_agent(Agent{.entity = queue.entity, .stable_id = "a", .incarnation = "1"}); });
  const auto leases = ok([&] { return store->lease({.agent = holder.id, .incarnation = "1", .queues = {queue.id}}); });
  ok([&] {
    return store->report(leases.at(0).item.id, leases.at(0).item.epoch, ItemReport{.state = launch::ItemState::running},
                         Cause{});
  });
  EXPECT_EQ(find("watched").state, "running");
  clock.advance(Millis(600'000));
  send("alive", "{}");
  EXPECT_EQ(ok([&] { return runs->mark_crashed(Millis(600'000)); }), 1u);
  EXPECT_EQ(find("silent").state, "crashed");
  EXPECT_EQ(find("alive").state, "running");
  EXPECT_EQ(find("watched").state, "running");
  EXPECT_EQ(ok([&] { return runs->mark_crashed(Millis(600'000)); }), 0u);
  send("silent", "{}");
  EXPECT_EQ(find("silent").state, "running");
  send("silent", R"({"complete":true,"exitcode":0})");
  EXPECT_EQ(find("silent").state, "finished");
}

TEST_F(ServicesTest, stop_cancels_the_item_and_tells_the_dispatch_side) {
  Queue queue{.entity = ann.user.default_entity, .name = "q", .resource = "local-process"};
  queue = ok([&] { return store->create_queue(queue, Cause{}); });
  PushItem pushed{.queue = queue.id, .run_entity = "default", .run_project = "demo", .run_name = "r1", .author = "ann"};
  ok([&] { return store->push({pushed}, std::nullopt, Cause{}); });
  std::vector<Id> told;
  runs->on_cancelled = [&](const Item& item) { told.push_back(item.id); };
  ok([&] { return runs->stop(ann, {"default", "demo", "r1"}); });
  EXPECT_EQ(told.size(), 1u);
  EXPECT_EQ(find("r1").state, "killed");
}

TEST_F(ServicesTest, removes_a_run_with_its_output) {
  const RunRow run = start("r1");
  send("r1", R"({"files":{"launch.log":{"offset":0,"content":["x"]}}})");
  ok([&] { return runs->remove(ann, {"default", "demo", "r1"}); });
  EXPECT_EQ(code([&] { return runs->find(ann, {"default", "demo", "r1"}); }), Code::not_found);
  EXPECT_TRUE(ok([&] { return streams->list(run.id); }).empty());
}

TEST_F(ServicesTest, ids_of_runs_go_both_ways) {
  const RunKey key{"default", "demo", "r1"};
  EXPECT_EQ(from_base64(run_global_id(key)), "Run:v1:r1:demo:default");
  EXPECT_EQ(parse_run_global_id(run_global_id(key)), key);
  for (const char* id : {"", "x", "UnVuOnYxOmE=", "QXJ0aWZhY3Q6MQ=="}) EXPECT_FALSE(parse_run_global_id(id)) << id;
}

// ---- Output -----------------------------------------------------------------------------------------------------------------

struct Collected {
  std::vector<std::string> lines;
  std::optional<Result<LogEnd>> end;
};

class LogReaderTest : public ServicesTest {
 protected:
  /// Reads in the background, while the test goes on.
  void follow(Collected& out, const RunRow& run, LogQuery query) {
    scope.spawn("reader", [this, &out, run, query]() -> asio::awaitable<void> {
      LogSink sink;
      sink.lines = [&out](const StreamPiece& piece) -> Task<> {
        out.lines.insert(out.lines.end(), piece.lines.begin(), piece.lines.end());
        co_return Result<>();
      };
      sink.idle = []() -> Task<> { co_return Result<>(); };
      out.end = co_await reader->read(run, query, std::move(sink));
    });
  }
  void run_until(const std::function<bool()>& done) {
    io.restart();
    while (!done()) ASSERT_GT(io.run_one(), 0u);
  }
};

TEST_F(LogReaderTest, reads_what_there_is) {
  const RunRow run = start("r1");
  send("r1", R"({"files":{"output.log":{"offset":0,"content":["a","b","c"]}}})");
  Collected out;
  follow(out, run, {.from = 1});
  run_until([&] { return out.end.has_value(); });
  EXPECT_THAT(out.lines, ElementsAre("b", "c"));
  ASSERT_TRUE(*out.end);
  EXPECT_EQ((*out.end)->run.state, "running");
}

TEST_F(LogReaderTest, follows_to_the_end_of_the_run) {
  const RunRow run = start("r1");
  Collected out;
  follow(out, run, {.file = "launch.log", .follow = true});
  send("r1", R"({"files":{"launch.log":{"offset":0,"content":["one"]}}})");
  run_until([&] { return out.lines.size() == 1; });
  send("r1", R"({"files":{"launch.log":{"offset":1,"content":["two"]}}})");
  run_until([&] { return out.lines.size() == 2; });
  send("r1", R"({"files":{"launch.log":{"offset":2,"content":["three"],"complete":true}}})");
  run_until([&] { return out.lines.size() == 3; });
  EXPECT_FALSE(out.end);
  send("r1", R"({"complete":true,"exitcode":0})");
  run_until([&] { return out.end.has_value(); });
  ASSERT_TRUE(*out.end);
  EXPECT_TRUE((*out.end)->info.complete);
  EXPECT_EQ((*out.end)->run.state, "finished");
  EXPECT_EQ(signals.size(), 1u);
}

TEST_F(LogReaderTest, does_not_wait_for_ever_for_a_log_that_nobody_completes) {
  const RunRow run = start("r1");
  send("r1", R"({"files":{"launch.log":{"offset":0,"content":["one"]}},"complete":true,"exitcode":1})");
  Collected out;
  follow(out, run, {.follow = true});
  run_until([&] { return out.lines.size() == 1; });
  EXPECT_FALSE(out.end);
  clock.advance(Millis(3'001));
  run_until([&] { return out.end.has_value(); });
  EXPECT_FALSE((*out.end)->info.complete);
  EXPECT_EQ((*out.end)->run.exit_code, 1);
}

TEST_F(LogReaderTest, goes_on_with_the_next_attempt) {
  const RunRow run = start("r1");
  send("r1", R"({"files":{"launch.log":{"offset":0,"content":["first"],"complete":true}}})");
  Collected out;
  follow(out, run, {.follow = true});
  run_until([&] { return out.lines.size() == 1; });
  send("r1", R"({"files":{"launch.log":{"offset":0,"content":["second"],"attempt":2,"complete":true}}})");
  run_until([&] { return out.lines.size() == 2; });
  Collected late, asked;
  follow(late, run, {});
  follow(asked, run, {.attempt = 1});
  run_until([&] { return late.end.has_value() && asked.end.has_value(); });
  EXPECT_THAT(late.lines, ElementsAre("second"));
  EXPECT_THAT(asked.lines, ElementsAre("first"));
  send("r1", R"({"complete":true,"exitcode":0})");
  run_until([&] { return out.end.has_value(); });
}

TEST_F(LogReaderTest, ends_when_the_run_is_deleted) {
  const RunRow run = start("r1");
  Collected out;
  follow(out, run, {.file = "launch.log", .follow = true});
  send("r1", R"({"files":{"launch.log":{"offset":0,"content":["one"]}}})");
  run_until([&] { return out.lines.size() == 1; });
  ok([&] { return runs->remove(ann, {"default", "demo", "r1"}); });
  run_until([&] { return out.end.has_value(); });
}

// ---- Artifacts ----------------------------------------------------------------------------------------------------------------

class ArtifactTest : public ServicesTest {
 protected:
  std::string manifest_of(const std::map<std::string, std::string>& contents) {
    JsonObject entries;
    for (const auto& [path, content] : contents) {
      JsonObject entry;
      entry["digest"] = md5_base64(content);
      entry["size"] = content.size();
      entries[path] = std::move(entry);
    }
    JsonObject root;
    root["version"] = 1;
    root["contents"] = std::move(entries);
    return to_text(root);
  }
  NewArtifact code_of(const std::string& manifest) {
    return {.entity = "default",
            .project = "demo",
            .type = "code",
            .collection = "code-x",
            .digest = parse_manifest(manifest)->digest(),
            .deduplicate = true};
  }
  Artifact create(const NewArtifact& artifact) {
    return ok([&] { return artifacts->create(ann, artifact, ""); });
  }
  std::optional<std::string> set_manifest(Id id, const std::string& text) {
    return ok([&] { return artifacts->set_manifest(ann, id, "wandb_manifest.json", md5_base64(text)); });
  }
};

TEST_F(ArtifactTest, is_made_as_the_sdk_makes_it) {
  const std::string manifest = manifest_of({{"a.py", "print(1)"}, {"b.py", "print(2)"}});
  start("r1");
  const Artifact artifact = ok([&] { return artifacts->create(ann, code_of(manifest), "r1"); });
  EXPECT_EQ(artifact.state, ArtifactState::pending);
  EXPECT_FALSE(ok([&] { return artifacts->set_manifest(ann, artifact.id, "wandb_manifest.json", ""); }));
  const std::vector<FileSpec> specs = {{artifact.id, "a.py", md5_base64("print(1)")},
                                       {artifact.id, "b.py", md5_base64("print(2)")}};
  upload("print(2)");
  upload("print(1)", "other");
  const auto tickets = ok([&] { return artifacts->add_files(ann, specs); });
  EXPECT_TRUE(tickets[0].address) << "what another entity sent is not known here";
  EXPECT_FALSE(tickets[1].address);
  const auto grant = grants.verify(tickets[0].address->substr(9));
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->digest, md5_hex("print(1)"));
  EXPECT_TRUE(set_manifest(artifact.id, manifest));
  EXPECT_EQ(code([&] { return artifacts->commit(ann, artifact.id); }), Code::failed_precondition);
  EXPECT_THAT(last_error, HasSubstr("manifest was not uploaded"));
  upload(manifest);
  EXPECT_FALSE(set_manifest(artifact.id, manifest));
  EXPECT_EQ(code([&] { return artifacts->commit(ann, artifact.id); }), Code::failed_precondition);
  EXPECT_THAT(last_error, HasSubstr("a.py: its bytes were not uploaded"));
  upload("print(1)");
  const Artifact done = ok([&] { return artifacts->commit(ann, artifact.id); });
  EXPECT_EQ(done.version, 0);
  EXPECT_EQ(done.file_count, 2);
  EXPECT_EQ(done.size, 16);
  EXPECT_EQ(ok([&] { return artifacts->commit(ann, artifact.id); }).version, 0);
  EXPECT_EQ(create(code_of(manifest)).id, artifact.id);
  EXPECT_EQ(code([&] { return artifacts->add_files(ann, specs); }), Code::failed_precondition);
}

TEST_F(ArtifactTest, a_manifest_may_be_named_by_the_artifacts_digest) {
  const std::string manifest = manifest_of({});
  const Artifact artifact = create(code_of(manifest));
  const auto address =
      ok([&] { return artifacts->set_manifest(ann, artifact.id, "wandb_manifest.json", artifact.digest); });
  ASSERT_TRUE(address);
  EXPECT_EQ(grants.verify(address->substr(9))->digest, "");
}

TEST_F(ArtifactTest, another_digest_than_announced_is_refused) {
  const std::string manifest = manifest_of({{"a.py", "x"}});
  NewArtifact wrong = code_of(manifest);
  wrong.digest = md5_hex("something else");
  const Artifact artifact = create(wrong);
  upload(manifest);
  upload("x");
  set_manifest(artifact.id, manifest);
  EXPECT_EQ(code([&] { return artifacts->commit(ann, artifact.id); }), Code::invalid_argument);
}

TEST_F(ArtifactTest, hostile_names_and_digests_are_refused_by_place) {
  const Artifact artifact = create(code_of(manifest_of({})));
  const std::vector<FileSpec> specs = {{artifact.id, "../../etc/passwd", md5_base64("x")},
                                       {artifact.id, "ok", "not base64!"},
                                       {artifact.id, "ok", "YWJj"}};
  EXPECT_EQ(code([&] { return artifacts->add_files(ann, specs); }), Code::invalid_argument);
  for (const char* part : {"artifactFiles[0].name", "artifactFiles[1].md5", "artifactFiles[2].md5"})
    EXPECT_THAT(last_error, HasSubstr(part));
  EXPECT_EQ(code([&] { return artifacts->set_manifest(ann, artifact.id, "m", "zzz"); }), Code::invalid_argument);
  EXPECT_EQ(code([&] { return artifacts->set_manifest(ann, artifact.id, "../m", ""); }), Code::invalid_argument);
  NewArtifact bad = code_of(manifest_of({}));
  bad.collection = "a/b";
  bad.aliases = {"x:y"};
  EXPECT_EQ(code([&] { return artifacts->create(ann, bad, ""); }), Code::invalid_argument);
  EXPECT_THAT(last_error, HasSubstr("aliases"));
}

TEST_F(ArtifactTest, looks_absent_to_strangers) {
  const std::string manifest = manifest_of({});
  const Artifact artifact = create(code_of(manifest));
  EXPECT_EQ(code([&] { return artifacts->get(stranger, artifact.id); }), Code::not_found);
  const std::string hidden = last_error;
  EXPECT_EQ(code([&] { return artifacts->get(stranger, 999); }), Code::not_found);
  EXPECT_EQ(last_error, hidden);
  EXPECT_EQ(code([&] { return artifacts->commit(stranger, artifact.id); }), Code::not_found);
  EXPECT_EQ(code([&] { return artifacts->commit(viewer, artifact.id); }), Code::permission_denied);
  EXPECT_EQ(code([&] { return artifacts->remove(agent, artifact.id, true); }), Code::permission_denied);
  EXPECT_EQ(code([&] { return artifacts->add_files(stranger, {{artifact.id, "a", md5_base64("x")}}); }),
            Code::not_found);
  EXPECT_EQ(code([&] { return artifacts->create(stranger, code_of(manifest), ""); }), Code::not_found);
  EXPECT_FALSE(code([&] { return artifacts->get(viewer, artifact.id); }));
}

TEST_F(ArtifactTest, jobs_are_checked_before_they_are_queued) {
  const std::string manifest = manifest_of({});
  NewArtifact job = code_of(manifest);
  upload(manifest);
  for (const char* type : {"job", "code"}) {
    job.type = type;
    job.collection = std::string(type) + "-x";
    const Artifact made = create(job);
    set_manifest(made.id, manifest);
    ok([&] { return artifacts->commit(ann, made.id); });
  }
  for (const char* name : {"default/demo/job-x", "default/demo/job-x:latest", "default/demo/job-x:v0"}) {
    EXPECT_FALSE(code([&] { return artifacts->check_job(viewer, name); })) << name;
  }
  EXPECT_EQ(code([&] { return artifacts->check_job(stranger, "default/demo/job-x:v0"); }), Code::not_found);
  EXPECT_EQ(code([&] { return artifacts->check_job(ann, "default/demo/job-x:v1"); }), Code::not_found);
  EXPECT_EQ(code([&] { return artifacts->check_job(ann, "default/demo/code-x:v0"); }), Code::invalid_argument);
  EXPECT_EQ(code([&] { return artifacts->check_job(ann, "job-x"); }), Code::invalid_argument);
}

TEST_F(ArtifactTest, use_is_remembered) {
  const Artifact artifact = create(code_of(manifest_of({})));
  const RunRow run = start("r1");
  ok([&] { return artifacts->use(agent, artifact.id, run.key, ""); });
  EXPECT_EQ(code([&] { return artifacts->use(agent, artifact.id, {"default", "demo", "nope"}, ""); }), Code::not_found);
}

}  // namespace
}  // namespace slipway::server
