-- Sweeps, and the processes that work for them. A sweep's runs are rows of runs with its name in `sweep`.

CREATE TABLE sweeps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity TEXT NOT NULL,
  project TEXT NOT NULL,
  name TEXT NOT NULL,
  display_name TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  config TEXT NOT NULL,
  state TEXT NOT NULL,
  controller TEXT NOT NULL DEFAULT '',
  scheduler TEXT NOT NULL DEFAULT '',
  user TEXT NOT NULL,
  made INTEGER NOT NULL DEFAULT 0,  -- Runs that the search has suggested.
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  heartbeat_at INTEGER,
  UNIQUE (entity, project, name)
);
CREATE INDEX sweeps_of_project ON sweeps (entity, project, id);

CREATE TABLE sweep_agents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sweep INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
  host TEXT NOT NULL,
  run TEXT NOT NULL DEFAULT '',  -- The last one that it was given.
  runs INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  heartbeat_at INTEGER NOT NULL
);
CREATE INDEX sweep_agents_of_sweep ON sweep_agents (sweep);

CREATE TABLE sweep_agent_runs (
  agent INTEGER NOT NULL REFERENCES sweep_agents (id) ON DELETE CASCADE,
  run TEXT NOT NULL,
  PRIMARY KEY (agent, run)
) WITHOUT ROWID;

CREATE INDEX runs_of_sweep ON runs (entity, project, sweep, id) WHERE sweep <> '';
