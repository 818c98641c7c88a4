/** Everything known of one run. */
import * as z from 'zod';
import type { RunDetail } from '../../protocol/model';
import { RunyardError } from '../base/errors';
import type { Context } from './context';
import { artifacts, datasets, problems, readEnvironment } from './facts';
import { modelRows } from './models';
import { loadRows } from './rows';

interface DetailCells { argv: string; cwd: string; exit_code: number | null; signal: string | null; interpreter: string | null; remote: string | null; patch: string | null; environment: string }
const words = z.array(z.string());

/** Throws not_found. */
export function getRun(context: Context, id: string): Omit<RunDetail, 'folder'> {
  const number = context.runRow(id);
  const [row] = loadRows(context, [number]);
  const cells = context.db.prepare('SELECT argv, cwd, exit_code, signal, interpreter, remote, patch, environment FROM runs WHERE id = ?').get<DetailCells>(number);
  if (!row || !cells) throw new RunyardError('not_found', `there is no run ${id}`);
  const children = context.db.prepare('SELECT uid FROM runs WHERE parent = ? ORDER BY created, uid').all<{ uid: string }>(id).map((child) => child.uid);
  return {
    ...row, argv: words.parse(JSON.parse(cells.argv)), cwd: cells.cwd, exitCode: cells.exit_code, signal: cells.signal, interpreter: cells.interpreter,
    remote: cells.remote, patch: cells.patch, environment: readEnvironment(cells.environment),
    datasets: datasets(context, id), artifacts: artifacts(context, id), problems: problems(context, id), models: modelRows(context, id), children,
  };
}
