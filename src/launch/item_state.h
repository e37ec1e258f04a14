// The life of an item (architecture: "Life of an item"), and the words that W&B clients see for it
// (protocol 1.4, 1.5, 1.7).
#pragma once
#include <array>
#include <optional>
#include <string_view>

namespace slipway::launch {

enum class ItemState {
  pending,   ///< Waits in the queue.
  leased,    ///< An agent has it, but has not yet said that it works on it.
  claimed,   ///< The agent fetches, builds, prepares. Nothing was submitted.
  starting,  ///< The backend has it (or may have it: intent recorded); it does not run yet.
  running,
  preempted,  ///< The backend took it away; goes back to pending while its budget lasts.
  finished,   ///< Exit code 0.
  failed,     ///< See the failure class.
  stopped,    ///< Somebody asked for it.
};

inline constexpr std::array kAllItemStates = {ItemState::pending,  ItemState::leased,  ItemState::claimed,
                                              ItemState::starting, ItemState::running, ItemState::preempted,
                                              ItemState::finished, ItemState::failed,  ItemState::stopped};

/// Upper case, as stored, shown and sent in our own fields: "PENDING".
std::string_view state_name(ItemState state);
std::optional<ItemState> state_from_name(std::string_view name);
/// FINISHED, FAILED, STOPPED: written once (I4).
bool is_terminal(ItemState state);
/// May be submitted already: never requeue it, take it over.
bool may_be_submitted(ItemState state);
/// Forward steps may be skipped (a short job is FINISHED before anybody saw it RUNNING); LEASED and CLAIMED
/// may fall back to PENDING.
bool can_move(ItemState from, ItemState to);

/// `RunQueueItem.state` for W&B clients, which compare lower-cased text with "pending" and "failed": PENDING,
/// LEASED, CLAIMED, FAILED.
std::string_view wire_item_state(ItemState state);
/// State of the item's run: "pending", "running", "finished", "failed", "killed", "preempted" (protocol 1.7).
std::string_view wire_run_state(ItemState state);

/// Why an item failed. Stable words, documented in docs/errors.md.
namespace failure {
inline constexpr std::string_view exit_code = "exit_code";  ///< The job itself ended with a non-zero status.
inline constexpr std::string_view source = "source";        ///< Code could not be fetched.
inline constexpr std::string_view build = "build";
inline constexpr std::string_view image = "image";         ///< Missing or unpullable image.
inline constexpr std::string_view template_ = "template";  ///< Macro or template value.
inline constexpr std::string_view refused = "refused";     ///< Policy, or the backend's validation.
inline constexpr std::string_view backend = "backend";     ///< The backend answered with an error.
inline constexpr std::string_view start_timeout = "start_timeout";
inline constexpr std::string_view run_timeout = "run_timeout";
inline constexpr std::string_view out_of_memory = "out_of_memory";
inline constexpr std::string_view lost = "lost";              ///< The backend is healthy and does not know it any more.
inline constexpr std::string_view node_lost = "node_lost";    ///< The machine went down under it.
inline constexpr std::string_view preemption = "preemption";  ///< Preempted more often than its budget allows.
inline constexpr std::string_view dead_letter =
    "dead_letter";  ///< Took down or was dropped by every agent that had it (A10).
inline constexpr std::string_view internal = "internal";
}  // namespace failure

}  // namespace slipway::launch
