#include "launch/git_url.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::launch {
namespace {

constexpr std::string_view kUse = "Use https://host/path, ssh://user@host/path or user@host:path";

Error refused(std::string_view url, std::string_view why) {
  return Error(Code::invalid_argument, fmt::format("git remote '{}' is refused: {}", url, why)).hint(std::string(kUse));
}

/// What may be shown of a URL that was not understood: nothing that stands before an '@'.
std::string without_user(std::string_view url) {
  const auto at = url.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  const auto scheme = url.find("://");
  const std::string head(scheme == std::string_view::npos ? std::string_view{} : url.substr(0, scheme + 3));
  return head + std::string(url.substr(at + 1));
}

bool is_host(std::string_view host) {
  static constexpr std::string_view kHost = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 2) {
    return host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
  }
  return !host.empty() && host.front() != '-' && host.find_first_not_of(kHost) == std::string_view::npos;
}

bool is_user(std::string_view user) {
  static constexpr std::string_view kUser = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+%~";
  return !user.empty() && user.front() != '-' && user.find_first_not_of(kUser) == std::string_view::npos;
}

std::string clean_path(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  return std::string(path);
}

/// `rest` is what follows "https://" or "ssh://".
Result<GitRemote> parse_with_scheme(std::string_view url, std::string_view rest, GitTransport transport) {
  GitRemote remote{.url = std::string(url), .transport = transport};
  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    const auto user = authority.substr(0, at);
    const auto colon = user.find(':');
    // A token as the user name of an https remote is a credential too.
    remote.has_password = colon != std::string_view::npos || transport == GitTransport::https;
    const auto name = user.substr(0, colon);
    if (!is_user(name)) return refused(without_user(url), "the user name is not a plain one");
    authority.remove_prefix(at + 1);
  }
  const auto colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  const auto host = has_port ? authority.substr(0, colon) : authority;
  if (has_port && authority.substr(colon + 1).find_first_not_of("0123456789") != std::string_view::npos) {
    return refused(without_user(url), "the port is not a number");
  }
  if (!is_host(host)) return refused(without_user(url), "it has no plain host name");
  remote.host = lower(host);
  remote.path = clean_path(slash == std::string_view::npos ? std::string_view{} : rest.substr(slash));
  if (remote.path.empty()) return refused(without_user(url), "it names no repository on the host");
  if (remote.path.front() == '-') return refused(without_user(url), "the path begins with a dash");
  return remote;
}

/// user@host:path.
Result<GitRemote> parse_scp_like(std::string_view url) {
  const auto at = url.find('@');
  const auto colon = url.find(':');
  const auto user = url.substr(0, at);
  const auto host = url.substr(at + 1, colon - at - 1);
  if (!is_user(user)) return refused(without_user(url), "the user name is not a plain one");
  if (!is_host(host)) return refused(without_user(url), "it has no plain host name");
  GitRemote remote{.url = std::string(url),
                   .transport = GitTransport::ssh,
                   .host = lower(host),
                   .path = clean_path(url.substr(colon + 1))};
  if (remote.path.empty()) return refused(without_user(url), "it names no repository on the host");
  if (remote.path.front() == '-') return refused(without_user(url), "the path begins with a dash");
  return remote;
}

bool is_scp_like(std::string_view url) {
  const auto colon = url.find(':');
  const auto at = url.find('@');
  return colon != std::string_view::npos && at != std::string_view::npos && at < colon &&
         url.substr(0, colon).find('/') == std::string_view::npos && !url.substr(colon).starts_with("::");
}

}  // namespace

std::string GitRemote::shown() const { return has_password ? without_user(url) : url; }

Result<GitRemote> parse_git_remote(std::string_view url) {
  if (url.empty()) return refused(url, "it is empty");
  const bool plain =
      std::ranges::all_of(url, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '\\'; });
  if (!plain) return refused(to_utf8_lossy(without_user(url)), "it holds spaces, control characters or backslashes");
  if (url.size() > 2048) return refused(url.substr(0, 40), "it is longer than 2048 characters");
  if (url.front() == '-') return refused(url, "it begins with a dash, so git would take it for an option");
  if (const auto end = url.find("://"); end != std::string_view::npos) {
    const auto scheme = lower(url.substr(0, end));
    if (scheme == "https") return parse_with_scheme(url, url.substr(end + 3), GitTransport::https);
    if (scheme == "ssh") return parse_with_scheme(url, url.substr(end + 3), GitTransport::ssh);
    return refused(without_user(url), fmt::format("'{}://' is not allowed, only https and ssh are", scheme));
  }
  if (url.find("::") != std::string_view::npos)
    return refused(without_user(url), "remote helpers ('name::address') run programs");
  if (is_scp_like(url)) return parse_scp_like(url);
  return refused(url, "it is a local path, or a URL without its scheme");
}

Result<> check_git_ref(std::string_view ref) {
  const auto refuse = [&](std::string_view why) {
    return Error(Code::invalid_argument, fmt::format("git reference '{}' is refused: {}", to_utf8_lossy(ref), why));
  };
  if (ref.empty()) return refuse("it is empty");
  if (ref.size() > 255) return refuse("it is longer than 255 characters");
  if (ref.front() == '-') return refuse("it begins with a dash, so git would take it for an option");
  const bool control =
      std::ranges::any_of(ref, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
  if (control || ref.find_first_of("~^:?*[\\") != std::string_view::npos)
    return refuse("it holds characters that no branch, tag or commit has");
  if (ref.find("..") != std::string_view::npos || ref.find("@{") != std::string_view::npos)
    return refuse("it is a range or a history expression");
  if (ref.front() == '/' || ref.back() == '/' || ref.back() == '.' || ref.ends_with(".lock"))
    return refuse("no branch or tag has such a name");
  return {};
}

Result<UriMeaning> classify_uri(std::string_view uri,
                                const std::function<bool(const std::string&)>& is_existing_directory) {
  if (uri.empty()) return Error(Code::invalid_argument, "the source is empty").hint("Give a directory or a git remote");
  const std::string text(uri);
  if (is_existing_directory(text)) return UriMeaning::directory;
  const bool is_address = uri.find("://") != std::string_view::npos || uri.find("::") != std::string_view::npos ||
                          is_scp_like(uri) || uri.front() == '-';
  if (is_address) {
    TRY_VOID(parse_git_remote(uri));
    return UriMeaning::git;
  }
  auto error = Error(Code::not_found, fmt::format("'{}' is neither an existing directory nor a git remote", uri));
  const auto first = uri.substr(0, uri.find('/'));
  const bool like_host =
      first.find('.') != std::string_view::npos && first.front() != '.' && uri.find('/') != std::string_view::npos;
  if (like_host) return std::move(error).hint(fmt::format("Did you mean 'https://{}'?", uri));
  return std::move(error).hint(std::string(kUse) + ", or a directory that exists");
}

}  // namespace slipway::launch
