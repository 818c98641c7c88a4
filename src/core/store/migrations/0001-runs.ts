/**
 * The first schema. Never edited once released: a change is a new file.
 * Paths are relative to the workspace. Times are seconds since the epoch (REAL) except where points are: milliseconds (INTEGER, smaller).
 * A NaN can't be kept as REAL by SQLite (it becomes NULL): it is the text 'NaN', which SQLite orders after every number; infinities are REAL.
 */
export const sql = `
CREATE TABLE experiments (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created REAL NOT NULL, trashed REAL, tags TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE TABLE keys (id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('param','metric','tag')), name TEXT NOT NULL, UNIQUE (kind, name)) STRICT;
-- the next curve's number: metrics are clustered by run, so their curve can't be a rowid
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('curve', 0);
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, experiment INTEGER NOT NULL REFERENCES experiments(id),
  name TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
  created REAL NOT NULL, started REAL, ended REAL, exit_code INTEGER, signal TEXT,
  source TEXT NOT NULL, script TEXT, parent TEXT, argv TEXT NOT NULL, cwd TEXT NOT NULL, interpreter TEXT, runner TEXT NOT NULL DEFAULT 'local',
  notes TEXT NOT NULL DEFAULT '', pinned INTEGER NOT NULL DEFAULT 0, trashed REAL,
  commit_id TEXT, branch TEXT, dirty INTEGER, remote TEXT, patch TEXT,
  environment TEXT NOT NULL DEFAULT '{}', group_key TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX runs_by_experiment ON runs(experiment, trashed, created DESC, uid);
CREATE INDEX runs_by_created ON runs(trashed, created DESC, uid);
-- covers what the list of experiments counts
CREATE INDEX runs_by_activity ON runs(experiment, ended, started, created) WHERE trashed IS NULL;
CREATE INDEX runs_by_state ON runs(state) WHERE state IN ('queued','running');
CREATE INDEX runs_by_script ON runs(script, created) WHERE script IS NOT NULL;
CREATE INDEX runs_by_parent ON runs(parent) WHERE parent IS NOT NULL;
CREATE INDEX runs_by_name ON runs(name, created);
CREATE TABLE params (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)) STRICT, WITHOUT ROWID;
CREATE INDEX params_by_value ON params(key, value, run);
CREATE TABLE tags (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)) STRICT, WITHOUT ROWID;
CREATE INDEX tags_by_value ON tags(key, value, run);
-- One row a run and metric: the latest value (largest step, t, value), extremes and count of its points.
-- summary 1: value and t were said as a final figure, points no longer move them. rolled: log2 of the width of the rollups' finest bucket, 0 where there are none.
CREATE TABLE metrics (
  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key INTEGER NOT NULL, curve INTEGER NOT NULL,
  value ANY NOT NULL, step INTEGER NOT NULL, t INTEGER NOT NULL, min ANY NOT NULL, max ANY NOT NULL, count INTEGER NOT NULL,
  summary INTEGER NOT NULL DEFAULT 0, rolled INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX metrics_by_value ON metrics(key, value, run);
CREATE TABLE points (curve INTEGER NOT NULL, step INTEGER NOT NULL, t INTEGER NOT NULL, value ANY NOT NULL, PRIMARY KEY (curve, step, t, value)) STRICT, WITHOUT ROWID;
-- Pyramid over long curves: bucket = floor(step / 2^(rolled + 2*level)). n points; lo and hi are the extremes of the finite ones (the first
-- of equals), odd the first that isn't finite. Their
-- times are after t_min (small numbers take less room). A row is made anew from what lies under it, so that making it twice changes nothing.
CREATE TABLE rollups (
  curve INTEGER NOT NULL, level INTEGER NOT NULL, bucket INTEGER NOT NULL, n INTEGER NOT NULL, t_min INTEGER NOT NULL, t_span INTEGER NOT NULL,
  lo REAL, lo_step INTEGER, lo_dt INTEGER, hi REAL, hi_step INTEGER, hi_dt INTEGER, odd ANY, odd_step INTEGER, odd_dt INTEGER,
  PRIMARY KEY (curve, level, bucket)
) STRICT, WITHOUT ROWID;
CREATE TABLE datasets (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, name TEXT NOT NULL, role TEXT NOT NULL, digest TEXT NOT NULL, path TEXT, rows INTEGER, schema TEXT, PRIMARY KEY (run, name, role, digest)) STRICT, WITHOUT ROWID;
CREATE TABLE artifacts (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, path TEXT NOT NULL, kind TEXT NOT NULL, digest TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0, t REAL NOT NULL, PRIMARY KEY (run, path)) STRICT, WITHOUT ROWID;
CREATE INDEX artifacts_by_digest ON artifacts(digest);
CREATE TABLE resources (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, t REAL NOT NULL, cpu REAL NOT NULL, rss_mb REAL NOT NULL, gpu REAL, gpu_mem_mb REAL, PRIMARY KEY (run, t)) STRICT, WITHOUT ROWID;
CREATE TABLE problems (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, file TEXT NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (run, file, line)) STRICT, WITHOUT ROWID;
-- how far each spool file of a run has been taken in: written in the transaction that takes it in
CREATE TABLE spools (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, file TEXT NOT NULL, offset INTEGER NOT NULL, lines INTEGER NOT NULL, PRIMARY KEY (run, file)) STRICT, WITHOUT ROWID;
`;
