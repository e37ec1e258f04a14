-- States are the numbers of launch::ItemState: 0 pending, 1 leased, 2 claimed, 3 starting, 4 running, 5 preempted, 6 finished, 7 failed, 8 stopped.
-- Times are Unix milliseconds on the server's clock. Documents are JSON text, written and read whole.

CREATE TABLE entities (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  kind INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL DEFAULT '',
  service INTEGER NOT NULL DEFAULT 0,
  admin INTEGER NOT NULL DEFAULT 0,
  default_entity INTEGER REFERENCES entities (id),
  created_at INTEGER NOT NULL
);

CREATE TABLE members (
  user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  entity INTEGER NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  role INTEGER NOT NULL,
  PRIMARY KEY (user, entity)
) WITHOUT ROWID;
CREATE INDEX members_of_entity ON members (entity);

CREATE TABLE api_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
);
CREATE INDEX api_keys_of_user ON api_keys (user);

CREATE TABLE resource_configs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity INTEGER NOT NULL REFERENCES entities (id),
  resource TEXT NOT NULL,
  config TEXT NOT NULL,
  template_variables TEXT NOT NULL
);

-- A deleted queue stays as a row, because its ended items stay readable.
CREATE TABLE queues (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity INTEGER NOT NULL REFERENCES entities (id),
  name TEXT NOT NULL,
  resource TEXT NOT NULL,
  access TEXT NOT NULL,
  prioritized INTEGER NOT NULL,
  state INTEGER NOT NULL,
  config TEXT NOT NULL,
  template_variables TEXT NOT NULL,
  external_links TEXT NOT NULL,
  policy TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  lease_ttl INTEGER NOT NULL,
  max_deliveries INTEGER NOT NULL,
  deleting INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER
);
CREATE UNIQUE INDEX queues_by_name ON queues (entity, name) WHERE deleted_at IS NULL;

CREATE TABLE queue_changes (
  id INTEGER PRIMARY KEY,
  queue INTEGER NOT NULL REFERENCES queues (id),
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL
);
CREATE INDEX queue_changes_of_queue ON queue_changes (queue);

CREATE TABLE agents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  entity INTEGER NOT NULL REFERENCES entities (id),
  stable_id TEXT NOT NULL DEFAULT '',
  incarnation TEXT NOT NULL DEFAULT '',
  hostname TEXT NOT NULL DEFAULT '',
  version TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT '',
  desire INTEGER NOT NULL DEFAULT 0,
  desire_actor TEXT NOT NULL DEFAULT '',
  desire_reason TEXT NOT NULL DEFAULT '',
  queues TEXT NOT NULL DEFAULT '[]',
  config TEXT NOT NULL DEFAULT '{}',
  max_jobs INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  registered_at INTEGER NOT NULL,
  heartbeat_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX agents_by_stable_id ON agents (entity, stable_id) WHERE stable_id <> '';
CREATE INDEX agents_of_entity ON agents (entity);

-- A run exists from the push of its item on; the tracking part fills in the rest.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity TEXT NOT NULL,
  project TEXT NOT NULL,
  name TEXT NOT NULL,
  display_name TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'pending',
  user TEXT NOT NULL DEFAULT '',
  host TEXT NOT NULL DEFAULT '',
  program TEXT NOT NULL DEFAULT '',
  job_type TEXT NOT NULL DEFAULT '',
  run_group TEXT NOT NULL DEFAULT '',
  notes TEXT NOT NULL DEFAULT '',
  git_commit TEXT NOT NULL DEFAULT '',
  repo TEXT NOT NULL DEFAULT '',
  sweep TEXT NOT NULL DEFAULT '',
  config TEXT NOT NULL DEFAULT '{}',
  summary TEXT NOT NULL DEFAULT '{}',
  tags TEXT NOT NULL DEFAULT '[]',
  exit_code INTEGER,
  stop_requested INTEGER NOT NULL DEFAULT 0,
  item INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  heartbeat_at INTEGER,
  finished_at INTEGER,
  history_lines INTEGER NOT NULL DEFAULT 0,
  event_lines INTEGER NOT NULL DEFAULT 0,
  log_lines INTEGER NOT NULL DEFAULT 0,
  UNIQUE (entity, project, name)
);

-- The hot row. The order of pushes is the order of ids. `agent` is the last holder; it holds the item while lease_expires_at is set.
CREATE TABLE items (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  queue INTEGER NOT NULL REFERENCES queues (id),
  state INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 1,
  epoch INTEGER NOT NULL DEFAULT 0,
  deliveries INTEGER NOT NULL DEFAULT 0,
  preemptions INTEGER NOT NULL DEFAULT 0,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  submitted INTEGER NOT NULL DEFAULT 0,  -- A backend object may exist: intent recorded, STARTING or RUNNING.
  takeover INTEGER NOT NULL DEFAULT 0,   -- The lease ran out after that; the next agent adopts it.
  wire INTEGER NOT NULL DEFAULT 0,       -- Popped by a W&B agent: no epoch, no renewals, see wire.cc.
  agent INTEGER,
  lease_expires_at INTEGER,
  run INTEGER,
  run_entity TEXT NOT NULL,
  run_project TEXT NOT NULL,
  run_name TEXT NOT NULL,
  author TEXT NOT NULL,
  client_key TEXT,
  pushed_at INTEGER NOT NULL,
  leased_at INTEGER,
  started_at INTEGER,
  running_at INTEGER,
  finished_at INTEGER,
  unreachable_since INTEGER,
  exit_code INTEGER,
  failure_class TEXT NOT NULL DEFAULT '',
  message TEXT NOT NULL DEFAULT '',
  stage TEXT NOT NULL DEFAULT ''
);
-- The column of each condition is in its index too: otherwise the planner sees no advantage over items_of_queue and walks over all that ended.
CREATE INDEX items_waiting ON items (queue, state, priority) WHERE state = 0;
CREATE INDEX items_active ON items (queue, state) WHERE state BETWEEN 1 AND 5;
CREATE INDEX items_for_takeover ON items (queue, takeover) WHERE takeover = 1;
CREATE INDEX items_of_agent ON items (agent) WHERE state BETWEEN 1 AND 5;
CREATE INDEX items_held ON items (lease_expires_at) WHERE lease_expires_at IS NOT NULL;
CREATE INDEX items_of_queue ON items (queue);
CREATE UNIQUE INDEX items_by_client_key ON items (queue, client_key) WHERE client_key IS NOT NULL;

CREATE TABLE item_payloads (
  item INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
  spec TEXT NOT NULL,
  submitted TEXT NOT NULL,
  intent TEXT,
  backend TEXT,
  request TEXT,
  image TEXT NOT NULL DEFAULT '',
  warnings TEXT NOT NULL DEFAULT '[]',
  file_paths TEXT
);

-- No foreign key: the history outlives a removed item.
CREATE TABLE item_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  item INTEGER NOT NULL,
  at INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  from_state INTEGER NOT NULL,
  to_state INTEGER NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX item_events_of_item ON item_events (item);
