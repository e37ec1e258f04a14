// Credentials: what a request to the API server shows, kept fresh.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "async/task.h"
#include "base/clock.h"
#include "kube/kubeconfig.h"
#include "net/http_client.h"

namespace slipway::kube {

/// Static ones are shown as they are; token files are read once a minute; exec plugins run again shortly before what
/// they gave expires, and after renew(). All calls on one executor's thread.
class Credentials {
 public:
  Credentials(Access access, std::map<std::string, std::string> env, const Clock& clock);

  /// Puts certificate and token into the request.
  Task<> apply(net::ClientRequest& request);
  /// The API server did not accept them: whatever can be fetched anew is.
  void renew();
  const Access& access() const { return access_; }

 private:
  Task<> refresh();
  Task<> run_plugin();
  Result<> take_plugin_output(const std::string& text);
  void use(const std::string& certificate, const Secret& key);

  Access access_;
  std::map<std::string, std::string> env_;
  const Clock& clock_;
  std::shared_ptr<const net::ClientTls> tls_;
  Secret token_;
  std::optional<UnixMillis> good_until_;  ///< Nothing: for ever.
  bool fetched_ = false;
};

/// "2026-11-24T08:07:28Z", also with a fraction or an offset of hours and minutes. Nothing for anything else.
std::optional<UnixMillis> parse_time(std::string_view text);

}  // namespace slipway::kube
