#include "plugins/runners/local_process/folder_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/log.h"
#include "plugins/runners/background.h"

namespace slipway::plugins::runners::local_process {

struct FolderWatch::Impl {
  explicit Impl(asio::any_io_executor on) : executor(on), descriptor(on) {
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd >= 0) descriptor.assign(fd);
  }

  void forget(int wd) {
    if (const auto found = folders.find(wd); found == folders.end() || !found->second.expired()) return;
    folders.erase(wd);
    if (descriptor.is_open()) ::inotify_rm_watch(descriptor.native_handle(), wd);
  }

  void handle(const inotify_event& event, std::string_view file) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
      for (const auto& [wd, weak] : folders) notify(weak.lock(), false);
      return;
    }
    const auto found = folders.find(event.wd);
    if (found == folders.end()) return;
    notify(found->second.lock(), (event.mask & IN_MODIFY) != 0 && file == "output.log");
  }

  static void notify(const std::shared_ptr<FolderEvents>& events, bool output_only) {
    if (!events) return;
    if (!output_only) events->notify_status();
    if (output_only) events->output.notify_all();
  }

  asio::any_io_executor executor;
  asio::posix::stream_descriptor descriptor;
  std::map<int, std::weak_ptr<FolderEvents>> folders;
  Background reader;
};

asio::awaitable<void> FolderWatch::read_events(std::shared_ptr<Impl> impl) {
  std::vector<char> buffer(16 * 1024);
  for (;;) {
    const auto space = asio::buffer(buffer);
    const auto [error, size] = co_await impl->descriptor.async_read_some(space, asio::as_tuple(asio::use_awaitable));
    if (error) co_return;
    for (std::size_t at = 0; at < size;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      impl->handle(event, event.len > 0 ? buffer.data() + at + sizeof event : "");
      at += sizeof event + event.len;
    }
  }
}

FolderWatch::FolderWatch(asio::any_io_executor executor) : impl_(std::make_shared<Impl>(std::move(executor))) {}

FolderWatch::~FolderWatch() { impl_->reader.cancel(); }

std::shared_ptr<FolderEvents> FolderWatch::watch(const std::filesystem::path& folder) {
  const int wd = impl_->descriptor.is_open() ? ::inotify_add_watch(impl_->descriptor.native_handle(), folder.c_str(),
                                                                   IN_MODIFY | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF)
                                             : -1;
  if (wd < 0) {
    log::debug("no inotify watch: looking at the files every second instead",
               {{"folder", folder.string()}, {"error", std::strerror(errno)}});
    return std::make_shared<FolderEvents>(impl_->executor);
  }
  if (auto known = impl_->folders[wd].lock()) return known;
  auto forget = [weak = std::weak_ptr(impl_), wd](FolderEvents* events) {
    delete events;
    if (const auto impl = weak.lock()) impl->forget(wd);
  };
  std::shared_ptr<FolderEvents> events(new FolderEvents(impl_->executor), std::move(forget));
  events->live = true;
  impl_->folders[wd] = events;
  impl_->reader.start(impl_->executor, "inotify", [impl = impl_] { return read_events(impl); });
  return events;
}

}  // namespace slipway::plugins::runners::local_process
