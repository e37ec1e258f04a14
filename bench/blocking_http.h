// The smallest HTTP client that measures a server and not itself: one blocking keep-alive connection.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace slipway::bench {

class Connection {
 public:
  Connection(const std::string& host, std::uint16_t port);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// POST with HTTP Basic api:key; the value is the body. Throws unless the status is 200.
  std::string post(const std::string& path, const std::string& key, std::string_view body);
  /// A line-based exchange, for beanstalkd.
  void send(std::string_view bytes);
  std::string read_line();
  std::string read_exactly(std::size_t count);

 private:
  void fill();
  int fd_ = -1;
  std::string buffer_;
};

}  // namespace slipway::bench
