#include "plugins/registries/cloud_registry.h"

#include "base/strings.h"

namespace slipway::plugins::registries {
namespace {

std::string host_of(std::string_view destination) {
  if (const auto scheme = destination.find("://"); scheme != std::string_view::npos)
    destination.remove_prefix(scheme + 3);
  return lower(destination.substr(0, destination.find_first_of("/:")));
}

}  // namespace

RegistryPlugin cloud_registry(std::string name, std::string title, launch::RegistryKind kind, std::string domain) {
  RegistryPlugin plugin;
  plugin.name = std::move(name);
  plugin.doc = title + ". Not in this version; use registry.type: oci with Docker's credential helper.";
  plugin.matches = [kind, domain](const std::string& destination) {
    const auto parsed = launch::parse_destination(destination);
    if (parsed) return parsed->kind == kind ? 2 : 0;
    return host_of(destination).ends_with(domain) ? 2 : 0;
  };
  plugin.create = [title](Context&, const std::string& destination, const Json&,
                          Environment*) -> Result<std::unique_ptr<Registry>> {
    // A misspelt address gets its own explanation first (S-59, S-65, S-67).
    TRY(const auto parsed, launch::parse_destination(destination));
    return Error(Code::failed_precondition,
                 "'" + parsed.repository + "' is in " + title + ", and this version cannot log in there by itself")
        .hint(
            "Set registry.type to oci and configure Docker's credential helper for that host (credHelpers in "
            "~/.docker/config.json).");
  };
  return plugin;
}

}  // namespace slipway::plugins::registries
