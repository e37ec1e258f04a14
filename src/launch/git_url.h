// Which git remotes are used at all, and whether a --uri means git or a directory (protocol 4.9; X-13, F8,
// L-69).
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace slipway::launch {

enum class GitTransport { https, ssh };

struct GitRemote {
  std::string url;  ///< As given: what git gets, always after "--".
  GitTransport transport = GitTransport::https;
  std::string host;
  std::string path;           ///< Without leading '/' and ".git".
  bool has_password = false;  ///< Credentials in the URL: never show `url`.

  std::string shown() const;  ///< Without credentials.
};

/// https://, ssh:// and user@host:path. Everything else is refused with its reason: options, other schemes,
/// remote helpers ("ext::"), local paths, control characters.
Result<GitRemote> parse_git_remote(std::string_view url);
/// Branch, tag or commit: no leading dash, nothing that git would read as a range, option or refspec.
Result<> check_git_ref(std::string_view ref);

enum class UriMeaning { git, directory };

/// What `slipway launch -u` and `job create` get. An existing directory is one whatever its name; otherwise
/// it must be a remote as above.
Result<UriMeaning> classify_uri(std::string_view uri,
                                const std::function<bool(const std::string&)>& is_existing_directory);

}  // namespace slipway::launch
