// StreamRoutes: the file stream of SDKs and agents in, the run's output out.
//
// GET /api/runs/{entity}/{project}/{run}/logs?from=N&follow=1&file=launch.log&attempt=N&format=text|ndjson&download=1
// text (default): the lines alone. ndjson: a JSON object a line: {"attempt", "first", "lines": [...]}, {"heartbeat": true} every ten quiet seconds, and last
// {"end": true, "attempt", "next", "complete", "truncated", "state", "exitCode"}.
#pragma once
#include "server/api/router.h"
#include "server/tracking/log_reader.h"
#include "server/tracking/run_service.h"

namespace slipway::server {

class StreamRoutes {
 public:
  StreamRoutes(Services& services, StreamStore& streams, RunService& runs, LogReader& reader)
      : services_(services), streams_(streams), runs_(runs), reader_(reader) {}
  void mount(Router& router);

 private:
  /// POST /files/{entity}/{project}/{run}/file_stream. The answer: {"stopped"?, "offsets": {"launch.log": 120}}; 409 with the offsets that are expected after a gap.
  Task<> file_stream(RouteCall& call);
  Task<> logs(RouteCall& call);
  Task<> answer_gap(RouteCall& call, Error error);

  Services& services_;
  StreamStore& streams_;
  RunService& runs_;
  LogReader& reader_;
};

}  // namespace slipway::server
