// What can go wrong under a job that is a container: agents, engines and images that go away (A5, D1, D3,
// L-34, L-35).
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "launch/item_state.h"
#include "proc/process.h"
#include "runner_harness.h"

namespace slipway::conformance {
namespace {

using plugins::JobPhase;
using plugins::JobStatus;
using plugins::RunHandle;
using plugins::SubmitRequest;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class LocalContainer : public testing::Test {
 protected:
  std::string command(std::vector<std::string> argv) {
    proc::ProcessSpec spec;
    spec.argv = std::move(argv);
    spec.env = proc::inherited_environment();
    auto done = harness_.task([&] { return proc::run_checked(spec, "testing"); });
    if (!done) throw std::runtime_error(done.error().to_string());
    return done->out;
  }
  void engine(const std::string& action) {
    const char* folder = std::getenv("SLIPWAY_TEST_DOCKERD");
    ASSERT_NE(folder, nullptr) << "run this through tests/support/dockerd run DIR";
    command({std::string(SLIPWAY_SOURCE_DIR) + "/tests/support/dockerd", action, folder});
  }
  /// The next status that differs from `known`.
  JobStatus next(const RunHandle& handle, const JobStatus& known) {
    return *harness_.task([&] { return harness_.runner().next_status(handle, known); });
  }

  RunnerHarness harness_{"local-container"};
};

TEST_F(LocalContainer, OneThatWasCreatedAndNotStartedIsStarted) {  // A5
  const SubmitRequest request = harness_.request("echo started");
  std::vector<std::string> create = {"docker", "create", "--name", request.identity.name};
  for (const auto& [key, value] : request.identity.labels) create.insert(create.end(), {"--label", key + "=" + value});
  create.insert(create.end(), {kImage, "echo", "created by the first agent"});
  command(create);
  const auto found = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_TRUE(found && *found);
  EXPECT_EQ(harness_.wait(**found).phase, JobPhase::finished);
  const RunHandle handle = harness_.submit(request);
  EXPECT_EQ(handle.uid, (**found).uid);
  EXPECT_THAT(harness_.logs(handle), ElementsAre("created by the first agent"));
}

TEST_F(LocalContainer, OneThatWasNotFilledIsFilledBeforeItIsStarted) {  // A5
  SubmitRequest request = harness_.request("cat data.txt");
  request.source_dir = harness_.folder() / "code";
  std::filesystem::create_directories(request.source_dir);
  std::ofstream(request.source_dir / "data.txt") << "here\n";
  std::vector<std::string> create = {
      "docker",    "create",    "--name", request.identity.name, "--label", "slipway.dev/source=copied",
      "--workdir", "/mnt/wandb"};
  for (const auto& [key, value] : request.identity.labels) create.insert(create.end(), {"--label", key + "=" + value});
  create.insert(create.end(), {kImage, "cat", "data.txt"});
  command(create);
  const auto found = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
  const RunHandle handle = harness_.submit(request);
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::finished);
  EXPECT_THAT(harness_.logs(handle), ElementsAre("here"));
}

TEST_F(LocalContainer, OneThatSomebodyRemovesIsLost) {
  const RunHandle handle = harness_.submit(harness_.request("echo ready; sleep 60"));
  harness_.wait_for_line(handle, "ready");
  command({"docker", "rm", "--force", handle.uid});
  // It may be seen killed before it is seen gone; both are true.
  const JobStatus status = harness_.wait(handle);
  EXPECT_THAT(status.phase, testing::AnyOf(JobPhase::lost, JobPhase::failed));
  EXPECT_NE(status.message, "");
}

TEST_F(LocalContainer, KeepsSecretsOutOfWhatTheEngineShowsAsArguments) {
  const RunHandle handle = harness_.submit(harness_.request("echo ready; sleep 1"));
  harness_.wait_for_line(handle, "ready");
  EXPECT_THAT(command({"docker", "inspect", "--format",
                       "{{json .Path}} {{json .Args}} {{json .Config.Cmd}} {{json .Config.Labels}}", handle.uid}),
              Not(HasSubstr(kSecret)));
}

TEST_F(LocalContainer, AMissingImageIsAnErrorWithAMend) {
  SubmitRequest request = harness_.request("true");
  request.image = "127.0.0.1:9/no/such-image:v1";
  const auto refused = harness_.task([&] { return harness_.runner().submit(request); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(plugins::submit_failure_class(refused.error().code()), launch::failure::image);
  EXPECT_THAT(refused.error().message(), HasSubstr("127.0.0.1:9/no/such-image:v1"));
  EXPECT_NE(refused.error().mend(), "");
  request.resource_args = *parse_json(R"({"pull": "never"})");
  const auto never = harness_.task([&] { return harness_.runner().submit(request); });
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code(), Code::not_found);
}

TEST_F(LocalContainer, AWrongOptionIsRefused) {
  SubmitRequest request = harness_.request("true");
  for (const char* options : {R"({"no-such-option": "x"})", R"({"memory": "much"})", R"({"cpus": "many"})"}) {
    request.resource_args = *parse_json(options);
    const auto refused = harness_.task([&] { return harness_.runner().submit(request); });
    ASSERT_FALSE(refused) << options;
    EXPECT_EQ(refused.error().code(), Code::invalid_argument) << refused.error().to_string();
  }
}

TEST_F(LocalContainer, AContainerThatCannotBeStartedLeavesNothing) {
  SubmitRequest request = harness_.request("true");
  request.resource_args = *parse_json(R"({"device": "/dev/no-such-device"})");
  const auto refused = harness_.task([&] { return harness_.runner().submit(request); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(plugins::submit_failure_class(refused.error().code()), launch::failure::backend)
      << refused.error().to_string();
  const auto found = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
}

TEST_F(LocalContainer, SaysWhenMemoryRanOut) {
  // The kernel kills the child; the job lives on for a moment, because an engine forgets the reason when the container ends at
  // the same time.
  SubmitRequest request = harness_.request("tail /dev/zero; code=$?; sleep 3; exit $code");
  request.resource_args = *parse_json(R"({"memory": "16m", "memory-swap": "16m"})");
  const JobStatus status = harness_.run(request);
  EXPECT_EQ(status.phase, JobPhase::failed);
  EXPECT_EQ(status.failure_class, launch::failure::out_of_memory) << status.message;
  SubmitRequest killed = harness_.request("exit 137");
  killed.resource_args = request.resource_args;
  EXPECT_THAT(harness_.run(killed).message, HasSubstr("more memory than its container"));
}

TEST_F(LocalContainer, HandsOptionsOn) {
  SubmitRequest request = harness_.request("hostname; echo $A; pwd; tty >/dev/null && echo terminal");
  request.resource_args = *parse_json(
      R"({"hostname": "its-own-name", "e": ["A=1"], "workdir": "/tmp", "tty": true, "rm": true, "restart": "always"})");
  std::vector<std::string> lines;
  EXPECT_EQ(harness_.run(request, &lines).phase, JobPhase::finished);
  EXPECT_THAT(lines, ElementsAre("its-own-name", "1", "/tmp", "terminal"));
}

TEST_F(LocalContainer, StartsThroughTheScriptThatInstallsDependencies) {
  SubmitRequest request = harness_.request("");
  request.source_dir = harness_.folder() / "code";
  std::filesystem::create_directories(request.source_dir);
  std::ofstream(request.source_dir / "requirements.txt") << "something\n";
  request.install_dependencies = true;
  request.entry_point = {"/bin/sh", "-c", "echo \"$1|$2\"", "sh", "a b"};
  request.args = {"$(id)"};
  std::vector<std::string> lines;
  EXPECT_EQ(harness_.run(request, &lines).phase, JobPhase::finished);
  EXPECT_THAT(lines, Contains("a b|$(id)"));
  EXPECT_THAT(lines, Contains(HasSubstr("no python in this image")));
}

TEST_F(LocalContainer, AnyUserOfTheContainerMayWriteToTheSource) {
  SubmitRequest request = harness_.request("echo x > new && echo y >> old && cat new old");
  request.source_dir = harness_.folder() / "code";
  std::filesystem::create_directories(request.source_dir);
  std::ofstream(request.source_dir / "old") << "o\n";
  request.resource_args = *parse_json(R"({"user": "1234:1234"})");
  std::vector<std::string> lines;
  EXPECT_EQ(harness_.run(request, &lines).phase, JobPhase::finished);
  EXPECT_THAT(lines, ElementsAre("x", "o", "y"));
}

TEST_F(LocalContainer, SurvivesAnEngineThatIsAway) {  // D1
  const RunHandle ended = harness_.submit(harness_.request("echo ended; exit 3"));
  EXPECT_EQ(harness_.wait(ended).exit_code, 3);
  const RunHandle running = harness_.submit(harness_.request("trap '' TERM; echo ready; while :; do sleep 0.1; done"));
  harness_.wait_for_line(running, "ready");
  JobStatus status{.phase = JobPhase::running};
  engine("kill");
  status = next(running, status);
  EXPECT_FALSE(status.reachable);
  EXPECT_EQ(status.phase, JobPhase::running);
  // Nothing can be asked of an engine that is away, and nothing is failed for it.
  const auto refused = harness_.task([&] { return harness_.runner().stop(running, Millis(0)); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::unavailable);
  engine("start");
  // An engine that comes back takes down what it finds running: the job is lost with it, and not called a
  // failure of its own.
  status = harness_.wait(running);
  EXPECT_EQ(status.phase, JobPhase::lost) << status.message;
  EXPECT_EQ(status.failure_class, launch::failure::node_lost);
  EXPECT_THAT(harness_.logs(running), ElementsAre("ready"));
  // What had ended before keeps its verdict and its output.
  EXPECT_EQ(harness_.wait(ended).exit_code, 3);
  EXPECT_THAT(harness_.logs(ended), ElementsAre("ended"));
}

/// Debian's registry on a port of its own, below a folder.
class Registry {
 public:
  explicit Registry(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    const auto config = folder / "config.yml";
    // The kernel's choice of a free port, given back at once for the registry to take.
    const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(probe, reinterpret_cast<sockaddr*>(&address), size) != 0) throw std::runtime_error("no free port");
    ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    ::close(probe);
    std::ofstream(config) << "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: "
                          << (folder / "data").string() << "}}\nhttp: {addr: \"127.0.0.1:" << port_ << "\"}\n";
    const auto pid = proc::start_detached({.argv = {"docker-registry", "serve", config.string()},
                                           .env = proc::inherited_environment(),
                                           .output = folder / "log"});
    if (!pid) throw std::runtime_error(pid.error().to_string() + " (apt-get install docker-registry)");
    process_ = *proc::identify(*pid);
  }
  ~Registry() { stop(); }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  void stop() {
    proc::signal_group(process_, SIGKILL);
    static_cast<void>(run_task([this] { return proc::wait_for_exit(process_); }));
  }

 private:
  int port_ = 0;
  proc::ProcessIdentity process_;
};

TEST_F(LocalContainer, PullsAndFallsBackOnTheLocalImage) {  // L-35
  Registry registry(harness_.folder() / "registry");
  const std::string image = registry.host() + "/team/job:v1";
  command({"docker", "tag", kImage, image});
  for (int tries = 0;; ++tries) {
    try {
      command({"docker", "push", image});
      break;
    } catch (const std::runtime_error&) {
      // The registry may still be starting.
      if (tries == 100) throw;
      ::usleep(100'000);
    }
  }
  command({"docker", "rmi", image});
  SubmitRequest request = harness_.request("echo pulled");
  request.image = image;
  std::vector<std::string> progress;
  request.progress = [&](std::string_view line) { progress.emplace_back(line); };
  std::vector<std::string> lines;
  EXPECT_EQ(harness_.run(request, &lines).phase, JobPhase::finished);
  EXPECT_THAT(lines, ElementsAre("pulled"));
  EXPECT_THAT(progress, Contains(HasSubstr("Status: Downloaded newer image")));

  registry.stop();
  progress.clear();
  SubmitRequest again = harness_.request("echo local");
  again.image = image;
  again.progress = request.progress;
  EXPECT_EQ(harness_.run(again, &lines).phase, JobPhase::finished);
  EXPECT_THAT(progress, Contains(HasSubstr("the image on this machine is used")));

  again = harness_.request("echo never");
  again.image = image;
  again.resource_args = *parse_json(R"({"pull": "always"})");
  const auto refused = harness_.task([&] { return harness_.runner().submit(again); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::not_found);
  command({"docker", "rmi", "--force", image});
}

TEST_F(LocalContainer, SaysWhatIsMissing) {  // L-34
  harness_.context().env["DOCKER_HOST"] = "unix:///no/such/docker.sock";
  harness_.restart_agent();
  const auto away = harness_.task([&] { return harness_.runner().verify(); });
  ASSERT_FALSE(away);
  EXPECT_THAT(away.error().mend(), HasSubstr("systemctl start docker"));
  harness_.context().env["DOCKER_HOST"] = "ssh://somewhere";
  harness_.restart_agent();
  const auto ssh = harness_.task([&] { return harness_.runner().verify(); });
  ASSERT_FALSE(ssh);
  EXPECT_THAT(ssh.error().message(), HasSubstr("ssh://somewhere"));
  harness_.context().env["PATH"] = "/nowhere";
  harness_.restart_agent();
  const auto cli = harness_.task([&] { return harness_.runner().verify(); });
  ASSERT_FALSE(cli);
  EXPECT_THAT(cli.error().mend(), HasSubstr("apt-get install docker.io"));
}

}  // namespace
}  // namespace slipway::conformance
