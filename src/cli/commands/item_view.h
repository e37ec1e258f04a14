// How items look on a terminal.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/terminal.h"

namespace slipway::cli {

/// Selection for a row of a list.
inline constexpr const char* kItemRowFields =
    "id phase stage priority attempt author createdAt startedAt runningAt finishedAt exitCode position waitReason "
    "agentName unreachableSince"
    " error { message stage failureClass } run { name displayName entityName projectName } queue { name entityName }";
/// Selection for item describe and run describe.
inline constexpr const char* kItemDetailFields =
    "id phase stage priority attempt deliveries author createdAt leasedAt startedAt runningAt finishedAt exitCode "
    "position waitReason agentName"
    " cancelRequested unreachableSince image error { message stage failureClass } warnings { message stage at }"
    " agent { id name hostname } run { name displayName entityName projectName state } queue { name entityName "
    "resource }"
    " events { at attempt from to actor reason } backendRequest runSpec submittedSpec";

std::vector<std::string> item_headings();
std::vector<std::string> item_row(const Terminal& terminal, const Json& item);
void print_item(Terminal& terminal, const Json& item);
/// "12:03:04" of an ISO time, with the date when that is not today's.
std::string short_time(const std::string& iso);

}  // namespace slipway::cli
