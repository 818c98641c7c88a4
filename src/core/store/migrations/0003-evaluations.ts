/**
 * Evaluations as lists, trends and tests ask for them. The truth is each evaluation's folder: these rows are made from it, and made again
 * where they are missing. `created` in milliseconds; `run` is what was said of the model's origin (a digest tells else). A figure's `slice`
 * and `split` are '' for all rows.
 */
export const sql = `
CREATE TABLE evaluations (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, created INTEGER NOT NULL, duration REAL NOT NULL,
  model TEXT NOT NULL, model_digest TEXT NOT NULL, baseline TEXT, data TEXT NOT NULL, data_digest TEXT NOT NULL, rows INTEGER NOT NULL, task TEXT NOT NULL,
  metric TEXT NOT NULL, value REAL, low REAL, high REAL, outcome TEXT NOT NULL, slices INTEGER NOT NULL, failing INTEGER NOT NULL, run TEXT, slices_version TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX evaluations_by_created ON evaluations(created DESC, id);
CREATE INDEX evaluations_by_name ON evaluations(name, created DESC, id);
CREATE TABLE evaluation_figures (
  evaluation TEXT NOT NULL REFERENCES evaluations(id) ON DELETE CASCADE, split TEXT NOT NULL, slice TEXT NOT NULL, metric TEXT NOT NULL,
  value REAL, low REAL, high REAL, n INTEGER NOT NULL,
  PRIMARY KEY (evaluation, metric, split, slice)
) STRICT, WITHOUT ROWID;
-- what each slice, pinned example and the whole came to, in the order of their definition
CREATE TABLE evaluation_outcomes (
  evaluation TEXT NOT NULL REFERENCES evaluations(id) ON DELETE CASCADE, kind TEXT NOT NULL CHECK (kind IN ('overall','slice','pinned')), item TEXT NOT NULL,
  outcome TEXT NOT NULL, message TEXT NOT NULL,
  PRIMARY KEY (evaluation, kind, item)
) STRICT, WITHOUT ROWID;
`;
