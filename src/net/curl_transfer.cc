#include "net/curl_transfer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"

namespace slipway::net {
namespace {

constexpr std::size_t kMaxBuffered = 1 << 20;
constexpr Millis kProgressInterval{100};

CurlTransfer& self_of(void* pointer) { return *static_cast<CurlTransfer*>(pointer); }

}  // namespace

CurlTransfer::~CurlTransfer() {
  if (easy_) curl_easy_cleanup(easy_);
  curl_slist_free_all(fields_list_);
  curl_slist_free_all(connect_to_);
  if (upload_) std::fclose(upload_);
  static_cast<void>(close_file(false));
}

void CurlTransfer::wait(std::function<void()> resume) {
  std::unique_lock lock(mutex_);
  resume_ = std::move(resume);
  if (has_news_) announce(std::move(lock));
}

TransferNews CurlTransfer::take() {
  const std::lock_guard lock(mutex_);
  has_news_ = false;
  return std::exchange(news_, {});
}

Result<ClientResponse> CurlTransfer::outcome() {
  if (failure_) return *std::move(failure_);
  return std::move(response_);
}

void CurlTransfer::announce(std::unique_lock<std::mutex> lock) {
  has_news_ = true;
  auto resume = std::exchange(resume_, nullptr);
  lock.unlock();
  if (resume) resume();
}

std::size_t CurlTransfer::fail(Error error) {
  failure_ = std::move(error).wrap(name());
  return CURL_WRITEFUNC_ERROR;
}

std::string CurlTransfer::name() const {
  return fmt::format("{} {}", request_.method, request_.url.substr(0, request_.url.find('?')));
}

void CurlTransfer::started() { last_byte_ = std::chrono::steady_clock::now(); }

void CurlTransfer::resumed() {
  last_byte_ = std::chrono::steady_clock::now();
  paused_ = false;
}

std::optional<CurlTransfer::Time> CurlTransfer::idle_deadline() const {
  if (!request_.idle_timeout || paused_) return std::nullopt;
  return last_byte_ + *request_.idle_timeout;
}

void CurlTransfer::set_callbacks() {
  set(CURLOPT_HEADERDATA, this);
  set(
      CURLOPT_HEADERFUNCTION, +[](char* data, std::size_t size, std::size_t count, void* self) -> std::size_t {
        return self_of(self).on_header(std::string_view(data, size * count));
      });
  set(CURLOPT_WRITEDATA, this);
  set(
      CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t size, std::size_t count, void* self) -> std::size_t {
        return self_of(self).on_body(std::string_view(data, size * count));
      });
  set(CURLOPT_XFERINFODATA, this);
  set(
      CURLOPT_XFERINFOFUNCTION, +[](void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) -> int {
        self_of(self).on_progress(static_cast<std::uint64_t>(sent));
        return 0;
      });
  set(CURLOPT_NOPROGRESS, 0L);
  if (!upload_) return;
  set(CURLOPT_READDATA, this);
  set(
      CURLOPT_READFUNCTION, +[](char* into, std::size_t size, std::size_t count, void* self) -> std::size_t {
        return self_of(self).on_read(into, size * count);
      });
  set(CURLOPT_SEEKDATA, upload_);
  set(
      CURLOPT_SEEKFUNCTION, +[](void* file, curl_off_t offset, int origin) -> int {
        return ::fseeko(static_cast<std::FILE*>(file), offset, origin) == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
      });
}

std::size_t CurlTransfer::on_header(std::string_view line) {
  last_byte_ = std::chrono::steady_clock::now();
  if (head_complete_) return line.size();  // Trailers.
  if (line.starts_with("HTTP/")) {
    block_ = Headers();
  } else if (trim(line).empty()) {
    on_head_end();
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    block_.add(std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1))));
  }
  return line.size();
}

void CurlTransfer::on_head_end() {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200) return;
  if (request_.follow_redirects && status >= 300 && status < 400 && block_.has("Location")) return;
  head_complete_ = true;
  response_.status = static_cast<int>(status);
  response_.headers = std::move(block_);
  if (!request_.on_headers) return;
  std::unique_lock lock(mutex_);
  news_.headers = true;
  news_.status = response_.status;
  news_.fields = response_.headers;
  announce(std::move(lock));
}

std::size_t CurlTransfer::on_body(std::string_view data) {
  last_byte_ = std::chrono::steady_clock::now();
  if (request_.on_data || request_.consume) {
    std::unique_lock lock(mutex_);
    if (news_.data.size() >= kMaxBuffered) {
      news_.was_paused = paused_ = true;
      return CURL_WRITEFUNC_PAUSE;
    }
    news_.data.append(data);
    announce(std::move(lock));
    return data.size();
  }
  const bool success = response_.status >= 200 && response_.status < 300;
  if (request_.response_file && success) return on_file(data);
  if (response_.body.size() + data.size() > request_.max_response) {
    return fail(Error(Code::resource_exhausted,
                      fmt::format("the answer is larger than {}", human_bytes(request_.max_response))));
  }
  response_.body.append(data);
  return data.size();
}

std::size_t CurlTransfer::on_file(std::string_view data) {
  if (!file_) {
    file_part_ = fmt::format("{}.{}.part", request_.response_file->string(), random_id());
    file_ = std::fopen(file_part_.c_str(), "wxe");
    if (!file_)
      return fail(
          Error(Code::failed_precondition, fmt::format("cannot write {}: {}", file_part_, std::strerror(errno))));
  }
  file_size_ += data.size();
  if (file_size_ > request_.max_file) {
    return fail(
        Error(Code::resource_exhausted, fmt::format("the answer is larger than {}", human_bytes(request_.max_file))));
  }
  if (std::fwrite(data.data(), 1, data.size(), file_) == data.size()) return data.size();
  return fail(Error(Code::resource_exhausted, fmt::format("cannot write {}: {}", file_part_, std::strerror(errno))));
}

std::size_t CurlTransfer::on_read(char* into, std::size_t size) {
  last_byte_ = std::chrono::steady_clock::now();
  const auto got = std::fread(into, 1, size, upload_);
  if (got == 0 && std::ferror(upload_) != 0) {
    fail(Error(Code::failed_precondition, fmt::format("cannot read {}", request_.body_file->string())));
    return CURL_READFUNC_ABORT;
  }
  return got;
}

void CurlTransfer::on_progress(std::uint64_t sent) {
  if (!request_.on_progress || upload_size_ == 0 || sent == last_sent_) return;
  last_byte_ = std::chrono::steady_clock::now();
  const bool whole = sent == upload_size_;
  if (!whole && last_byte_ - last_progress_ < kProgressInterval) return;
  last_progress_ = last_byte_;
  last_sent_ = sent;
  std::unique_lock lock(mutex_);
  news_.progress = true;
  news_.sent = sent;
  news_.total = upload_size_;
  announce(std::move(lock));
}

Result<> CurlTransfer::close_file(bool complete) {
  if (!file_) return {};
  const bool flushed = std::fflush(file_) == 0 && (!complete || ::fsync(::fileno(file_)) == 0);
  std::fclose(std::exchange(file_, nullptr));
  if (complete && flushed && std::rename(file_part_.c_str(), request_.response_file->c_str()) == 0) return {};
  const int reason = errno;
  ::unlink(file_part_.c_str());
  if (!complete) return {};
  return Error(Code::resource_exhausted,
               fmt::format("cannot write {}: {}", request_.response_file->string(), std::strerror(reason)));
}

Error CurlTransfer::error_of(CURLcode code) const {
  const std::string_view detail = error_text_.front() != '\0' ? error_text_.data() : curl_easy_strerror(code);
  auto text = fmt::format("{}: {}", name(), detail);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return Error(Code::deadline_exceeded, std::move(text));
    case CURLE_URL_MALFORMAT:
      return Error(Code::invalid_argument, std::move(text));
    case CURLE_TOO_MANY_REDIRECTS:
      return Error(Code::failed_precondition, std::move(text));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return Error(Code::unavailable, std::move(text))
          .hint(
              "When the server uses a certificate authority of your own, name its file in SSL_CERT_FILE or "
              "REQUESTS_CA_BUNDLE.");
    default:
      return Error(Code::unavailable, std::move(text));
  }
}

void CurlTransfer::finish(CURLcode code) {
  if (code != CURLE_OK && !failure_) failure_ = error_of(code);
  // libcurl takes the end of the connection within a head for the end of that head.
  if (!head_complete_ && !failure_) failure_ = Error(Code::unavailable, name() + ": the server broke off its answer");
  complete();
}

void CurlTransfer::end_early(std::optional<Error> error) {
  if (error && !failure_) failure_ = std::move(*error).wrap(name());
  complete();
}

void CurlTransfer::complete() {
  const bool success = !failure_ && response_.status >= 200 && response_.status < 300;
  if (success && request_.response_file && !file_)
    static_cast<void>(on_file(""));  // An empty body makes an empty file.
  if (auto closed = close_file(success && !failure_); !closed) failure_ = std::move(closed).error();
  std::unique_lock lock(mutex_);
  news_.done = true;
  announce(std::move(lock));
}

}  // namespace slipway::net
