// Server-sent events: what is heard, by whom, and how a reader goes on after a break.
#include "server/server_fixture.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class EventsTest : public ServerTest {
 protected:
  EventsTest() { docker_queue("q"); }

  /// Reads until `enough` is in the text, or the server ends the stream.
  struct Stream {
    std::string text;
    int status = 0;
    bool ended = false;
  };
  std::shared_ptr<Stream> listen(const std::string& key, const std::string& query, std::string enough,
                                 std::string last_event_id = "") {
    auto heard = std::make_shared<Stream>();
    auto wanted = request("GET", "/api/events" + query, key);
    wanted.timeout.reset();
    if (!last_event_id.empty()) wanted.headers.set("Last-Event-ID", last_event_id);
    wanted.on_headers = [heard](int status, const net::Headers&) { heard->status = status; };
    wanted.on_data = [heard, enough](std::string_view piece) {
      heard->text += piece;
      return heard->text.find(enough) == std::string::npos;
    };
    asio::co_spawn(
        io,
        [this, heard, wanted]() -> asio::awaitable<void> {
          static_cast<void>(co_await client.send(wanted));
          heard->ended = true;
        },
        [](const std::exception_ptr&) {});
    run_until([&] { return heard->ended || !heard->text.empty(); });
    return heard;
  }
  static std::string last_id(const std::string& text) {
    const auto place = text.rfind("\nid: ");
    return place == std::string::npos ? "" : text.substr(place + 5, text.find('\n', place + 1) - place - 5);
  }
};

TEST_F(EventsTest, ChangesOfItemsAreHeard) {
  const auto all = listen(admin, "", "STOPPED");
  const std::string id = pushed("q");
  mutate(admin, "cancelRunQueueItems", "CancelRunQueueItemsInput", "changed", {{"ids", JsonArray{text_value(id)}}});
  run_until([&] { return all->ended; });
  EXPECT_THAT(all->text, HasSubstr("event: item"));
  EXPECT_THAT(all->text, HasSubstr(id));
}

TEST_F(EventsTest, ATopicIsHeardAlone) {
  const std::string other = docker_queue("other");
  const auto one = listen(admin, "?topic=queue:" + net::url_encode(other), "\"queueName\":\"other\"");
  pushed("q");
  pushed("other");
  run_until([&] { return one->ended; });
  EXPECT_THAT(one->text, Not(HasSubstr("\"queueName\":\"q\"")));
}

TEST_F(EventsTest, StrangersHearNothingOfOthers) {
  const std::string stranger = person("stranger");
  const auto heard = listen(stranger, "", "own-queue");
  pushed("q");
  mutate(stranger, "upsertRunQueue", "UpsertRunQueueInput", "success",
         {{"entityName", "stranger"},
          {"projectName", "p"},
          {"queueName", "own-queue"},
          {"resourceType", "local-process"},
          {"resourceConfig", "{}"}});
  run_until([&] { return heard->ended; });
  EXPECT_THAT(heard->text, Not(HasSubstr("\"entityName\":\"default\"")));
}

TEST_F(EventsTest, TheItemsOfAPrivateQueueAreItsOwnersOnly) {
  const std::string ann = person("ann", "MEMBER");
  const std::string bob = person("bob", "MEMBER");
  docker_queue("private", {{"access", "USER"}});
  const auto heard = listen(ann, "", "\"queueName\":\"q\"");
  const auto all = listen(admin, "", "\"queueName\":\"q\"");
  pushed("private");
  docker_queue("private", {{"prioritizationMode", "V0"}});
  pushed("q");
  run_until([&] { return heard->ended && all->ended; });
  EXPECT_THAT(heard->text, Not(HasSubstr("private")));
  EXPECT_THAT(all->text, HasSubstr("\"queueName\":\"private\""));
  EXPECT_THAT(all->text, HasSubstr("\"name\":\"private\""));
}

TEST_F(EventsTest, ManyItemsAtOnceAreOneChange) {
  JsonArray ids;
  for (int i = 0; i < 101; ++i) ids.push_back(text_value(pushed("q")));
  const auto one =
      listen(admin, "?topic=item:" + net::url_encode(std::string(ids.front().get_string())), "event: items");
  mutate(admin, "cancelRunQueueItems", "CancelRunQueueItemsInput", "changed", {{"ids", ids}});
  run_until([&] { return one->ended; });
  EXPECT_THAT(one->text, HasSubstr("\"count\":101"));
  EXPECT_THAT(one->text, Not(HasSubstr("event: item\n")));
}

TEST_F(EventsTest, ChangesOfMembersAreHeard) {
  person("ann");
  const auto heard = listen(admin, "", "members changed");
  mutate(admin, "setMember", "SetMemberInput", "success",
         {{"entityName", "default"}, {"username", "ann"}, {"role", "VIEWER"}});
  run_until([&] { return heard->ended; });
  EXPECT_THAT(heard->text, HasSubstr("event: people"));
}

TEST_F(EventsTest, AReaderGoesOnWhereItWas) {
  const auto first = listen(admin, "", "PENDING");
  const std::string one = pushed("q");
  run_until([&] { return first->ended; });
  const std::string missed = pushed("q");
  const auto second = listen(admin, "", missed, last_id(first->text));
  run_until([&] { return second->ended; });
  EXPECT_THAT(second->text, HasSubstr(missed));
  EXPECT_THAT(second->text, Not(HasSubstr(one)));
  const auto unknown = listen(admin, "", "event: reset", "other-17");
  run_until([&] { return unknown->ended; });
  EXPECT_THAT(unknown->text, HasSubstr("event: reset"));
}

TEST_F(EventsTest, KeysAndTopicsAreChecked) {
  EXPECT_EQ(http(request("GET", "/api/events")).status, 401);
  EXPECT_EQ(http(request("GET", "/api/events?topic=planet:1", admin)).status, 400);
}

}  // namespace
}  // namespace slipway::server
