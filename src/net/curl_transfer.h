// CurlTransfer: one exchange of the HTTP client, shared by the awaiting coroutine and the curl thread.
// Private to the client.
#pragma once
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include <curl/curl.h>

#include "net/http_client.h"

namespace slipway::net {

/// What the coroutine learns each time it wakes.
struct TransferNews {
  bool headers = false;  ///< Status and headers are known: `status`, `fields`.
  int status = 0;
  Headers fields;
  std::string data;
  bool progress = false;
  std::uint64_t sent = 0;
  std::uint64_t total = 0;
  bool was_paused = false;  ///< The sender waits until `data` has been consumed.
  bool done = false;
};

class CurlTransfer {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit CurlTransfer(ClientRequest request) : request_(std::move(request)) {}
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  /// Builds the easy handle. Any thread, before the transfer is given to the curl thread.
  Result<> prepare(const HttpClient::Options& options);
  CURL* easy() { return easy_; }
  const ClientRequest& request() const { return request_; }

  // The coroutine's side.
  /// Keeps `resume` until there is news; calls it at once when there is some.
  void wait(std::function<void()> resume);
  TransferNews take();
  /// After `done`.
  Result<ClientResponse> outcome();

  // The curl thread's side.
  void finish(CURLcode code);
  /// Ends it with that error; nothing: as if the server had ended it.
  void end_early(std::optional<Error> error);
  /// When it counts as idle, unless a byte comes first. Nothing: never.
  std::optional<Time> idle_deadline() const;
  void started();
  void resumed();

 private:
  template <class V>
  void set(CURLoption option, V value) {
    curl_easy_setopt(easy_, option, value);
  }
  Result<> set_body();
  Result<> set_fields();
  void set_method();
  void set_security();
  Result<> set_tls();
  Result<> connect_as(const std::string& name);
  void set_callbacks();
  std::size_t on_header(std::string_view line);
  std::size_t on_body(std::string_view data);
  std::size_t on_file(std::string_view data);
  void on_head_end();
  std::size_t on_read(char* into, std::size_t size);
  void on_progress(std::uint64_t sent);
  Result<> close_file(bool complete);
  void complete();
  Error error_of(CURLcode code) const;
  /// "GET http://host/path", without the query: signed addresses carry their signature there.
  std::string name() const;
  void announce(std::unique_lock<std::mutex> lock);
  std::size_t fail(Error error);

  ClientRequest request_;
  CURL* easy_ = nullptr;
  curl_slist* fields_list_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  std::FILE* upload_ = nullptr;
  std::uint64_t upload_size_ = 0;
  std::array<char, CURL_ERROR_SIZE> error_text_{};

  // Touched by the curl thread only.
  ClientResponse response_;
  Headers block_;  ///< Fields of the header block being read.
  std::optional<Error> failure_;
  std::FILE* file_ = nullptr;
  std::string file_part_;
  std::uint64_t file_size_ = 0;
  Time last_byte_{};
  Time last_progress_{};
  std::uint64_t last_sent_ = 0;
  bool head_complete_ = false;
  bool paused_ = false;

  std::mutex mutex_;  ///< Guards what follows.
  TransferNews news_;
  bool has_news_ = false;
  std::function<void()> resume_;
};

}  // namespace slipway::net
