/**
 * The registry's ledger: each entry as its line in the files. Rows are only ever added; whoever changes or takes one away is refused,
 * also by INSERT OR REPLACE, which takes rows away without asking the triggers for that. `t` in milliseconds.
 */
export const sql = `
CREATE TABLE ledger (
  hash TEXT NOT NULL UNIQUE, clone TEXT NOT NULL, n INTEGER NOT NULL CHECK (n >= 0), t INTEGER NOT NULL, doc TEXT NOT NULL,
  UNIQUE (clone, n)
) STRICT;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is only added to: no entry is changed'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is only added to: no entry is taken away'); END;
CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger
  WHEN EXISTS (SELECT 1 FROM ledger WHERE hash = NEW.hash OR (clone = NEW.clone AND n = NEW.n))
  BEGIN SELECT RAISE(ABORT, 'the ledger is only added to: that entry is there'); END;
`;
