#include "server/service/schema_check.h"

#include <gmock/gmock.h>

namespace slipway::server {
namespace {

TEST(SchemaCheck, NamesTheFieldAndLeavesOpenValuesAlone) {
  const Json schema = *parse_json(
      R"({"type":"object","properties":{"spec":{"type":"object","properties":{"count":{"type":"integer"}}},"name":{"type":"string"}}})");
  struct Case {
    const char* name;
    const char* document;
    std::vector<std::string> paths;
  };
  const std::vector<Case> cases = {
      {"fits", R"({"spec":{"count":1},"name":"x"})", {}},
      {"wrong leaf", R"({"spec":{"count":"one"}})", {"spec.count"}},
      {"two wrong leaves", R"({"spec":{"count":"one"},"name":2})", {"spec.count", "name"}},
      {"variable", R"({"spec":{"count":"{{n}}"}})", {}},
      {"macro", R"({"spec":{"count":"${n}"}})", {}},
      {"unknown key", R"({"other":1})", {}},
  };
  for (const auto& each : cases) {
    std::vector<std::string> paths;
    for (const auto& problem : check_schema(schema, *parse_json(each.document))) paths.push_back(problem.path);
    EXPECT_THAT(paths, testing::UnorderedElementsAreArray(each.paths)) << each.name;
  }
  EXPECT_TRUE(check_schema(Json(), Json(1)).empty());
}

}  // namespace
}  // namespace slipway::server
