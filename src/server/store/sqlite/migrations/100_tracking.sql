-- Files, blobs and artifacts of runs. Entities and projects are names here, as in runs.

CREATE INDEX runs_running ON runs (id) WHERE state = 'running';
CREATE INDEX runs_of_project ON runs (entity, project, id);

CREATE TABLE run_files (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  md5 TEXT NOT NULL,
  size INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (run, name)
) WITHOUT ROWID;
CREATE INDEX run_files_by_bytes ON run_files (sha256);

-- What an entity has sent, known by the wire's digest. marked_at: when collection first saw that nothing refers to it.
CREATE TABLE blobs (
  entity TEXT NOT NULL,
  md5 TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  marked_at INTEGER,
  PRIMARY KEY (entity, md5)
) WITHOUT ROWID;
CREATE INDEX blobs_by_bytes ON blobs (sha256);
CREATE INDEX blobs_by_use ON blobs (used_at);

CREATE TABLE artifact_collections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity TEXT NOT NULL,
  project TEXT NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  sequence_client_id TEXT NOT NULL DEFAULT '',
  next_version INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  UNIQUE (entity, project, name)
);

-- States: 0 pending, 1 committed, 2 deleted.
CREATE TABLE artifacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  collection INTEGER NOT NULL REFERENCES artifact_collections (id),
  state INTEGER NOT NULL DEFAULT 0,
  version INTEGER,
  digest TEXT NOT NULL,
  description TEXT,
  metadata TEXT,
  ttl_seconds INTEGER NOT NULL DEFAULT -2,
  history_step INTEGER,
  size INTEGER NOT NULL DEFAULT 0,
  file_count INTEGER NOT NULL DEFAULT 0,
  run INTEGER NOT NULL DEFAULT 0,
  tags TEXT NOT NULL DEFAULT '[]',
  wanted_aliases TEXT NOT NULL DEFAULT '[]',  -- Given at the commit.
  manifest_name TEXT NOT NULL DEFAULT '',
  manifest_digest TEXT NOT NULL DEFAULT '',
  manifest_sha256 TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX artifacts_by_version ON artifacts (collection, version) WHERE version IS NOT NULL;
CREATE INDEX artifacts_by_digest ON artifacts (collection, digest) WHERE state = 1;
CREATE INDEX artifacts_of_run ON artifacts (run) WHERE run <> 0;
CREATE INDEX artifacts_by_manifest ON artifacts (manifest_sha256) WHERE manifest_sha256 <> '';

-- Several client ids lead to one artifact when equal content was found.
CREATE TABLE artifact_clients (
  entity TEXT NOT NULL,
  client_id TEXT NOT NULL,
  artifact INTEGER NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
  PRIMARY KEY (entity, client_id)
) WITHOUT ROWID;
CREATE INDEX artifact_clients_of_artifact ON artifact_clients (artifact);

CREATE TABLE artifact_aliases (
  collection INTEGER NOT NULL REFERENCES artifact_collections (id) ON DELETE CASCADE,
  alias TEXT NOT NULL,
  artifact INTEGER NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
  PRIMARY KEY (collection, alias)
) WITHOUT ROWID;
CREATE INDEX artifact_aliases_of_artifact ON artifact_aliases (artifact);

-- Of committed artifacts. A reference has no bytes here: sha256 and md5 are empty.
CREATE TABLE artifact_files (
  artifact INTEGER NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  md5 TEXT NOT NULL,
  size INTEGER NOT NULL,
  reference TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (artifact, path)
) WITHOUT ROWID;
CREATE INDEX artifact_files_by_bytes ON artifact_files (sha256) WHERE sha256 <> '';

CREATE TABLE artifact_uses (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  artifact INTEGER NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
  used_as TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (run, artifact)
) WITHOUT ROWID;
CREATE INDEX artifact_uses_of_artifact ON artifact_uses (artifact);
