#include "server/tracking/tracking_api.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// ---- Runs -------------------------------------------------------------------------------------------------------------------

TEST_F(TrackingApi, a_run_as_the_sdk_starts_it) {
  const char* resume =
      "query RunResumeStatus($project: String, $entity: String, $name: String!) { model(name: $project, entityName: "
      "$entity) { id name"
      " bucket(name: $name, missingOk: true) { id name summaryMetrics displayName logLineCount historyLineCount "
      "eventsLineCount historyTail"
      " eventsTail config tags notes wandbConfig(keys: [\"t\"]) } } }";
  const JsonObject who = {{"project", "demo"}, {"entity", "default"}, {"name", "r1"}};
  EXPECT_TRUE(find_path(data(resume, who), "model.bucket")->is_null());
  const Json started = start_run("r1");
  EXPECT_TRUE(started.at("inserted").as_bool());
  EXPECT_EQ(started.at("bucket").at("historyLineCount"), 0);
  EXPECT_EQ(started.at("bucket").at("project").at("name"), "demo");
  EXPECT_FALSE(start_run("r1").at("inserted").as_bool());
  send_stream(
      "r1",
      R"({"files":{"wandb-history.jsonl":{"offset":0,"content":["{\"a\":1}","{\"a\":2}"]},"wandb-summary.json":{"offset":0,"content":["{\"a\":2}"]}}})");
  const Json bucket = *find_path(data(resume, who), "model.bucket");
  EXPECT_EQ(bucket.at("historyLineCount"), 2);
  EXPECT_EQ(bucket.at("historyTail"), R"(["{\"a\":2}"])");
  EXPECT_EQ(bucket.at("eventsTail"), "[]");
  EXPECT_EQ(bucket.at("summaryMetrics"), R"({"a":2})");
  EXPECT_EQ(bucket.at("wandbConfig"), R"({"t":{"1":[1]}})");
}

TEST_F(TrackingApi, a_run_as_the_public_api_reads_it) {
  start_run("r1");
  const Json read = run("r1",
                        "projectId id tags name displayName sweepName state stopped config group jobType commit "
                        "readOnly createdAt heartbeatAt description notes"
                        " systemMetrics summaryMetrics historyLineCount user { id name username service } historyKeys "
                        "exitCode entityName projectName");
  EXPECT_EQ(read.at("state"), "running");
  EXPECT_TRUE(read.at("projectId").is_int64() || read.at("projectId").is_uint64());
  EXPECT_EQ(read.at("user").at("username"), "ann");
  EXPECT_FALSE(read.at("stopped").as_bool());
  EXPECT_TRUE(read.at("heartbeatAt").is_string());
  EXPECT_THAT(std::string(read.at("config").as_string()), HasSubstr("\"lr\""));
  EXPECT_TRUE(run("nope", "id").is_null());
  send_stream("r1", R"({"complete":true,"exitcode":1})");
  EXPECT_EQ(run("r1", "state").at("state"), "failed");
}

TEST_F(TrackingApi, stop_and_delete_by_the_runs_id) {
  const std::string id(start_run("r1").at("bucket").at("id").as_string());
  EXPECT_TRUE(mutate("stopRun", "StopRunInput", "success", {{"id", id}}).at("success").as_bool());
  EXPECT_EQ(send_stream("r1", "{}").body, R"({"stopped":true,"offsets":{}})");
  mutate("deleteRun", "DeleteRunInput", "clientMutationId", {{"id", id}});
  EXPECT_TRUE(run("r1", "id").is_null());
  EXPECT_THAT(failure("mutation { deleteRun(input: {id: \"nonsense\"}) { clientMutationId } }"),
              HasSubstr("not_found"));
}

TEST_F(TrackingApi, lists_runs_and_projects) {
  for (int i = 0; i < 3; ++i) start_run(fmt::format("r{}", i));
  send_stream("r1", R"({"complete":true,"exitcode":0})");
  const char* list =
      "query ($first: Int, $after: String, $filters: JSONString) { project(name: \"demo\", entityName: \"default\") {"
      " runs(first: $first, after: $after, filters: $filters) { edges { node { name } cursor } pageInfo { endCursor "
      "hasNextPage } } } }";
  const Json first = *find_path(data(list, {{"first", 2}}), "project.runs");
  EXPECT_EQ(first.at("edges").at(0).at("node").at("name"), "r2");
  EXPECT_TRUE(first.at("pageInfo").at("hasNextPage").as_bool());
  const Json rest = *find_path(data(list, {{"after", first.at("pageInfo").at("endCursor")}}), "project.runs");
  EXPECT_EQ(rest.at("edges").as_array().size(), 1u);
  EXPECT_EQ(find_path(data(list, {{"filters", R"({"state":"finished"})"}}), "project.runs.edges")->as_array().size(),
            1u);
  EXPECT_THAT(failure(list, {{"filters", R"({"nothing":1})"}}), HasSubstr("no field of a run"));
  EXPECT_EQ(
      find_path(data("{ entity(name: \"default\") { projects { edges { node { name } } } } }"), "entity.projects.edges")
          ->at(0)
          .at("node")
          .at("name"),
      "demo");
}

TEST_F(TrackingApi, refuses_bad_runs) {
  for (const char* input : {R"({name: "a/b"})", R"({name: "r", config: "[]"})", R"({name: "r", config: "{"})",
                            R"({name: "r", modelName: "x:y"})"}) {
    EXPECT_THAT(failure(fmt::format("mutation {{ upsertBucket(input: {}) {{ inserted }} }}", input)),
                HasSubstr("invalid_argument"))
        << input;
  }
  EXPECT_THAT(failure("mutation { upsertBucket(input: {name: \"r\", entityName: \"elsewhere\"}) { inserted } }"),
              Not(HasSubstr("inserted\":true")));
  context->principal.user.admin = false;
  EXPECT_THAT(failure("mutation { upsertBucket(input: {name: \"r\", entityName: \"elsewhere\"}) { inserted } }"),
              HasSubstr("not_found"));
}

// ---- File stream and logs ---------------------------------------------------------------------------------------------------------

TEST_F(TrackingApi, the_agents_log_is_numbered_and_repeatable) {
  start_run("r1");
  const std::string chunk = R"({"files":{"launch.log":{"offset":0,"content":["one","two"]}}})";
  EXPECT_EQ(send_stream("r1", chunk).body, R"({"offsets":{"launch.log":2}})");
  EXPECT_EQ(send_stream("r1", chunk).status, 200);
  const auto gap = send_stream("r1", R"({"files":{"launch.log":{"offset":5,"content":["x"]}}})");
  EXPECT_EQ(gap.status, 409);
  EXPECT_THAT(gap.body, HasSubstr("expected offset 2, got 5"));
  EXPECT_THAT(gap.body, HasSubstr(R"("offsets":{"launch.log":2})"));
  const Json log = run("r1", "launchLogLineCount launchLog(first: 1, from: 1) logLines { edges { node { line } } }");
  EXPECT_EQ(log.at("launchLogLineCount"), 2);
  EXPECT_EQ(to_text(log.at("launchLog")), R"(["two"])");
  EXPECT_EQ(get(server.url("/api/runs/default/demo/r1/logs")).status, 401);
  EXPECT_EQ(http(keyed("GET", "/api/runs/default/demo/r1/logs"))->body, "one\ntwo\n");
  EXPECT_EQ(http(keyed("GET", "/api/runs/default/demo/r1/logs?from=1&download=1"))->body, "two\n");
  EXPECT_EQ(http(keyed("GET", "/api/runs/default/demo/r1/logs?first=1"))->body, "one\n");
  const auto page = http(keyed("GET", "/api/runs/default/demo/r1/logs?first=1&format=ndjson"))->body;
  EXPECT_EQ(page.find("\"end\""), std::string::npos) << "more follows: " << page;
  const auto last_page = http(keyed("GET", "/api/runs/default/demo/r1/logs?from=1&first=1&format=ndjson"))->body;
  EXPECT_NE(last_page.find("\"end\":true"), std::string::npos) << last_page;
  const auto frames = http(keyed("GET", "/api/runs/default/demo/r1/logs?format=ndjson"))->body;
  EXPECT_THAT(frames, StartsWith("{\"attempt\":1,\"first\":0,\"lines\":[\"one\",\"two\"]}\n{\"end\":true"));
}

TEST_F(TrackingApi, refuses_bad_streams) {
  start_run("r1");
  EXPECT_EQ(send_stream("r1", "{").status, 400);
  EXPECT_EQ(send_stream("r1", R"({"files":{"../x":{"content":[]}}})").status, 400);
  EXPECT_EQ(send_stream("nope", "{}").status, 404);
  EXPECT_EQ(send_stream("r1", std::string((10u << 20) + 1, ' ')).status, 413);
  EXPECT_EQ(http({.method = "POST", .url = server.url("/files/default/demo/r1/file_stream"), .body = "{}"})->status,
            401);
  for (const char* wrong : {"from=-1", "from=x", "attempt=0", "format=xml", "file=../x"}) {
    EXPECT_EQ(http(keyed("GET", fmt::format("/api/runs/default/demo/r1/logs?{}", wrong)))->status, 400) << wrong;
  }
  EXPECT_EQ(http(keyed("GET", "/api/runs/default/demo/nope/logs"))->status, 404);
  EXPECT_EQ(http(keyed("GET", "/api/runs/elsewhere/demo/r1/logs"))->status, 404);
}

TEST_F(TrackingApi, a_large_body_is_taken_whole) {
  start_run("r1");
  JsonArray lines;
  for (int i = 0; i < 60'000; ++i) lines.push_back(text_value(fmt::format("line {} {}", i, std::string(100, 'x'))));
  const std::string body = to_text(
      JsonObject{{"files", JsonObject{{"launch.log", JsonObject{{"offset", 0}, {"content", std::move(lines)}}}}}});
  ASSERT_LT(body.size(), 10u << 20);
  EXPECT_EQ(send_stream("r1", body).body, R"({"offsets":{"launch.log":60000}})");
  const auto log = http(keyed("GET", "/api/runs/default/demo/r1/logs?from=59999"));
  EXPECT_THAT(log->body, StartsWith("line 59999 "));
}

TEST_F(TrackingApi, a_follower_hears_every_line_and_the_end) {
  start_run("r1");
  std::string heard;
  net::ClientRequest request = keyed("GET", "/api/runs/default/demo/r1/logs?follow=1&file=launch.log");
  request.timeout.reset();
  request.on_data = [&](std::string_view piece) {
    heard += piece;
    return true;
  };
  bool ended = false;
  scope.spawn("follower", [&]() -> asio::awaitable<void> {
    auto response = co_await client.send(request);
    ended = response.has_value();
  });
  for (int i = 0; i < 5; ++i) {
    send_stream("r1", fmt::format(R"({{"files":{{"launch.log":{{"offset":{},"content":["line {}"]}}}}}})", i, i));
    while (heard.find(fmt::format("line {}\n", i)) == std::string::npos) ASSERT_GT(io.run_one(), 0u);
  }
  send_stream("r1",
              R"({"files":{"launch.log":{"offset":5,"content":[],"complete":true}},"complete":true,"exitcode":0})");
  while (!ended) ASSERT_GT(io.run_one(), 0u);
  EXPECT_EQ(heard, "line 0\nline 1\nline 2\nline 3\nline 4\n");
}

// ---- Files --------------------------------------------------------------------------------------------------------------------

TEST_F(TrackingApi, files_of_runs_go_up_and_down_by_signed_addresses) {
  start_run("r1");
  const std::string address = grant_run_file("code/error.log");
  const auto stored = put(address, "boom\n");
  EXPECT_EQ(stored.status, 200) << stored.body;
  EXPECT_EQ(stored.headers.get("ETag"), "\"" + md5_hex("boom\n") + "\"");
  const Json file =
      run("r1", "files { edges { node { name sizeBytes md5 directUrl } } }").at("files").at("edges").at(0).at("node");
  EXPECT_EQ(file.at("name"), "code/error.log");
  EXPECT_EQ(file.at("sizeBytes"), 5);
  EXPECT_EQ(get(std::string(file.at("directUrl").as_string())).body, "boom\n");
  EXPECT_EQ(http(keyed("GET", "/files/default/demo/r1/code/error.log"))->body, "boom\n");
  EXPECT_EQ(get(server.url("/files/default/demo/r1/code/error.log")).status, 401);
  net::ClientRequest range{.url = std::string(file.at("directUrl").as_string())};
  range.headers.set("Range", "bytes=1-2");
  EXPECT_EQ(http(range)->body, "oo");
  EXPECT_EQ(put(address, "again").status, 200);
  EXPECT_EQ(http(keyed("GET", "/files/default/demo/r1/code/error.log"))->body, "again");
}

TEST_F(TrackingApi, signed_addresses_cannot_be_bent) {
  start_run("r1");
  const std::string up = grant_run_file("a.txt");
  std::string changed = up;
  changed[changed.find("/storage/") + 12] ^= 1;
  EXPECT_EQ(put(changed, "x").status, 403);
  EXPECT_EQ(get(up).status, 403);
  put(up, "x");
  const std::string down(run("r1", "files { edges { node { directUrl } } }")
                             .at("files")
                             .at("edges")
                             .at(0)
                             .at("node")
                             .at("directUrl")
                             .as_string());
  EXPECT_EQ(put(down, "y").status, 403);
  clock.advance(std::chrono::hours(25));
  EXPECT_EQ(put(up, "x").status, 403);
  EXPECT_EQ(get(down).status, 403);
  EXPECT_EQ(get(server.url("/storage/nonsense")).status, 403);
}

TEST_F(TrackingApi, names_of_files_cannot_leave_their_run) {
  start_run("r1");
  for (const char* name : {"../x", "/etc/passwd", "a/../../b", "", "a//b", "a\\\\b"}) {
    EXPECT_THAT(failure(fmt::format("mutation {{ createRunFiles(input: {{entityName: \"default\", projectName: "
                                    "\"demo\", runName: \"r1\", files: [\"{}\"]}})"
                                    " {{ runID }} }}",
                                    name)),
                HasSubstr("invalid_argument"))
        << name;
  }
}

TEST_F(TrackingApi, uploads_that_are_wrong_leave_nothing) {
  start_run("r1");
  const std::string address = grant_run_file("a.txt");
  EXPECT_EQ(put(address, "hello", {{"Content-MD5", md5_base64("other")}}).status, 400);
  EXPECT_EQ(put(address, "hello", {{"Content-MD5", "garbage"}}).status, 400);
  EXPECT_EQ(put(address, std::string((8u << 20) + 1, 'x')).status, 413);
  EXPECT_EQ(files_in("blobs"), 0u);
  EXPECT_EQ(files_in("uploads"), 0u);
  EXPECT_EQ(put(address, "hello", {{"Content-MD5", md5_base64("hello")}}).status, 200);
  EXPECT_EQ(files_in("blobs"), 1u);
}

TEST_F(TrackingApi, an_upload_that_stops_half_way_leaves_nothing) {
  start_run("r1");
  const std::string address = grant_run_file("a.txt");
  const auto big = folder.path() / "big";
  std::ofstream(big) << std::string(6u << 20, 'x');
  bool ended = false;
  scope.spawn("upload", [&]() -> asio::awaitable<void> {
    net::ClientRequest request;
    request.method = "PUT";
    request.url = address;
    request.body_file = big;
    auto response = co_await client.send(std::move(request));
    ended = true;
  });
  while (files_in("uploads") == 0 && !ended) ASSERT_GT(io.run_one(), 0u);
  ok([&]() -> Task<> {
    co_await scope.stop();
    co_return Result<>();
  });
  while (files_in("uploads") > 0) ASSERT_GT(io.run_one(), 0u);
  EXPECT_EQ(http(keyed("GET", "/files/default/demo/r1/a.txt"))->status, 404);
}

}  // namespace
}  // namespace slipway::server
