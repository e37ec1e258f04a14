// People, entities, keys, agents.
#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST_P(StoreContract, TheFirstStartMakesAnAdministratorOnce) {
  const auto principal = ok([&] { return store->authenticate("hash-of-ann"); });
  EXPECT_EQ(principal.user.name, "ann");
  EXPECT_TRUE(principal.user.admin);
  EXPECT_EQ(principal.user.default_entity, entity);
  ASSERT_THAT(principal.memberships, SizeIs(2)) << "the team and the person's own entity";
  for (const auto& member : principal.memberships) EXPECT_EQ(member.role, Role::admin);
  EXPECT_FALSE(ok([&] { return store->bootstrap("default", "eve", "hash-of-eve"); }));
  EXPECT_EQ(code([&] { return store->authenticate("hash-of-eve"); }), Code::not_found);
  reopen();
  EXPECT_EQ(ok([&] { return store->authenticate("hash-of-ann"); }).user.name, "ann");
}

TEST_P(StoreContract, AChangeOfRolesIsSeenByTheNextRequest) {
  const auto bob = ok([&] { return store->create_user(User{.name = "bob", .email = "bob@example.org"}); });
  const auto key = ok([&] { return store->add_key(bob.id, "laptop", "hash-of-bob"); });
  const auto roles = [&] {
    std::vector<std::pair<std::string, Role>> out;
    for (const auto& each : ok([&] { return store->authenticate("hash-of-bob"); }).memberships)
      out.emplace_back(each.entity.name, each.role);
    return out;
  };
  const std::pair<std::string, Role> own{"bob", Role::admin};
  EXPECT_THAT(roles(), ElementsAre(own));
  ok([&] { return store->set_member(entity, bob.id, Role::viewer); });
  EXPECT_THAT(roles(), ElementsAre(std::pair<std::string, Role>("default", Role::viewer), own));
  ok([&] { return store->set_member(entity, bob.id, Role::member); });
  EXPECT_THAT(roles(), ElementsAre(std::pair<std::string, Role>("default", Role::member), own));
  EXPECT_THAT(ok([&] { return store->list_members(entity); }), SizeIs(2));
  ok([&] { return store->set_member(entity, bob.id, std::nullopt); });
  EXPECT_THAT(roles(), ElementsAre(own));
  ok([&] { return store->revoke_key(key.id); });
  EXPECT_EQ(code([&] { return store->authenticate("hash-of-bob"); }), Code::not_found);
  EXPECT_EQ(code([&] { return store->revoke_key(key.id); }), Code::not_found);
}

TEST_P(StoreContract, TheUseOfAKeyIsRememberedAtMostOnceAMinute) {
  const auto user = ok([&] { return store->find_user("ann"); }).value();
  const auto used_at = [&] { return ok([&] { return store->list_keys(user.id); }).at(0).last_used_at; };
  const auto use = [&] {
    ok([&] { return store->authenticate("hash-of-ann"); });
    ok([&] { return store->expire_leases(); });  // Comes after everything that was written before.
  };
  EXPECT_FALSE(used_at().has_value());
  use();
  const auto first = clock.now();
  EXPECT_EQ(used_at(), first);
  clock.advance(Millis(59'000));
  use();
  EXPECT_EQ(used_at(), first);
  clock.advance(Millis(1'000));
  use();
  EXPECT_EQ(used_at(), clock.now());
}

TEST_P(StoreContract, NamesOfPeopleAndEntitiesAreUnique) {
  ok([&] { return store->create_entity("team", EntityKind::team); });
  EXPECT_EQ(code([&] { return store->create_entity("team", EntityKind::team); }), Code::conflict);
  EXPECT_EQ(code([&] { return store->create_entity("", EntityKind::team); }), Code::invalid_argument);
  EXPECT_EQ(code([&] { return store->create_user(User{.name = "ann"}); }), Code::conflict);
  EXPECT_EQ(code([&] { return store->create_user(User{.name = "team"}); }), Code::conflict)
      << "a person has an entity of that name";
  EXPECT_EQ(code([&] { return store->create_user(User{}); }), Code::invalid_argument);
  EXPECT_FALSE(ok([&] { return store->find_user("team"); }).has_value()) << "nothing is left of what was refused";
  EXPECT_EQ(ok([&] { return store->find_entity("ann"); })->kind, EntityKind::person);
  EXPECT_THAT(ok([&] { return store->list_entities(); }), SizeIs(3));
}

TEST_P(StoreContract, AServiceAccountHasNoEntityOfItsOwn) {
  const auto bot =
      ok([&] { return store->create_user(User{.name = "bot", .service = true, .default_entity = entity}); });
  EXPECT_FALSE(ok([&] { return store->find_entity("bot"); }).has_value());
  EXPECT_TRUE(ok([&] { return store->find_user("bot"); })->service);
  EXPECT_EQ(bot.default_entity, entity);
}

TEST_P(StoreContract, UnknownPeopleAreRefused) {
  EXPECT_EQ(code([&] { return store->set_member(entity, 999, Role::admin); }), Code::not_found);
  EXPECT_EQ(code([&] { return store->set_member(999, 1, Role::admin); }), Code::not_found);
  EXPECT_EQ(code([&] { return store->add_key(999, "k", "h"); }), Code::not_found);
  EXPECT_EQ(code([&] { return store->revoke_key(999); }), Code::not_found);
  EXPECT_EQ(code([&] { return store->create_user(User{.name = "x", .service = true, .default_entity = 999}); }),
            Code::not_found);
  EXPECT_EQ(code([&] { return store->add_key(1, "again", "hash-of-ann"); }), Code::conflict);
}

TEST_P(StoreContract, AnAgentIsKnownByItsStableId) {
  const auto queue = new_queue("q");
  const Agent asked{.entity = entity,
                    .stable_id = "s1",
                    .incarnation = "1",
                    .hostname = "Host One!",
                    .version = "0.1",
                    .status = "POLLING",
                    .queues = {queue.id},
                    .config = Json{{"max_jobs", 4}},
                    .max_jobs = 4};
  const auto first = ok([&] { return store->register_agent(asked); });
  EXPECT_THAT(first.name, StartsWith("host-one--"));
  EXPECT_EQ(first.entity_name, "default");
  EXPECT_THAT(first.queues, ElementsAre(queue.id));
  EXPECT_EQ(first.config, (Json{{"max_jobs", 4}}));
  EXPECT_EQ(first.desire, AgentDesire::run);
  clock.advance(Millis(1'000));
  const auto again = new_agent("s1", "2");
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.name, first.name);
  EXPECT_EQ(again.incarnation, "2");
  EXPECT_EQ(again.heartbeat_at, clock.now());
  EXPECT_EQ(again.created_at, first.created_at);
  EXPECT_NE(new_agent("s2").id, first.id);
  EXPECT_NE(new_agent("").id, new_agent("").id) << "agents without a stable id are new ones";
  EXPECT_THAT(ok([&] { return store->list_agents(entity); }), SizeIs(4));
  EXPECT_THAT(ok([&] { return store->list_agents(999); }), IsEmpty());
  EXPECT_EQ(code([&] { return store->register_agent(Agent{.entity = 999}); }), Code::not_found);
}

TEST_P(StoreContract, AnAgentIsToldWhatToDo) {
  const auto agent = new_agent("a", "1");
  const auto desire_after_restart = [&](AgentDesire desire, const std::string& incarnation) {
    ok([&] { return store->set_agent_desire(agent.id, desire, cause); });
    EXPECT_EQ(ok([&] { return store->get_agent(agent.id); })->desire, desire);
    return new_agent("a", incarnation).desire;
  };
  EXPECT_EQ(desire_after_restart(AgentDesire::pause, "2"), AgentDesire::pause);
  EXPECT_EQ(desire_after_restart(AgentDesire::drain, "3"), AgentDesire::run);
  EXPECT_EQ(desire_after_restart(AgentDesire::stop, "4"), AgentDesire::run) << "who starts it again wants it to run";
  EXPECT_EQ(code([&] { return store->set_agent_desire(999, AgentDesire::stop, cause); }), Code::not_found);
}

TEST_P(StoreContract, AnAgentsSignsOfLifeAreKept) {
  const auto agent = new_agent("a");
  const auto heartbeat = [&] {
    ok([&] { return store->expire_leases(); });  // Comes after everything that was written before.
    return ok([&] { return store->get_agent(agent.id); })->heartbeat_at;
  };
  clock.advance(Millis(10'000));
  store->touch(agent.id);
  EXPECT_EQ(heartbeat(), clock.now());
  clock.advance(Millis(10'000));
  ok([&] { return store->set_agent_status(agent.id, "RUNNING"); });
  EXPECT_EQ(heartbeat(), clock.now());
  EXPECT_EQ(ok([&] { return store->get_agent(agent.id); })->status, "RUNNING");
  EXPECT_EQ(code([&] { return store->set_agent_status(999, "RUNNING"); }), Code::not_found);
  EXPECT_FALSE(ok([&] { return store->get_agent(999); }).has_value());
}

}  // namespace
}  // namespace slipway::server
