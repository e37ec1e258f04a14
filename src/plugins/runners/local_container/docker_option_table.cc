#include <algorithm>
#include <array>

#include "base/strings.h"
#include "plugins/runners/local_container/docker_options.h"

namespace slipway::plugins::runners::local_container {
namespace {

constexpr auto kFlag = OptionKind::flag;
constexpr auto kValue = OptionKind::value;
constexpr auto kList = OptionKind::list;
constexpr auto kIgnore = OptionUse::ignore;
constexpr auto kSpecial = OptionUse::special;

// clang-format off
constexpr std::array kOptions = {
    OptionInfo{"add-host", 0, kList},
    OptionInfo{"annotation", 0, kList},
    OptionInfo{"attach", 'a', kList, kIgnore, "jobs run in the background"},
    OptionInfo{"blkio-weight", 0, kValue},
    OptionInfo{"blkio-weight-device", 0, kList},
    OptionInfo{"cap-add", 0, kList},
    OptionInfo{"cap-drop", 0, kList},
    OptionInfo{"cgroup-parent", 0, kValue},
    OptionInfo{"cgroupns", 0, kValue},
    OptionInfo{"cidfile", 0, kValue, kIgnore, "slipway keeps the container's id itself"},
    OptionInfo{"command", 0, kList, kSpecial, "the image's arguments when the job gives none"},
    OptionInfo{"cpu", 0, kValue, kSpecial, "another name of cpus"},
    OptionInfo{"cpu-count", 0, kValue},
    OptionInfo{"cpu-percent", 0, kValue},
    OptionInfo{"cpu-period", 0, kValue},
    OptionInfo{"cpu-quota", 0, kValue},
    OptionInfo{"cpu-rt-period", 0, kValue},
    OptionInfo{"cpu-rt-runtime", 0, kValue},
    OptionInfo{"cpu-shares", 'c', kValue},
    OptionInfo{"cpus", 0, kValue},
    OptionInfo{"cpuset-cpus", 0, kValue},
    OptionInfo{"cpuset-mems", 0, kValue},
    OptionInfo{"detach", 'd', kFlag, kIgnore, "jobs run in the background anyway"},
    OptionInfo{"detach-keys", 0, kValue, kIgnore, "jobs run in the background"},
    OptionInfo{"device", 0, kList},
    OptionInfo{"device-cgroup-rule", 0, kList},
    OptionInfo{"device-read-bps", 0, kList},
    OptionInfo{"device-read-iops", 0, kList},
    OptionInfo{"device-write-bps", 0, kList},
    OptionInfo{"device-write-iops", 0, kList},
    OptionInfo{"disable-content-trust", 0, kFlag},
    OptionInfo{"dns", 0, kList},
    OptionInfo{"dns-opt", 0, kList},
    OptionInfo{"dns-option", 0, kList},
    OptionInfo{"dns-search", 0, kList},
    OptionInfo{"domainname", 0, kValue},
    OptionInfo{"entrypoint", 0, kValue, kSpecial, "wins over the job's entry point, whose words become its arguments"},
    OptionInfo{"env", 'e', kList},
    OptionInfo{"env-file", 0, kList},
    OptionInfo{"expose", 0, kList},
    OptionInfo{"gpus", 0, kValue},
    OptionInfo{"group-add", 0, kList},
    OptionInfo{"health-cmd", 0, kValue},
    OptionInfo{"health-interval", 0, kValue},
    OptionInfo{"health-retries", 0, kValue},
    OptionInfo{"health-start-interval", 0, kValue},
    OptionInfo{"health-start-period", 0, kValue},
    OptionInfo{"health-timeout", 0, kValue},
    OptionInfo{"help", 0, kFlag, kIgnore, "it would only print help"},
    OptionInfo{"hostname", 'h', kValue},
    OptionInfo{"init", 0, kFlag},
    OptionInfo{"interactive", 'i', kFlag, kIgnore, "a job has no terminal to read from"},
    OptionInfo{"io-maxbandwidth", 0, kValue},
    OptionInfo{"io-maxiops", 0, kValue},
    OptionInfo{"ip", 0, kValue},
    OptionInfo{"ip6", 0, kValue},
    OptionInfo{"ipc", 0, kValue},
    OptionInfo{"isolation", 0, kValue},
    OptionInfo{"kernel-memory", 0, kValue},
    OptionInfo{"label", 'l', kList},
    OptionInfo{"label-file", 0, kList},
    OptionInfo{"link", 0, kList},
    OptionInfo{"link-local-ip", 0, kList},
    OptionInfo{"log-driver", 0, kValue},
    OptionInfo{"log-opt", 0, kList},
    OptionInfo{"mac-address", 0, kValue},
    OptionInfo{"memory", 'm', kValue},
    OptionInfo{"memory-reservation", 0, kValue},
    OptionInfo{"memory-swap", 0, kValue},
    OptionInfo{"memory-swappiness", 0, kValue},
    OptionInfo{"mount", 0, kList},
    OptionInfo{"name", 0, kValue, kIgnore, "slipway names the container after the run, so that it finds it again"},
    OptionInfo{"net", 0, kList},
    OptionInfo{"net-alias", 0, kList},
    OptionInfo{"network", 0, kList},
    OptionInfo{"network-alias", 0, kList},
    OptionInfo{"no-healthcheck", 0, kFlag},
    OptionInfo{"oom-kill-disable", 0, kFlag},
    OptionInfo{"oom-score-adj", 0, kValue},
    OptionInfo{"pid", 0, kValue},
    OptionInfo{"pids-limit", 0, kValue},
    OptionInfo{"platform", 0, kValue, kSpecial, "also of the pull"},
    OptionInfo{"privileged", 0, kFlag},
    OptionInfo{"publish", 'p', kList},
    OptionInfo{"publish-all", 'P', kFlag},
    OptionInfo{"pull", 0, kValue, kSpecial, "always, missing or never"},
    OptionInfo{"quiet", 'q', kFlag, kIgnore, "the progress of a pull goes to the job's log"},
    OptionInfo{"read-only", 0, kFlag},
    OptionInfo{"restart", 0, kValue, kIgnore, "a job runs once"},
    OptionInfo{"rm", 0, kFlag, kIgnore, "slipway removes the container once its output and exit code are safe"},
    OptionInfo{"runtime", 0, kValue},
    OptionInfo{"security-opt", 0, kList},
    OptionInfo{"shm-size", 0, kValue},
    OptionInfo{"sig-proxy", 0, kFlag, kIgnore, "jobs run in the background"},
    OptionInfo{"stop-signal", 0, kValue},
    OptionInfo{"stop-timeout", 0, kValue},
    OptionInfo{"storage-opt", 0, kList},
    OptionInfo{"sysctl", 0, kList},
    OptionInfo{"tmpfs", 0, kList},
    OptionInfo{"tty", 't', kFlag},
    OptionInfo{"ulimit", 0, kList},
    OptionInfo{"use-api-socket", 0, kFlag},
    OptionInfo{"user", 'u', kValue},
    OptionInfo{"userns", 0, kValue},
    OptionInfo{"uts", 0, kValue},
    OptionInfo{"volume", 'v', kList},
    OptionInfo{"volume-driver", 0, kValue},
    OptionInfo{"volumes-from", 0, kList},
    OptionInfo{"workdir", 'w', kValue},
};
// clang-format on

Json schema_of(const OptionInfo& option) {
  const Json scalar = {{"type", {"string", "number"}}};
  if (option.kind == OptionKind::flag) return {{"type", "boolean"}};
  if (option.kind == OptionKind::value) return scalar;
  return {{"oneOf", {scalar, {{"type", "array"}, {"items", scalar}}}}};
}

}  // namespace

std::span<const OptionInfo> known_options() { return kOptions; }

const OptionInfo* find_option(std::string_view written) {
  const auto start = written.find_first_not_of('-');
  if (start == std::string_view::npos) return nullptr;
  const std::string_view bare = written.substr(start);
  const std::string name = lower(replace_all(std::string(bare), "_", "-"));
  const auto found = std::ranges::find_if(kOptions, [&](const OptionInfo& option) {
    return bare.size() == 1 ? option.letter == bare[0] : option.name == name;
  });
  return found == kOptions.end() ? nullptr : &*found;
}

Json docker_schema() {
  JsonObject properties;
  for (const OptionInfo& option : kOptions) {
    const std::string letter(option.letter == 0 ? 0 : 1, option.letter);
    Json schema = schema_of(option);
    if (!option.why.empty()) schema.as_object()["description"] = option.why;
    if (!letter.empty()) properties[letter] = schema;
    properties[option.name] = std::move(schema);
  }
  JsonObject out;
  out["type"] = "object";
  out["properties"] = std::move(properties);
  out["additionalProperties"] = true;
  return Json(std::move(out));
}

}  // namespace slipway::plugins::runners::local_container
