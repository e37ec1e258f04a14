#include "graphql/prepare.h"

#include "graphql/annotate.h"
#include "graphql/document_limits.h"
#include "graphql/parser.h"
#include "graphql/validation.h"

namespace slipway::graphql {

tl::expected<std::shared_ptr<const Document>, std::vector<GraphError>> prepare(const Schema& schema,
                                                                               const Limits& limits,
                                                                               std::string query) {
  const auto failed = [](GraphError error) { return tl::unexpected(std::vector<GraphError>{std::move(error)}); };
  auto parsed = parse(std::move(query), {.max_tokens = limits.max_tokens});
  if (!parsed) return failed(from_syntax_error(std::move(parsed).error()));
  Document& document = **parsed;
  annotate(schema, document);
  auto within = check_limits(document, limits);
  if (!within) return failed({std::move(within).error(), {}, {}});
  auto errors = validate(schema, document);
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  annotate_execution(schema, document);
  return std::shared_ptr<const Document>(*std::move(parsed));
}

}  // namespace slipway::graphql
