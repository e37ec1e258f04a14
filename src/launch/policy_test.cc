#include "launch/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;

Json json(std::string_view text) { return *parse_json(text); }

Policy policy(std::string_view text) {
  auto parsed = parse_policy(json(text));
  EXPECT_TRUE(parsed) << parsed.error().to_string();
  return *parsed;
}

ResourceRules docker() {
  return {.resource = "local-container",
          .submitter_may_override = docker_submitter_options(),
          .refuse = refuse_docker_values,
          .ask = "an admin of 'team'"};
}

ResourceRules kubernetes() {
  return {.resource = "kubernetes", .submitter_may_override = {"*"}, .refuse = refuse_privileged_fields};
}

std::vector<std::string> paths(const std::vector<Problem>& problems) {
  std::vector<std::string> out;
  for (const auto& problem : problems) out.push_back(problem.path);
  return out;
}

TEST(Policy, ReadsAndWritesBack) {
  for (const char* text :
       {"{}", R"({"overrides":"none"})",
        R"({"overrides":"allow-list","allow":["env"],"lock":["overrides.entry_point"]})", R"({"overrides":"any"})"}) {
    EXPECT_EQ(to_text(to_json(policy(text))), text);
  }
  EXPECT_FALSE(parse_policy(nullptr)->mode);
  const auto wrong = parse_policy(json(R"({"overrides":"all","alow":[],"lock":["",1]})"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().problems().size(), 4U) << wrong.error().to_string();
  EXPECT_THAT(wrong.error().to_string(), HasSubstr("Did you mean 'allow'?"));
}

struct DockerCase {
  const char* name;
  const char* policy;
  const char* admin;
  const char* submitter;
  std::vector<std::string> refused;
};

class DockerPolicy : public ::testing::TestWithParam<DockerCase> {};

TEST_P(DockerPolicy, RefusesExactly) {
  const auto& tested = GetParam();
  const auto problems =
      check_resource_overrides(policy(tested.policy), docker(), false, json(tested.admin), json(tested.submitter));
  EXPECT_EQ(paths(problems), tested.refused) << (problems.empty() ? "" : problems[0].to_string());
}

const char* const kAdmin = R"({"env":["A=1","SECRET"],"volume":"/mnt:/mnt","rm":true,"gpus":"all","privileged":true})";

INSTANTIATE_TEST_SUITE_P(
    Cases, DockerPolicy,
    ::testing::Values(
        DockerCase{"admin_values_are_never_refused", "{}", kAdmin, "{}", {}},
        DockerCase{"the_same_again_is_no_change", "{}", kAdmin, kAdmin, {}},
        DockerCase{"listed_options", "{}", "{}", R"({"cpus":2,"memory":"1g","env":["A=2"],"gpus":"device=0"})", {}},
        DockerCase{"any_spelling_of_them", "{}", "{}", R"({"--shm_size":"1g","E":["A=1"],"CPU-Shares":5})", {}},
        DockerCase{"volume", "{}", "{}", R"({"volume":"/:/host"})", {"resource_args.local-container.volume"}},
        DockerCase{"short_volume", "{}", "{}", R"({"v":"/:/host"})", {"resource_args.local-container.v"}},
        DockerCase{"privileged",
                   "{}",
                   "{}",
                   R"({"privileged":true,"network":"host","rm":false})",
                   {"resource_args.local-container.privileged", "resource_args.local-container.network",
                    "resource_args.local-container.rm"}},
        DockerCase{"builder_base_image",
                   "{}",
                   "{}",
                   R"({"builder":{"accelerator":{"base_image":"evil"}}})",
                   {"resource_args.local-container.builder.accelerator.base_image"}},
        DockerCase{"boolean_value", "{}", "{}", R"({"memory":true})", {"resource_args.local-container.memory"}},
        DockerCase{"map_value", "{}", "{}", R"({"env":{"A":"1"}})", {"resource_args.local-container.env"}},
        DockerCase{"empty_list", "{}", "{}", R"({"ulimit":[]})", {"resource_args.local-container.ulimit"}},
        DockerCase{"variable_of_the_agent",
                   "{}",
                   "{}",
                   R"({"env":["AWS_SECRET_ACCESS_KEY"]})",
                   {"resource_args.local-container.env[0]"}},
        DockerCase{"variable_of_the_agent_as_text",
                   "{}",
                   "{}",
                   R"({"e":"AWS_SECRET_ACCESS_KEY"})",
                   {"resource_args.local-container.e"}},
        DockerCase{"variable_that_the_admin_passes_on", "{}", kAdmin, R"({"env":["A=2","SECRET"]})", {}},
        DockerCase{"allowed_in_addition",
                   R"({"allow":["resource_args.local-container.volume"]})",
                   "{}",
                   R"({"volume":"/x:/x"})",
                   {}},
        DockerCase{"allowed_by_bare_name", R"({"allow":["volume"]})", "{}", R"({"--volume":"/x:/x"})", {}},
        DockerCase{
            "locked", R"({"lock":["env"]})", "{}", R"({"e":["A=1"],"cpus":1})", {"resource_args.local-container.e"}},
        DockerCase{"none", R"({"overrides":"none"})", "{}", R"({"cpus":1})", {"resource_args.local-container.cpus"}},
        DockerCase{"templated",
                   R"({"overrides":"templated"})",
                   R"({"cpus":1})",
                   R"({"cpus":2})",
                   {"resource_args.local-container.cpus"}},
        DockerCase{"any", R"({"overrides":"any"})", "{}", R"({"privileged":true})", {}},
        DockerCase{"any_but_locked",
                   R"({"overrides":"any","lock":["resource_args.privileged"]})",
                   "{}",
                   R"({"privileged":true})",
                   {"resource_args.local-container.privileged"}},
        DockerCase{"taking_an_admin_value_away",
                   "{}",
                   kAdmin,
                   R"({"volume":null})",
                   {"resource_args.local-container.volume"}}),
    [](const auto& tested) { return tested.param.name; });

TEST(Policy, WithTemplatesOnlyTemplatesMayChange) {
  EXPECT_TRUE(check_resource_overrides({}, docker(), false, json("{}"), json(R"({"cpus":1})")).empty());
  const auto problems = check_resource_overrides({}, docker(), true, json("{}"), json(R"({"cpus":1})"));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].message,
            "may not be changed at submission: this queue lets submitters set its template variables only. "
            "Ask an admin of 'team'");
  EXPECT_TRUE(check_resource_overrides(policy(R"({"overrides":"allow-list"})"), docker(), true, json("{}"),
                                       json(R"({"cpus":1})"))
                  .empty());
}

constexpr std::string_view kPod =
    R"({"spec":{"template":{"spec":{"containers":[{"name":"a","image":"x","securityContext":{"runAsNonRoot":true}}]}}}})";

struct KubernetesCase {
  const char* name;
  const char* submitter;
  const char* refused;  ///< Relative path, nullptr when allowed.
};

class KubernetesPolicy : public ::testing::TestWithParam<KubernetesCase> {};

TEST_P(KubernetesPolicy, SearchesEverywhere) {
  const auto problems = check_resource_overrides({}, kubernetes(), false, json(kPod), json(GetParam().submitter));
  if (!GetParam().refused) {
    EXPECT_TRUE(problems.empty()) << problems[0].to_string();
  } else {
    EXPECT_THAT(paths(problems), ::testing::Contains(std::string("resource_args.kubernetes.") + GetParam().refused));
  }
}

INSTANTIATE_TEST_SUITE_P(
    F7, KubernetesPolicy,
    ::testing::Values(
        KubernetesCase{"plain_fields", R"({"metadata":{"labels":{"a":"b"}},"spec":{"backoffLimit":0}})", nullptr},
        KubernetesCase{"false_is_harmless",
                       R"({"spec":{"template":{"spec":{"hostPID":false,"automountServiceAccountToken":false}}}})",
                       nullptr},
        KubernetesCase{"host_pid", R"({"spec":{"template":{"spec":{"hostPID":true}}}})", "spec.template.spec.hostPID"},
        KubernetesCase{"host_network_as_text", R"({"spec":{"template":{"spec":{"hostNetwork":"yes"}}}})",
                       "spec.template.spec.hostNetwork"},
        KubernetesCase{"host_path",
                       R"({"spec":{"template":{"spec":{"volumes":[{"name":"h","hostPath":{"path":"/"}}]}}}})",
                       "spec.template.spec.volumes[0].hostPath"},
        KubernetesCase{"service_account", R"({"spec":{"template":{"spec":{"serviceAccountName":"admin"}}}})",
                       "spec.template.spec.serviceAccountName"},
        KubernetesCase{
            "custom_resource",
            R"({"kind":"PyTorchJob","spec":{"pytorchReplicaSpecs":{"Worker":{"template":{"spec":{"hostIPC":true}}}}}})",
            "spec.pytorchReplicaSpecs.Worker.template.spec.hostIPC"},
        KubernetesCase{"privileged_in_odd_place", R"({"spec":{"x":[{"y":{"privileged":1}}]}})",
                       "spec.x[0].y.privileged"},
        KubernetesCase{
            "host_port",
            R"({"spec":{"template":{"spec":{"containers":[{"name":"a","image":"x","securityContext":{"runAsNonRoot":true},"ports":[{"hostPort":80}]}]}}}})",
            "spec.template.spec.containers[0].ports[0].hostPort"},
        KubernetesCase{"mount_propagation", R"({"a":[{"mountPropagation":"Bidirectional"}]})", "a[0].mountPropagation"},
        KubernetesCase{
            "unconfined",
            R"({"metadata":{"annotations":{"container.apparmor.security.beta.kubernetes.io/a":"Unconfined"}}})",
            "metadata.annotations.container.apparmor.security.beta.kubernetes.io/a"},
        KubernetesCase{"admins_hardening_taken_away",
                       R"({"spec":{"template":{"spec":{"containers":[{"name":"a","image":"y"}]}}}})",
                       "spec.template.spec.containers[0].securityContext"},
        KubernetesCase{
            "same_hardening_other_image",
            R"({"spec":{"template":{"spec":{"containers":[{"name":"a","image":"y","securityContext":{"runAsNonRoot":true}}]}}}})",
            nullptr},
        KubernetesCase{"builder", R"({"builder":{"accelerator":{"base_image":"x"}}})",
                       "builder.accelerator.base_image"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Policy, APrivilegedFieldIsOpenedOnlyByItsOwnName) {
  const auto submitter = json(R"({"spec":{"template":{"spec":{"hostNetwork":true}}}})");
  EXPECT_EQ(
      check_resource_overrides(policy(R"({"allow":["spec"]})"), kubernetes(), false, json("{}"), submitter).size(), 1U);
  EXPECT_TRUE(check_resource_overrides(policy(R"({"allow":["spec.template.spec.hostNetwork"]})"), kubernetes(), false,
                                       json("{}"), submitter)
                  .empty());
}

TEST(Policy, ALockHoldsWhenAListAboveItIsReplaced) {
  const auto problems = check_resource_overrides(policy(R"({"lock":["spec.containers.image"]})"), kubernetes(), false,
                                                 json(R"({"spec":{"containers":[{"image":"a"}]}})"),
                                                 json(R"({"spec":{"containers":[{"image":"a"},{"image":"b"}]}})"));
  EXPECT_EQ(paths(problems), std::vector<std::string>{"resource_args.kubernetes.spec.containers"});
}

TEST(Policy, FieldsOfTheJobCanBeLocked) {
  const auto locked = policy(R"({"lock":["overrides.entry_point","docker.docker_image","env"]})");
  const auto spec =
      *parse_launch_spec_text(R"({"docker":{"docker_image":"x"},"overrides":{"entry_point":["sh"],"args":["a"]}})");
  EXPECT_EQ(paths(check_locked_fields(locked, docker(), spec)),
            (std::vector<std::string>{"overrides.entry_point", "docker.docker_image"}));
  EXPECT_TRUE(check_locked_fields(locked, docker(), *parse_launch_spec_text(R"({"job":"j"})")).empty());
}

TEST(SecureMode, RefusesEntryPointsCommandsAndHostNamespacesAnywhere) {
  const auto spec = *parse_launch_spec_text(R"({"job":"j","overrides":{"entry_point":["sh"]}})");
  const auto problems = check_secure_mode(
      spec,
      json(
          R"({"spec":{"replicas":{"template":{"spec":{"hostPID":false,"initContainers":[],"containers":[{"name":"a","command":["x"]}]}}}}})"));
  EXPECT_EQ(paths(problems),
            (std::vector<std::string>{"overrides.entry_point", "resource_args.spec.replicas.template.spec.hostPID",
                                      "resource_args.spec.replicas.template.spec.initContainers",
                                      "resource_args.spec.replicas.template.spec.containers[0].command"}));
  EXPECT_TRUE(
      check_secure_mode(*parse_launch_spec_text(R"({"job":"j"})"), json(R"({"spec":{"containers":[{"args":["x"]}]}})"))
          .empty());
}

}  // namespace
}  // namespace slipway::launch
