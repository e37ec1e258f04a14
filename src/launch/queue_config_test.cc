#include "launch/queue_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;

const ResourceKind kKubernetes{"kubernetes", {"k8s"}};
const ResourceKind kDocker{"local-container", {"Docker", "local", ""}};

struct ReadCase {
  const char* name;
  const char* text;
  const char* document;
};

class QueueConfigRead : public ::testing::TestWithParam<ReadCase> {};

TEST_P(QueueConfigRead, GivesTheBareDocument) {
  const auto config = parse_queue_config(GetParam().text, kKubernetes);
  ASSERT_TRUE(config) << config.error().to_string();
  EXPECT_EQ(to_text(Json(config->document)), GetParam().document);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, QueueConfigRead,
    ::testing::Values(ReadCase{"yaml", "spec:\n  x: 1\n", R"({"spec":{"x":1}})"},
                      ReadCase{"json", R"({"spec":{"x":1}})", R"({"spec":{"x":1}})"}, ReadCase{"blank", " \n", "{}"},
                      ReadCase{"null_text", "null", "{}"},
                      ReadCase{"outer_key", "kubernetes:\n  kind: Job\n", R"({"kind":"Job"})"},
                      ReadCase{"outer_alias", "K8S:\n  kind: Job\n", R"({"kind":"Job"})"},
                      ReadCase{"empty_outer_key", "kubernetes:\n", "{}"},
                      ReadCase{"wire_form", R"({"resource_args":{"kubernetes":{"kind":"Job"}}})", R"({"kind":"Job"})"},
                      ReadCase{"empty_wire_form", R"({"resource_args":{}})", "{}"},
                      ReadCase{"a_member_of_that_name", "kubernetes: {a: 1}\nkind: Job\n",
                               R"({"kubernetes":{"a":1},"kind":"Job"})"},
                      ReadCase{"a_scalar_of_that_name", "kubernetes: yes\n", R"({"kubernetes":"yes"})"}),
    [](const auto& tested) { return tested.param.name; });

TEST(QueueConfig, SaysThatAnOuterKeyWasTakenOff) {
  const auto config = parse_queue_config("# sample\nkubernetes:\n  kind: Job\n", kKubernetes, "q.yaml");
  ASSERT_EQ(config->notices.size(), 1U);
  EXPECT_THAT(config->notices[0].to_string(),
              HasSubstr("q.yaml, line 2, column 1: kubernetes: the outer key was taken off"));
}

TEST(QueueConfig, RefusesWhatIsNoMapOrForAnotherResource) {
  EXPECT_THAT(parse_queue_config("- a\n", kDocker).error().to_string(), HasSubstr("must be a map, got array"));
  EXPECT_THAT(parse_queue_config("just text", kDocker).error().to_string(), HasSubstr("must be a map, got string"));
  const auto other = parse_queue_config(R"({"resource_args":{"kubernetes":{}}})", kDocker);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().to_string(),
              HasSubstr("names 'kubernetes', but the queue's resource is 'local-container'"));
  EXPECT_THAT(parse_queue_config("a:\n\t- b", kDocker, "q.yaml").error().to_string(),
              HasSubstr("q.yaml, line 2, column 1: tab used"));
  EXPECT_FALSE(parse_queue_config("{\"a\":", kDocker));
}

TEST(QueueConfig, TravelsWrapped) {
  const auto wire = to_wire(kDocker, {{"gpus", "all"}});
  EXPECT_EQ(to_text(wire), R"({"resource_args":{"local-container":{"gpus":"all"}}})");
  EXPECT_EQ(to_text(Json(queue_config_from_json(wire, kDocker)->document)), R"({"gpus":"all"})");
}

}  // namespace
}  // namespace slipway::launch
