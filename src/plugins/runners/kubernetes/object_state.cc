#include "plugins/runners/kubernetes/object_state.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/strings.h"
#include "plugins/runners/kubernetes/manifest.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

ObjectState common_state(const Json& object) {
  ObjectState out{.uid = kube::metadata(object, "uid")};
  out.going = !kube::metadata(object, "deletionTimestamp").empty();
  const Json* annotations = find_path(object, "metadata.annotations");
  out.stop_asked = annotations != nullptr && slipway::find(*annotations, kStopAnnotation) != nullptr;
  return out;
}

const Json* true_condition(const Json& object, std::string_view type) {
  const Json* conditions = find_path(object, "status.conditions");
  if (conditions == nullptr || !conditions->is_array()) return nullptr;
  for (const auto& condition : conditions->get_array()) {
    if (lower(text_or(condition, "type")) == type && lower(text_or(condition, "status")) == "true") return &condition;
  }
  return nullptr;
}

void take_reason(const Json& from, ObjectState& into) {
  into.reason = text_or(from, "reason");
  into.message = text_or(from, "message");
}

struct Word {
  std::string_view text;
  JobPhase phase;
};

/// Words that operators use for phases and conditions, in lower case.
constexpr std::array kWords = {
    Word{"succeeded", JobPhase::finished},  Word{"completed", JobPhase::finished},
    Word{"complete", JobPhase::finished},   Word{"finished", JobPhase::finished},
    Word{"success", JobPhase::finished},    Word{"failed", JobPhase::failed},
    Word{"failure", JobPhase::failed},      Word{"error", JobPhase::failed},
    Word{"aborted", JobPhase::failed},      Word{"timeout", JobPhase::failed},
    Word{"terminated", JobPhase::failed},   Word{"stopped", JobPhase::failed},
    Word{"evicted", JobPhase::preempted},   Word{"preempted", JobPhase::preempted},
    Word{"running", JobPhase::running},     Word{"completing", JobPhase::running},
    Word{"terminating", JobPhase::running}, Word{"aborting", JobPhase::running},
    Word{"restarting", JobPhase::starting}, Word{"created", JobPhase::starting},
    Word{"pending", JobPhase::starting},    Word{"suspended", JobPhase::starting},
    Word{"queued", JobPhase::starting},     Word{"initializing", JobPhase::starting},
};

std::optional<JobPhase> phase_of_word(std::string_view written) {
  const std::string text = lower(written);
  const auto* found = std::ranges::find(kWords, text, &Word::text);
  if (found == kWords.end()) return std::nullopt;
  return found->phase;
}

struct MappedPhase {
  std::string_view key;
  JobPhase phase;
};
constexpr std::array kMapped = {
    MappedPhase{"finished", JobPhase::finished}, MappedPhase{"failed", JobPhase::failed},
    MappedPhase{"running", JobPhase::running},   MappedPhase{"starting", JobPhase::starting},
    MappedPhase{"stopped", JobPhase::stopped},   MappedPhase{"preempted", JobPhase::preempted}};

std::string word_at(const Json& object, std::string_view path) {
  const Json* found = find_path(object, path);
  if (found == nullptr) return "";
  return found->is_string() ? std::string(found->get_string())
         : found->is_bool() ? (found->get_bool() ? "true" : "false")
                            : "";
}

void read_mapped(const Json& object, const Json& mapping, ObjectState& out) {
  const std::string word = word_at(object, text_or(mapping, "path"));
  for (const auto& row : kMapped) {
    const Json* words = slipway::find(mapping, row.key);
    if (words == nullptr || !words->is_array()) continue;
    for (const auto& candidate : words->get_array()) {
      if (candidate.is_string() && lower(std::string_view(candidate.get_string())) == lower(word))
        out.phase = row.phase;
    }
  }
  out.reason = word;
  if (const Json* status = slipway::find(object, "status")) out.message = text_or(*status, "message");
}

bool read_word(const Json& object, ObjectState& out) {
  for (const char* path : {"status.state.phase", "status.jobStatus", "status.phase", "status.state"}) {
    const std::string word = word_at(object, path);
    const auto phase = phase_of_word(word);
    if (!phase) continue;
    out.phase = phase;
    out.reason = word;
    const Json* message = find_path(object, "status.state.message");
    if (message == nullptr) message = find_path(object, "status.message");
    if (message != nullptr && message->is_string()) out.message = message->get_string();
    return true;
  }
  return false;
}

/// Final conditions first: an operator may leave Running true beside Succeeded.
void read_conditions(const Json& object, ObjectState& out) {
  for (const JobPhase wanted :
       {JobPhase::finished, JobPhase::failed, JobPhase::preempted, JobPhase::running, JobPhase::starting}) {
    for (const auto& word : kWords) {
      if (word.phase != wanted) continue;
      const Json* condition = true_condition(object, word.text);
      if (condition == nullptr) continue;
      out.phase = wanted;
      take_reason(*condition, out);
      if (out.reason.empty()) out.reason = text_or(*condition, "type");
      return;
    }
  }
}

}  // namespace

ObjectState job_state(const Json& job) {
  ObjectState out = common_state(job);
  if (const Json* complete = true_condition(job, "complete")) {
    out.phase = JobPhase::finished;
    take_reason(*complete, out);
  } else if (const Json* failed = true_condition(job, "failed")) {
    out.phase = JobPhase::failed;
    take_reason(*failed, out);
  } else if (const Json* failing = true_condition(job, "failuretarget")) {
    out.ending = true;
    take_reason(*failing, out);
  } else if (true_condition(job, "successcriteriamet") != nullptr) {
    out.ending = true;
  }
  out.suspended = true_condition(job, "suspended") != nullptr;
  return out;
}

ObjectState custom_state(const Json& object, const Json& mapping) {
  ObjectState out = common_state(object);
  if (mapping.is_object()) {
    read_mapped(object, mapping, out);
  } else if (!read_word(object, out)) {
    read_conditions(object, out);
  }
  out.suspended = true_condition(object, "suspended") != nullptr;
  return out;
}

std::vector<Problem> check_status_mapping(const Json& mapping) {
  if (mapping.is_null()) return {};
  std::vector<Problem> problems;
  const std::string root = "status_mapping";
  if (!mapping.is_object() || text_or(mapping, "path").empty()) {
    problems.push_back(Problem{.path = root,
                               .message = "expected a map with 'path' (such as status.phase) and lists of words for "
                                          "'finished', 'failed' and 'running'"});
    return problems;
  }
  for (const auto& member : mapping.get_object()) {
    const std::string key(member.key());
    const bool known = key == "path" || std::ranges::any_of(kMapped, [&](const auto& row) { return row.key == key; });
    if (!known)
      problems.push_back(Problem{
          .path = root + "." + key,
          .message = "unknown key. The keys are path, finished, failed, running, starting, stopped and preempted"});
    if (known && key != "path" && !member.value().is_array())
      problems.push_back(Problem{.path = root + "." + key, .message = "expected a list of words"});
  }
  return problems;
}

}  // namespace slipway::plugins::runners::kubernetes
