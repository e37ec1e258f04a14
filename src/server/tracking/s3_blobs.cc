#include "server/tracking/s3_blobs.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ids.h"

namespace slipway::server {

namespace {

constexpr std::int64_t kMaxObject = 5ll << 30;  ///< What a store takes in one request.
constexpr Millis kSilence{60'000};
constexpr std::size_t kMaxErrorText = 64u << 10;
constexpr int kMaxListings = 100;

/// Texts of the elements of that name, in their order.
std::vector<std::string_view> elements(std::string_view xml, std::string_view name) {
  const std::string open = fmt::format("<{}>", name), close = fmt::format("</{}>", name);
  std::vector<std::string_view> found;
  for (std::size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at)) {
    at += open.size();
    const std::size_t end = xml.find(close, at);
    if (end == std::string_view::npos) break;
    found.push_back(xml.substr(at, end - at));
    at = end;
  }
  return found;
}

std::string first_element(std::string_view xml, std::string_view name) {
  const auto found = elements(xml, name);
  return found.empty() ? "" : std::string(found.front());
}

class S3Blobs final : public BlobStore {
 public:
  S3Blobs(S3Place place, S3Credentials credentials, const Clock& clock)
      : place_(std::move(place)), credentials_(std::move(credentials)), clock_(clock) {}

  Task<> put(std::filesystem::path file, Blob blob) override {
    if (blob.size > kMaxObject)
      co_return Error(Code::resource_exhausted, "the blob store takes files of at most 5 GiB in one piece")
          .hint("Keep blobs in a directory for larger files, or split the file.");
    net::ClientRequest request = make("PUT", key_of(blob.sha256), {}, blob.sha256);
    request.body_file = file;
    request.timeout.reset();
    request.idle_timeout = std::max(kSilence, Millis(blob.size / 1000));
    auto response = co_await client_.send(std::move(request));
    CO_TRY_VOID(expect(std::move(response), "storing a file in"));
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    co_return Result<>();
  }

  Task<> send(net::Exchange* exchange, std::string sha256, std::string content_type) override {
    const std::string etag = "\"" + sha256 + "\"";
    const auto& asked = exchange->request().headers;
    if (asked.get("If-None-Match") == etag) co_return co_await exchange->respond({.status = 304});
    net::ClientRequest request = make("GET", key_of(sha256), {}, sha256_hex(""));
    if (const auto range = asked.get("Range"); !range.empty()) request.headers.set("Range", std::string(range));
    request.timeout.reset();
    request.idle_timeout = kSilence;
    Answer answer{.exchange = exchange, .content_type = std::move(content_type), .etag = etag};
    request.on_headers = [&answer](int status, const net::Headers& headers) {
      answer.status = status;
      answer.content_range = headers.get("Content-Range");
    };
    request.consume = [&answer](std::string piece) { return pass_on(answer, std::move(piece)); };
    auto response = co_await client_.send(std::move(request));
    if (!response) co_return away(std::move(response).error(), "reading a file from");
    if (!answer.passes()) {
      response->body = std::move(answer.error);
      co_return failure(*response, "reading a file from");
    }
    if (!answer.started) CO_TRY_VOID(co_await start(answer));
    co_return co_await exchange->finish_stream();
  }

  Task<std::string> read(std::string sha256, std::uint64_t max_bytes) override {
    net::ClientRequest request = make("GET", key_of(sha256), {}, sha256_hex(""));
    request.max_response = max_bytes;
    auto response = co_await client_.send(std::move(request));
    if (!response) co_return away(std::move(response).error(), "reading a file from");
    if (response->status != 200) co_return failure(*response, "reading a file from");
    co_return std::move(response->body);
  }

  Task<bool> remove(std::string sha256) override {
    net::ClientRequest request = make("DELETE", key_of(sha256), {}, sha256_hex(""));
    auto response = co_await client_.send(std::move(request));
    CO_TRY_VOID(expect(std::move(response), "removing a file from"));
    co_return true;
  }

  Task<std::vector<std::string>> old_blobs(Millis grace) override {
    const std::string folder = fmt::format("{:02x}", next_folder_++ & 0xFF);
    const std::string before = to_iso8601(clock_.now() - grace.count());
    std::vector<std::string> names;
    std::map<std::string, std::string> query = {{"list-type", "2"}, {"prefix", place_.prefix + folder + "/"}};
    for (int round = 0; round < kMaxListings; ++round) {
      net::ClientRequest request = make("GET", "", query, sha256_hex(""));
      auto response = co_await client_.send(std::move(request));
      if (!response) co_return away(std::move(response).error(), "listing");
      if (response->status != 200) co_return failure(*response, "listing");
      const std::string& xml = response->body;
      for (const std::string_view entry : elements(xml, "Contents")) {
        const std::string key = first_element(entry, "Key");
        const std::string name = key.substr(std::min(key.rfind('/') + 1, key.size()));
        // Both times are ISO 8601 in UTC, so they sort as texts.
        if (name.size() == 62 && first_element(entry, "LastModified") < before) names.push_back(folder + name);
      }
      query["continuation-token"] = first_element(xml, "NextContinuationToken");
      if (first_element(xml, "IsTruncated") != "true" || query["continuation-token"].empty()) break;
    }
    co_return names;
  }

 private:
  struct Answer {
    net::Exchange* exchange;
    std::string content_type, etag, content_range;
    int status = 0;
    bool started = false;
    std::string error;  ///< What the store says instead.
    bool passes() const { return status == 200 || status == 206 || status == 416; }
  };

  static Task<> start(Answer& answer) {
    answer.started = true;
    net::Headers headers;
    headers.set("Content-Type", answer.content_type);
    headers.set("Accept-Ranges", "bytes");
    headers.set("ETag", answer.etag);
    if (!answer.content_range.empty()) headers.set("Content-Range", answer.content_range);
    co_return co_await answer.exchange->start_stream(answer.status, std::move(headers));
  }

  static Task<bool> pass_on(Answer& answer, std::string piece) {
    if (!answer.passes()) {
      answer.error += piece.substr(0, kMaxErrorText - std::min(kMaxErrorText, answer.error.size()));
      co_return true;
    }
    if (!answer.started) CO_TRY_VOID(co_await start(answer));
    if (answer.status != 416 && !piece.empty()) CO_TRY_VOID(co_await answer.exchange->write(std::move(piece)));
    co_return true;
  }

  std::string key_of(const std::string& sha256) const {
    return place_.prefix + sha256.substr(0, 2) + "/" + sha256.substr(2);
  }

  net::ClientRequest make(std::string method, const std::string& key, std::map<std::string, std::string> query,
                          std::string payload_sha256) const {
    S3Request request{.method = std::move(method),
                      .host = place_.endpoint.substr(place_.endpoint.find("//") + 2),
                      .path = "/" + s3_encoded(place_.bucket + "/" + key, true),
                      .query = std::move(query),
                      .payload_sha256 = std::move(payload_sha256)};
    net::ClientRequest out;
    out.method = request.method;
    out.url = place_.endpoint + request.path + (request.query.empty() ? "" : "?" + s3_query(request.query));
    out.headers = s3_headers(request, credentials_, place_.region, clock_.now());
    return out;
  }

  Error away(Error error, std::string_view doing) const {
    return std::move(error).wrap(fmt::format("{} the blob store at {}", doing, place_.endpoint));
  }

  /// The store's own word for what is wrong; the status is none of our client's business.
  Error failure(const net::ClientResponse& response, std::string_view doing) const {
    const std::string reason = first_element(response.body, "Code");
    if (response.status == 404 && reason != "NoSuchBucket") return Error(Code::not_found, "file not found");
    return Error(Code::unavailable, fmt::format("{} the blob store at {}, bucket '{}': {} {}", doing, place_.endpoint,
                                                place_.bucket, response.status, reason))
        .hint("Check --blobs and the credentials in the server's environment.");
  }

  Result<> expect(Result<net::ClientResponse> response, std::string_view doing) const {
    if (!response) return away(std::move(response).error(), doing);
    if (response->status / 100 != 2) return failure(*response, doing);
    return Result<>();
  }

  const S3Place place_;
  const S3Credentials credentials_;
  const Clock& clock_;
  net::HttpClient client_;
  unsigned next_folder_ = 0;
};

}  // namespace

std::unique_ptr<BlobStore> open_s3_blobs(S3Place place, S3Credentials credentials, const Clock& clock) {
  return std::make_unique<S3Blobs>(std::move(place), std::move(credentials), clock);
}

}  // namespace slipway::server
