// What every runner has to do, whatever its backend (src/plugins/runners/api.h).
#include <fstream>
#include <iterator>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "launch/item_state.h"
#include "plugins/runners/local_process/supervise.h"
#include "runner_harness.h"

namespace slipway::conformance {
namespace {

using plugins::JobPhase;
using plugins::JobStatus;
using plugins::RunHandle;
using plugins::SubmitRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Lines = std::vector<std::string>;

class RunnerConformance : public testing::TestWithParam<std::string> {
 protected:
  RunnerHarness harness_{GetParam()};
};

TEST_P(RunnerConformance, NamesItsScope) { EXPECT_NE(harness_.runner().scope(), ""); }

TEST_P(RunnerConformance, RunsAJobToItsEnd) {
  Lines lines;
  const JobStatus status =
      harness_.run(harness_.request("echo out; echo err >&2; echo $WANDB_RUN_ID | cut -c1-8"), &lines);
  EXPECT_EQ(status.phase, JobPhase::finished);
  EXPECT_EQ(status.exit_code, 0);
  EXPECT_TRUE(status.reachable);
  EXPECT_THAT(lines, testing::UnorderedElementsAre("out", "err", "slipway-"));
}

TEST_P(RunnerConformance, ReportsExitCodes) {
  for (const auto& [script, code] :
       std::map<std::string, int>{{"exit 1", 1}, {"exit 7", 7}, {"exit 137", 137}, {"exit 255", 255}}) {
    const JobStatus status = harness_.run(harness_.request(script));
    EXPECT_EQ(status.phase, JobPhase::failed) << script;
    EXPECT_EQ(status.exit_code, code) << script;
    EXPECT_EQ(status.failure_class, launch::failure::exit_code) << script;
    EXPECT_NE(status.message, "") << script;
  }
}

TEST_P(RunnerConformance, ExplainsAProgramThatIsNotThere) {
  SubmitRequest request = harness_.request("");
  request.entry_point = {"no-such-program", "x"};
  const JobStatus status = harness_.run(request);
  EXPECT_EQ(status.phase, JobPhase::failed);
  EXPECT_EQ(status.exit_code, 127);
  EXPECT_EQ(status.failure_class, launch::failure::exit_code);
  EXPECT_THAT(status.message, HasSubstr("no-such-program"));
}

TEST_P(RunnerConformance, PassesArgumentsAsTheyAre) {
  SubmitRequest request = harness_.request("");
  request.entry_point = {"/bin/sh", "-c", "for a; do printf '%s\\n' \"$a\"; done", "sh"};
  request.args = {"$(id)", ";ls", "a b", "'\"`\\", "--name=x", "*", ""};
  Lines lines;
  harness_.run(request, &lines);
  EXPECT_EQ(lines, request.args);
}

TEST_P(RunnerConformance, RunsInItsOwnCopyOfTheSource) {
  SubmitRequest request = harness_.request("cat data.txt && echo changed > data.txt && cat data.txt ../top.txt");
  request.source_dir = harness_.folder() / "code";
  request.working_dir = "sub";
  std::filesystem::create_directories(request.source_dir / "sub");
  std::ofstream(request.source_dir / "sub" / "data.txt") << "original\n";
  std::ofstream(request.source_dir / "top.txt") << "top\n";
  Lines lines;
  const JobStatus status = harness_.run(request, &lines);
  EXPECT_EQ(status.phase, JobPhase::finished) << status.message;
  EXPECT_THAT(lines, ElementsAre("original", "changed", "top"));
  std::ifstream original(request.source_dir / "sub" / "data.txt");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(original), {}), "original\n");
}

TEST_P(RunnerConformance, RefusesAWorkingFolderOutsideTheSource) {
  SubmitRequest request = harness_.request("true");
  request.source_dir = harness_.folder();
  request.working_dir = "../..";
  auto refused = harness_.task([&] { return harness_.runner().submit(request); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::invalid_argument);
}

TEST_P(RunnerConformance, SubmittingTwiceIsOneJob) {
  const SubmitRequest request = harness_.request("echo once; sleep 1");
  const RunHandle first = harness_.submit(request);
  const RunHandle second = *harness_.task([&] { return harness_.runner().submit(request); });
  EXPECT_EQ(first.uid, second.uid);
  EXPECT_EQ(harness_.wait(first).phase, JobPhase::finished);
  const RunHandle third = *harness_.task([&] { return harness_.runner().submit(request); });
  EXPECT_EQ(first.uid, third.uid);
  EXPECT_EQ(harness_.wait(third).phase, JobPhase::finished);
  EXPECT_THAT(harness_.logs(third), ElementsAre("once"));
}

TEST_P(RunnerConformance, FindsAJobByItsName) {
  const SubmitRequest request = harness_.request("echo here");
  auto before = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_TRUE(before) << before.error().to_string();
  EXPECT_FALSE(before->has_value());
  const RunHandle handle = harness_.submit(request);
  auto after = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_TRUE(after && *after);
  EXPECT_EQ((**after).uid, handle.uid);
  EXPECT_EQ((**after).name, request.identity.name);
}

TEST_P(RunnerConformance, LeavesAForeignThingOfThatNameAlone) {
  SubmitRequest request = harness_.request("echo mine; sleep 1");
  const RunHandle handle = harness_.submit(request);
  request.identity.labels["slipway.dev/item"] = "somebody-else";
  auto found = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), Code::conflict);
  auto submitted = harness_.task([&] { return harness_.runner().submit(request); });
  ASSERT_FALSE(submitted);
  EXPECT_EQ(submitted.error().code(), Code::conflict);
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::finished);
}

TEST_P(RunnerConformance, AdoptsARunningJobAfterARestart) {
  const SubmitRequest request = harness_.request("echo before; sleep 1; echo after; exit 7");
  const RunHandle handle = harness_.submit(request);
  harness_.wait_for_line(handle, "before");
  harness_.restart_agent();
  auto found = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((**found).uid, handle.uid);
  const auto stored = RunHandle::from_json(*parse_json(to_text(handle.to_json())));
  ASSERT_TRUE(stored);
  const JobStatus status = harness_.wait(*stored);
  EXPECT_EQ(status.phase, JobPhase::failed);
  EXPECT_EQ(status.exit_code, 7);
  EXPECT_THAT(harness_.logs(*stored), ElementsAre("before", "after"));
}

TEST_P(RunnerConformance, AdoptsAJobThatEndedMeanwhile) {
  const SubmitRequest request = harness_.request("echo all; exit 3");
  const RunHandle handle = harness_.submit(request);
  harness_.wait(handle);
  harness_.restart_agent();
  EXPECT_EQ(harness_.wait(handle).exit_code, 3);
  EXPECT_THAT(harness_.logs(handle), ElementsAre("all"));
}

TEST_P(RunnerConformance, TwoAgentsThatSubmitAtOnceStartOneJob) {
  const SubmitRequest request = harness_.request("echo once; sleep 1");
  auto second_agent = harness_.another_runner();
  ASSERT_TRUE(harness_.task([&] { return second_agent->verify(); }));
  using namespace asio::experimental::awaitable_operators;
  std::optional<Result<RunHandle>> other;
  auto both = [&]() -> Task<RunHandle> {
    auto first = harness_.runner().submit(request);
    auto second = second_agent->submit(request);
    auto [a, b] = co_await (std::move(first) && std::move(second));
    other = std::move(b);
    co_return std::move(a);
  };
  auto first = harness_.task(both);
  // One of them may have been told that the answer is not certain; it then looks the name up.
  for (auto* outcome : {&first, &*other}) {
    if (!*outcome) EXPECT_EQ(outcome->error().code(), Code::unavailable) << outcome->error().to_string();
  }
  auto found = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_TRUE(found && *found);
  EXPECT_EQ(harness_.wait(**found).phase, JobPhase::finished);
  EXPECT_THAT(harness_.logs(**found), ElementsAre("once"));
}

TEST_P(RunnerConformance, StopsAJobThatHeedsTheSignal) {
  const RunHandle handle =
      harness_.submit(harness_.request("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done"));
  harness_.wait_for_line(handle, "ready");
  for (int i = 0; i < 2; ++i)
    EXPECT_TRUE(harness_.task([&] { return harness_.runner().stop(handle, Millis(20'000)); }));
  const JobStatus status = harness_.wait(handle);
  EXPECT_EQ(status.phase, JobPhase::stopped);
  EXPECT_EQ(status.exit_code, 0);
  // A shell may add that its `sleep` was ended by the same signal.
  const Lines lines = harness_.logs(handle);
  EXPECT_EQ(lines.front(), "ready");
  EXPECT_EQ(lines.back(), "bye");
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().stop(handle, Millis(1'000)); }));
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::stopped);
}

TEST_P(RunnerConformance, StopsAJobThatDoesNotHeedTheSignal) {
  const RunHandle handle =
      harness_.submit(harness_.request("trap '' TERM; (trap '' TERM; while :; do sleep 0.05; done) & echo "
                                       "ready; while :; do sleep 0.05; done"));
  harness_.wait_for_line(handle, "ready");
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().stop(handle, Millis(1'000)); }));
  const JobStatus status = harness_.wait(handle);
  EXPECT_EQ(status.phase, JobPhase::stopped);
  EXPECT_EQ(status.exit_code, 137);
}

TEST_P(RunnerConformance, RemembersAStopOverARestart) {
  const RunHandle handle =
      harness_.submit(harness_.request("trap 'sleep 1; exit 5' TERM; echo ready; while :; do sleep 0.05; done"));
  harness_.wait_for_line(handle, "ready");
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().stop(handle, Millis(20'000)); }));
  harness_.restart_agent();
  const JobStatus status = harness_.wait(handle);
  EXPECT_EQ(status.phase, JobPhase::stopped);
  EXPECT_EQ(status.exit_code, 5);
}

TEST_P(RunnerConformance, AnUnknownHandleIsLost) {
  const RunHandle unknown{.name = "slipway-nobody-1", .uid = "4711", .details = JsonObject()};
  const JobStatus status = harness_.wait(unknown);
  EXPECT_EQ(status.phase, JobPhase::lost);
  EXPECT_EQ(status.failure_class, launch::failure::lost);
  const plugins::Runner::LogSink sink = [](std::vector<std::string>) -> Task<> { co_return Result<>(); };
  auto logs = harness_.task([&] { return harness_.runner().follow_logs(unknown, 0, sink); });
  ASSERT_FALSE(logs);
  EXPECT_EQ(logs.error().code(), Code::not_found);
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().stop(unknown, Millis(100)); }));
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().clean_up(unknown); }));
}

TEST_P(RunnerConformance, GivesTheOutputInOrderFromAnyLine) {
  const RunHandle handle = harness_.submit(
      harness_.request("i=0; while [ $i -lt 20000 ]; do echo \"line $i\"; i=$((i+1)); done; printf last"));
  const Lines all = harness_.logs(handle);
  ASSERT_EQ(all.size(), 20'001u);
  for (std::size_t i = 0; i < 20'000; ++i) ASSERT_EQ(all[i], fmt::format("line {}", i));
  EXPECT_EQ(all.back(), "last");
  for (const std::uint64_t from : {1u, 777u, 19'999u, 20'000u, 20'001u, 30'000u}) {
    const Lines rest = harness_.logs(handle, from);
    EXPECT_EQ(rest,
              Lines(all.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(from, all.size())), all.end()))
        << from;
  }
}

TEST_P(RunnerConformance, ReadsAnyOutput) {
  const std::string script =
      "printf 'a\\377b\\n'; printf '10%%\\r100%%\\n'; head -c 300000 /dev/zero | tr '\\0' x; echo; echo end";
  Lines lines;
  harness_.run(harness_.request(script), &lines);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0],
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(lines[1], "100%");
  EXPECT_THAT(lines[2], testing::StartsWith("xxxx"));
  EXPECT_EQ(lines[4], "end");
}

TEST_P(RunnerConformance, KeepsSecretsOutOfCommandLinesAndDocuments) {
  const SubmitRequest request = harness_.request("echo ${#WANDB_API_KEY}; echo ready; sleep 1");
  auto rendered = harness_.runner().render(request);
  ASSERT_TRUE(rendered) << rendered.error().to_string();
  EXPECT_THAT(to_text(*rendered), Not(HasSubstr(kSecret)));
  EXPECT_THAT(to_text(*rendered), HasSubstr("WANDB_API_KEY"));
  const RunHandle handle = harness_.submit(request);
  harness_.wait_for_line(handle, "ready");
  EXPECT_THAT(all_command_lines(), Not(HasSubstr(kSecret)));
  EXPECT_THAT(to_text(handle.to_json()), Not(HasSubstr(kSecret)));
  EXPECT_THAT(harness_.logs(handle), ElementsAre(std::to_string(std::string_view(kSecret).size()), "ready"));
}

TEST_P(RunnerConformance, CleansUpWhatAJobLeft) {
  const SubmitRequest request = harness_.request("echo gone");
  const RunHandle handle = harness_.submit(request);
  harness_.wait(handle);
  for (int i = 0; i < 2; ++i) {
    auto removed = harness_.task([&] { return harness_.runner().clean_up(handle); });
    EXPECT_TRUE(removed) << removed.error().to_string();
  }
  auto found = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::lost);
}

TEST_P(RunnerConformance, DoesNotCleanUpARunningJob) {
  const RunHandle handle = harness_.submit(harness_.request("echo ready; sleep 1; echo still"));
  harness_.wait_for_line(handle, "ready");
  auto refused = harness_.task([&] { return harness_.runner().clean_up(handle); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::failed_precondition);
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::finished);
  EXPECT_THAT(harness_.logs(handle), ElementsAre("ready", "still"));
}

TEST_P(RunnerConformance, TheEndOfAJobIsTheEndOfWhatItStarted) {
  // The background process holds the output open: the log must end all the same.
  const RunHandle handle = harness_.submit(harness_.request("(while :; do sleep 0.1; done) & echo done"));
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::finished);
  EXPECT_THAT(harness_.logs(handle), ElementsAre("done"));
}

std::vector<std::string> runners_to_test() {
  std::vector<std::string> names;
  for (const auto& plugin : plugins::catalog().runners) {
    if (plugin.create) names.push_back(plugin.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Runners, RunnerConformance, testing::ValuesIn(runners_to_test()), [](const auto& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace slipway::conformance

int main(int argc, char** argv) {
  // The runner of local-process starts this very program as the supervisor.
  if (argc > 1 && std::string_view(argv[1]) == "supervise") {
    return slipway::plugins::runners::local_process::supervise_main(argc - 1, argv + 1);
  }
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
