/** placeholder */
import type { Curve } from '../../protocol/model';
import type { Context } from './context';
import { points } from './points';
import type { CurveQuery } from './store';

export function curve(context: Context, query: CurveQuery): Curve {
  const all = points(context, query.run, query.key, { limit: 1_000_000, offset: 0 });
  return { run: query.run, key: query.key, points: all.points.map((p) => ({ ...p, n: 1 })), total: all.total, exact: true };
}
