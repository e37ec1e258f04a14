#include "agent/pipeline/job_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/testing/fake_control.h"
#include "async/testing.h"

namespace slipway::agent {
namespace {

using testing::ElementsAre;

struct JobLogTest : testing::Test {
  asio::io_context io;
  FakeControl control;

  Lease lease(int attempt = 1) {
    Lease made;
    made.attempt = attempt;
    made.run_name = "r1";
    return made;
  }
};

TEST_F(JobLogTest, OwnLinesComeBeforeTheOutput) {
  JobLog log(control, lease(), io.get_executor());
  log.line("fetching");
  log.line("building");
  ASSERT_TRUE(run_task(io, [&] { return log.flush(); }));
  log.begin_output();
  EXPECT_EQ(log.output_start(), 2u);
  ASSERT_TRUE(run_task(io, [&] { return log.output(0, {"one", "two"}); }));
  EXPECT_THAT(control.log, ElementsAre("fetching", "building", "one", "two"));
  EXPECT_EQ(log.next_output(), 2u);
}

TEST_F(JobLogTest, ALineAfterTheOutputHasBegunDoesNotShiftItsNumbers) {
  JobLog log(control, lease(), io.get_executor());
  log.begin_output();
  ASSERT_TRUE(run_task(io, [&] { return log.output(0, {"one"}); }));
  log.line("too late for the job's log");
  ASSERT_TRUE(run_task(io, [&] { return log.flush(); }));
  ASSERT_TRUE(run_task(io, [&] { return log.output(1, {"two"}); }));
  EXPECT_THAT(control.log, ElementsAre("one", "two"));
}

TEST_F(JobLogTest, AnAdoptedJobGoesOnWhereTheServerIs) {
  control.log = {"fetching", "one", "two"};
  JobLog log(control, lease(2), io.get_executor());
  ASSERT_TRUE(run_task(io, [&] { return log.open(); }));
  log.begin_output_at(1);
  EXPECT_EQ(log.next_output(), 2u);
  // The backend gives everything from the start again; what the server has is left out.
  ASSERT_TRUE(run_task(io, [&] { return log.output(0, {"one", "two", "three"}); }));
  EXPECT_THAT(control.log, ElementsAre("fetching", "one", "two", "three"));
}

TEST_F(JobLogTest, AnAnswerThatGetsLostRepeatsNoLine) {
  JobLog log(control, lease(), io.get_executor());
  log.begin_output();
  control.append_faults.emplace_back(std::nullopt);
  ASSERT_TRUE(run_task(io, [&] { return log.output(0, {"one", "two"}); }));
  ASSERT_TRUE(run_task(io, [&] { return log.output(2, {"three"}); }));
  EXPECT_THAT(control.log, ElementsAre("one", "two", "three"));
}

TEST_F(JobLogTest, AServerThatIsAwayIsAskedAgain) {
  JobLog log(control, lease(), io.get_executor());
  log.begin_output();
  control.append_faults.emplace_back(Error(Code::unavailable, "away"));
  control.append_faults.emplace_back(Error(Code::deadline_exceeded, "slow"));
  ASSERT_TRUE(run_task(io, [&] { return log.output(0, {"one"}); }));
  EXPECT_THAT(control.log, ElementsAre("one"));
}

TEST_F(JobLogTest, ARunThatTakesNoMoreLinesEndsNothingElse) {
  JobLog log(control, lease(), io.get_executor());
  log.begin_output();
  control.append_faults.emplace_back(Error(Code::resource_exhausted, "the run's log is full"));
  EXPECT_TRUE(run_task(io, [&] { return log.output(0, {"one"}); }));
  EXPECT_TRUE(run_task(io, [&] { return log.output(1, {"two"}); }));
  EXPECT_THAT(control.log, ElementsAre());
}

TEST_F(JobLogTest, TextThatIsNoUtf8BecomesValid) {
  JobLog log(control, lease(), io.get_executor());
  log.line("caf\xe9");
  ASSERT_TRUE(run_task(io, [&] { return log.flush(); }));
  EXPECT_THAT(control.log, ElementsAre("caf\xEF\xBF\xBD"));
}

TEST_F(JobLogTest, OwnLinesAreBounded) {
  JobLog log(control, lease(), io.get_executor());
  const std::string long_line(1 << 20, 'x');
  for (int i = 0; i < 10; ++i) log.line(long_line);
  ASSERT_TRUE(run_task(io, [&] { return log.flush(); }));
  EXPECT_EQ(control.log.size(), 4u);
  log.line("after");
  ASSERT_TRUE(run_task(io, [&] { return log.flush(); }));
  EXPECT_THAT(control.log.at(4), testing::HasSubstr("6 lines are missing"));
}

}  // namespace
}  // namespace slipway::agent
