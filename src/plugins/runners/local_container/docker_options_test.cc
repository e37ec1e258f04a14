#include "plugins/runners/local_container/docker_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/strings.h"
#include "base/yaml.h"
#include "plugins/plugins.h"
#include "plugins/runners/local_container/docker_command.h"

namespace slipway::plugins::runners::local_container {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Words = std::vector<std::string>;

Json yaml(std::string_view text) { return parse_yaml(text)->value; }

struct Case {
  std::string name;
  std::string config;
  Words arguments;
};

class OptionRules : public testing::TestWithParam<Case> {};

TEST_P(OptionRules, BecomeArguments) {
  const auto options = read_docker_options(yaml(GetParam().config));
  ASSERT_TRUE(options) << options.error().to_string();
  EXPECT_THAT(options->arguments, ElementsAreArray(GetParam().arguments));
}

INSTANTIATE_TEST_SUITE_P(
    Docker, OptionRules,
    testing::Values(Case{"nothing", "{}", {}}, Case{"a_value", "memory: 2g", {"--memory", "2g"}},
                    Case{"a_number", "cpus: 1.5", {"--cpus", "1.5"}},
                    Case{"a_whole_number", "pids-limit: 100", {"--pids-limit", "100"}},
                    Case{"one_letter", "m: 2g", {"-m", "2g"}}, Case{"capital_letter", "P: true", {"-P"}},
                    Case{"a_list_repeats", "volume: [/a:/a, /b:/b]", {"--volume", "/a:/a", "--volume", "/b:/b"}},
                    Case{"volume_as_text", "volume: /a:/a", {"--volume", "/a:/a"}},
                    Case{"true_is_a_flag", "privileged: true", {"--privileged"}},
                    Case{"false_is_nothing", "privileged: false", {}},
                    Case{"false_of_a_value_option", "gpus: false", {}},
                    Case{"true_as_text", "init: 'true'", {"--init"}},
                    Case{"written_with_dashes", "--shm_size: 1g", {"--shm-size", "1g"}},
                    Case{"gpus", "gpus: all", {"--gpus", "all"}}, Case{"rm_is_what_happens_anyway", "rm: true", {}},
                    Case{"an_unknown_option_stays_one_word", "brand-new: x", {"--brand-new=x"}},
                    Case{"an_unknown_flag_swallows_nothing", "brand-new: true", {"--brand-new=true"}},
                    Case{"an_empty_list", "env: []", {}}, Case{"cpu_is_cpus", "cpu: 2", {"--cpus", "2"}},
                    Case{"hostile_values_stay_values",
                         "env: ['A=$(id); rm -rf /', '--privileged']",
                         {"--env", "A=$(id); rm -rf /", "--env", "--privileged"}}),
    [](const auto& info) { return info.param.name; });

struct BadCase {
  std::string name;
  std::string config;
  std::string path;
};

class BadOptions : public testing::TestWithParam<BadCase> {};

TEST_P(BadOptions, AreRefusedWithTheirPath) {
  const auto options = read_docker_options(yaml(GetParam().config));
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().code(), Code::invalid_argument);
  ASSERT_EQ(options.error().problems().size(), 1u);
  EXPECT_EQ(options.error().problems()[0].path, GetParam().path);
}

INSTANTIATE_TEST_SUITE_P(
    Docker, BadOptions,
    testing::Values(BadCase{"a_map", "env: {A: b}", "env"}, BadCase{"a_map_in_a_list", "env: [{A: b}]", "env[0]"},
                    BadCase{"nothing", "memory:", "memory"}, BadCase{"gpus_without_a_value", "gpus: true", "gpus"},
                    BadCase{"a_flag_with_a_value", "privileged: yes please", "privileged"},
                    BadCase{"two_values_of_one", "memory: [1g, 2g]", "memory"},
                    BadCase{"a_boolean_in_a_list", "volume: [/a:/a, true]", "volume[1]"},
                    BadCase{"our_labels", "label: [slipway.dev/item=x]", "label[0]"},
                    BadCase{"another_pull", "pull: sometimes", "pull"},
                    BadCase{"a_name_with_a_blank", "'env A=1 --privileged': x", "env A=1 --privileged"},
                    BadCase{"a_name_with_equals", "'env=A': x", "env=A"}, BadCase{"only_dashes", "'--': x", "--"},
                    BadCase{"open_quote_in_command", "command: \"run 'x\"", "command"}),
    [](const auto& info) { return info.param.name; });

TEST(DockerOptions, CollectsAllProblems) {
  const auto options = read_docker_options(yaml("env: {A: b}\ngpus: true\nmemory: [a, b]\n"));
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().problems().size(), 3u);
}

TEST(DockerOptions, SaysWhatItIgnores) {
  const auto options =
      read_docker_options(yaml("name: mine\nrestart: always\ninteractive: true\ndetach: true\nrm: true\n"));
  ASSERT_TRUE(options);
  EXPECT_THAT(options->arguments, IsEmpty());
  EXPECT_THAT(options->notices, ElementsAre(HasSubstr("'name'"), HasSubstr("'restart'"), HasSubstr("'interactive'")));
}

TEST(DockerOptions, HasASchemaThatNamesEveryOption) {
  const Json schema = docker_schema();
  EXPECT_EQ(find_path(schema, "properties.privileged.type")->as_string(), "boolean");
  EXPECT_NE(find_path(schema, "properties.e"), nullptr);
  EXPECT_TRUE(schema.at("additionalProperties").as_bool());
  for (const auto& option : known_options()) EXPECT_EQ(find_option(option.name), &option) << option.name;
}

SubmitRequest image_job() {
  SubmitRequest request;
  request.identity = {.name = "slipway-abc-1", .labels = {{"slipway.dev/item", "7"}}};
  request.image = "registry.example.com:5000/team/job:v1";
  return request;
}

TEST(DockerCommand, IsTheGuidesSample) {  // S-126, S-127
  SubmitRequest request = image_job();
  request.resource_args = yaml(
      "env:\n  - MY_ENV_VAR=value\n  - MY_EXISTING_ENV_VAR\nvolume: /mnt/datasets:/mnt/datasets\nrm: "
      "true\ngpus: all\n");
  const auto command = docker_command(request, {{"MY_EXISTING_ENV_VAR", "from the agent"}});
  ASSERT_TRUE(command) << command.error().to_string();
  EXPECT_THAT(command->arguments,
              ElementsAre("create", "--name", "slipway-abc-1", "--pull", "never", "--label", "slipway.dev/item=7",
                          "--env", "MY_ENV_VAR=value", "--env", "MY_EXISTING_ENV_VAR", "--volume",
                          "/mnt/datasets:/mnt/datasets", "--gpus", "all", "registry.example.com:5000/team/job:v1"));
  EXPECT_EQ(command->env.at("MY_EXISTING_ENV_VAR"), "from the agent");
}

TEST(DockerCommand, PassesValuesInTheEnvironmentOnly) {
  SubmitRequest request = image_job();
  request.env = {{"WANDB_RUN_ID", "abc"}, {"PATH", "/job/bin"}};
  request.secret_env.emplace("WANDB_API_KEY", Secret("s3cret"));
  const auto command =
      docker_command(request, {{"WANDB_API_KEY", "agents-own"}, {"PATH", "/usr/bin"}, {"SLIPWAY_X", "1"}});
  ASSERT_TRUE(command);
  const std::string line = join(command->arguments, " ");
  EXPECT_THAT(line, HasSubstr("--env WANDB_RUN_ID --env WANDB_API_KEY"));
  EXPECT_THAT(line, Not(HasSubstr("s3cret")));
  EXPECT_THAT(line, HasSubstr("--env PATH=/job/bin"));
  EXPECT_EQ(command->env.at("WANDB_RUN_ID"), "abc");
  EXPECT_EQ(command->env.at("WANDB_API_KEY"), "s3cret");
  EXPECT_EQ(command->env.at("PATH"), "/usr/bin");
  EXPECT_FALSE(command->env.contains("SLIPWAY_X"));
  request.secret_env.emplace("DOCKER_HOST", Secret("x"));
  EXPECT_FALSE(docker_command(request, {}));
}

TEST(DockerCommand, NeverPassesTheAgentsOwnKey) {
  SubmitRequest request = image_job();
  request.resource_args = yaml("env: WANDB_API_KEY");
  const auto command = docker_command(request, {{"WANDB_API_KEY", "agents-own"}});
  ASSERT_TRUE(command);
  EXPECT_FALSE(command->env.contains("WANDB_API_KEY"));
  EXPECT_THAT(command->notices, ElementsAre(HasSubstr("WANDB_API_KEY")));
}

TEST(DockerCommand, PutsEntryPointAndArgumentsAfterTheImage) {
  SubmitRequest request = image_job();
  request.entry_point = {"python", "train.py"};
  request.args = {"--epochs", "3; ls"};
  const auto tail = [&](std::size_t count) {
    const auto command = docker_command(request, {});
    return Words(command->arguments.end() - static_cast<std::ptrdiff_t>(count), command->arguments.end());
  };
  EXPECT_THAT(tail(6), ElementsAre("--entrypoint", "python", request.image, "train.py", "--epochs", "3; ls"));
  request.entry_point_in_image = true;
  EXPECT_THAT(tail(3), ElementsAre(request.image, "--epochs", "3; ls"));
  request.entry_point_in_image = false;
  request.resource_args = yaml("entrypoint: /wrapper");
  EXPECT_THAT(tail(7),
              ElementsAre("--entrypoint", "/wrapper", request.image, "python", "train.py", "--epochs", "3; ls"));
  request.entry_point.clear();
  request.args.clear();
  request.resource_args = yaml("command: serve --port 80");
  EXPECT_THAT(tail(4), ElementsAre(request.image, "serve", "--port", "80"));
}

TEST(DockerCommand, LetsTheContainerReachAServerOnThisMachine) {
  SubmitRequest request = image_job();
  for (const char* url : {"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"}) {
    request.env["WANDB_BASE_URL"] = url;
    request.resource_args = JsonObject();
    EXPECT_THAT(join(docker_command(request, {})->arguments, " "),
                HasSubstr("--network host --add-host host.docker.internal:host-gateway"))
        << url;
    request.resource_args = yaml("net: mine\nadd-host: host.docker.internal:10.0.0.1");
    const std::string line = join(docker_command(request, {})->arguments, " ");
    EXPECT_THAT(line, Not(HasSubstr("--network host")));
    EXPECT_THAT(line, Not(HasSubstr("host-gateway")));
  }
  request.env["WANDB_BASE_URL"] = "https://api.example.com";
  EXPECT_THAT(join(docker_command(request, {})->arguments, " "), Not(HasSubstr("--network host")));
}

TEST(DockerCommand, WorksInTheSourceOfABaseImageJob) {
  SubmitRequest request = image_job();
  request.source_dir = "/some/where";
  request.working_dir = "sub/dir";
  request.entry_point = {"python", "x.py"};
  request.install_dependencies = true;
  auto command = docker_command(request, {});
  EXPECT_THAT(join(command->arguments, " "), HasSubstr("--workdir /mnt/wandb/sub/dir"));
  EXPECT_THAT(
      join(command->arguments, " "),
      HasSubstr("--entrypoint /bin/sh registry.example.com:5000/team/job:v1 /mnt/slipway/start.sh python x.py"));
  EXPECT_TRUE(command->installs_dependencies);
  request.resource_args = yaml("w: /elsewhere");
  EXPECT_THAT(join(docker_command(request, {})->arguments, " "), Not(HasSubstr("--workdir")));
  request.working_dir = "../up";
  EXPECT_FALSE(docker_command(request, {}));
}

TEST(DockerCommand, RefusesImagesThatCouldBeOptions) {
  SubmitRequest request = image_job();
  for (const char* image : {"", "--privileged", "-v", "a b", "x;y"}) {
    request.image = image;
    EXPECT_FALSE(docker_command(request, {})) << image;
  }
}

TEST(DockerRecord, HasTheNamesThatPeopleWrite) {
  for (const char* name : {"local-container", "docker", "Docker", "local", ""}) {
    ASSERT_NE(catalog().runner(name), nullptr) << name;
    EXPECT_EQ(catalog().runner(name)->name, "local-container") << name;
  }
  EXPECT_EQ(catalog().runner("vertex"), catalog().runner("gcp-vertex"));
  EXPECT_EQ(catalog().runner("kubernetes")->display_name, "Kubernetes");
  EXPECT_EQ(catalog().runner("SageMaker")->default_config.at("RoleArn").as_string(), "REQUIRED");
  EXPECT_EQ(catalog().runner("nomad"), nullptr);
}

}  // namespace
}  // namespace slipway::plugins::runners::local_container
