#include "plugins/runners/local_container/container_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "launch/item_state.h"

namespace slipway::plugins::runners::local_container {
namespace {

constexpr UnixMillis kEnd = 1'700'000'100'000;

struct Case {
  std::string name;
  ContainerState state;
  Circumstances around;
  JobPhase phase;
  std::string failure_class;
};

ContainerState exited(int code, bool oom = false) {
  return {.status = "exited", .exit_code = code, .out_of_memory = oom, .finished_at = kEnd};
}

const Circumstances kNothing;
const Circumstances kStop{.stop_asked = true};
const Circumstances kReboot{.another_boot = true};
const Circumstances kOutage{.outage_from = kEnd - 3'000, .outage_until = kEnd + 5'000};
const Circumstances kEarlierOutage{.outage_from = kEnd - 60'000, .outage_until = kEnd - 50'000};

class StatusTable : public testing::TestWithParam<Case> {};

TEST_P(StatusTable, IsTheJobs) {
  const JobStatus status = job_status(GetParam().state, GetParam().around);
  EXPECT_EQ(status.phase, GetParam().phase);
  EXPECT_EQ(status.failure_class, GetParam().failure_class);
  if (status.phase == JobPhase::failed || status.phase == JobPhase::lost) EXPECT_NE(status.message, "");
}

INSTANTIATE_TEST_SUITE_P(
    Containers, StatusTable,
    testing::Values(Case{"created", {.status = "created"}, kNothing, JobPhase::starting, ""},
                    Case{"running", {.status = "running"}, kNothing, JobPhase::running, ""},
                    Case{"paused", {.status = "paused"}, kNothing, JobPhase::running, ""},
                    Case{"running_while_stopping", {.status = "running"}, kStop, JobPhase::running, ""},
                    Case{"good_end", exited(0), kNothing, JobPhase::finished, ""},
                    Case{"bad_end", exited(3), kNothing, JobPhase::failed, "exit_code"},
                    Case{"out_of_memory", exited(137, true), kNothing, JobPhase::failed, "out_of_memory"},
                    Case{"killed_by_somebody", exited(137), kNothing, JobPhase::failed, "exit_code"},
                    Case{"stopped", exited(143), kStop, JobPhase::stopped, ""},
                    Case{"stopped_and_clean", exited(0), kStop, JobPhase::stopped, ""},
                    Case{"stopped_before_start", {.status = "created"}, kStop, JobPhase::stopped, ""},
                    Case{"no_such_program",
                         {.status = "created", .exit_code = 127, .error = "exec: no-such: not found"},
                         kNothing,
                         JobPhase::failed,
                         "exit_code"},
                    Case{"dead", {.status = "dead", .exit_code = 1}, kNothing, JobPhase::failed, "exit_code"},
                    Case{"machine_restarted", exited(255), kReboot, JobPhase::lost, "node_lost"},
                    Case{"machine_shut_down", exited(137), kReboot, JobPhase::lost, "node_lost"},
                    Case{"finished_before_the_restart", exited(0), kReboot, JobPhase::finished, ""},
                    Case{"failed_before_the_restart", exited(1), kReboot, JobPhase::failed, "exit_code"},
                    Case{"engine_went_down", exited(143), kOutage, JobPhase::lost, "node_lost"},
                    Case{"finished_while_the_engine_was_away", exited(0), kOutage, JobPhase::finished, ""},
                    Case{"own_error_while_the_engine_was_away", exited(2), kOutage, JobPhase::failed, "exit_code"},
                    Case{"killed_long_after_an_outage", exited(137), kEarlierOutage, JobPhase::failed, "exit_code"}),
    [](const auto& info) { return info.param.name; });

TEST(ContainerStatus, OfARemovedContainer) {
  EXPECT_EQ(gone_status(kNothing).phase, JobPhase::lost);
  EXPECT_EQ(gone_status(kStop).phase, JobPhase::stopped);
}

TEST(ContainerStatus, ReadsTheEnginesTimes) {
  EXPECT_EQ(parse_engine_time("2023-11-14T22:15:00Z"), kEnd);
  EXPECT_EQ(parse_engine_time("2023-11-14T22:15:00.5Z"), kEnd + 500);
  EXPECT_EQ(parse_engine_time("2023-11-14T22:15:00.123456789Z"), kEnd + 123);
  EXPECT_EQ(parse_engine_time("2023-11-14T22:15:00.04Z"), kEnd + 40);
  EXPECT_EQ(parse_engine_time("0001-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_engine_time("yesterday"), 0);
}

}  // namespace
}  // namespace slipway::plugins::runners::local_container
