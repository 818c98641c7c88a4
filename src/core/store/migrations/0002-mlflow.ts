/**
 * What MLflow's clients keep beside runs. Experiment 0 is MLflow's `Default`: one of that name that was there before becomes it.
 * `said` is the state that a client told of a run whose process we watch. `records` are documents of the things that aren't runs
 * (logged models, registered models, traces ...): `scope` and `sort` are what they are listed by.
 */
export const sql = `
ALTER TABLE runs ADD COLUMN said TEXT;
ALTER TABLE runs ADD COLUMN said_at REAL;
ALTER TABLE datasets ADD COLUMN extra TEXT;
ALTER TABLE experiments ADD COLUMN updated REAL;
ALTER TABLE experiments ADD COLUMN location TEXT;
INSERT INTO experiments (id, name, created) SELECT 0, CASE WHEN EXISTS (SELECT 1 FROM experiments WHERE name = 'Default') THEN hex(randomblob(16)) ELSE 'Default' END, unixepoch();
UPDATE runs SET experiment = 0 WHERE experiment = (SELECT id FROM experiments WHERE name = 'Default' AND id <> 0);
DELETE FROM experiments WHERE name = 'Default' AND id <> 0;
UPDATE experiments SET name = 'Default' WHERE id = 0;
CREATE TABLE run_models (
  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, io TEXT NOT NULL CHECK (io IN ('input','output')), model TEXT NOT NULL, step INTEGER NOT NULL,
  PRIMARY KEY (run, io, model)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_models_by_model ON run_models(model);
-- one row for each figure that a run measured of a logged model; t in milliseconds, value as in points
CREATE TABLE model_metrics (
  model TEXT NOT NULL, key INTEGER NOT NULL, dataset_name TEXT NOT NULL, dataset_digest TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  step INTEGER NOT NULL, t INTEGER NOT NULL, value ANY NOT NULL,
  PRIMARY KEY (model, key, dataset_name, dataset_digest, run, step, t, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX model_metrics_by_run ON model_metrics(run);
CREATE TABLE records (kind TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL, sort REAL NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
CREATE INDEX records_by_scope ON records(kind, scope, sort DESC, id);
CREATE INDEX records_by_sort ON records(kind, sort DESC, id);
`;
