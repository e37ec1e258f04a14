// Lists of items by any column, their counts, what a queue did over time, and the audit log.
#include <algorithm>

#include "base/ids.h"
#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ViewsContract : public StoreContract {
 protected:
  void push_as(Id queue, const std::string& run, const std::string& author, const std::string& job, int priority) {
    auto item = item_for(queue, run, priority);
    item.author = author;
    item.job = job;
    ok([&] { return store->push({item}, std::nullopt, cause); });
  }
  /// All pages, two rows each.
  std::vector<std::string> runs_of(ItemFilter filter) {
    std::vector<std::string> names;
    Page page{.first = 2};
    for (;;) {
      const auto found = ok([&] { return store->list(filter, page); });
      for (const auto& item : found.rows) names.push_back(item.run_name);
      if (!found.has_next) break;
      page.after = found.end_cursor;
    }
    EXPECT_EQ(ok([&] { return store->count(filter); }), static_cast<std::int64_t>(names.size()));
    return names;
  }
  std::vector<AuditEntry> audit(AuditFilter filter = {}) {
    return ok([&] { return store->audit_log(filter, Page{}); }).rows;
  }
  std::vector<std::string> actions(AuditFilter filter = {}) {
    std::vector<std::string> out;
    for (const auto& entry : audit(std::move(filter))) out.push_back(entry.action);
    return out;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, ViewsContract, testing::ValuesIn(engines()), engine_name);

TEST_P(ViewsContract, ItemsAreFilteredAndSorted) {
  const auto queue = new_queue("q", [](Queue& each) { each.prioritized = true; });
  push_as(queue.id, "one", "bob", "e/p/train:v1", 2);
  push_as(queue.id, "two", "ann", "e/p/train:latest", 0);
  push_as(queue.id, "three", "ann", "e/p/training:v1", 3);
  push_as(queue.id, "four", "cid", "", 1);
  push_as(queue.id, "five", "Bob", "e/p/eval:v2", 0);
  struct Case {
    const char* name;
    std::function<void(ItemFilter&)> set;
    std::vector<std::string> runs;
  };
  const std::vector<Case> cases = {
      {"as pushed", [](ItemFilter&) {}, {"one", "two", "three", "four", "five"}},
      {"newest first", [](ItemFilter& f) { f.newest_first = true; }, {"five", "four", "three", "two", "one"}},
      {"by priority", [](ItemFilter& f) { f.sort = ItemSort::priority; }, {"two", "five", "four", "one", "three"}},
      {"by author, down",
       [](ItemFilter& f) {
         f.sort = ItemSort::author;
         f.newest_first = true;
       },
       {"four", "one", "three", "two", "five"}},
      {"by run", [](ItemFilter& f) { f.sort = ItemSort::run; }, {"five", "four", "one", "three", "two"}},
      {"by finish", [](ItemFilter& f) { f.sort = ItemSort::finished; }, {"one", "two", "three", "four", "five"}},
      {"author", [](ItemFilter& f) { f.author = "ann"; }, {"two", "three"}},
      {"search in any case", [](ItemFilter& f) { f.search = "BOB"; }, {"one", "five"}},
      {"search a job", [](ItemFilter& f) { f.search = "train"; }, {"one", "two", "three"}},
      {"versions of a job", [](ItemFilter& f) { f.job = "e/p/train"; }, {"one", "two"}},
      {"another project", [](ItemFilter& f) { f.project = "nowhere"; }, {}},
      {"a state that none has", [](ItemFilter& f) { f.states = {ItemState::running}; }, {}},
  };
  for (const auto& each : cases) {
    ItemFilter filter;
    filter.queue = queue.id;
    each.set(filter);
    EXPECT_EQ(runs_of(filter), each.runs) << each.name;
  }
}

TEST_P(ViewsContract, ACursorOfAnotherListIsRefused) {
  const auto queue = new_queue("q");
  push_many(queue.id, 3);
  ItemFilter filter{.queue = queue.id, .sort = ItemSort::author};
  for (const auto* cursor : {"", "x", "12", "e30=", "W10="}) {
    EXPECT_EQ(code([&] { return store->list(filter, Page{.first = 1, .after = cursor}); }), Code::invalid_argument)
        << cursor;
  }
}

TEST_P(ViewsContract, PositionsAreCountedByPriority) {
  const auto queue = new_queue("q", [](Queue& each) { each.prioritized = true; });
  const auto low = push(queue.id, "low", 3);
  const auto middle = push(queue.id, "middle", 1);
  push(queue.id, "high", 0);
  EXPECT_EQ(ok([&] { return store->position(low.id); }), 2);
  EXPECT_EQ(ok([&] { return store->position(middle.id); }), 1);
}

TEST_P(ViewsContract, WhatAQueueDidOverTime) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  const UnixMillis start = clock.now();
  push_many(queue.id, 2);
  clock.advance(Millis(10'000));
  const auto first = lease_one(agent, queue.id);
  clock.advance(Millis(10'000));
  report(first.item, ItemState::running);
  clock.advance(Millis(10'000));
  report(first.item, ItemReport{.state = ItemState::failed, .message = "boom"});
  clock.advance(Millis(10'000));
  const auto seen = ok([&] { return store->monitor(queue.id, {.from = start, .to = start + 40'000, .buckets = 4}); });
  ASSERT_THAT(seen.buckets, SizeIs(4));
  const auto column = [&](std::int64_t MonitorBucket::* member) {
    std::vector<std::int64_t> out;
    for (const auto& bucket : seen.buckets) out.push_back(bucket.*member);
    return out;
  };
  EXPECT_EQ(seen.buckets[0].at, start + 10'000);
  EXPECT_THAT(column(&MonitorBucket::waiting), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(column(&MonitorBucket::leased), ElementsAre(1, 0, 0, 0));
  EXPECT_THAT(column(&MonitorBucket::running), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(column(&MonitorBucket::failed), ElementsAre(0, 0, 1, 0));
  EXPECT_THAT(column(&MonitorBucket::started), ElementsAre(1, 0, 0, 0));
  EXPECT_EQ(seen.buckets[0].queued_max, 10'000);
  ASSERT_THAT(seen.errors, SizeIs(1));
  EXPECT_EQ(seen.errors[0].message, "boom");
  EXPECT_THAT(seen.runs, SizeIs(1));
  EXPECT_FALSE(seen.truncated);
  const auto later = ok([&] { return store->monitor(queue.id, {.from = start + 40'000, .to = start + 80'000}); });
  EXPECT_THAT(later.errors, IsEmpty());
  EXPECT_THAT(later.runs, IsEmpty());
  EXPECT_EQ(code([&] { return store->monitor(queue.id, {.from = start, .to = start}); }), Code::invalid_argument);
  EXPECT_EQ(code([&] { return store->monitor(queue.id, {.from = 0, .to = 1, .buckets = 1'001}); }),
            Code::invalid_argument);
}

TEST_P(ViewsContract, ChangesOfPeopleAreAuditedWithTheChange) {
  const auto team = ok([&] { return store->create_entity("team", EntityKind::team, cause); });
  const auto bob = ok([&] { return store->create_user(User{.name = "bob"}, cause); });
  ok([&] { return store->set_member(team.id, bob.id, Role::viewer, cause); });
  ok([&] { return store->set_member(team.id, bob.id, std::nullopt, cause); });
  const auto key = ok([&] { return store->add_key(bob.id, "laptop", "hash-of-bob", cause); });
  ok([&] { return store->revoke_key(key.id, cause); });
  EXPECT_EQ(code([&] { return store->revoke_key(key.id, cause); }), Code::not_found);
  const auto log = audit(AuditFilter{.actor = "user:ann"});
  ASSERT_THAT(log, SizeIs(6));
  EXPECT_THAT(actions(AuditFilter{.actor = "user:ann"}),
              ElementsAre("key.revoke", "key.create", "member.remove", "member.set", "user.create", "team.create"));
  EXPECT_EQ(log[0].subject, "laptop");
  EXPECT_EQ(log[0].entity_name, "bob");
  EXPECT_EQ(to_text(log[3].detail), R"({"role":"viewer"})");
  EXPECT_THAT(actions(AuditFilter{.action = "member"}), ElementsAre("member.remove", "member.set"));
  EXPECT_THAT(actions(AuditFilter{.entities = std::vector<Id>{team.id}}),
              ElementsAre("member.remove", "member.set", "team.create"));
  EXPECT_THAT(actions(AuditFilter{.entities = std::vector<Id>{}}), IsEmpty());
}

TEST_P(ViewsContract, ChangesOfQueuesItemsAndAgentsAreAudited) {
  auto queue = new_queue("q", [](Queue& each) { each.prioritized = true; });
  const auto items = push_many(queue.id, 3);
  queue.max_deliveries = 7;
  ok([&] { return store->update_queue(queue, cause); });
  ok([&] { return store->update_queue(queue, cause); });
  queue.state = QueueState::paused;
  ok([&] { return store->update_queue(queue, cause); });
  ok([&] { return store->set_priority({items[0].id, items[1].id}, 0, cause); });
  ok([&] { return store->cancel({items[0].id, items[1].id}, Cause{"user:ann", "enough"}); });
  ok([&] { return store->cancel({items[0].id}, cause); });
  ok([&] { return store->requeue(items[0].id, cause); });
  ok([&] { return store->remove(items[1].id, cause); });
  const auto agent = new_agent("a");
  ok([&] { return store->set_agent_desire(agent.id, AgentDesire::drain, cause); });
  ok([&] { return store->delete_queue(queue.id, true, cause); });
  const auto log = audit(AuditFilter{.entities = std::vector<Id>{entity}, .actor = "user:ann"});
  std::vector<std::string> seen;
  for (const auto& entry : log) seen.push_back(entry.action);
  EXPECT_THAT(seen, ElementsAre("queue.delete", "agent.drain", "item.remove", "item.requeue", "item.cancel",
                                "item.priority", "queue.pause", "queue.update", "queue.create"));
  EXPECT_EQ(log[4].detail.at("count"), 2);
  EXPECT_EQ(log[4].detail.at("reason"), "enough");
  EXPECT_EQ(to_text(log[7].detail), R"({"changed":["max_deliveries"]})");
}

TEST_P(ViewsContract, TheAuditLogIsReadInPages) {
  for (int i = 0; i < 5; ++i)
    ok([&] { return store->record({.actor = "user:ann", .action = "session.open", .subject = std::to_string(i)}); });
  std::vector<std::string> subjects;
  AuditFilter filter{.action = "session"};
  Page page{.first = 2};
  for (bool more = true; more;) {
    const auto found = ok([&] { return store->audit_log(filter, page); });
    for (const auto& entry : found.rows) subjects.push_back(entry.subject);
    page.after = found.end_cursor;
    more = found.has_next;
  }
  EXPECT_THAT(subjects, ElementsAre("4", "3", "2", "1", "0"));
  EXPECT_EQ(code([&] { return store->audit_log({}, Page{.after = "x"}); }), Code::invalid_argument);
}

}  // namespace
}  // namespace slipway::server
