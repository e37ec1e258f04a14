-- Metrics by key (docs/design/history.md): the lines of a stream of metrics from 0 to `sealed` are also kept as columns, segment by segment.
-- `streams.sealed`: the first line that is not yet in a segment.
ALTER TABLE streams ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;

CREATE TABLE metric_segments (
  stream INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
  first INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  PRIMARY KEY (stream, first)
) WITHOUT ROWID;

CREATE TABLE metric_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  stream INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  UNIQUE (stream, name)
);

-- One key in one segment. `types` is {"number": 4096}; low and high are of its numbers, NULL when there are none; `data` as metric_columns.h packs it.
CREATE TABLE metric_columns (
  key INTEGER NOT NULL REFERENCES metric_keys (id) ON DELETE CASCADE,
  first INTEGER NOT NULL,
  count INTEGER NOT NULL,
  low REAL,
  high REAL,
  types TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (key, first)
);
