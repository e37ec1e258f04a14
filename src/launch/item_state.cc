#include "launch/item_state.h"

#include <algorithm>

namespace slipway::launch {
namespace {

struct StateRow {
  ItemState state;
  std::string_view name;
  std::string_view wire_item;
  std::string_view wire_run;
};

constexpr std::array kRows = {
    StateRow{ItemState::pending, "PENDING", "PENDING", "pending"},
    StateRow{ItemState::leased, "LEASED", "LEASED", "pending"},
    StateRow{ItemState::claimed, "CLAIMED", "CLAIMED", "pending"},
    StateRow{ItemState::starting, "STARTING", "CLAIMED", "pending"},
    StateRow{ItemState::running, "RUNNING", "CLAIMED", "running"},
    StateRow{ItemState::preempted, "PREEMPTED", "CLAIMED", "preempted"},
    StateRow{ItemState::finished, "FINISHED", "CLAIMED", "finished"},
    StateRow{ItemState::failed, "FAILED", "FAILED", "failed"},
    StateRow{ItemState::stopped, "STOPPED", "CLAIMED", "killed"},
};

const StateRow& row(ItemState state) { return kRows.at(static_cast<std::size_t>(state)); }

}  // namespace

std::string_view state_name(ItemState state) { return row(state).name; }
std::string_view wire_item_state(ItemState state) { return row(state).wire_item; }
std::string_view wire_run_state(ItemState state) { return row(state).wire_run; }

std::optional<ItemState> state_from_name(std::string_view name) {
  const auto found = std::ranges::find(kRows, name, &StateRow::name);
  if (found == kRows.end()) return std::nullopt;
  return found->state;
}

bool is_terminal(ItemState state) {
  return state == ItemState::finished || state == ItemState::failed || state == ItemState::stopped;
}

bool may_be_submitted(ItemState state) { return state == ItemState::starting || state == ItemState::running; }

bool can_move(ItemState from, ItemState to) {
  if (from == to || is_terminal(from)) return false;
  switch (to) {
    case ItemState::pending:
      return from == ItemState::leased || from == ItemState::claimed || from == ItemState::preempted;
    case ItemState::leased:
      return from == ItemState::pending;
    case ItemState::claimed:
      return from == ItemState::leased;
    case ItemState::starting:
      return from == ItemState::leased || from == ItemState::claimed;
    case ItemState::running:
      return from == ItemState::leased || from == ItemState::claimed || from == ItemState::starting;
    case ItemState::preempted:
      return may_be_submitted(from);
    case ItemState::finished:
      return from != ItemState::pending && from != ItemState::preempted;
    case ItemState::failed:
    case ItemState::stopped:
      return true;
  }
  return false;
}

}  // namespace slipway::launch
