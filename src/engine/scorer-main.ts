/** The scoring server's child processes: one a version that is served, and one for what needs DuckDB. */
import { serveScorer } from '../core/serving/scorer/serve';

serveScorer();
