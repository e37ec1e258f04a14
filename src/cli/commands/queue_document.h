// What the queue commands share: reading configuration files, naming a queue, one row of output.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/session.h"

namespace slipway::cli {

/// Selection of a RunQueue that summary_of() and print_queue() read.
inline constexpr const char* kQueueFields =
    "id name entityName resource access prioritizationMode state createdBy createdAt updatedAt config policy "
    "externalLinks"
    " templateVariables { name schema description } counts { waiting leased running }"
    " agents { id name hostname agentStatus alive maxJobs items { id } }";

/// JSON text, or the path of a JSON or YAML file ("-": standard input), as JSON. Problems carry file, line and column.
Result<Json> read_document(const std::string& text_or_path, const std::string& option);
/// The queue by name; not_found suggests the nearest name.
Result<Json> find_queue(Session& session, const std::string& entity, const std::string& name);
/// "active", "not running", "paused" (D-44).
std::string queue_activity(const Json& queue);
/// Label=URL pairs as {"links": [...]}.
Result<Json> external_links(const std::vector<std::string>& pairs);

}  // namespace slipway::cli
