#include "launch/names.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
#include "launch/git_url.h"
#include "launch/image_ref.h"

namespace slipway::launch {
namespace {

constexpr std::size_t kDnsLabel = 63;
constexpr std::size_t kArtifactName = 128;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_alnum(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }

std::string short_hash(std::string_view text) { return sha256_hex(text).substr(0, 8); }

/// Every run of other characters becomes one `filler`; none at the ends.
template <class F>
std::string squeeze(std::string_view text, F keep, char filler) {
  std::string out;
  for (const char c : text) {
    if (keep(c)) {
      out += c;
    } else if (!out.empty() && out.back() != filler) {
      out += filler;
    }
  }
  while (!out.empty() && out.back() == filler) out.pop_back();
  return out;
}

}  // namespace

std::string backend_name(std::string_view run_id, std::int64_t attempt) {
  const std::string tail = fmt::format("-{}", attempt);
  constexpr std::string_view kHead = "slipway-";
  const std::size_t room = kDnsLabel - kHead.size() - tail.size();
  std::string run = squeeze(lower(run_id), is_lower_or_digit, '-');
  if (run != run_id || run.size() > room) {
    run = squeeze(run.substr(0, room - 9), is_lower_or_digit, '-');
    run += run.empty() ? short_hash(run_id) : "-" + short_hash(run_id);
  }
  return fmt::format("{}{}{}", kHead, run, tail);
}

std::string label_value(std::string_view text) {
  const auto inner = [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; };
  const bool legal = text.size() <= kDnsLabel && std::ranges::all_of(text, inner) &&
                     (text.empty() || (is_alnum(text.front()) && is_alnum(text.back())));
  if (legal) return std::string(text);
  const std::string readable = squeeze(squeeze(text, is_alnum, '-').substr(0, kDnsLabel - 9), is_alnum, '-');
  return readable.empty() ? short_hash(text) : readable + "-" + short_hash(text);
}

std::map<std::string, std::string> backend_labels(const BackendLabels& labels) {
  return {{"slipway.dev/server", label_value(labels.server)},
          {"slipway.dev/item", label_value(labels.item)},
          {"slipway.dev/attempt", fmt::format("{}", labels.attempt)},
          {"slipway.dev/queue", label_value(labels.queue)},
          {"slipway.dev/run", label_value(labels.run)}};
}

bool is_artifact_name(std::string_view text) {
  const auto legal = [](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-'; };
  return !text.empty() && text.size() <= kArtifactName && std::ranges::all_of(text, legal);
}

std::string artifact_name(std::string_view text) {
  std::string name(text);
  std::ranges::replace_if(name, [](char c) { return !is_alnum(c) && c != '_' && c != '.' && c != '-'; }, '_');
  if (name.size() <= kArtifactName) return name;
  return name.substr(0, 63) + ".." + name.substr(name.size() - 63);
}

std::string git_job_name(std::string_view remote, std::string_view program) {
  const auto parsed = parse_git_remote(remote);
  const std::string shown = parsed ? parsed->shown() : std::string(remote);
  return artifact_name(program.empty() ? fmt::format("job-{}", shown) : fmt::format("job-{}_{}", shown, program));
}

std::string code_job_name(std::string_view code_artifact) {
  std::string_view name = code_artifact.substr(0, code_artifact.find(':'));
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  if (name.starts_with("code-")) name.remove_prefix(5);
  return artifact_name(fmt::format("job-{}", name));
}

std::string image_job_name(std::string_view image) {
  const auto parsed = parse_image_ref(image);
  return artifact_name(fmt::format("job-{}", parsed ? parsed->repository() : std::string(image)));
}

std::string docker_image_name(std::string_view text) {
  std::string out;
  for (const auto& part : split(lower(text), '/')) {
    const std::string component = squeeze(part, is_lower_or_digit, '-');
    if (component.empty()) continue;
    if (!out.empty()) out += '/';
    out += component;
  }
  if (out.empty()) return "slipway-" + short_hash(text);
  constexpr std::size_t kMost = 128;
  return out.size() <= kMost ? out : squeeze(out.substr(0, kMost - 9), is_lower_or_digit, '-') + "-" + short_hash(text);
}

}  // namespace slipway::launch
