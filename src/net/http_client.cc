#include "net/http_client.h"

#include <algorithm>
#include <ctime>
#include <map>
#include <mutex>
#include <thread>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "base/broken_pipe.h"
#include "base/strings.h"
#include "net/curl_transfer.h"

namespace slipway::net {

struct HttpClient::Impl : std::enable_shared_from_this<HttpClient::Impl> {
  using TransferPtr = std::shared_ptr<CurlTransfer>;
  enum class Order { start, resume, cancel, stop };
  struct Command {
    Order order;
    TransferPtr transfer;
  };

  explicit Impl(Options chosen);
  ~Impl();
  void post(Order order, TransferPtr transfer);
  void shut_down();
  Task<ClientResponse> exchange(TransferPtr transfer);

 private:
  void run();
  bool obey();
  void begin(TransferPtr transfer);
  void end(CURL* easy, std::function<void(CurlTransfer&)> how);
  void collect();
  Millis end_idle();

 public:
  const Options options;

 private:
  CURLM* multi_;
  std::map<CURL*, TransferPtr> active_;  ///< The curl thread's own.
  std::mutex mutex_;                     ///< Guards inbox_ and stopping_.
  std::vector<Command> inbox_;
  bool stopping_ = false;
  std::thread thread_;
};

namespace {

constexpr Millis kLongestPoll{60'000};

Error client_closed() { return Error(Code::cancelled, "the HTTP client was closed"); }

CURLM* make_multi(const HttpClient::Options& options) {
  ignore_broken_pipes();  // libcurl leaves that to us when it must not touch signals.
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
  CURLM* multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options.max_connections_per_host));
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
  return multi;
}

/// Suspends until the transfer has news. Resumed on the awaiting coroutine's executor; cancellation runs
/// `on_cancel` and goes on waiting.
asio::awaitable<void> wait_for_news(std::shared_ptr<CurlTransfer> transfer, std::function<void()> on_cancel) {
  auto initiate = [&](auto handler) {
    using Handler = decltype(handler);
    auto executor = asio::get_associated_executor(handler);
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      slot.assign([on_cancel](asio::cancellation_type type) {
        if (type != asio::cancellation_type::none) on_cancel();
      });
    }
    auto work = asio::make_work_guard(executor);
    auto kept = std::make_shared<Handler>(std::move(handler));
    transfer->wait([kept, work, slot, executor]() mutable {
      asio::post(executor, [kept = std::move(kept), work = std::move(work), slot]() mutable {
        if (slot.is_connected()) slot.clear();
        auto resume = std::move(*kept);
        std::move(resume)();
      });
    });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(initiate, asio::use_awaitable);
}

/// Tells the curl thread to let go when the awaiting coroutine ends early, by an exception or by its
/// destruction.
class Abandon {
 public:
  explicit Abandon(std::function<void()> action) : action_(std::move(action)) {}
  ~Abandon() {
    if (action_) action_();
  }
  Abandon(const Abandon&) = delete;
  Abandon& operator=(const Abandon&) = delete;
  void dismiss() { action_ = nullptr; }

 private:
  std::function<void()> action_;
};

/// Calls the request's functions. False: the consumer has had enough.
bool tell(const ClientRequest& request, const TransferNews& news) {
  if (news.progress && request.on_progress) request.on_progress(news.sent, news.total);
  if (news.headers && request.on_headers) request.on_headers(news.status, news.fields);
  return news.data.empty() || request.consume || request.on_data(news.data);
}

}  // namespace

HttpClient::Impl::Impl(Options chosen)
    : options(std::move(chosen)), multi_(make_multi(options)), thread_([this] { run(); }) {}

HttpClient::Impl::~Impl() {
  shut_down();
  curl_multi_cleanup(multi_);
}

void HttpClient::Impl::shut_down() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  curl_multi_wakeup(multi_);
  if (thread_.joinable()) thread_.join();
}

void HttpClient::Impl::post(Order order, TransferPtr transfer) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      inbox_.push_back({order, std::move(transfer)});
      transfer = nullptr;
    }
  }
  if (!transfer) {
    curl_multi_wakeup(multi_);
  } else if (order == Order::start) {
    transfer->end_early(client_closed());
  }
}

void HttpClient::Impl::run() {
  int running = 0;
  while (obey()) {
    curl_multi_perform(multi_, &running);
    collect();
    const auto wait = end_idle();
    curl_multi_poll(multi_, nullptr, 0, static_cast<int>(wait.count()), nullptr);
  }
  while (!active_.empty()) {
    end(active_.begin()->first, [](CurlTransfer& transfer) { transfer.end_early(client_closed()); });
  }
}

bool HttpClient::Impl::obey() {
  std::vector<Command> commands;
  bool going_on = true;
  {
    const std::lock_guard lock(mutex_);
    commands.swap(inbox_);
    going_on = !stopping_;
  }
  for (auto& [order, transfer] : commands) {
    CURL* easy = transfer->easy();
    if (order == Order::start) {
      begin(std::move(transfer));
    } else if (!active_.contains(easy)) {
      continue;
    } else if (order == Order::resume) {
      transfer->resumed();
      curl_easy_pause(easy, CURLPAUSE_CONT);
    } else if (order == Order::cancel) {
      end(easy, [](CurlTransfer& ended) { ended.end_early(Error(Code::cancelled, "cancelled")); });
    } else {
      end(easy, [](CurlTransfer& ended) { ended.end_early(std::nullopt); });
    }
  }
  return going_on;
}

void HttpClient::Impl::begin(TransferPtr transfer) {
  CURL* easy = transfer->easy();
  transfer->started();
  const auto added = curl_multi_add_handle(multi_, easy);
  if (added == CURLM_OK) {
    active_.emplace(easy, std::move(transfer));
  } else {
    transfer->end_early(Error(Code::internal, curl_multi_strerror(added)));
  }
}

void HttpClient::Impl::end(CURL* easy, std::function<void(CurlTransfer&)> how) {
  const auto found = active_.find(easy);
  if (found == active_.end()) return;
  curl_multi_remove_handle(multi_, easy);
  const auto transfer = std::move(found->second);
  active_.erase(found);
  how(*transfer);
}

void HttpClient::Impl::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const auto code = message->data.result;
    end(message->easy_handle, [code](CurlTransfer& transfer) { transfer.finish(code); });
  }
}

/// Ends the transfers that have been silent for too long. How long until the next could be.
Millis HttpClient::Impl::end_idle() {
  const auto now = std::chrono::steady_clock::now();
  auto next = now + kLongestPoll;
  std::vector<CURL*> idle;
  for (const auto& [easy, transfer] : active_) {
    const auto deadline = transfer->idle_deadline();
    if (deadline && *deadline <= now) idle.push_back(easy);
    if (deadline) next = std::min(next, *deadline);
  }
  for (CURL* easy : idle) {
    end(easy, [](CurlTransfer& transfer) {
      transfer.end_early(Error(Code::deadline_exceeded,
                               "nothing was received for " + human_duration(transfer.request().idle_timeout->count())));
    });
  }
  return std::max(Millis(0), std::chrono::ceil<Millis>(next - now));
}

Task<ClientResponse> HttpClient::Impl::exchange(TransferPtr transfer) {
  auto order = [self = shared_from_this(), transfer](Order what) { self->post(what, transfer); };
  auto cancel = [order] { order(Order::cancel); };
  Abandon abandon(cancel);
  order(Order::start);
  bool listening = true;
  Result<> consumed;
  for (;;) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) cancel();
    co_await wait_for_news(transfer, cancel);
    auto news = transfer->take();
    if (listening) listening = tell(transfer->request(), news);
    if (listening && !news.data.empty() && transfer->request().consume) {
      auto consumer = transfer->request().consume(std::move(news.data));
      auto taken = co_await no_throw(std::move(consumer));
      listening = taken && *taken;
      if (!taken) consumed = std::move(taken).error();
    }
    if (!listening) order(Order::stop);
    if (news.done) break;
    if (news.was_paused) order(Order::resume);
  }
  abandon.dismiss();
  if (!consumed) co_return std::move(consumed).error();
  co_return transfer->outcome();
}

HttpClient::HttpClient(Options options) : impl_(std::make_shared<Impl>(std::move(options))) {}
HttpClient::HttpClient() : HttpClient(Options()) {}
HttpClient::~HttpClient() { impl_->shut_down(); }

Task<ClientResponse> HttpClient::send(ClientRequest request) {
  const auto impl = impl_;
  auto transfer = std::make_shared<CurlTransfer>(std::move(request));
  CO_TRY_VOID(transfer->prepare(impl->options));
  // A cancelled exchange still waits for the curl thread to let go of it, and then tells so by its error.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto running = impl->exchange(std::move(transfer));
  auto outcome = co_await no_throw(std::move(running));
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return outcome;
}

}  // namespace slipway::net
