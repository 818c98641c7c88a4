/** Answers a panel's requests from made-up runs; just enough of search to sort, page, filter by one comparison and refuse nonsense. */
import { compareGroups, compareVerdict } from './compare';
import { makeCurve, makeDetail, makeRuns, STEPS } from './data';
import { fakeHost, FakeRefusal, type FakeHost } from './fake-host';
import type { MethodArgs } from '../../../src/protocol/engine';
import type { RunRow } from '../../../src/protocol/model';

export interface FakeEngine extends FakeHost { rows: RunRow[] }

const numberOf = (row: RunRow, key: string): number | string => {
  const name = key.slice(key.indexOf('.') + 1).replaceAll('`', '');
  if (key.startsWith('metrics.')) return Number(row.metrics[name]?.value ?? Number.NaN);
  if (key.startsWith('params.')) return row.params[name] ?? '';
  if (name === 'duration') return (row.ended ?? row.created) - row.created;
  return name === 'status' ? row.state : row.name;
};

export function fakeEngine(count: number): FakeEngine {
  const rows = makeRuns(count);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const find = (ids: readonly string[]): RunRow[] => ids.flatMap((id) => byId.get(id) ?? []);

  const search = (params: Partial<MethodArgs<'runs.search'>>): { rows: RunRow[]; total: number } => {
    let found = params.ids ? rows.filter((row) => params.ids?.includes(row.id)) : rows;
    for (const part of (params.filter ?? '').split(/\s+and\s+/i).filter(Boolean)) {
      const match = /^([\w./]+)\s*(>=|<=|>|<|=)\s*'?([^']*)'?$/.exec(part);
      if (!match?.[1] || match[3] === undefined) throw new FakeRefusal('bad_input', `'${part}' isn't a comparison, at character 1`, "write metrics.acc > 0.9 and params.lr = '0.1'");
      const [key, sign, wanted] = [match[1], match[2], match[3]];
      found = found.filter((row) => {
        const value = numberOf(row, key);
        return sign === '=' ? String(value) === wanted : sign?.startsWith('>') ? Number(value) > Number(wanted) : Number(value) < Number(wanted);
      });
    }
    const [key, way] = (params.orderBy?.[0] ?? '').split(' ');
    if (key) {
      const sign = way === 'DESC' ? -1 : 1;
      found = [...found].sort((a, b) => (numberOf(a, key) < numberOf(b, key) ? -sign : numberOf(a, key) > numberOf(b, key) ? sign : 0));
    }
    const page = found.slice(params.offset ?? 0, (params.offset ?? 0) + (params.limit ?? 100));
    return { total: found.length, rows: page };
  };
  const keys = { params: Object.keys(rows[0]?.params ?? {}).sort(), metrics: Object.keys(rows[0]?.metrics ?? {}).sort(), tags: Object.keys(rows[0]?.tags ?? {}) };

  const curves = (params: MethodArgs<'runs.curves'>): unknown => ({
    curves: find(params.runs).map((row) => {
      const toStep = (x: number | undefined, open: number): number => (x === undefined ? open : params.x === 'step' ? x : (params.x === 'relative' ? x : x - (row.started ?? 0)) / 1.5);
      return makeCurve(row, params.key, { from: toStep(params.from, 0), to: toStep(params.to, STEPS), px: params.px });
    }),
  });
  const compute = (method: string, raw: unknown): unknown => {
    const params = raw as never;
    switch (method) {
      case 'runs.search': return search(params);
      case 'runs.keys': return keys;
      case 'runs.curves': return curves(params);
      case 'runs.get': {
        const [row] = find([(params as { run: string }).run]);
        return row && makeDetail(row);
      }
      case 'config.get': return { file: null, problems: [], experiments: [], goals: { val_auc: 'maximize', 'val/accuracy': 'maximize', loss: 'minimize', grad_norm: 'minimize', epoch: 'maximize' }, mainMetric: 'val_auc' };
      case 'compare.groups': return compareGroups(find((params as { runs: string[] }).runs), (params as { metric: string }).metric);
      case 'compare.verdict': {
        const { baseline, candidate, metric } = params as { baseline: string[]; candidate: string[]; metric: string };
        return compareVerdict(find(baseline), find(candidate), metric);
      }
      case 'host.addRuns': return { runs: rows.slice(0, 2).map((row) => row.id) };
      case 'host.saveFile': return { saved: true };
      default: return {};
    }
  };
  return { ...fakeHost({ source: { experiments: ['car-loan'] } }, compute), rows };
}
