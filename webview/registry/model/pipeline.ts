/** The pipeline of environments: what is live in each, what may come next, and what the panel looks at first. Pure. */
import type { HistoryRow, LiveRow, ModelDetail, WaitingRow } from '../../../src/protocol/registry';

export interface Stage {
  name: string;
  /** null: nothing is live there */
  live: LiveRow | null;
  /** the arrow from the stage before it, or from new versions for the first one */
  arrow: boolean;
  /** other ways in: 'any version', names of environments */
  others: string[];
  waiting: WaitingRow[];
  /** another version was live here, so there is a way back */
  back: boolean;
  gates: string[];
}

/** The words for where a version comes from: null is anywhere. */
const source = (from: string | null): string => from ?? 'anywhere';

/** Environments in their order, each with what is known of it. An edge from anywhere is an arrow from the one before. */
export function stagesOf(detail: Pick<ModelDetail, 'model' | 'environments'>, moves: readonly HistoryRow[]): Stage[] {
  return detail.environments.map((environment, at): Stage => {
    const before = detail.environments[at - 1]?.name ?? null;
    const live = detail.model.live.find((one) => one.environment === environment.name && one.version !== null) ?? null;
    const arrow = environment.from.includes(before) || environment.from.includes(null);
    return {
      name: environment.name, live, arrow, gates: environment.gates,
      others: environment.from.filter((from) => from === null || from !== before).map(source),
      waiting: detail.model.waiting.filter((one) => one.environment === environment.name),
      back: wereLive(moves, environment.name).some((version) => version !== live?.version),
    };
  });
}

const MOVES: readonly string[] = ['promoted', 'forced', 'rolledBack'];
export const isMove = (row: Pick<HistoryRow, 'kind'>): boolean => MOVES.includes(row.kind);

/** Versions that were live in an environment, the last one first, each once. `rows` is the history, oldest first. */
export function wereLive(rows: readonly HistoryRow[], environment: string): number[] {
  const versions = rows.flatMap((row) => (row.environment === environment && isMove(row) && row.version !== null ? [row.version] : []));
  return [...new Set(versions.reverse())];
}

export interface Looked { version: number | null; environment: string | null }

/**
 * What is looked at: what was chosen where it exists; else a version that waits for somebody, and where; else the newest one for the last environment that
 * it is not live in. Null where there is no version, or no environment.
 */
export function looked(detail: ModelDetail, chosen: Looked): Looked {
  const { environments, model, versions } = detail;
  const known = (name: string | null): string | null => (environments.some((one) => one.name === name) ? name : null);
  const version = versions.some((row) => row.version === chosen.version) ? chosen.version : null;
  const waiting = model.waiting.find((one) => (version === null || one.version === version) && (known(chosen.environment) === null || one.environment === chosen.environment)) ?? (version === null && known(chosen.environment) === null ? model.waiting[0] : undefined);
  const newest = version ?? waiting?.version ?? model.latest ?? versions.reduce<number | null>((most, row) => Math.max(most ?? 0, row.version), null);
  const row = versions.find((one) => one.version === newest);
  const open = environments.filter((one) => !(row?.live ?? []).includes(one.name));
  const next = open.find((one) => one.from.some((from) => from !== null && row?.live.includes(from))) ?? open.at(-1) ?? environments.at(-1);
  return { version: row ? newest : null, environment: known(chosen.environment) ?? known(waiting?.environment ?? null) ?? next?.name ?? null };
}

/** The version that is live in an environment. */
export const liveIn = (detail: Pick<ModelDetail, 'model'>, environment: string | null): number | null => detail.model.live.find((one) => one.environment === environment)?.version ?? null;

/** Versions to choose the candidate from, newest first: so many of the newest, and those that matter besides. */
export function choices(detail: Pick<ModelDetail, 'versions' | 'model'>, most: number, besides: readonly (number | null)[]): number[] {
  const numbers = detail.versions.map((row) => row.version).sort((a, b) => b - a);
  const wanted = new Set([...numbers.slice(0, most), ...[...besides, ...detail.model.live.map((one) => one.version), ...detail.model.waiting.map((one) => one.version)].filter((one) => one !== null)]);
  return numbers.filter((number) => wanted.has(number));
}
