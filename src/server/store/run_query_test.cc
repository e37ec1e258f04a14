#include "server/store/run_query.h"

#include <gmock/gmock.h>

#include "server/store/tracking.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;

Run example() {
  Run run;
  run.key = {.entity = "default", .project = "demo", .name = "r1"};
  run.display_name = "run 1";
  run.state = "finished";
  run.user = "ann";
  run.job_type = "train";
  run.tags = *parse_json(R"(["best","large"])");
  run.config =
      *parse_json(R"({"lr":{"value":0.1},"model":{"value":{"size":2}},"a.b":{"value":"x"},"_wandb":{"value":{}}})");
  run.summary = *parse_json(R"({"loss":3,"val":{"acc":0.5},"note":"NaN"})");
  return run;
}

bool matches(std::string_view filters) {
  const auto query = RunQuery::parse(filters, "");
  EXPECT_TRUE(query) << query.error().to_string();
  return query && query->matches(example());
}

std::string refusal(std::string_view filters, std::string_view order = "") {
  const auto query = RunQuery::parse(filters, order);
  return query ? "" : query.error().to_string();
}

TEST(RunQuery, fields_have_two_spellings) {
  EXPECT_TRUE(
      matches(R"({"jobType":"train","job_type":"train","display_name":"run 1","displayName":{"$eq":"run 1"}})"));
  EXPECT_FALSE(matches(R"({"username":"bob"})"));
  EXPECT_TRUE(matches("{}"));
  EXPECT_TRUE(matches("null"));
}

TEST(RunQuery, settings_are_found_with_and_without_their_wrapping) {
  EXPECT_TRUE(matches(R"({"config.lr":0.1})"));
  EXPECT_TRUE(matches(R"({"config.lr.value":0.1})"));
  EXPECT_TRUE(matches(R"({"config.model.size":2,"config.a.b":"x","summary_metrics.val.acc":{"$lt":0.6}})"));
  EXPECT_FALSE(matches(R"({"config.model.depth":{"$exists":true}})"));
}

TEST(RunQuery, lists_are_matched_by_what_they_hold) {
  EXPECT_TRUE(matches(R"({"tags":"best"})"));
  EXPECT_TRUE(matches(R"({"tags":{"$in":["small","large"]}})"));
  EXPECT_FALSE(matches(R"({"tags":{"$nin":["large"]}})"));
  EXPECT_TRUE(matches(R"({"tags":{"$regex":"^lar"}})"));
}

TEST(RunQuery, values_of_other_kinds_are_not_compared) {
  EXPECT_FALSE(matches(R"({"summary_metrics.note":{"$gt":1}})"));
  EXPECT_FALSE(matches(R"({"summary_metrics.absent":{"$lt":1}})"));
  EXPECT_TRUE(matches(R"({"summary_metrics.loss":3.0})"));
}

TEST(RunQuery, conditions_are_combined) {
  EXPECT_TRUE(matches(R"({"$or":[{"state":"x"},{"state":"finished"}],"$nor":[{"state":"x"}]})"));
  EXPECT_FALSE(matches(R"({"$and":[{"state":"finished"},{"state":{"$not":{"$in":["finished"]}}}]})"));
}

TEST(RunQuery, refuses_what_it_does_not_know_and_says_where) {
  EXPECT_THAT(refusal(R"({"nothing":1})"), HasSubstr("'nothing' is no field of a run"));
  EXPECT_THAT(refusal(R"({"config":1})"), HasSubstr("'config' is no field"));
  EXPECT_THAT(refusal(R"({"state":{"$where":"1"}})"), HasSubstr("'$where' is no operator"));
  EXPECT_THAT(refusal(R"({"state":{"$in":"x"}})"), HasSubstr("needs a list"));
  EXPECT_THAT(refusal(R"({"state":{"$regex":"("}})"), HasSubstr("no regular expression"));
  EXPECT_THAT(refusal(R"([])"), HasSubstr("expected an object, got array"));
  EXPECT_THAT(refusal("{}", "-nothing"), HasSubstr("cannot be sorted by 'nothing'"));
  std::string deep = R"({"state":"x"})";
  for (int i = 0; i < 20; ++i) deep = R"({"$and":[)" + deep + "]}";
  EXPECT_NE(refusal(deep), "");
}

TEST(RunQuery, orders) {
  const auto creation = RunQuery::parse("", "+createdAt");
  ASSERT_TRUE(creation);
  EXPECT_TRUE(creation->by_creation() && creation->ascending());
  EXPECT_FALSE(RunQuery::parse("", "")->ascending());
  const auto loss = RunQuery::parse("", "-summary_metrics.loss");
  ASSERT_TRUE(loss);
  EXPECT_FALSE(loss->by_creation() || loss->ascending());
  EXPECT_EQ(loss->sort_value(example()), Json(3));
  EXPECT_TRUE(RunQuery::before(Json(1), Json(1.5)));
  EXPECT_TRUE(RunQuery::before(Json(9), Json("a")));
}

}  // namespace
}  // namespace slipway::server
