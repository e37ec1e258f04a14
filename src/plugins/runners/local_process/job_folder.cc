#include "plugins/runners/local_process/job_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "archive/archive.h"
#include "base/strings.h"

namespace slipway::plugins::runners::local_process {
namespace {

constexpr std::string_view kDocumentEnd = "end of the job document";

Result<std::optional<Json>> read_document(const std::filesystem::path& file) {
  std::error_code missing;
  if (!std::filesystem::exists(file, missing)) return std::optional<Json>();
  auto text = archive::read_file(file);
  if (!text && text.error().code() == Code::not_found) return std::optional<Json>();
  if (!text) return std::move(text).error();
  auto value = parse_json(*text);
  if (!value) return std::move(value).error().wrap("reading " + file.string());
  return std::optional<Json>(*std::move(value));
}

Json to_json(const proc::ProcessIdentity& identity) {
  JsonObject out;
  out["pid"] = identity.pid;
  out["start_ticks"] = identity.start_ticks;
  out["boot_id"] = identity.boot_id;
  return out;
}

proc::ProcessIdentity identity_from(const Json& value, std::string_view key) {
  const Json* found = find(value, key);
  if (found == nullptr) return {};
  return {.pid = static_cast<pid_t>(int_or(*found, "pid", 0)),
          .start_ticks = static_cast<std::uint64_t>(int_or(*found, "start_ticks", 0)),
          .boot_id = text_or(*found, "boot_id")};
}

JsonArray to_json(const std::vector<std::string>& texts) {
  JsonArray out;
  for (const auto& text : texts) out.push_back(text_value(to_utf8_lossy(text)));
  return out;
}

JsonObject to_json(const std::map<std::string, std::string>& texts) {
  JsonObject out;
  for (const auto& [key, value] : texts) out[key] = value;
  return out;
}

std::vector<std::string> texts_from(const Json& value, std::string_view key) {
  std::vector<std::string> out;
  const Json* found = find(value, key);
  if (found == nullptr || !found->is_array()) return out;
  for (const Json& item : found->get_array()) {
    if (item.is_string()) out.emplace_back(item.get_string());
  }
  return out;
}

std::map<std::string, std::string> map_from(const Json& value, std::string_view key) {
  std::map<std::string, std::string> out;
  const Json* found = find(value, key);
  if (found == nullptr || !found->is_object()) return out;
  for (const auto& member : found->get_object()) {
    if (member.value().is_string()) out.emplace(member.key(), member.value().get_string());
  }
  return out;
}

}  // namespace

bool JobFolder::supervised() const {
  const int fd = ::open(lock().c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  const bool held = ::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(fd);
  return held;
}

Json to_json(const JobRecord& record) {
  JsonObject out;
  out["uid"] = record.uid;
  out["labels"] = to_json(record.labels);
  out["argv"] = to_json(record.argv);
  return out;
}

Result<std::optional<JobRecord>> read_job(const JobFolder& folder) {
  TRY(auto value, read_document(folder.job()));
  if (!value) return std::optional<JobRecord>();
  return std::optional<JobRecord>(JobRecord{
      .uid = text_or(*value, "uid"), .labels = map_from(*value, "labels"), .argv = texts_from(*value, "argv")});
}

// Texts that end with a zero byte, because arguments and environment need not be UTF-8, which JSON has to be.
// The last text says that nothing is missing.
std::string to_text(const JobDocument& document) {
  std::string out;
  const auto add = [&out](std::string_view text) { out.append(text).push_back('\0'); };
  add(document.cwd.string());
  add(std::to_string(document.max_log_bytes));
  add(std::to_string(document.argv.size()));
  for (const auto& word : document.argv) add(word);
  for (const auto& [name, value] : document.env) add(name + "=" + value);
  add(kDocumentEnd);
  return out;
}

Result<JobDocument> parse_job_document(std::string_view text) {
  std::vector<std::string> texts;
  for (std::size_t end = text.find('\0'); end != std::string_view::npos; end = text.find('\0')) {
    texts.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (texts.size() < 5 || texts.back() != kDocumentEnd)
    return Error(Code::invalid_argument, "the job document is incomplete");
  JobDocument document{.cwd = texts[0], .max_log_bytes = std::strtoull(texts[1].c_str(), nullptr, 10)};
  const std::size_t words = std::strtoull(texts[2].c_str(), nullptr, 10);
  if (words == 0 || words > texts.size() - 4) return Error(Code::invalid_argument, "the job document is damaged");
  std::size_t at = 3;
  for (; at < 3 + words; ++at) document.argv.push_back(std::move(texts[at]));
  for (; at + 1 < texts.size(); ++at) {
    const std::size_t equals = texts[at].find('=');
    if (equals != std::string::npos) document.env.emplace(texts[at].substr(0, equals), texts[at].substr(equals + 1));
  }
  return document;
}

Json to_json(const SupervisorStatus& status) {
  JsonObject out;
  out["supervisor"] = to_json(status.supervisor);
  out["job"] = to_json(status.job);
  out["ended"] = status.ended;
  out["stopped"] = status.stopped;
  out["exit_code"] = status.exit_code;
  out["signal"] = status.signal;
  out["started_at"] = status.started_at;
  out["ended_at"] = status.ended_at;
  out["message"] = status.message;
  return out;
}

Result<std::optional<SupervisorStatus>> read_status(const JobFolder& folder) {
  TRY(auto value, read_document(folder.status()));
  if (!value) return std::optional<SupervisorStatus>();
  SupervisorStatus status;
  status.supervisor = identity_from(*value, "supervisor");
  status.job = identity_from(*value, "job");
  status.ended = bool_or(*value, "ended", false);
  status.stopped = bool_or(*value, "stopped", false);
  status.exit_code = static_cast<int>(int_or(*value, "exit_code", 0));
  status.signal = static_cast<int>(int_or(*value, "signal", 0));
  status.started_at = int_or(*value, "started_at", 0);
  status.ended_at = int_or(*value, "ended_at", 0);
  status.message = text_or(*value, "message");
  return std::optional<SupervisorStatus>(std::move(status));
}

std::optional<Millis> read_stop(const JobFolder& folder) {
  const auto value = read_document(folder.stop());
  if (!value || !*value) return {};
  return Millis(int_or(**value, "grace_ms", 0));
}

}  // namespace slipway::plugins::runners::local_process
