// Reporter: tells the server about one item, until the server has heard it.
#pragma once
#include <string>

#include "agent/control/control.h"

namespace slipway::agent {

class Reporter {
 public:
  Reporter(Control& control, Held item);

  /// Tries while the server is away. Code::stale: the lease has moved on, stop driving the item and leave the
  /// job alone. Every other error is final too.
  Task<> tell(Report report);
  /// One try. For shut-down.
  Task<> release(std::string reason);
  /// Did any answer say that somebody wants the job to end?
  bool cancel_requested() const { return cancel_requested_; }
  const Held& item() const { return item_; }

 private:
  Control& control_;
  Held item_;
  bool cancel_requested_ = false;
};

}  // namespace slipway::agent
