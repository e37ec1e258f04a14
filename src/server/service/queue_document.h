// What an administrator writes into a queue: names, configuration, template variables, links and policy, checked (S-6, S-10, S-12, S-15..S-24, S-102, D-52, D-79).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "plugins/plugins.h"
#include "server/store/types.h"

namespace slipway::server {

struct QueueInput;

/// 1 to 64 characters without '/', control characters and spaces at the ends (D-79).
Result<> check_queue_name(std::string_view name);
/// Name of an entity or a user: 1 to 64 of letters, digits, '_', '-' and '.', beginning with a letter or digit.
Result<> check_account_name(std::string_view kind, std::string_view name);
/// {"links": [{"label", "url"}]} from that, from {label: url}, or from null. Only http and https addresses.
Result<Json> read_links(const Json& value);
/// All that a person can change of a queue, under the names of the API.
JsonObject changeable_document(const Queue& queue);
/// `changed`: members of a QueueChange, under the store's names, into such a document.
void apply_changed_members(JsonObject& document, const Json& changed);
/// Puts configuration, template variables, links and policy into `queue`, as far as `input` has them. Warnings: what the resource's schema says, what was read differently.
Result<> apply_documents(const QueueInput& input, const plugins::RunnerPlugin& plugin, Queue& queue,
                         std::vector<std::string>& warnings);

}  // namespace slipway::server
