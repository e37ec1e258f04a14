-- Collections of artifacts can be described, tagged and renamed.
ALTER TABLE artifact_collections ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE artifact_collections ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
