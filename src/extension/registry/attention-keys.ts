/** What a person has been told of the registry, so that each thing is told once. Pure but for what this window is doing itself. */
import type { Disposable } from '../../core/base/disposable';
import type { EngineEvents } from '../../protocol/engine';
import type { WaitingRow } from '../../protocol/registry';

export type Attention = EngineEvents['attention'];
interface About { model: string; version: number | null; environment: string | null }

const keyOf = ({ model, version, environment }: About): string => JSON.stringify([model, version, environment]);
const own = new Map<string, number>();
/** Approvals that this window's person caused to be wanted: they saw that when it happened. */
const asked = new Set<string>();

/** Until it is disposed, this window itself moves that version there: its person needs no notification of it. */
export function expectOwn(about: About): Disposable {
  const key = keyOf(about);
  own.set(key, (own.get(key) ?? 0) + 1);
  asked.add(`approval ${key}`);
  return {
    dispose() {
      const left = (own.get(key) ?? 1) - 1;
      if (left > 0) own.set(key, left);
      else own.delete(key);
    },
  };
}

export const isOwn = (about: About): boolean => own.has(keyOf(about));
export const askedHere = (key: string): boolean => asked.has(key);

/** A standing thing (a wanted approval, a conflict) is told once for as long as it stands; an event (forced, rolled back) each time it happens. */
export const standingKey = (what: Pick<Attention, 'kind'> & About): string | undefined =>
  (what.kind === 'approval' ? `approval ${keyOf(what)}` : what.kind === 'conflict' ? `conflict ${keyOf({ ...what, version: null })}` : undefined);

export const waitingKey = ({ model, version, environment }: WaitingRow): string => `approval ${keyOf({ model, version, environment })}`;

/** Those whose approval may be asked of whoever works here: nobody approves their own. */
export const toAskFor = (waiting: readonly WaitingRow[]): WaitingRow[] => waiting.filter(({ own }) => own !== true);

/** The keys that are kept: of what still stands. */
export const stillStanding = (told: readonly string[], standing: readonly string[]): string[] => told.filter((key) => standing.includes(key));
