/** All migrations, oldest first: the n-th brings a store to version n. */
import { sql as runs } from './0001-runs';
import { sql as mlflow } from './0002-mlflow';
import { sql as evaluations } from './0003-evaluations';
import { sql as ledger } from './0004-ledger';

export const migrations: readonly string[] = [runs, mlflow, evaluations, ledger];
