#include "launch/item_state.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

TEST(ItemState, NamesAreUniqueAndReadBack) {
  std::set<std::string_view> names;
  for (const auto state : kAllItemStates) {
    EXPECT_EQ(state_from_name(state_name(state)), state);
    names.insert(state_name(state));
  }
  EXPECT_EQ(names.size(), kAllItemStates.size());
  EXPECT_FALSE(state_from_name("pending")) << "our own words are upper case";
}

TEST(ItemState, NothingLeavesATerminalState) {
  for (const auto from : kAllItemStates) {
    for (const auto to : kAllItemStates) {
      if (is_terminal(from)) EXPECT_FALSE(can_move(from, to)) << state_name(from) << " to " << state_name(to);
    }
    EXPECT_FALSE(can_move(from, from));
  }
}

TEST(ItemState, WhatMayBeSubmittedNeverGoesBackToTheQueueByItself) {
  for (const auto from : kAllItemStates) {
    if (may_be_submitted(from)) EXPECT_FALSE(can_move(from, ItemState::pending)) << state_name(from);
  }
  EXPECT_TRUE(can_move(ItemState::preempted, ItemState::pending));
  EXPECT_TRUE(can_move(ItemState::leased, ItemState::pending));
  EXPECT_TRUE(can_move(ItemState::claimed, ItemState::pending));
}

TEST(ItemState, EveryLiveStateCanBeStoppedAndCanFail) {
  for (const auto from : kAllItemStates) {
    EXPECT_EQ(can_move(from, ItemState::stopped), !is_terminal(from));
    EXPECT_EQ(can_move(from, ItemState::failed), !is_terminal(from));
  }
  EXPECT_FALSE(can_move(ItemState::pending, ItemState::finished)) << "nothing ran";
}

TEST(ItemState, WBClientsSeeTheirWords) {
  EXPECT_EQ(wire_item_state(ItemState::pending), "PENDING");
  EXPECT_EQ(wire_item_state(ItemState::failed), "FAILED");
  const std::set<std::string_view> run_words = {"pending", "running", "finished", "failed", "killed", "preempted"};
  for (const auto state : kAllItemStates) EXPECT_TRUE(run_words.contains(wire_run_state(state))) << state_name(state);
  EXPECT_EQ(wire_run_state(ItemState::stopped), "killed");
}

}  // namespace
}  // namespace slipway::launch
