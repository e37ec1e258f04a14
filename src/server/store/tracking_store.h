// TrackingStore: runs, blobs and artifacts on the dispatch database. Streams are apart (tracking_streams.h).
#pragma once
#include "server/store/tracking.h"
#include "server/store/tracking_artifacts.h"
#include "server/store/tracking_blobs.h"

namespace slipway::server {

class TrackingStore : public RunStore, public BlobIndex, public ArtifactStore {};

/// On the database of `store`, which must outlive it.
std::unique_ptr<TrackingStore> open_tracking(Store& store);

}  // namespace slipway::server
