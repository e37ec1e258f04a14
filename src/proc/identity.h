// What /proc says about processes. Private to proc.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace slipway::proc {

struct ProcessStat {
  char state = '?';
  pid_t process_group = 0;
  std::uint64_t start_ticks = 0;
};
/// Nothing when there is no such process.
std::optional<ProcessStat> read_stat(pid_t pid);
/// Does anybody but its leader live in that group? Zombies do not.
bool group_has_followers(pid_t leader);

}  // namespace slipway::proc
