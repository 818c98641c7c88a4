/** What two runs have that the other has not, or has otherwise. Pure. */
import type { RunDetail } from '../../../src/protocol/model';

export interface Difference { section: string; name: string; left: string | null; right: string | null }

/** Flat names and values of a run that a person compares, by section. */
function facts(run: RunDetail): Map<string, Map<string, string>> {
  const { environment } = run;
  const plain = Object.entries({ os: environment.os, python: environment.python, cpu: environment.cpu, 'CPUs': environment.cpus, 'memory MB': environment.memMb, GPUs: environment.gpus?.join(', ') });
  return new Map([
    ['params', new Map(Object.entries(run.params))],
    ['code', new Map(Object.entries({ commit: run.commit, branch: run.branch, 'uncommitted change': run.dirty === null ? null : run.dirty ? 'yes' : 'no', script: run.script }).flatMap(([key, value]) => (value ? [[key, value] as const] : [])))],
    ['datasets', new Map(run.datasets.map((one) => [`${one.name} (${one.role})`, [one.digest.slice(0, 12), one.rows === null ? '' : `${one.rows} rows`].filter(Boolean).join(', ')]))],
    ['environment', new Map(plain.flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, String(value)] as const])))],
    ['packages', new Map(Object.entries(environment.packages ?? {}))],
  ]);
}

/** Rows that differ, in the order of the sections, by name. Null: the run has nothing of that name. */
export function differences(left: RunDetail, right: RunDetail): Difference[] {
  const theirs = facts(right);
  return [...facts(left)].flatMap(([section, mine]) => {
    const others = theirs.get(section) ?? new Map<string, string>();
    return [...new Set([...mine.keys(), ...others.keys()])].sort()
      .map((name) => ({ section, name, left: mine.get(name) ?? null, right: others.get(name) ?? null }))
      .filter((one) => one.left !== one.right);
  });
}
