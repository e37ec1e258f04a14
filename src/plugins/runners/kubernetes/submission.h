// Submission: what goes into the cluster for one job, in the order in which a crash at any point leaves something that
// the next try goes on with.
#pragma once
#include "plugins/runners/kubernetes/cluster.h"
#include "plugins/runners/kubernetes/manifest.h"

namespace slipway::plugins::runners::kubernetes {

class Submission {
 public:
  struct Timing {
    Millis service_poll;
  };
  Submission(std::shared_ptr<Cluster> home, std::shared_ptr<Cluster> target, const SubmitRequest& request,
             Timing timing)
      : home_(std::move(home)), target_(std::move(target)), request_(request), timing_(timing) {}

  /// Announces, creates and hands over; or adopts what is there with our labels.
  Task<RunHandle> run(Manifest manifest, asio::thread_pool* blocking, std::filesystem::path folder);

 private:
  struct Made {
    kube::Resource resource;
    std::string name;
  };

  Task<> announce(const Manifest& manifest);
  Task<> make_secret();
  Task<> make_source(JsonObject& object, asio::thread_pool* blocking, std::filesystem::path folder);
  Task<> make_services(const Manifest& manifest);
  Task<> wait_for_service(Made service, int seconds);
  Task<bool> is_ready(Made service);
  /// "Already exists" with our labels is fine. The labels of an earlier attempt of this item: that is removed first.
  Task<Json> make(kube::Resource resource, JsonObject object);
  Task<> put(kube::Resource resource, JsonObject object);
  Task<> hand_over(const Json& owner);
  bool is_ours(const Json& object) const;
  bool is_earlier_attempt(const Json& object) const;

  std::shared_ptr<Cluster> home_;
  std::shared_ptr<Cluster> target_;
  const SubmitRequest& request_;
  Timing timing_;
  kube::Resource resource_;
  std::string space_;
  std::vector<Made> made_;  ///< Belongs to the job, in its namespace.
};

/// True when all labels of the identity are on the object.
bool has_labels(const Json& object, const std::map<std::string, std::string>& wanted);
/// The handle of an object; `settings` and mapping are kept in it.
RunHandle make_handle(const std::string& identity_name, const kube::Resource& resource, const Json& object,
                      const QueueSettings& settings, bool keeps_itself);
Error foreign(const kube::Resource& resource, const std::string& space, const std::string& name);

}  // namespace slipway::plugins::runners::kubernetes
