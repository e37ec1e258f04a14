// What can go wrong under a job that is a process: agents, supervisors and machines that die (A4, A5, D1,
// F1).
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive/archive.h"
#include "launch/item_state.h"
#include "plugins/runners/local_process/job_folder.h"
#include "runner_harness.h"

namespace slipway::conformance {
namespace {

using plugins::JobPhase;
using plugins::JobStatus;
using plugins::RunHandle;
using plugins::SubmitRequest;
using namespace plugins::runners::local_process;
using testing::ElementsAre;
using testing::HasSubstr;

class LocalProcess : public testing::Test {
 protected:
  JobFolder folder_of(const RunHandle& handle) {
    return JobFolder(harness_.context().state_dir / "processes" / handle.name);
  }
  SupervisorStatus status_of(const RunHandle& handle) { return **read_status(folder_of(handle)); }

  RunnerHarness harness_{"local-process"};
};

TEST_F(LocalProcess, AKilledSupervisorIsALostJobWithoutLeftovers) {
  const RunHandle handle =
      harness_.submit(harness_.request("(trap '' HUP; echo $$ ready; while :; do sleep 0.1; done) & wait"));
  const auto pid = std::to_string(status_of(handle).job.pid);
  harness_.wait_for_line(handle, pid + " ready");
  ::kill(status_of(handle).supervisor.pid, SIGKILL);
  const JobStatus status = harness_.wait(handle);
  EXPECT_EQ(status.phase, JobPhase::lost);
  EXPECT_EQ(status.failure_class, launch::failure::lost);
  EXPECT_THAT(harness_.logs(handle), ElementsAre(pid + " ready"));
  const auto session = status_of(handle).supervisor.pid;
  const auto members = [&] {
    int alive = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const pid_t process = std::atoi(entry.path().filename().c_str());
      if (process > 0 && ::getsid(process) == session && proc::identify(process)) ++alive;
    }
    return alive;
  };
  for (int look = 0; look < 1000 && members() > 0; ++look) ::usleep(10'000);
  EXPECT_EQ(members(), 0);
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().clean_up(handle); }));
}

TEST_F(LocalProcess, AJobOfAnEarlierBootIsLostWithItsMachine) {
  const RunHandle handle = harness_.submit(harness_.request("exit 0"));
  harness_.wait(handle);
  SupervisorStatus status = status_of(handle);
  status.ended = false;
  status.supervisor.boot_id = "another-boot";
  ASSERT_TRUE(archive::write_file_atomically(folder_of(handle).status(), slipway::to_text(to_json(status)), 0600));
  EXPECT_EQ(harness_.wait(handle).failure_class, launch::failure::node_lost);
}

TEST_F(LocalProcess, AFolderThatWasMadeAndNeverStartedIsStarted) {  // A4
  const SubmitRequest request = harness_.request("echo started");
  const JobFolder folder(harness_.context().state_dir / "processes" / request.identity.name);
  std::filesystem::create_directories(folder.path());
  const JobRecord record{.uid = "0123", .labels = request.identity.labels};
  ASSERT_TRUE(archive::write_file_atomically(folder.job(), slipway::to_text(to_json(record)), 0600));
  auto found = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
  const RunHandle handle = harness_.submit(request);
  EXPECT_EQ(handle.uid, "0123");
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::finished);
  EXPECT_THAT(harness_.logs(handle), ElementsAre("started"));
}

TEST_F(LocalProcess, KeepsNoSecretOnTheDisk) {
  const RunHandle handle = harness_.submit(harness_.request("echo ready; sleep 1"));
  harness_.wait_for_line(handle, "ready");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(harness_.context().state_dir)) {
    if (!entry.is_regular_file()) continue;
    const auto text = archive::read_file(entry.path());
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, testing::Not(HasSubstr(kSecret))) << entry.path();
  }
  // The supervisor has no use for them either: whoever may read its environment must not find them there.
  const auto environment = archive::read_file("/proc/" + std::to_string(status_of(handle).supervisor.pid) + "/environ");
  ASSERT_TRUE(environment);
  EXPECT_THAT(*environment, testing::Not(HasSubstr(kSecret)));
}

TEST_F(LocalProcess, GivesTheAgentsEnvironmentWithoutItsKey) {
  harness_.context().env["FROM_THE_AGENT"] = "yes";
  harness_.context().env["SLIPWAY_OWN"] = "no";
  harness_.context().env["NOT_UTF8"] = "\xff";
  harness_.restart_agent();
  SubmitRequest request =
      harness_.request("echo ${#NOT_UTF8} $FROM_THE_AGENT \"[$SLIPWAY_OWN]\" $FROM_THE_QUEUE $WANDB_API_KEY");
  request.secret_env.clear();
  request.resource_args = *parse_json(R"({"env": ["FROM_THE_QUEUE=a b", "FROM_THE_AGENT"]})");
  std::vector<std::string> lines;
  harness_.run(request, &lines);
  EXPECT_THAT(lines, ElementsAre("1 yes [] a b"));
}

TEST_F(LocalProcess, CutsTheOutputAtItsLimitAndLetsTheJobGoOn) {
  SubmitRequest request = harness_.request("i=0; while [ $i -lt 1000 ]; do echo 0123456789; i=$((i+1)); done; exit 4");
  request.resource_args = *parse_json(R"({"max_log_bytes": 110})");
  std::vector<std::string> lines;
  EXPECT_EQ(harness_.run(request, &lines).exit_code, 4);
  ASSERT_EQ(lines.size(), 12u);
  EXPECT_EQ(lines[9], "0123456789");
  EXPECT_THAT(lines[11], HasSubstr("limit"));
}

TEST_F(LocalProcess, RefusesWhatItCannotDo) {
  SubmitRequest image = harness_.request("true");
  image.image = "busybox";
  SubmitRequest option = harness_.request("true");
  option.resource_args = *parse_json(R"({"envv": "A=b"})");
  SubmitRequest nothing = harness_.request("true");
  nothing.entry_point.clear();
  for (const auto& [request, text] : std::vector<std::pair<SubmitRequest, std::string>>{
           {image, "busybox"}, {option, "Did you mean 'env'"}, {nothing, "entry point"}}) {
    auto refused = harness_.task([&] { return harness_.runner().submit(request); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::invalid_argument);
    EXPECT_THAT(refused.error().to_string(), HasSubstr(text));
  }
}

TEST_F(LocalProcess, RunsPython3WhereThereIsNoPython) {
  const auto programs = harness_.folder() / "bin";
  std::filesystem::create_directories(programs);
  std::ofstream(programs / "python3") << "#!/bin/sh\necho python3 ran \"$1\"\n";
  std::filesystem::permissions(programs / "python3", std::filesystem::perms::owner_all);
  harness_.context().env["PATH"] = programs.string();
  harness_.restart_agent();
  SubmitRequest request = harness_.request("");
  request.entry_point = {"python", "train.py"};
  std::vector<std::string> notices;
  request.progress = [&](std::string_view line) { notices.emplace_back(line); };
  std::vector<std::string> lines;
  harness_.run(request, &lines);
  EXPECT_THAT(lines, ElementsAre("python3 ran train.py"));
  EXPECT_THAT(notices, ElementsAre(HasSubstr("python3")));
}

TEST_F(LocalProcess, ExplainsAFileThatIsNotExecutable) {
  SubmitRequest request = harness_.request("");
  std::ofstream(request.source_dir / "train.sh") << "#!/bin/sh\n";
  request.entry_point = {"./train.sh"};
  const JobStatus status = harness_.run(request);
  EXPECT_EQ(status.exit_code, 126);
  EXPECT_THAT(status.message, HasSubstr("executable"));
}

TEST_F(LocalProcess, AStopThatComesBeforeTheStartWins) {
  const SubmitRequest request = harness_.request("echo never");
  const JobFolder folder(harness_.context().state_dir / "processes" / request.identity.name);
  std::filesystem::create_directories(folder.path());
  ASSERT_TRUE(archive::write_file_atomically(folder.stop(), R"({"grace_ms": 0})", 0600));
  const RunHandle handle = harness_.submit(request);
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::stopped);
}

}  // namespace
}  // namespace slipway::conformance
