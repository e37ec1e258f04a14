// FakeControl: a server in memory, with answers that can be told to get lost. For tests of the agent.
#pragma once
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "agent/control/control.h"

namespace slipway::agent {

class FakeControl final : public Control {
 public:
  /// Errors for the next calls of append_log and report, in order; an empty optional is a success whose answer gets lost.
  std::deque<std::optional<Error>> append_faults, report_faults;
  std::vector<std::string> log;
  std::vector<Report> reports;
  bool cancel_requested = false;

  Task<> register_agent(Registration) override { co_return Result<>(); }
  std::string agent_name() const override { return "fake"; }
  std::string entity() const override { return "team"; }
  std::string server_id() const override { return "server"; }
  Task<LeaseReply> lease(LeaseCall) override { co_return LeaseReply(); }

  Task<bool> report(Held, Report report) override {
    if (!report_faults.empty()) {
      auto fault = std::move(report_faults.front());
      report_faults.pop_front();
      if (fault) co_return *std::move(fault);
      reports.push_back(std::move(report));
      co_return Error(Code::unavailable, "the answer got lost");
    }
    reports.push_back(std::move(report));
    co_return cancel_requested;
  }
  Task<> release(Held, std::string) override { co_return Result<>(); }
  Task<> set_status(std::string) override { co_return Result<>(); }

  Task<> append_log(Lease, std::uint64_t offset, std::vector<std::string> lines) override {
    std::optional<Error> fault;
    bool lost = false;
    if (!append_faults.empty()) {
      fault = std::move(append_faults.front());
      append_faults.pop_front();
      lost = !fault;
    }
    if (fault) co_return *std::move(fault);
    if (offset != log.size()) co_return Error(Code::conflict, "the log ends elsewhere");
    log.insert(log.end(), lines.begin(), lines.end());
    if (lost) co_return Error(Code::unavailable, "the answer got lost");
    co_return Result<>();
  }
  Task<std::uint64_t> log_size(Lease) override { co_return log.size(); }
};

}  // namespace slipway::agent
