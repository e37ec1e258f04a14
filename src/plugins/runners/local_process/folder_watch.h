// FolderWatch: one inotify descriptor for the folders of all jobs.
#pragma once
#include <filesystem>
#include <memory>

#include "async/event.h"
#include "async/task.h"

namespace slipway::plugins::runners::local_process {

/// What happens in one folder. Level-triggered: look at the files first, then wait.
struct FolderEvents {
  explicit FolderEvents(const asio::any_io_executor& executor) : output(executor), status(executor) {}
  /// Wakes both.
  void notify_status() {
    ++status_changes;
    status.notify_all();
    output.notify_all();
  }
  Event output;                 ///< output.log has grown, or the status changed.
  Event status;                 ///< Another file was replaced, or the supervisor has ended.
  unsigned status_changes = 0;  ///< Tells whether a look at the status is worth its while.
  bool live = false;  ///< False: inotify has no room for this folder (limits of the machine); wait with a limit.
};

/// All calls on the executor's thread.
class FolderWatch {
 public:
  explicit FolderWatch(asio::any_io_executor executor);
  ~FolderWatch();
  /// Equal folders share one object; the watch ends with its last owner.
  std::shared_ptr<FolderEvents> watch(const std::filesystem::path& folder);

 private:
  struct Impl;
  static asio::awaitable<void> read_events(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace slipway::plugins::runners::local_process
