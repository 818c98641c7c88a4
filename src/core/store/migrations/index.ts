/** All migrations, oldest first: the n-th brings a store to version n. */
import { sql as runs } from './0001-runs';

export const migrations: readonly string[] = [runs];
