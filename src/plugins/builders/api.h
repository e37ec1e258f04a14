// Builders: make an image out of a source. One folder here and one line in plugins.cc each.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/context.h"
#include "plugins/registries/api.h"
#include "plugins/sources/api.h"

namespace slipway::plugins {

struct BuildRequest {
  FetchedSource source;
  std::vector<std::string> entry_point;  ///< After overrides.
  std::string override_dockerfile;       ///< overrides.dockerfile, relative to the context root (D-25, protocol 5.3).
  std::string
      accelerator_base_image;  ///< builder.accelerator.base_image of the resource arguments (S-141..S-143), validated.
  std::string resource;        ///< SageMaker images run as root (protocol 5.4).
  int user_id = 1000;
  std::string image_name;  ///< For the local image store, where there is no repository: from the job's name.
  LineSink log;
};

struct BuiltImage {
  std::string reference;  ///< "<repository or image_name>:<source hash>".
  bool reused = false;    ///< The tag existed: nothing was built (S-51).
  bool entry_point_in_image =
      false;  ///< It starts the job by itself. False: its Dockerfile is the job's own and names no ENTRYPOINT, so `entry_point` has to be passed (L-30).
  std::vector<std::string> entry_point;  ///< The request's, as it has to be written inside this image (protocol 5.3).
  std::vector<std::string> warnings;     ///< For the item (packages that could not be installed …).
};

class Builder {
 public:
  virtual ~Builder() = default;
  /// False for noop: the caller then runs code on a base image with its source mounted (C-31) or refuses.
  virtual bool can_build() const = 0;
  /// Is the tool there and usable? Run by `slipway doctor` and before the first build.
  virtual Task<> verify() = 0;
  /// Equal builds in flight are merged into one; a waiter that is cancelled leaves, the last one stops the build (F2, F3).
  virtual Task<BuiltImage> build(BuildRequest request) = 0;
};

struct BuilderPlugin {
  std::string name;  ///< `builder.type`: "docker", "kaniko", "noop".
  std::string doc;
  /// Empty function: known by name, but this version cannot create it.
  std::function<Result<std::unique_ptr<Builder>>(Context&, const Json& config, std::shared_ptr<Registry>)> create;
};

}  // namespace slipway::plugins
