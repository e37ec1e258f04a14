-- The numbered lines of runs. `run` is runs.id of the dispatch database; attempt counts from 1.
CREATE TABLE streams (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  file TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  next_offset INTEGER NOT NULL DEFAULT 0,  -- What a writer sends next; grows also past the limit.
  lines INTEGER NOT NULL DEFAULT 0,        -- What is kept.
  bytes INTEGER NOT NULL DEFAULT 0,
  complete INTEGER NOT NULL DEFAULT 0,
  truncated INTEGER NOT NULL DEFAULT 0,
  UNIQUE (run, file, attempt)
);

-- Consecutive lines packed as stream_lines.h says; `first` is the number of the first of them.
CREATE TABLE chunks (
  stream INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
  first INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (stream, first)
);

CREATE TABLE touches (
  run INTEGER PRIMARY KEY,
  at INTEGER NOT NULL
);
