// Error and Result: the one way a failure travels through slipway. No exception crosses a module's public header.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace slipway {

/// What the caller may decide on. Closed: error.cc maps each to an HTTP status, a GraphQL code, an exit code and "may be retried".
enum class Code {
  invalid_argument,   ///< The input is wrong; the same call will fail again.
  unauthenticated,    ///< No key, or a key that is not known.
  permission_denied,  ///< A known caller that may not do this.
  not_found,
  conflict,            ///< The name exists, or the state has moved on.
  stale,               ///< A write with an old lease epoch: stop driving the item, leave the job alone.
  resource_exhausted,  ///< A configured limit, a full disk.
  unavailable,         ///< The other side cannot be reached now. Says nothing about the state of what it holds.
  deadline_exceeded,
  cancelled,
  failed_precondition,  ///< The machine or the configuration does not allow it (no Docker daemon, no builder).
  internal,
};

/// Lower snake case, stable, documented in docs/errors.md.
std::string_view code_name(Code code);
std::optional<Code> code_from_name(std::string_view name);
/// 400, 401, 403, 404, 409, 409, 413/507, 503, 504, 499, 412→422, 500. Semantic errors use statuses that W&B clients do not retry (protocol 1.1.1).
int http_status(Code code);
/// Exit status of the CLI: 1 for a failed job is not in here; 2 usage, 3 not found, 4 no access, 5 unreachable, 6 conflict, 7 limit, 70 internal.
int exit_status(Code code);
/// True only where repeating the same call unchanged may succeed.
bool retryable(Code code);

/// One problem in a document that a person wrote. Empty fields are not printed.
struct Problem {
  std::string path;     ///< Field path such as "resource_args.kubernetes.spec" or "builder.type".
  std::string message;  ///< What is wrong and, after a full stop, how to mend it.
  std::string file;     ///< As the person named it.
  int line = 0;         ///< 1-based; 0: unknown.
  int column = 0;       ///< 1-based; 0: unknown.

  std::string to_string() const;
};

/// What went wrong. Values only; never holds a secret (I6).
class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}
  Error(Code code, std::string message, std::vector<Problem> problems)
      : code_(code), message_(std::move(message)), problems_(std::move(problems)) {}

  /// Puts what was being done in front: "reading launch-config.yaml: unknown key 'max_job'".
  Error wrap(std::string_view doing) &&;
  /// Adds how to mend it; printed on a line of its own by the CLI, sent as extensions.hint over GraphQL.
  Error hint(std::string text) &&;

  Code code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& mend() const { return hint_; }
  const std::vector<Problem>& problems() const { return problems_; }
  /// Message, problems (one a line, indented) and hint, as a terminal shows them.
  std::string to_string() const;

 private:
  Code code_;
  std::string message_;
  std::string hint_;
  std::vector<Problem> problems_;
};

/// tl::expected with class-level nodiscard and conversion from Error. Result<> carries no value.
template <class T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  using Base = tl::expected<T, Error>;

 public:
  using Base::Base;
  Result(Error error) : Base(tl::unexpect, std::move(error)) {}  // NOLINT(google-explicit-constructor)
};

#define SLIPWAY_CONCAT_INNER(a, b) a##b
#define SLIPWAY_CONCAT(a, b) SLIPWAY_CONCAT_INNER(a, b)
/// TRY(auto x, f()); TRY_VOID(g()): return the error of a failed call, as statements. CO_ forms for coroutines.
#define SLIPWAY_TRY_(name, ret, decl, ...) \
  auto name = (__VA_ARGS__);               \
  if (!name) ret std::move(name).error();  \
  decl = *std::move(name)
#define SLIPWAY_TRY_VOID_(name, ret, ...) \
  if (auto name = (__VA_ARGS__); !name) ret std::move(name).error()
#define TRY(decl, ...) SLIPWAY_TRY_(SLIPWAY_CONCAT(try_result_, __LINE__), return, decl, __VA_ARGS__)
#define TRY_VOID(...) SLIPWAY_TRY_VOID_(SLIPWAY_CONCAT(try_result_, __LINE__), return, __VA_ARGS__)
#define CO_TRY(decl, ...) SLIPWAY_TRY_(SLIPWAY_CONCAT(try_result_, __LINE__), co_return, decl, __VA_ARGS__)
#define CO_TRY_VOID(...) SLIPWAY_TRY_VOID_(SLIPWAY_CONCAT(try_result_, __LINE__), co_return, __VA_ARGS__)

}  // namespace slipway
