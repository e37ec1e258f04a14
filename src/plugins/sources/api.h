// Sources: where a job's code comes from. A source is one folder here and one line in plugins.cc.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/context.h"

namespace slipway::plugins {

/// What the job is made of, once it is on this machine.
struct FetchedSource {
  std::string image;                     ///< Image jobs: the reference; `dir` is empty then.
  std::filesystem::path dir;             ///< Root of the code. Owned by the source's cache; read only.
  std::string identity;                  ///< Names the exact content: commit, artifact digest, image reference.
  std::vector<std::string> entry_point;  ///< From the job; an override of the spec wins later.
  std::string build_context;             ///< Sub-directory of `dir` that is the context root, "" for all of it.
  std::string dockerfile;                ///< Relative to the context root, "" when the job names none.
  std::string base_image;                ///< Run on this image with the source mounted, never build (C-31).
  std::string python_version;            ///< "3.11", "" when unknown.
  std::filesystem::path job_dir;         ///< FetchRequest::job_dir: requirements.frozen.txt is looked for there too.
};

struct FetchRequest {
  Json job;  ///< wandb-job.json (protocol 4.2), or {"source_type": "image", "source": {"image": …}} for image items.
  std::filesystem::path
      job_dir;  ///< The job artifact's other files (requirements.frozen.txt, diff.patch), empty for image items.
  LineSink log;
};

class Source {
 public:
  virtual ~Source() = default;
  /// Idempotent; equal sources in flight are fetched once. Errors name the remote or artifact and the mend (credentials, spelling).
  virtual Task<FetchedSource> fetch(FetchRequest request) = 0;
};

struct SourcePlugin {
  std::string name;  ///< `source_type` of wandb-job.json: "image", "repo", "artifact".
  std::string doc;   ///< One sentence for `slipway help`.
  std::function<Result<std::unique_ptr<Source>>(Context&)> create;
};

}  // namespace slipway::plugins
