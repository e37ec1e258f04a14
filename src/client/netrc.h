// netrc files: where `wandb login` and many other tools keep passwords. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace slipway::client {

/// The password of the first entry for `host` (without port, compared without case), else of a `default`
/// entry before it.
std::optional<std::string> netrc_password(std::string_view text, std::string_view host);

}  // namespace slipway::client
