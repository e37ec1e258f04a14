#include "proc/process.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/testing.h"
#include "base/ids.h"
#include "base/strings.h"

namespace slipway::proc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ProcessSpec shell(std::string script) {
  ProcessSpec spec;
  spec.argv = {"/bin/sh", "-c", std::move(script)};
  spec.env = {{"PATH", "/usr/bin:/bin"}};
  return spec;
}

ProcessResult run_ok(ProcessSpec spec) {
  auto outcome = run_task([&] { return run(std::move(spec)); });
  if (!outcome) throw std::runtime_error(outcome.error().to_string());
  return *std::move(outcome);
}

Error run_error(ProcessSpec spec) {
  auto outcome = run_task([&] { return run(std::move(spec)); });
  if (outcome) throw std::runtime_error("an error was expected");
  return std::move(outcome).error();
}

/// Runs it and cancels as soon as its output holds `marker`.
Result<ProcessResult> cancel_at(ProcessSpec spec, std::string marker, std::string* seen = nullptr) {
  asio::io_context io;
  asio::cancellation_signal signal;
  std::string output;
  bool sent = false;
  spec.on_output = [&](std::string_view data) {
    output += data;
    if (sent || output.find(marker) == std::string::npos) return;
    sent = true;
    asio::post(io, [&] { signal.emit(asio::cancellation_type::terminal); });
  };
  std::optional<Result<ProcessResult>> outcome;
  asio::co_spawn(io, run(std::move(spec)),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr, Result<ProcessResult> result) {
                   outcome = std::move(result);
                 }));
  io.run();
  if (seen) *seen = output;
  return *std::move(outcome);
}

pid_t pid_in(std::string_view output, std::string_view label) {
  const auto at = output.find(label);
  return at == std::string_view::npos
             ? -1
             : static_cast<pid_t>(std::atol(std::string(output.substr(at + label.size())).c_str()));
}

class ProcessTest : public ::testing::Test {
 protected:
  ProcessTest() : folder_(std::filesystem::temp_directory_path() / ("proc-test-" + random_id())) {
    std::filesystem::create_directories(folder_);
  }
  ~ProcessTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST(Process, GivesTheExitCodeAndBothStreams) {
  const auto result = run_ok(shell("echo out; echo err >&2; exit 7"));
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.signal, 0);
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  EXPECT_FALSE(result.truncated);
  EXPECT_FALSE(result.ok());
}

TEST(Process, ReportsTheSignal) {
  const auto result = run_ok(shell("kill -KILL $$"));
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_EQ(result.exit_code, 128 + SIGKILL);
}

TEST(Process, RunsManyTimesWithoutLosingAnExit) {
  for (int i = 0; i < 50; ++i) EXPECT_EQ(run_ok(shell("exit 3")).exit_code, 3);
}

TEST(Process, TakesInput) {
  auto spec = shell("cat");
  spec.input = std::string(300'000, 'x');
  EXPECT_EQ(run_ok(spec).out, spec.input);
}

TEST(Process, DoesNotMindAProgramThatIgnoresItsInput) {
  auto spec = shell("exit 0");
  spec.input = std::string(300'000, 'x');
  EXPECT_TRUE(run_ok(spec).ok());
}

TEST(Process, HasAnEmptyInputByDefault) { EXPECT_EQ(run_ok(shell("cat; echo end")).out, "end\n"); }

TEST(Process, PassesTheEnvironmentExactly) {
  ProcessSpec spec;
  spec.argv = {"/usr/bin/env"};
  spec.env = {{"A", "1"}, {"B", "two words; $(id) `id`"}, {"EMPTY", ""}};
  EXPECT_EQ(run_ok(spec).out, "A=1\nB=two words; $(id) `id`\nEMPTY=\n");
}

TEST(Process, PassesArgumentsUntouched) {
  ProcessSpec spec;
  spec.argv = {"/usr/bin/printf", "%s|", "a b", "$(id)", "'", "*", "", "\n"};
  EXPECT_EQ(run_ok(spec).out, "a b|$(id)|'|*||\n|");
}

TEST_F(ProcessTest, RunsInTheGivenFolder) {
  auto spec = shell("pwd");
  spec.cwd = folder_;
  EXPECT_EQ(trim(run_ok(spec).out), std::filesystem::canonical(folder_).string());
}

TEST_F(ProcessTest, InheritsNoDescriptors) {
  const int leaked = ::open("/dev/null", O_RDONLY);  // Without close-on-exec, as third-party code opens them.
  const auto result = run_ok(shell("ls /proc/self/fd"));
  ::close(leaked);
  EXPECT_EQ(result.out, "0\n1\n2\n3\n");  // 3 is the folder that ls reads.
}

TEST(Process, LooksItsProgramUpInItsOwnPath) {
  ProcessSpec spec;
  spec.argv = {"true"};
  spec.env = {{"PATH", "/usr/bin:/bin"}};
  EXPECT_TRUE(run_ok(spec).ok());
  spec.env = {{"PATH", "/nowhere"}};
  EXPECT_EQ(run_error(spec).code(), Code::not_found);
}

struct BadStart {
  std::string name;
  std::vector<std::string> argv;
  std::string cwd;
  Code code;
};
class BadStarts : public ::testing::TestWithParam<BadStart> {};

TEST_P(BadStarts, IsRefusedWithItsCode) {
  ProcessSpec spec;
  spec.argv = GetParam().argv;
  spec.cwd = GetParam().cwd;
  EXPECT_EQ(run_error(spec).code(), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Process, BadStarts,
    ::testing::Values(BadStart{"NoSuchName", {"no-such-program-here"}, "", Code::not_found},
                      BadStart{"NoSuchPath", {"/no/such/program"}, "", Code::not_found},
                      BadStart{"NotExecutable", {"/etc/passwd"}, "", Code::failed_precondition},
                      BadStart{"Folder", {"/usr"}, "", Code::failed_precondition},
                      BadStart{"NoSuchFolder", {"/bin/true"}, "/no/such/folder", Code::failed_precondition},
                      BadStart{"NulInArgument", {"/bin/echo", std::string("a\0b", 3)}, "", Code::invalid_argument},
                      BadStart{"Nothing", {}, "", Code::invalid_argument}),
    [](const auto& info) { return info.param.name; });

TEST(Process, KeepsTheEndOfHugeOutput) {
  auto spec = shell("i=0; while [ $i -lt 2000 ]; do printf '%01000d' 0; i=$((i+1)); done; echo the end");
  spec.max_captured = 10'000;
  std::size_t seen = 0;
  spec.on_output = [&seen](std::string_view data) { seen += data.size(); };
  const auto result = run_ok(spec);
  EXPECT_TRUE(result.truncated);
  EXPECT_EQ(result.out.size(), 10'000u);
  EXPECT_TRUE(result.out.ends_with("the end\n"));
  EXPECT_EQ(seen, 2'000'008u);
}

TEST(Process, StopsAtItsTimeout) {
  auto spec = shell("sleep 1000");
  spec.timeout = Millis(50);
  const auto error = run_error(spec);
  EXPECT_EQ(error.code(), Code::deadline_exceeded);
  EXPECT_THAT(error.message(), HasSubstr("sh was stopped after"));
}

TEST(Process, KillsWhatIgnoresSigterm) {
  auto spec = shell("trap '' TERM; echo ready; while :; do sleep 1000; done");
  spec.grace = Millis(50);
  const auto outcome = cancel_at(spec, "ready");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), Code::cancelled);
}

TEST(Process, CancellingEndsTheWholeGroup) {
  std::string output;
  // The grandchild ignores SIGTERM and has closed its streams, so only the group's SIGKILL can end it.
  auto spec = shell(
      "(trap '' TERM; exec >/dev/null 2>&1; while :; do sleep 1000; done) & echo grandchild=$!; echo "
      "child=$$; echo ready; wait");
  spec.grace = Millis(100);
  const auto outcome = cancel_at(spec, "ready", &output);
  ASSERT_FALSE(outcome);
  const auto grandchild = pid_in(output, "grandchild=");
  ASSERT_GT(grandchild, 0) << output;
  EXPECT_FALSE(identify(grandchild));
  EXPECT_FALSE(identify(pid_in(output, "child=")));
}

TEST(Process, CancelledProgramMayCleanUp) {
  std::string output;
  auto spec = shell("trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.01; done");
  spec.grace = Millis(60'000);
  const auto outcome = cancel_at(spec, "ready", &output);
  EXPECT_FALSE(outcome);
  EXPECT_THAT(output, HasSubstr("cleaned"));
}

TEST(Process, AGrandchildThatKeepsThePipesDoesNotHoldTheResult) {
  const auto result = run_ok(shell("sleep 1000 & echo $!"));
  EXPECT_TRUE(result.ok());
  const auto grandchild = static_cast<pid_t>(std::atol(result.out.c_str()));
  EXPECT_TRUE(identify(grandchild));  // Ended by itself means: nobody is killed.
  ::kill(grandchild, SIGKILL);
}

TEST(RunChecked, NamesTheProgramAndTheTailButNoArguments) {
  auto spec = shell("echo lost >&2; echo reason >&2; exit 128");
  auto outcome = run_task([&] { return run_checked(std::move(spec), "fetching the source"); });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message(), "fetching the source: sh exited with 128: lost\nreason");
}

TEST(ProcessResult, TailIsOfStandardErrorOrElseOfStandardOutput) {
  ProcessResult result;
  result.out = "a\nb\nc\n";
  EXPECT_EQ(result.tail(2), "b\nc");
  result.err = "only\n";
  EXPECT_EQ(result.tail(2), "only");
  EXPECT_EQ(ProcessResult{}.tail(), "");
}

TEST(FindProgram, LooksIntoThePathGiven) {
  EXPECT_EQ(find_program("sh", "/nowhere:/bin"), std::filesystem::path("/bin/sh"));
  EXPECT_EQ(find_program("sh", "/nowhere"), std::nullopt);
  EXPECT_EQ(find_program("passwd", "/etc"), std::nullopt);
  EXPECT_EQ(find_program("", "/bin"), std::nullopt);
}

TEST_F(ProcessTest, ADetachedProcessCanBeFoundStoppedAndAwaited) {
  DetachedSpec spec;
  spec.argv = {"/bin/sh", "-c", "echo started; exec sleep 1000"};
  spec.output = folder_ / "log";
  const auto pid = start_detached(spec);
  ASSERT_TRUE(pid) << pid.error().to_string();
  const auto identity = identify(*pid);
  ASSERT_TRUE(identity);
  EXPECT_TRUE(alive(*identity));
  EXPECT_EQ(::getsid(*pid), *pid);

  auto reused = *identity;
  reused.start_ticks += 1;
  EXPECT_FALSE(alive(reused));
  EXPECT_FALSE(signal_group(reused, SIGKILL));
  auto other_boot = *identity;
  other_boot.boot_id = "another";
  EXPECT_FALSE(alive(other_boot));

  EXPECT_TRUE(signal_group(*identity, SIGKILL));
  EXPECT_TRUE(run_task([&] { return wait_for_exit(*identity); }));
  EXPECT_FALSE(alive(*identity));
  EXPECT_FALSE(signal_group(*identity, SIGKILL));
  EXPECT_EQ(::kill(*pid, 0), -1) << "the zombie was not reaped";
  EXPECT_TRUE(run_task([&] { return wait_for_exit(*identity); }));
}

TEST(Process, WaitsForAProcessThatIsNoChild) {
  // The shell is ours, what it leaves behind is not.
  const auto result = run_ok(shell("sleep 1000 >/dev/null 2>&1 </dev/null & echo $!"));
  const auto identity = identify(static_cast<pid_t>(std::atol(result.out.c_str())));
  ASSERT_TRUE(identity);
  asio::io_context io;
  asio::post(io, [&] { ::kill(identity->pid, SIGKILL); });
  EXPECT_TRUE(run_task(io, [&] { return wait_for_exit(*identity); }));
  EXPECT_FALSE(alive(*identity));
}

TEST_F(ProcessTest, DetachedOutputIsAppendedBothStreams) {
  const auto log = folder_ / "log";
  for (const char* word : {"one", "two"}) {
    DetachedSpec spec;
    spec.argv = {"/bin/sh", "-c", std::string("echo ") + word + "; echo " + word + " >&2"};
    spec.output = log;
    const auto pid = start_detached(spec);
    ASSERT_TRUE(pid);
    const auto identity = identify(*pid);
    if (identity) EXPECT_TRUE(run_task([&] { return wait_for_exit(*identity); }));
  }
  std::ifstream file(log);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, "one\none\ntwo\ntwo\n");
}

TEST(Identify, KnowsOnlyWhatLives) {
  EXPECT_TRUE(identify(::getpid()));
  EXPECT_FALSE(identify(0));
  EXPECT_FALSE(identify(-1));
  EXPECT_FALSE(identify(5'000'000));  // Above the largest number that Linux gives.
}

}  // namespace
}  // namespace slipway::proc
