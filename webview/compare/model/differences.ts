/** What differs between two runs, line by line: pure. */
import type { RunDetail } from '../../../src/protocol/model';

export interface DifferingLine { kind: 'param' | 'code' | 'data' | 'package' | 'machine' | 'command'; name: string; left: string | null; right: string | null }

/** Only lines that differ, in the order in which they are likely to explain a difference: params, code, data, command, packages, machine. */
export function differingLines(left: RunDetail, right: RunDetail): DifferingLine[] {
  const both = (kind: DifferingLine['kind'], a: Record<string, string | null | undefined>, b: Record<string, string | null | undefined>): DifferingLine[] =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().flatMap((name) => {
      const [x, y] = [a[name] ?? null, b[name] ?? null];
      return x === y ? [] : [{ kind, name, left: x, right: y }];
    });
  return [
    ...both('param', left.params, right.params),
    ...both('code', code(left), code(right)),
    ...both('data', datasets(left), datasets(right)),
    ...both('command', { 'working directory': left.cwd, script: left.script }, { 'working directory': right.cwd, script: right.script }),
    ...both('package', left.environment.packages ?? {}, right.environment.packages ?? {}),
    ...both('machine', machine(left), machine(right)),
  ];
}

const code = (run: RunDetail): Record<string, string | null> => ({
  branch: run.branch, commit: run.commit?.slice(0, 10) ?? null, 'uncommitted changes': run.dirty === null ? null : run.dirty ? 'yes' : 'no',
});

const datasets = (run: RunDetail): Record<string, string> =>
  Object.fromEntries(run.datasets.map((one) => [`${one.name} (${one.role})`, [one.digest.slice(0, 12), one.rows === null ? '' : `${one.rows} rows`].filter(Boolean).join(', ') || 'no digest']));

const machine = ({ environment }: RunDetail): Record<string, string | null> => ({
  python: environment.python ?? null, os: environment.os ?? null, host: environment.host ?? null, cpu: environment.cpu ?? null, gpus: environment.gpus?.join(', ') ?? null,
});
