#include "base/broken_pipe.h"

#include <signal.h>

namespace slipway {

void ignore_broken_pipes() {
  static const bool once = [] {
    struct sigaction current{};
    if (::sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) ::signal(SIGPIPE, SIG_IGN);
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace slipway
