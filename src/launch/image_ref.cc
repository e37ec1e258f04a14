#include "launch/image_ref.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::launch {
namespace {

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

bool only(std::string_view text, std::string_view alphabet) {
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}
bool is_word(char c) { return kWord.find(c) != std::string_view::npos; }

Error bad(std::string_view text, std::string_view why) {
  return Error(Code::invalid_argument, fmt::format("'{}' is no image reference: {}", text, why));
}

bool is_registry(std::string_view first) {
  return first == "localhost" || first.find_first_of(".:") != std::string_view::npos;
}

bool is_host_and_port(std::string_view text) {
  const auto colon = text.find(':');
  const auto host = text.substr(0, colon);
  static const std::string kHost = std::string(kWord) + ".-";
  if (host.empty() || host.front() == '-' || host.front() == '.' || host.back() == '-' || !only(host, kHost))
    return false;
  if (colon == std::string_view::npos) return true;
  const auto port = text.substr(colon + 1);
  return !port.empty() && port.size() <= 5 && only(port, "0123456789");
}

/// Lower-case letters and digits, joined by '.', '_', "__" or dashes.
bool is_path_component(std::string_view text) {
  if (text.empty() || kLower.find(text.front()) == std::string_view::npos ||
      kLower.find(text.back()) == std::string_view::npos)
    return false;
  for (std::size_t i = 0; i < text.size();) {
    const auto from = text.find_first_not_of(kLower, i);
    if (from == std::string_view::npos) return true;
    const auto to = text.find_first_of(kLower, from);
    const auto separator = text.substr(from, to - from);
    const bool legal = separator == "." || separator == "_" || separator == "__" || only(separator, "-");
    if (!legal) return false;
    i = to;
  }
  return true;
}

bool is_tag(std::string_view text) {
  static const std::string kTag = std::string(kWord) + ".-";
  return !text.empty() && text.size() <= 128 && is_word(text.front()) && only(text, kTag);
}

bool is_digest(std::string_view text) {
  return text.starts_with("sha256:") && text.size() == 71 && only(text.substr(7), "0123456789abcdef");
}

/// The part after the last colon when it cannot be a port.
std::string_view tag_of(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find('/', colon) != std::string_view::npos) return {};
  return text.substr(colon + 1);
}

Error bad_destination(std::string message, std::string mend) {
  return Error(Code::invalid_argument, std::move(message)).hint(std::move(mend));
}

/// "arn:aws:ecr:<region>:<account>:repository/<name>".
Result<Destination> from_arn(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 6 || parts[2] != "ecr" || !parts[5].starts_with("repository/") || parts[3].empty() ||
      parts[4].empty()) {
    return bad_destination(fmt::format("'{}' is not the ARN of an ECR repository", text),
                           "Give the repository's URI: <account>.dkr.ecr.<region>.amazonaws.com/<repository>");
  }
  const std::string_view suffix = parts[1] == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  const auto uri = fmt::format("{}.dkr.ecr.{}.{}/{}", parts[4], parts[3], suffix, parts[5].substr(11));
  TRY(auto destination, parse_destination(uri));
  destination.notices.push_back(fmt::format("'{}' is an ARN; the URI {} is used", text, uri));
  return destination;
}

Result<> check_ecr(std::string_view text, const std::vector<std::string>& host) {
  const bool complete = host.size() >= 6 && host[1] == "dkr" && host[2] == "ecr";
  if (complete) return {};
  if (host.size() >= 5 && host[1] == "ecr") {
    std::string mended(text);
    mended.insert(mended.find(".ecr."), ".dkr");
    return bad_destination(fmt::format("'{}' is not the address of an ECR registry", text),
                           fmt::format("Did you mean '{}'?", mended));
  }
  return bad_destination(fmt::format("'{}' is not the address of an ECR registry", text),
                         "ECR addresses are <account>.dkr.ecr.<region>.amazonaws.com/<repository>");
}

Result<> classify(std::string_view text, std::string_view host_text, std::size_t path_parts, Destination& destination) {
  const auto host = split(lower(host_text), '.');
  const auto domain = lower(host_text);
  if (domain.ends_with(".amazonaws.com") || domain.ends_with(".amazonaws.com.cn")) {
    TRY_VOID(check_ecr(text, host));
    destination.kind = RegistryKind::ecr;
    destination.region = host[3];
  } else if (domain.ends_with("-docker.pkg.dev")) {
    destination.kind = RegistryKind::gar;
    destination.region = domain.substr(0, domain.size() - std::string_view("-docker.pkg.dev").size());
    if (path_parts < 3) {
      return bad_destination(
          fmt::format("'{}' names no image", text),
          "Artifact Registry destinations are <region>-docker.pkg.dev/<project>/<repository>/<image>");
    }
  } else if (domain.ends_with(".azurecr.io")) {
    destination.kind = RegistryKind::acr;
  }
  return {};
}

}  // namespace

std::string ImageRef::repository() const { return registry.empty() ? path : registry + "/" + path; }

std::string ImageRef::to_string() const {
  std::string out = repository();
  if (!tag.empty()) out += ":" + tag;
  if (!digest.empty()) out += "@" + digest;
  return out;
}

Result<ImageRef> parse_image_ref(std::string_view text) {
  if (text.empty()) return Error(Code::invalid_argument, "the image reference is empty");
  if (text.size() > 512) return bad(text.substr(0, 40), "longer than 512 characters");
  if (text.front() == '-') return bad(text, "it begins with a dash");
  if (text.find("://") != std::string_view::npos) return bad(text, "it has a scheme. Leave the part up to '://' out");
  ImageRef ref;
  std::string_view rest = text;
  if (const auto at = rest.find('@'); at != std::string_view::npos) {
    ref.digest = rest.substr(at + 1);
    if (!is_digest(ref.digest)) return bad(text, "the digest must be 'sha256:' and 64 hexadecimal digits");
    rest = rest.substr(0, at);
  }
  const auto colon = rest.rfind(':');
  if (colon != std::string_view::npos && rest.find('/', colon) == std::string_view::npos) {
    ref.tag = rest.substr(colon + 1);
    if (!is_tag(ref.tag)) return bad(text, fmt::format("'{}' is no tag", ref.tag));
    rest = rest.substr(0, colon);
  }
  if (const auto slash = rest.find('/'); slash != std::string_view::npos && is_registry(rest.substr(0, slash))) {
    ref.registry = rest.substr(0, slash);
    if (!is_host_and_port(ref.registry)) return bad(text, fmt::format("'{}' is no registry host", ref.registry));
    rest = rest.substr(slash + 1);
  }
  for (const auto& part : split(rest, '/')) {
    if (!is_path_component(part)) {
      return bad(
          text,
          fmt::format("'{}' is no part of a repository name (lower-case letters, digits, '.', '_', '-' between them)",
                      part));
    }
  }
  ref.path = rest;
  return ref;
}

std::optional<std::string> alias_from_image(std::string_view image) {
  const auto tag = tag_of(image.substr(0, image.find('@')));
  static const std::string kAlias = std::string(kWord) + ".-";
  if (tag.empty() || !only(tag, kAlias)) return std::nullopt;
  return std::string(tag);
}

Result<Destination> parse_destination(std::string_view text) {
  text = trim(text);
  if (text.starts_with("arn:")) return from_arn(text);
  std::string_view rest = text;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);
  const auto slash = rest.find('/');
  const auto host = rest.substr(0, slash);
  const auto path = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
  if (path.empty() && is_registry(host)) {
    return bad_destination(fmt::format("'{}' names a registry, but no repository", text),
                           fmt::format("Add the repository: {}/<repository>", host));
  }
  if (const auto tag = tag_of(rest); !tag.empty()) {
    return bad_destination(fmt::format("'{}' carries the tag '{}'", text, tag),
                           "Leave the tag out: every image is tagged with the hash of its source");
  }
  Destination destination;
  TRY_VOID(classify(text, host, split(path, '/').size(), destination));
  TRY(const auto ref, parse_image_ref(rest));
  if (!ref.digest.empty()) return bad_destination(fmt::format("'{}' carries a digest", text), "Leave the digest out");
  destination.repository = ref.repository();
  return destination;
}

}  // namespace slipway::launch
