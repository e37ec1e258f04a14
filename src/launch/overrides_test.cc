#include "launch/overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;

Json json(std::string_view text) { return *parse_json(text); }

QueueRules docker_queue(std::string_view document, std::string_view templates = "{}", std::string_view policy = "{}") {
  return {.document = json(document).get_object(),
          .templates = *parse_template_schema(json(templates)),
          .policy = *parse_policy(json(policy)),
          .rules = {.resource = "local-container",
                    .submitter_may_override = docker_submitter_options(),
                    .refuse = refuse_docker_values,
                    .ask = "an admin of 'team'"},
          .kind = {"local-container", {"Docker", ""}}};
}

Result<RenderedArgs> render(const QueueRules& queue, std::string_view spec, std::string_view values = "{}") {
  return render_resource_args(queue, *parse_launch_spec_text(spec), json(values).get_object());
}

std::string document(const Result<RenderedArgs>& rendered) {
  return rendered ? canonical_text(Json(rendered->document)) : rendered.error().to_string();
}

constexpr std::string_view kGpus =
    R"({"gpus":{"schema":{"type":"integer","default":1,"maximum":4}},"name":{"schema":{"type":"string","default":"x"}}})";

TEST(Render, AnItemWithoutOverridesGetsTheQueuesConfiguration) {
  EXPECT_EQ(document(render(docker_queue(R"({"volume":"/a:/a","image":"${image_uri}","e":["K=${SECRET_OF_ADMIN}"]})"),
                            R"({"job":"j"})")),
            R"({"e":["K=${SECRET_OF_ADMIN}"],"image":"${image_uri}","volume":"/a:/a"})");
}

TEST(Render, OverridesWinForThisItemUnderAnyNameOfTheResource) {
  EXPECT_EQ(document(render(docker_queue(R"({"cpus":1,"rm":true})"),
                            R"({"job":"j","resource_args":{"docker":{"cpus":8,"memory":"2g"}}})")),
            R"({"cpus":8,"memory":"2g","rm":true})");
}

TEST(Render, TemplateValuesOfTheCallWinOverThoseOfTheSpec) {
  const auto queue = docker_queue(R"({"gpus":"{{gpus}}","name":"a-{{name}}"})", kGpus);
  const auto rendered = render(queue, R"({"job":"j","template_variables":{"gpus":2,"name":"b"}})", R"({"gpus":3})");
  EXPECT_EQ(document(rendered), R"({"gpus":3,"name":"a-b"})");
  EXPECT_EQ(canonical_text(Json(rendered->template_values)), R"({"gpus":3,"name":"b"})");
}

struct RefusedCase {
  const char* name;
  QueueRules queue;
  const char* spec;
  Code code;
  const char* says;
};

class RenderRefused : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(RenderRefused, SaysWhatAndWhomToAsk) {
  const auto rendered = render(GetParam().queue, GetParam().spec);
  ASSERT_FALSE(rendered) << document(rendered);
  EXPECT_EQ(rendered.error().code(), GetParam().code);
  EXPECT_THAT(rendered.error().to_string(), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, RenderRefused,
    ::testing::Values(
        RefusedCase{"not_listed", docker_queue("{}"),
                    R"({"job":"j","resource_args":{"local-container":{"volume":"/:/h"}}})", Code::permission_denied,
                    "resource_args.local-container.volume: may not be changed at submission: it is not among "
                    "the fields that submitters of this queue may change. Ask an admin of 'team'"},
        RefusedCase{"beside_templates", docker_queue(R"({"gpus":"{{gpus}}"})", kGpus),
                    R"({"job":"j","resource_args":{"local-container":{"cpus":1}}})", Code::permission_denied,
                    "template variables only"},
        RefusedCase{"value_out_of_range", docker_queue(R"({"gpus":"{{gpus}}"})", kGpus),
                    R"({"job":"j","template_variables":{"gpus":9}})", Code::invalid_argument,
                    "9 is too large. Allowed: at most 4"},
        RefusedCase{"no_value", docker_queue(R"({"gpus":"{{n}}"})", R"({"n":{"schema":{"type":"integer"}}})"),
                    R"({"job":"j"})", Code::invalid_argument, "'n' (used in gpus) has no value"},
        RefusedCase{"no_overrides_at_all", docker_queue(R"({"gpus":"{{gpus}}"})", kGpus, R"({"overrides":"none"})"),
                    R"({"job":"j","template_variables":{"gpus":1}})", Code::permission_denied,
                    "template_variables: may not be set"},
        RefusedCase{"locked_entry_point", docker_queue("{}", "{}", R"({"lock":["overrides.entry_point"]})"),
                    R"({"job":"j","overrides":{"entry_point":["sh"]}})", Code::permission_denied,
                    "overrides.entry_point: may not be set at submission: it is locked"},
        RefusedCase{"other_resource", docker_queue("{}"),
                    R"({"job":"j","resource_args":{"kubernetes":{"kind":"Job"}}})", Code::invalid_argument,
                    "the queue's resource is 'local-container'"},
        RefusedCase{"environment_macro_in_override", docker_queue("{}"),
                    R"({"job":"j","resource_args":{"docker":{"env":["K=${AWS_SECRET}"]}}})", Code::permission_denied,
                    "resource_args.local-container.env[0]: ${AWS_SECRET} reads the agent's environment"},
        RefusedCase{"environment_macro_in_value", docker_queue(R"({"name":"{{name}}"})", kGpus),
                    R"({"job":"j","template_variables":{"name":"${AWS_SECRET}"}})", Code::permission_denied,
                    "template_variables.name: ${AWS_SECRET} reads"},
        RefusedCase{"required", docker_queue(R"({"workdir":"<REQUIRED>"})"), R"({"job":"j"})", Code::invalid_argument,
                    "resource_args.local-container.workdir: the placeholder REQUIRED was never filled"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Render, BuiltInMacrosMayStandInOverrides) {
  EXPECT_EQ(document(render(docker_queue("{}"), R"({"job":"j","resource_args":{"docker":{"env":["R=${run_id}"]}}})")),
            R"({"env":["R=${run_id}"]})");
}

TEST(Render, ARequiredFieldMayBeFilledBySomebodyWhoIsAllowedTo) {
  EXPECT_EQ(document(render(docker_queue(R"({"workdir":"REQUIRED"})"),
                            R"({"job":"j","resource_args":{"docker":{"workdir":"/w"}}})")),
            R"({"workdir":"/w"})");
}

TEST(Render, AllRefusalsComeTogether) {
  const auto rendered =
      render(docker_queue("{}", "{}", R"({"lock":["overrides.args"]})"),
             R"({"job":"j","overrides":{"args":["a"]},"resource_args":{"docker":{"volume":"/","network":"host"}}})");
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().problems().size(), 3U) << rendered.error().to_string();
}

}  // namespace
}  // namespace slipway::launch
