#include "blocking_http.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include <fmt/format.h>

#include "base/ids.h"

namespace slipway::bench {

Connection::Connection(const std::string& host, std::uint16_t port) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    throw std::runtime_error(fmt::format("cannot connect to {}:{}", host, port));
  }
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

Connection::~Connection() { ::close(fd_); }

void Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw std::runtime_error("the connection broke");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Connection::fill() {
  char piece[65536];
  const auto got = ::recv(fd_, piece, sizeof(piece), 0);
  if (got <= 0) throw std::runtime_error("the connection was closed");
  buffer_.append(piece, static_cast<std::size_t>(got));
}

std::string Connection::read_line() {
  for (;;) {
    if (const auto end = buffer_.find("\r\n"); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 2);
      return line;
    }
    fill();
  }
}

std::string Connection::read_exactly(std::size_t count) {
  while (buffer_.size() < count) fill();
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return bytes;
}

std::string Connection::post(const std::string& path, const std::string& key, std::string_view body) {
  const std::string head = fmt::format(
      "POST {} HTTP/1.1\r\nHost: bench\r\nAuthorization: Basic {}\r\nContent-Type: application/json\r\nContent-Length: "
      "{}\r\n\r\n",
      path, to_base64("api:" + key), body.size());
  send(head + std::string(body));
  const std::string status = read_line();
  std::size_t length = 0;
  for (std::string line = read_line(); !line.empty(); line = read_line()) {
    if (line.starts_with("Content-Length:")) length = std::stoul(line.substr(15));
  }
  std::string answer = read_exactly(length);
  if (status.find(" 200") == std::string::npos) throw std::runtime_error(status + ": " + answer.substr(0, 300));
  return answer;
}

}  // namespace slipway::bench
