#include "plugins/sources/artifact/artifact_fetcher.h"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/with_scope.h"
#include "base/ids.h"
#include "net/testing.h"

namespace slipway::plugins::sources::artifact {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A server with one artifact, whose files the test sets. Answers as slipway and W&B servers do, two files a page.
class ArtifactFetcherTest : public testing::Test {
 protected:
  archive::TemporaryFolder folder_ = *archive::TemporaryFolder::create("artifact-fetcher-");
  asio::io_context io_;
  asio::thread_pool pool_{2};
  std::optional<net::LoopbackServer> server_;
  Context context_;
  std::unique_ptr<ArtifactFetcher> fetcher_;

  std::map<std::string, std::string> files_ = {{"train.py", "print(1)\n"}, {"data/a.txt", "a"}, {"data/b.txt", "b"}};
  std::set<std::string> lost_;     ///< Answered with 404.
  std::set<std::string> damaged_;  ///< Other bytes than the manifest says.
  std::string state_ = "COMMITTED";
  bool known_ = true;
  std::vector<std::string> downloads_;
  std::vector<std::string> operations_;

  void SetUp() override {
    server_.emplace(io_, [this](net::Exchange& exchange) { return answer(exchange); });
    context_.http = std::make_shared<net::HttpClient>();
    client::Connection connection;
    connection.base_url = server_->url("");
    connection.api_key = Secret("key");
    context_.api = std::make_shared<client::ApiClient>(context_.http, connection);
    context_.executor = io_.get_executor();
    context_.blocking = &pool_;
    context_.state_dir = folder_.path() / "state";
    fetcher_ = std::make_unique<ArtifactFetcher>(context_);
  }

  Json artifact() const {
    const Json project = JsonObject{{"name", "vision"}, {"entity", JsonObject{{"name", "team"}}}};
    return JsonObject{{"id", "QTox"},
                      {"digest", "d1"},
                      {"state", state_},
                      {"versionIndex", 3},
                      {"metadata", R"({"_partial": true})"},
                      {"artifactType", JsonObject{{"name", "code"}}},
                      {"artifactSequence", JsonObject{{"name", "code"}, {"project", project}}}};
  }
  Json file_page(const std::string& cursor) const {
    JsonArray edges;
    const auto from = cursor.empty() ? 0u : static_cast<unsigned>(std::stoi(cursor));
    unsigned index = 0;
    for (const auto& [path, content] : files_) {
      const bool here = index >= from && index < from + 2;
      ++index;
      if (here)
        edges.push_back(JsonObject{
            {"node", JsonObject{{"name", path}, {"directUrl", server_->url("/files/" + net::url_encode(path))}}}});
    }
    const bool more = from + 2 < files_.size();
    return JsonObject{{"pageInfo", JsonObject{{"endCursor", std::to_string(from + 2)}, {"hasNextPage", more}}},
                      {"edges", edges}};
  }
  Json manifest() const {
    JsonObject contents;
    for (const auto& [path, content] : files_)
      contents[path] = JsonObject{{"digest", md5_base64(content)}, {"size", content.size()}};
    return JsonObject{{"version", 1}, {"contents", contents}};
  }
  Json data_for(const Json& request) {
    const auto query = text_or(request, "query");
    const auto operation = query.substr(6, query.find('(') - 6);
    operations_.push_back(operation);
    if (operation == "ArtifactByID") return JsonObject{{"artifact", known_ ? artifact() : Json()}};
    if (operation == "ArtifactMembershipByName") {
      const Json membership = JsonObject{
          {"versionIndex", 3}, {"artifactCollection", JsonObject{{"name", "code"}}}, {"artifact", artifact()}};
      return JsonObject{{"project", JsonObject{{"artifactCollectionMembership", known_ ? membership : Json()}}}};
    }
    if (operation == "FetchArtifactManifest") {
      return JsonObject{
          {"artifact", JsonObject{{"currentManifest",
                                   JsonObject{{"file", JsonObject{{"directUrl", server_->url("/manifest")}}}}}}}};
    }
    EXPECT_EQ(text_or(*find(request, "variables"), "alias"), "v3");
    const Json membership = JsonObject{
        {"artifactMembership", JsonObject{{"files", file_page(text_or(*find(request, "variables"), "cursor"))}}}};
    return JsonObject{{"project", JsonObject{{"artifactCollection", membership}}}};
  }
  Task<> answer(net::Exchange& exchange) {
    CO_TRY(const auto body, co_await exchange.read_body(1 << 20));
    const auto path = exchange.request().path;
    net::ServerResponse response = net::ServerResponse::text(404, "");
    if (path == "/graphql") {
      response = net::ServerResponse::json(200, to_text(JsonObject{{"data", data_for(*parse_json(body))}}));
    } else if (path == "/manifest") {
      response = net::ServerResponse::json(200, to_text(manifest()));
    } else if (const auto name = path.substr(7); !lost_.contains(name)) {
      downloads_.push_back(name);
      response = net::ServerResponse::text(200, damaged_.contains(name) ? "damaged" : files_.at(name));
    }
    co_return co_await exchange.respond(std::move(response));
  }
  Result<FetchedArtifact> fetch(const std::string& reference = "wandb-artifact://_id/QTox") {
    return run_task(io_, [&] { return fetcher_->fetch(reference); });
  }
  static std::string content(const fs::path& file) { return archive::read_file(file).value_or("absent"); }
};

TEST_F(ArtifactFetcherTest, BringsTheTree) {
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().to_string();
  EXPECT_EQ(content(fetched->dir / "train.py"), "print(1)\n");
  EXPECT_EQ(content(fetched->dir / "data/b.txt"), "b");
  EXPECT_EQ(fetched->qualified_name, "team/vision/code:v3");
  EXPECT_EQ(fetched->type, "code");
  EXPECT_EQ(fetched->digest, "d1");
  EXPECT_TRUE(bool_or(fetched->metadata, "_partial", false));
}

TEST_F(ArtifactFetcherTest, WhatIsHereIsNotDownloadedAgain) {
  const auto first = fetch();
  downloads_.clear();
  fetcher_ = std::make_unique<ArtifactFetcher>(context_);
  const auto by_name = fetch("team/vision/code:latest");
  ASSERT_TRUE(first && by_name);
  EXPECT_EQ(by_name->dir, first->dir);
  EXPECT_THAT(downloads_, IsEmpty());

  files_["train.py"] = "print(2)\n";
  const auto next_version = fetch();
  ASSERT_TRUE(next_version);
  EXPECT_THAT(downloads_, ElementsAre("train.py")) << "the rest is the same";
  EXPECT_EQ(content(next_version->dir / "train.py"), "print(2)\n");
  EXPECT_EQ(content(first->dir / "train.py"), "print(1)\n");
}

TEST_F(ArtifactFetcherTest, GoesOnWhereItWasInterrupted) {
  lost_ = {"train.py"};
  const auto interrupted = fetch();
  ASSERT_FALSE(interrupted);
  EXPECT_THAT(interrupted.error().message(), HasSubstr("train.py"));
  downloads_.clear();
  lost_.clear();
  ASSERT_TRUE(fetch());
  EXPECT_THAT(downloads_, ElementsAre("train.py"));
}

TEST_F(ArtifactFetcherTest, ADamagedFileIsNotKept) {
  damaged_ = {"data/a.txt"};
  const auto damaged = fetch();
  ASSERT_FALSE(damaged);
  EXPECT_THAT(damaged.error().message(), HasSubstr("data/a.txt"));
  damaged_.clear();
  ASSERT_TRUE(fetch());
}

TEST_F(ArtifactFetcherTest, EqualFilesAreDownloadedOnce) {
  for (int i = 0; i < 40; ++i) files_["copy" + std::to_string(i)] = "the same";
  ASSERT_TRUE(fetch());
  EXPECT_THAT(downloads_, SizeIs(4));
}

TEST_F(ArtifactFetcherTest, EqualFetchesInFlightAreDoneOnce) {
  int good = 0;
  auto one = [&]() -> asio::awaitable<void> {
    const auto fetched = co_await fetcher_->fetch("team/vision/code:v3");
    good += fetched ? 1 : 0;
  };
  std::function<Task<>(Scope&)> many = [&](Scope& scope) -> Task<> {
    for (int i = 0; i < 50; ++i) scope.spawn("fetch", one);
    co_await scope.wait_idle();
    co_return Result<>();
  };
  ASSERT_TRUE(run_task(io_, [&] { return with_scope<>(many); }));
  EXPECT_EQ(good, 50);
  EXPECT_THAT(downloads_, SizeIs(3));
}

TEST_F(ArtifactFetcherTest, SaysWhatIsNotThere) {
  known_ = false;
  for (const auto* reference : {"wandb-artifact://_id/QTox", "team/vision/code:v9"}) {
    const auto absent = fetch(reference);
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code(), Code::not_found);
    EXPECT_THAT(absent.error().message(), HasSubstr(reference));
  }
  known_ = true;
  state_ = "DELETED";
  const auto deleted = fetch();
  ASSERT_FALSE(deleted);
  EXPECT_THAT(deleted.error().message(), HasSubstr("deleted"));
}

TEST_F(ArtifactFetcherTest, AManifestThatLeavesTheTreeIsRefused) {
  files_["../../escaped"] = "x";
  const auto fetched = fetch();
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code(), Code::invalid_argument);
  EXPECT_THAT(downloads_, IsEmpty());
}

}  // namespace
}  // namespace slipway::plugins::sources::artifact
