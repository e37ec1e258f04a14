// Getting the image of a job onto the engine.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "plugins/context.h"
#include "plugins/runners/local_container/engine_api.h"

namespace slipway::plugins::runners::local_container {

struct ImageWish {
  std::string image;
  std::string policy;    ///< "always", "missing", "never"; "": what came from a registry is pulled again, and
                         ///< the local one is used when that fails (L-35).
  std::string platform;  ///< "": the engine's own.
};

/// Every failure to get an image is not_found (class "image") with the mend; unavailable when the engine
/// itself is away. A pull that makes no progress for two minutes has failed (D3). Credentials as `docker
/// login` keeps them. Progress goes to `progress`, which may be empty.
Task<> ensure_image(std::shared_ptr<EngineApi> engine, std::map<std::string, std::string> env, ImageWish wish,
                    LineSink progress);

}  // namespace slipway::plugins::runners::local_container
