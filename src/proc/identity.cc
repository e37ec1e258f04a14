#include "proc/identity.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <memory>
#include <sstream>

#include <fmt/format.h>

#include "base/strings.h"
#include "proc/process.h"
#include "proc/spawn.h"

namespace slipway::proc {
namespace {

std::string read_small_file(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char buffer[4096];
  const auto got = fd.get() < 0 ? -1 : ::read(fd.get(), buffer, sizeof buffer);
  return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
}

const std::string& boot_id() {
  static const std::string id(trim(read_small_file("/proc/sys/kernel/random/boot_id")));
  return id;
}

bool ended(const ProcessStat& stat) { return stat.state == 'Z' || stat.state == 'X'; }

}  // namespace

std::optional<ProcessStat> read_stat(pid_t pid) {
  const auto text = read_small_file(fmt::format("/proc/{}/stat", pid));
  // The program's name stands in parentheses and may itself hold blanks and parentheses.
  const auto close = text.rfind(')');
  if (close == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(close + 1));
  ProcessStat stat;
  fields >> stat.state;
  std::string field;
  constexpr int kProcessGroup = 5;
  constexpr int kStartTime = 22;
  for (int number = 4; number <= kStartTime && fields >> field; ++number) {
    if (number == kProcessGroup) std::from_chars(field.data(), field.data() + field.size(), stat.process_group);
    if (number == kStartTime) std::from_chars(field.data(), field.data() + field.size(), stat.start_ticks);
  }
  return stat;
}

bool group_has_followers(pid_t leader) {
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(::opendir("/proc"), ::closedir);
  if (!proc) return false;
  while (const dirent* entry = ::readdir(proc.get())) {
    pid_t pid = 0;
    const std::string_view name(entry->d_name);
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc() || pid == leader) continue;
    const auto stat = read_stat(pid);
    if (stat && stat->process_group == leader && !ended(*stat)) return true;
  }
  return false;
}

std::optional<ProcessIdentity> identify(pid_t pid) {
  const auto stat = pid > 0 ? read_stat(pid) : std::nullopt;
  if (!stat || ended(*stat)) return std::nullopt;
  return ProcessIdentity{pid, stat->start_ticks, boot_id()};
}

bool alive(const ProcessIdentity& identity) { return identify(identity.pid) == identity; }

bool signal_group(const ProcessIdentity& identity, int signal) {
  return identity.pid > 1 && alive(identity) && ::kill(-identity.pid, signal) == 0;
}

}  // namespace slipway::proc
