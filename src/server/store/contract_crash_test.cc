// I2: what was acknowledged survives kill -9. The test starts this same program as a child that pushes until it is killed.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include <fmt/format.h>

#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

constexpr const char* kChildFolder = "SLIPWAY_STORE_CRASH_FOLDER";
constexpr const char* kChildQueue = "SLIPWAY_STORE_CRASH_QUEUE";
constexpr std::string_view kMark = "acknowledged ";

Task<> push_forever(Store* store, PushItem item, int pusher) {
  for (int number = 0;; ++number) {
    item.run_name = fmt::format("{}-{}-{}", getpid(), pusher, number);
    const std::vector<PushItem> items{item};
    auto pushed = co_await store->push(items, std::nullopt, Cause{"user:child", ""});
    if (!pushed) co_return std::move(pushed).error();
    const auto line = fmt::format("{}{} {}\n", kMark, pushed->items.at(0).id, item.run_name);
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) co_return Result<>();
  }
}

struct Acknowledged {
  Id item = 0;
  std::string run_name;
};

/// Lines of the child until it has acknowledged `count`; then it is killed and the rest of its lines is read.
std::vector<Acknowledged> read_and_kill(pid_t child, int fd, std::size_t count) {
  std::vector<Acknowledged> out;
  FILE* lines = ::fdopen(fd, "r");
  std::array<char, 512> buffer{};
  bool killed = false;
  while (std::fgets(buffer.data(), buffer.size(), lines)) {
    const std::string line(buffer.data());
    const bool whole = line.ends_with('\n');
    if (!line.starts_with(kMark) || !whole) continue;
    const auto space = line.find(' ', kMark.size());
    out.push_back(Acknowledged{.item = std::stoll(line.substr(kMark.size(), space)),
                               .run_name = line.substr(space + 1, line.size() - space - 2)});
    if (out.size() < count || killed) continue;
    killed = true;
    ::kill(child, SIGKILL);
  }
  std::fclose(lines);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return out;
}

std::vector<Acknowledged> push_in_a_child_and_kill_it(const std::filesystem::path& folder, Id queue,
                                                      const std::string& test) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  std::string program = "/proc/self/exe";
  std::string filter = "--gtest_filter=" + test;
  std::array<char*, 3> argv = {program.data(), filter.data(), nullptr};
  std::string folder_variable = fmt::format("{}={}", kChildFolder, folder.string());
  std::string queue_variable = fmt::format("{}={}", kChildQueue, queue);
  std::string root_variable = fmt::format("{}={}", kTestRoot, folder.string());
  std::array<char*, 4> environment = {folder_variable.data(), queue_variable.data(), root_variable.data(), nullptr};
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (failed != 0) throw std::runtime_error("the child could not be started");
  return read_and_kill(child, pipe[0], 400);
}

TEST_P(StoreContract, NothingAcknowledgedIsLostByKill) {
  if (const char* child_folder = std::getenv(kChildFolder)) {
    store->close();
    store = GetParam().open(child_folder, clock).value();
    const PushItem item = item_for(std::stoll(std::getenv(kChildQueue)), "");
    std::vector<std::function<Task<>()>> pushers;
    for (int i = 0; i < 8; ++i) pushers.emplace_back([&, i] { return push_forever(store.get(), item, i); });
    run_together(io, pushers);
    return;
  }
  const auto queue = new_queue("q");
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  std::vector<Acknowledged> acknowledged;
  for (int round = 0; round < 3; ++round) {
    store->close();
    store.reset();
    const auto more =
        push_in_a_child_and_kill_it(folder, queue.id, fmt::format("{}.{}", info->test_suite_name(), info->name()));
    ASSERT_GE(more.size(), 400u);
    acknowledged.insert(acknowledged.end(), more.begin(), more.end());
    reopen();
    for (const auto& each : acknowledged) {
      const auto item = ok([&] { return store->get(each.item); });
      ASSERT_TRUE(item.has_value()) << each.item;
      ASSERT_EQ(item->run_name, each.run_name);
      ASSERT_EQ(item->state, ItemState::pending);
    }
  }
  EXPECT_GE(ok([&] { return store->counts(queue.id); }).waiting, static_cast<std::int64_t>(acknowledged.size()));
}

}  // namespace
}  // namespace slipway::server
