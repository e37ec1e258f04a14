// Contract tests of the tracking facets: runs, files, blobs, artifacts. Engine-neutral, like store_contract_test.cc.
#include <fmt/format.h>

#include "base/ids.h"
#include "server/store/store_contract.h"
#include "server/store/tracking_store.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using RunRow = Run;  // testing::Test has a member Run.

class TrackingContract : public StoreContract {
 protected:
  TrackingContract() : tracking(open_tracking(*store)) {}

  RunRow upsert(const std::string& name, std::function<void(RunChange&)> change = {}) {
    RunChange run;
    run.key = {"default", "demo", name};
    run.user = "ann";
    if (change) change(run);
    return ok([&] { return tracking->upsert_run(run); }).run;
  }
  std::optional<RunRow> find(const std::string& name) {
    return ok([&] { return tracking->find_run({"default", "demo", name}); });
  }
  NewArtifact new_code(const std::string& digest, const std::string& client_id = "") {
    return {.entity = "default",
            .project = "demo",
            .type = "code",
            .collection = "code-x",
            .digest = digest,
            .client_id = client_id,
            .deduplicate = true};
  }
  Artifact make(const NewArtifact& artifact) {
    return ok([&] { return tracking->create_artifact(artifact); });
  }
  Artifact commit(Id id, std::vector<ArtifactFile> files = {}) {
    return ok([&] { return tracking->commit_artifact(id, files); });
  }
  std::optional<Artifact> lookup(const std::string& reference, const std::string& owner = "default") {
    return ok([&] { return tracking->find_artifact(owner, "demo", reference); });
  }
  Blob blob(const std::string& content) {
    return {.sha256 = sha256_hex(content), .md5 = md5_hex(content), .size = static_cast<std::int64_t>(content.size())};
  }
  std::vector<std::string> collect() {
    return ok([&] { return tracking->collect(Millis(1000), 100); });
  }

  std::unique_ptr<TrackingStore> tracking;
};

Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& folder, const Clock& clock) {
  return open_store(StoreOptions{.url = "sqlite:" + (folder / "store.db").string(), .clock = &clock});
}
INSTANTIATE_TEST_SUITE_P(Engines, TrackingContract, testing::Values(Engine{.name = "sqlite", .open = open_sqlite}),
                         [](const auto& info) { return info.param.name; });

// ---- Runs -------------------------------------------------------------------------------------------------------------------

TEST_P(TrackingContract, a_run_of_the_sdk_runs_ends_and_runs_again) {
  const RunRow first = upsert("r1", [](RunChange& run) {
    run.config = Json{{"lr", {{"value", 0.1}}}};
    run.host = "box";
  });
  EXPECT_EQ(first.state, "running");
  EXPECT_EQ(first.user, "ann");
  EXPECT_EQ(first.display_name, "r1");
  EXPECT_EQ(first.started_at, clock.now());
  const RunRow again = upsert("r1", [](RunChange& run) {
    run.user = "bob";
    run.display_name = "nice";
  });
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.user, "ann");
  EXPECT_EQ(again.host, "box");
  EXPECT_EQ(again.display_name, "nice");
  EXPECT_EQ(to_text(again.config), R"({"lr":{"value":1E-1}})");
  const RunRow ended = ok([&] { return tracking->finish_run(first.id, "failed", 3); });
  EXPECT_EQ(ended.state, "failed");
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_EQ(ok([&] { return tracking->finish_run(first.id, "finished", 0); }).state, "failed");
  EXPECT_EQ(upsert("r1").state, "running");
  EXPECT_FALSE(find("r1")->exit_code.has_value());
}

TEST_P(TrackingContract, names_are_per_entity_and_project) {
  upsert("r1");
  EXPECT_FALSE(ok([&] { return tracking->find_run({"default", "other", "r1"}); }));
  EXPECT_FALSE(ok([&] { return tracking->find_run({"other", "demo", "r1"}); }));
  upsert("r1", [](RunChange& run) { run.key.project = "zoo"; });
  upsert("r2", [](RunChange& run) { run.key.project = "alpha"; });
  make({.entity = "default", .project = "beta", .type = "code", .collection = "c", .digest = "d"});
  EXPECT_THAT(ok([&] { return tracking->list_projects("default"); }), ElementsAre("alpha", "beta", "demo", "zoo"));
  EXPECT_THAT(ok([&] { return tracking->list_projects("nobody"); }), IsEmpty());
}

TEST_P(TrackingContract, lists_newest_first_in_pages) {
  for (int i = 0; i < 5; ++i) upsert(fmt::format("r{}", i));
  ok([&] { return tracking->finish_run(find("r3")->id, "finished", 0); });
  const auto names = [](const Paged<RunRow>& page) {
    std::vector<std::string> out;
    for (const RunRow& run : page.rows) out.push_back(run.key.name);
    return out;
  };
  const auto page = ok([&] { return tracking->list_runs({"default", "demo", {}}, {.first = 2}); });
  EXPECT_THAT(names(page), ElementsAre("r4", "r3"));
  EXPECT_TRUE(page.has_next);
  const auto next =
      ok([&] { return tracking->list_runs({"default", "", {}}, {.first = 10, .after = page.end_cursor}); });
  EXPECT_THAT(names(next), ElementsAre("r2", "r1", "r0"));
  EXPECT_FALSE(next.has_next);
  EXPECT_THAT(names(ok([&] { return tracking->list_runs({"default", "demo", {"finished"}}, {}); })), ElementsAre("r3"));
  EXPECT_THAT(
      ok([&] { return tracking->list_runs({"default", "demo", {}}, {.first = 2, .after = "nonsense"}); }).rows.size(),
      2u);
}

TEST_P(TrackingContract, the_item_decides_on_the_state_of_its_run) {
  const Queue queue = new_queue("q");
  const Agent agent = new_agent("a");
  push(queue.id, "r1");
  EXPECT_EQ(find("r1")->state, "pending");
  Item item = lease_one(agent, queue.id).item;
  item = report(item, ItemState::starting);
  EXPECT_EQ(upsert("r1", [](RunChange& run) { run.user = "robot"; }).state, "running");
  EXPECT_EQ(find("r1")->user, "ann");
  item = report(item, ItemState::running);
  const RunRow run = *find("r1");
  EXPECT_EQ(ok([&] { return tracking->finish_run(run.id, "finished", 0); }).state, "running");
  EXPECT_THAT(ok([&] { return tracking->unwatched_runs(); }), IsEmpty());
  report(item, ItemReport{.state = ItemState::failed, .exit_code = 9});
  EXPECT_EQ(find("r1")->state, "failed");
  EXPECT_EQ(find("r1")->exit_code, 9);
  EXPECT_EQ(upsert("r1").state, "failed");
  EXPECT_EQ(ok([&] { return tracking->finish_run(run.id, "finished", 0); }).state, "failed");
}

TEST_P(TrackingContract, the_end_of_a_run_ends_the_item_of_a_wandb_agent) {
  const Queue queue = new_queue("q");
  const Agent agent = new_agent("");
  const Item item = push(queue.id, "r1");
  ok([&] { return store->pop(queue.id, agent.id); });
  ok([&] { return store->acknowledge(item.id, "r1", cause); });
  const RunRow run = upsert("r1");
  EXPECT_EQ(run.state, "running");
  EXPECT_EQ(ok([&] { return tracking->unwatched_runs(); }).size(), 1u);
  ok([&] { return tracking->finish_run(run.id, "crashed", std::nullopt); });
  EXPECT_EQ(get(item.id).state, ItemState::claimed);
  EXPECT_EQ(find("r1")->state, "crashed");
  EXPECT_EQ(upsert("r1").state, "running");
  EXPECT_EQ(ok([&] { return tracking->finish_run(run.id, "failed", 7); }).state, "failed");
  EXPECT_EQ(get(item.id).state, ItemState::failed);
  EXPECT_EQ(get(item.id).exit_code, 7);
  EXPECT_EQ(find("r1")->exit_code, 7);
}

TEST_P(TrackingContract, stop_is_remembered_until_the_end) {
  const RunRow run = upsert("r1");
  EXPECT_TRUE(ok([&] { return tracking->request_stop(run.id); }));
  EXPECT_TRUE(find("r1")->stop_requested);
  EXPECT_TRUE(upsert("r1").stop_requested);
  ok([&] { return tracking->finish_run(run.id, "finished", 0); });
  EXPECT_FALSE(ok([&] { return tracking->request_stop(run.id); }));
  EXPECT_FALSE(upsert("r1").stop_requested);
}

TEST_P(TrackingContract, deletes_runs_whose_items_have_ended) {
  const Queue queue = new_queue("q");
  const Item item = push(queue.id, "r1");
  const Id run = find("r1")->id;
  ok([&] {
    return tracking->put_run_file(run, {.name = "a.txt", .sha256 = sha256_hex("a"), .md5 = md5_hex("a"), .size = 1});
  });
  EXPECT_EQ(code([&] { return tracking->delete_run(run); }), Code::failed_precondition);
  ok([&] { return store->cancel({item.id}, cause); });
  ok([&] { return tracking->delete_run(run); });
  EXPECT_FALSE(find("r1"));
  EXPECT_EQ(get(item.id).run_name, "r1");
  EXPECT_EQ(code([&] { return tracking->delete_run(run); }), Code::not_found);
}

TEST_P(TrackingContract, keeps_files_of_runs) {
  const Id run = upsert("r1").id;
  ok([&] { return tracking->put_run_file(run, {.name = "b"}); });
  ok([&] { return tracking->put_run_file(run, {.name = "a", .sha256 = "s1", .md5 = "m1", .size = 1}); });
  ok([&] { return tracking->put_run_file(run, {.name = "a"}); });
  EXPECT_EQ(ok([&] { return tracking->find_run_file(run, "a"); })->sha256, "s1");
  ok([&] { return tracking->put_run_file(run, {.name = "a", .sha256 = "s2", .md5 = "m2", .size = 2}); });
  EXPECT_EQ(ok([&] { return tracking->find_run_file(run, "a"); })->size, 2);
  EXPECT_EQ(ok([&] { return tracking->list_run_files(run, {}, "", {.first = 1}); }).end_cursor, "a");
  // Only an address was given out for "b".
  EXPECT_EQ(ok([&] { return tracking->list_run_files(run, {"b", "zz"}, "", {}); }).rows.size(), 0u);
  EXPECT_EQ(ok([&] { return tracking->list_run_files(run, {}, "%a%", {}); }).rows.size(), 1u);
  EXPECT_EQ(ok([&] { return tracking->count_run_files(run); }), 1);
  ok([&] { return tracking->remove_run_files(run, {"a"}); });
  EXPECT_EQ(ok([&] { return tracking->count_run_files(run); }), 0);
  EXPECT_EQ(code([&] { return tracking->put_run_file(999, {.name = "a", .sha256 = "s"}); }), Code::not_found);
}

// ---- Blobs ------------------------------------------------------------------------------------------------------------------

TEST_P(TrackingContract, an_entity_knows_only_its_own_bytes) {
  ok([&] { return tracking->add_blob("default", blob("x")); });
  ok([&] { return tracking->add_blob("default", blob("x")); });
  const auto mine = ok([&] { return tracking->find_blobs("default", {md5_hex("y"), md5_hex("x")}); });
  EXPECT_FALSE(mine[0]);
  EXPECT_EQ(mine[1]->sha256, sha256_hex("x"));
  EXPECT_FALSE(ok([&] { return tracking->find_blobs("other", {md5_hex("x")}); })[0]);
  EXPECT_TRUE(ok([&] { return tracking->has_bytes(sha256_hex("x")); }));
}

TEST_P(TrackingContract, collects_after_two_sightings) {
  for (const char* content : {"unused", "used", "shared", "manifest", "file"})
    ok([&] { return tracking->add_blob("default", blob(content)); });
  ok([&] { return tracking->add_blob("other", blob("shared")); });
  const Artifact artifact = make(new_code("d1"));
  ok([&] { return tracking->set_manifest(artifact.id, "wandb_manifest.json", "x"); });
  ok([&] { return tracking->set_manifest_bytes(artifact.id, sha256_hex("manifest")); });
  commit(artifact.id, {{.path = "a", .blob = blob("used")}});
  ok([&] {
    return tracking->put_run_file(upsert("r1").id, {.name = "f", .sha256 = sha256_hex("file"), .md5 = "m", .size = 1});
  });
  EXPECT_THAT(collect(), IsEmpty());
  clock.advance(Millis(1001));
  EXPECT_THAT(collect(), IsEmpty());
  ok([&] { return tracking->find_blobs("other", {md5_hex("shared")}); });
  EXPECT_THAT(collect(), IsEmpty());
  clock.advance(Millis(1000));
  EXPECT_THAT(collect(), ElementsAre(sha256_hex("unused")));
  EXPECT_FALSE(ok([&] { return tracking->has_bytes(sha256_hex("unused")); }));
  EXPECT_TRUE(ok([&] { return tracking->has_bytes(sha256_hex("shared")); }));
  ok([&] { return tracking->delete_artifact(artifact.id, true); });
  collect();
  clock.advance(Millis(1001));
  EXPECT_THAT(collect(), UnorderedElementsAre(sha256_hex("used"), sha256_hex("manifest"), sha256_hex("shared")));
}

TEST_P(TrackingContract, collection_walks_in_rounds) {
  for (int i = 0; i < 25; ++i) ok([&] { return tracking->add_blob("default", blob(std::to_string(i))); });
  clock.advance(Millis(1001));
  std::size_t gone = 0;
  for (int round = 0; round < 12; ++round) {
    gone += ok([&] { return tracking->collect(Millis(1000), 10); }).size();
    clock.advance(Millis(1001));
  }
  EXPECT_EQ(gone, 25u);
}

// ---- Artifacts ----------------------------------------------------------------------------------------------------------------

TEST_P(TrackingContract, creation_is_idempotent_on_the_client_id) {
  NewArtifact first = new_code("d1", "client");
  first.metadata = R"({"_partial":true})";
  first.aliases = {"stable"};
  NewArtifact second = new_code("d1", "client");
  second.metadata = "{}";
  second.aliases = {"latest", "v-one"};
  const Artifact a = make(first);
  const Artifact b = make(second);
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(b.metadata, first.metadata);
  EXPECT_EQ(b.state, ArtifactState::pending);
  EXPECT_FALSE(b.version);
  const Artifact done = commit(a.id);
  EXPECT_THAT(done.aliases, ElementsAre("latest", "stable", "v-one"));
  EXPECT_EQ(done.version, 0);
  EXPECT_EQ(make(second).state, ArtifactState::committed);
  EXPECT_EQ(ok([&] { return tracking->find_client_id("default", "client"); }), a.id);
  EXPECT_FALSE(ok([&] { return tracking->find_client_id("other", "client"); }));
  NewArtifact elsewhere = new_code("d1", "client");
  elsewhere.entity = "other";
  EXPECT_NE(make(elsewhere).id, a.id);
}

TEST_P(TrackingContract, metadata_of_a_second_call_fills_a_gap) {
  NewArtifact artifact = new_code("d1", "client");
  artifact.metadata = "{}";
  make(artifact);
  artifact.metadata = R"({"a":1})";
  EXPECT_EQ(make(artifact).metadata, artifact.metadata);
}

TEST_P(TrackingContract, versions_count_commits_and_equal_content_is_found) {
  const Artifact a = commit(make(new_code("d1", "c1")).id);
  make(new_code("never committed", "c2"));
  const Artifact b = commit(make(new_code("d2", "c3")).id);
  EXPECT_EQ(b.version, 1);
  EXPECT_EQ(lookup("code-x")->id, b.id);
  const Artifact found = make(new_code("d1", "c4"));
  EXPECT_EQ(found.id, a.id);
  EXPECT_EQ(found.state, ArtifactState::committed);
  EXPECT_EQ(lookup("code-x:latest")->id, a.id);
  EXPECT_EQ(lookup("code-x:v1")->id, b.id);
  EXPECT_FALSE(lookup("code-x:v2"));
  EXPECT_FALSE(lookup("code-x:nope"));
  EXPECT_FALSE(lookup("code-y"));
  EXPECT_FALSE(lookup("code-x", "other"));
  EXPECT_EQ(ok([&] { return tracking->find_client_id("default", "c4"); }), a.id);
  NewArtifact apart = new_code("d1");
  apart.deduplicate = false;
  EXPECT_NE(make(apart).id, a.id);
}

TEST_P(TrackingContract, a_name_has_one_type) {
  make(new_code("d1"));
  NewArtifact job = new_code("d2");
  job.type = "job";
  EXPECT_EQ(code([&] { return tracking->create_artifact(job); }), Code::conflict);
}

TEST_P(TrackingContract, a_commit_keeps_its_files) {
  const Artifact a = make(new_code("d1"));
  std::vector<ArtifactFile> files;
  for (int i = 0; i < 4'500; ++i) files.push_back({.path = fmt::format("f{:05}", i), .blob = blob("x")});
  files.push_back({.path = "link", .reference = "s3://bucket/key"});
  const Artifact done = commit(a.id, files);
  EXPECT_EQ(done.file_count, 4'501);
  EXPECT_EQ(done.size, 4'500);
  EXPECT_EQ(commit(a.id).file_count, 4'501);
  const auto page = ok([&] { return tracking->list_files(a.id, {}, {.first = 1000, .after = "f04400"}); });
  EXPECT_EQ(page.rows.size(), 100u);
  EXPECT_EQ(page.rows.back().reference, "s3://bucket/key");
  EXPECT_EQ(ok([&] { return tracking->list_files(a.id, {"f00007"}, {}); }).rows.size(), 1u);
  EXPECT_EQ(code([&] { return tracking->set_manifest(a.id, "m", "d"); }), Code::failed_precondition);
  EXPECT_EQ(code([&] { return tracking->commit_artifact(999, {}); }), Code::not_found);
}

TEST_P(TrackingContract, a_new_manifest_forgets_the_old_bytes) {
  const Artifact a = make(new_code("d1"));
  const auto bytes = [&] { return ok([&] { return tracking->get_artifact(a.id); })->manifest_sha256; };
  ok([&] { return tracking->set_manifest(a.id, "m", "one"); });
  ok([&] { return tracking->set_manifest_bytes(a.id, "s"); });
  ok([&] { return tracking->set_manifest(a.id, "m", "one"); });
  EXPECT_EQ(bytes(), "s");
  ok([&] { return tracking->set_manifest(a.id, "m", "two"); });
  EXPECT_EQ(bytes(), "");
}

TEST_P(TrackingContract, aliases_move_and_go) {
  const Artifact a = commit(make(new_code("d1")).id);
  NewArtifact next = new_code("d2");
  next.aliases = {"best"};
  const Artifact b = commit(make(next).id);
  ArtifactChange change;
  change.metadata = R"({"x":1})";
  change.aliases = std::vector<std::string>{"best", "old"};
  const Artifact moved = ok([&] { return tracking->update_artifact(a.id, change); });
  EXPECT_THAT(moved.aliases, ElementsAre("best", "old"));
  EXPECT_EQ(moved.metadata, R"({"x":1})");
  EXPECT_THAT(lookup("code-x:v1")->aliases, ElementsAre("latest"));
  EXPECT_EQ(code([&] { return tracking->delete_artifact(a.id, false); }), Code::failed_precondition);
  ok([&] { return tracking->delete_artifact(b.id, false); });
  EXPECT_EQ(lookup("code-x")->id, a.id);
  EXPECT_FALSE(lookup("code-x:v1"));
  EXPECT_EQ(ok([&] { return tracking->list_aliases(a.collection.id); }).size(), 3u);
  EXPECT_EQ(ok([&] { return tracking->find_collection("default", "demo", "code-x"); })->latest, a.id);
  ok([&] { return tracking->delete_artifact(a.id, true); });
  EXPECT_FALSE(lookup("code-x"));
  EXPECT_EQ(commit(make(new_code("d3")).id).version, 2);
}

TEST_P(TrackingContract, lists_collections_versions_and_uses) {
  for (const char* name : {"b", "a", "c"}) {
    NewArtifact artifact = new_code("d");
    artifact.collection = name;
    commit(make(artifact).id);
  }
  NewArtifact job = new_code("j");
  job.type = "job";
  job.collection = "job-x";
  job.run = upsert("r1").id;
  const Artifact made = commit(make(job).id);
  EXPECT_THAT(ok([&] { return tracking->list_types("default", "demo"); }), ElementsAre("code", "job"));
  const auto page = ok([&] { return tracking->list_collections("default", "demo", "code", {.first = 2}); });
  EXPECT_EQ(page.rows[0].name, "a");
  EXPECT_TRUE(page.has_next);
  EXPECT_EQ(
      ok([&] { return tracking->list_collections("default", "demo", "code", {.first = 2, .after = page.end_cursor}); })
          .rows.at(0)
          .name,
      "c");
  EXPECT_EQ(ok([&] { return tracking->list_artifacts(made.collection.id, {}); }).rows.size(), 1u);
  const Id user = upsert("r2").id;
  ok([&] { return tracking->use_artifact(user, made.id, "job"); });
  ok([&] { return tracking->use_artifact(user, made.id, "job"); });
  EXPECT_EQ(ok([&] { return tracking->list_run_artifacts(user, ArtifactStore::RunLink::used, {}); }).rows.size(), 1u);
  EXPECT_EQ(ok([&] { return tracking->list_run_artifacts(job.run, ArtifactStore::RunLink::made, {}); }).rows.at(0).id,
            made.id);
  EXPECT_THAT(ok([&] { return tracking->list_run_artifacts(user, ArtifactStore::RunLink::made, {}); }).rows, IsEmpty());
}

}  // namespace
}  // namespace slipway::server
