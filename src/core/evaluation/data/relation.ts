/** Files as a relation in DuckDB, before its columns have their types. */
import type { Session } from './duckdb';

export interface RawColumn {
  name: string;
  /** SQL that reads it from the relation */
  ref: string;
  /** DuckDB's type */
  stored: string;
  /** which types its texts may be found to have; `none`: its own type stands */
  found: 'all' | 'dates' | 'none';
}

export interface Relation {
  columns: RawColumn[];
  /** what stands after FROM */
  from: string;
  /** SQL of a row's number where rows are read from the file each time; null: they are copied into a table of ours first, so that a text is parsed once */
  rowNumber: string | null;
  /** Where a row is in the files, in words: 'b.csv, line 7'. */
  locate(row: number): Promise<string>;
  /** What a person is told where DuckDB can't read the files; null: as it says. */
  explain(message: string): Error | null;
  /** Lets go of the files once they were copied. */
  done?(session: Session): Promise<void>;
}
