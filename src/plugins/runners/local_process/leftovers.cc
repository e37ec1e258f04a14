#include "plugins/runners/local_process/leftovers.h"

#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

namespace slipway::plugins::runners::local_process {
namespace {

struct Member {
  pid_t session = 0;
  std::uint64_t start_ticks = 0;
};

std::optional<Member> read_member(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto close = text.rfind(')');
  if (close == std::string::npos) return {};
  std::istringstream fields(text.substr(close + 1));
  Member member;
  std::string field;
  for (int number = 3; number <= 22 && fields >> field; ++number) {
    if (number == 6) std::from_chars(field.data(), field.data() + field.size(), member.session);
    if (number == 22) std::from_chars(field.data(), field.data() + field.size(), member.start_ticks);
  }
  return member;
}

}  // namespace

int kill_leftovers(const SupervisorStatus& status) {
  const pid_t session = status.supervisor.pid;
  const auto this_boot = proc::identify(::getpid());
  if (session <= 1 || !this_boot || this_boot->boot_id != status.supervisor.boot_id || proc::identify(session))
    return 0;
  int killed = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename().string();
    pid_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc()) continue;
    const auto member = read_member(pid);
    if (!member || member->session != session || member->start_ticks < status.supervisor.start_ticks) continue;
    if (::kill(pid, SIGKILL) == 0) ++killed;
  }
  return killed;
}

}  // namespace slipway::plugins::runners::local_process
