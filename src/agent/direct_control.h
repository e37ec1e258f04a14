// DirectControl: a Control for one item that no server queues: what an agent would report goes to the terminal.
#pragma once
#include <string>

#include "agent/app.h"
#include "agent/control/control.h"

namespace slipway::agent {

class DirectControl final : public Control {
 public:
  explicit DirectControl(const DirectRun& run) : run_(run) {}

  Lease lease_of(const Json& spec) const;
  const DirectOutcome& outcome() const { return outcome_; }

  Task<> register_agent(Registration) override { co_return Result<>(); }
  std::string agent_name() const override { return "direct"; }
  std::string entity() const override { return ""; }
  std::string server_id() const override { return "direct"; }
  Task<LeaseReply> lease(LeaseCall) override { co_return LeaseReply(); }
  Task<bool> report(Held item, Report report) override;
  Task<> release(Held, std::string) override { co_return Result<>(); }
  Task<> set_status(std::string) override { co_return Result<>(); }
  Task<> append_log(Lease lease, std::uint64_t offset, std::vector<std::string> lines) override;
  Task<std::uint64_t> log_size(Lease) override { co_return lines_; }

 private:
  const DirectRun& run_;
  DirectOutcome outcome_;
  std::uint64_t lines_ = 0;
};

}  // namespace slipway::agent
