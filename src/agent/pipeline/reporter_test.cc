#include "agent/pipeline/reporter.h"

#include <gtest/gtest.h>

#include "agent/testing/fake_control.h"
#include "async/testing.h"

namespace slipway::agent {
namespace {

Report running() {
  Report report;
  report.phase = launch::ItemState::running;
  return report;
}

TEST(Reporter, TriesWhileTheServerIsAway) {
  asio::io_context io;
  FakeControl control;
  control.report_faults.emplace_back(Error(Code::unavailable, "away"));
  Reporter reporter(control, {"item", 1});
  EXPECT_TRUE(run_task(io, [&] { return reporter.tell(running()); }));
  EXPECT_EQ(control.reports.size(), 1u);
}

TEST(Reporter, AnotherOutcomeOnTheServerMeansThatTheLeaseIsGone) {
  for (const Code code : {Code::conflict, Code::stale, Code::not_found}) {
    asio::io_context io;
    FakeControl control;
    control.report_faults.emplace_back(Error(code, "moved on"));
    Reporter reporter(control, {"item", 1});
    const auto told = run_task(io, [&] { return reporter.tell(running()); });
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code(), Code::stale);
  }
}

TEST(Reporter, RemembersThatSomebodyWantsTheJobToEnd) {
  asio::io_context io;
  FakeControl control;
  control.cancel_requested = true;
  Reporter reporter(control, {"item", 1});
  EXPECT_FALSE(reporter.cancel_requested());
  EXPECT_TRUE(run_task(io, [&] { return reporter.tell(running()); }));
  EXPECT_TRUE(reporter.cancel_requested());
}

}  // namespace
}  // namespace slipway::agent
