/** Each entry of the ledger as one plain sentence. Pure. */
import type { LedgerEntry, LedgerKind } from '../ledger/entry';
import { factsOf } from '../ledger/facts';

/** What happened, and who did it. An entry whose facts can't be read still says its kind. */
export function sentenceOf(entry: LedgerEntry): string {
  return SAID[entry.kind](entry) ?? `${who(entry)} wrote '${entry.kind}'${of(entry)}, in words that this Runyard can't read`;
}

const who = ({ by }: LedgerEntry): string => by.name || by.email || 'somebody';
const version = ({ version: number }: LedgerEntry): string => (number === null ? 'a version' : `version ${number}`);
const of = (entry: LedgerEntry): string => (entry.version === null ? '' : ` of ${version(entry)}`);
const environment = (entry: LedgerEntry): string => entry.environment ?? 'no environment';
const because = (reason: string): string => (reason.trim() === '' ? '' : `: ${oneLine(reason)}`);
const insteadOf = (from: number | null): string => (from === null ? ' (nothing was live)' : ` in place of version ${from}`);
const short = (digest: string): string => digest.slice(0, 12);

/** Long words and several lines stay one sentence. */
export function oneLine(text: string, most = 300): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat;
}

const digits = (value: number): string => String(Number(value.toPrecision(4)));
const CAUSES = { person: '', hook: 'a hook failed', health: 'its health check failed', alert: 'an alert was critical', pointer: 'the files could not be put in place' } as const;

type Say = (entry: LedgerEntry) => string | null;
const SAID: Record<LedgerKind, Say> = {
  registered(entry) {
    const facts = factsOf('registered', entry);
    if (!facts) return null;
    const from = { run: `from run ${facts.run?.slice(0, 8) ?? facts.source.text}`, evaluation: `from evaluation ${facts.source.text.slice(0, 8)}`, file: `from ${facts.source.text}`, mlflow: `from ${facts.source.text}` }[facts.source.kind];
    return `${who(entry)} registered ${version(entry)} ${facts.source.text === '' && facts.run === null ? '' : `${from} `}(digest ${short(facts.digest)})`;
  },
  evaluated(entry) {
    const facts = factsOf('evaluated', entry);
    if (!facts) return null;
    const interval = facts.low === null || facts.high === null ? '' : ` (${digits(facts.low)} to ${digits(facts.high)})`;
    const figure = facts.value === null ? '' : `: ${facts.metric} ${digits(facts.value)}${interval} on ${facts.rows} rows`;
    return `${who(entry)} evaluated ${version(entry)}${facts.name === '' ? '' : ` with '${facts.name}'`}${figure}: ${facts.outcome}`;
  },
  gates(entry) {
    const facts = factsOf('gates', entry);
    if (!facts) return null;
    const blocking = facts.gates.filter(({ blocks }) => blocks);
    const why = blocking.map(({ name, reason }) => `${name}${reason === '' ? '' : ` (${oneLine(reason, 160)})`}`).join(', ');
    const start = `the gates to ${facts.to} for ${version(entry)}, asked by ${who(entry)}:`;
    return blocking.length === 0 ? `${start} ${facts.outcome}` : `${start} ${facts.outcome}, stopped by ${why}`;
  },
  approved(entry) {
    const facts = factsOf('approved', entry);
    return facts && `${who(entry)} approved ${version(entry)} for ${environment(entry)}${facts.signature ? ' and signed it' : ''}${because(facts.comment)}`;
  },
  rejected(entry) {
    const facts = factsOf('rejected', entry);
    return facts && `${who(entry)} rejected ${version(entry)} for ${environment(entry)}${facts.signature ? ' and signed it' : ''}${because(facts.comment)}`;
  },
  promoted(entry) {
    const facts = factsOf('promoted', entry);
    return facts && `${who(entry)} promoted ${version(entry)} to ${environment(entry)}${insteadOf(facts.from)}${because(facts.reason)}`;
  },
  forced(entry) {
    const facts = factsOf('forced', entry);
    const against = facts?.blocked.length ? ` against ${facts.blocked.join(', ')}` : '';
    return facts && `${who(entry)} FORCED ${version(entry)} into ${environment(entry)}${insteadOf(facts.from)}${against}${because(facts.reason)}`;
  },
  rolledBack(entry) {
    const facts = factsOf('rolledBack', entry);
    if (!facts) return null;
    const way = `${facts.from === null ? '' : ` from version ${facts.from}`} to ${entry.version === null ? 'nothing' : version(entry)}`;
    const cause = CAUSES[facts.cause];
    if (facts.automatic || cause !== '') return `${environment(entry)} went back by itself${way}${cause === '' ? '' : `, because ${cause}`}${because(facts.reason)}`;
    return `${who(entry)} rolled ${environment(entry)} back${way}${facts.blocked.length > 0 ? `, FORCED against ${facts.blocked.join(', ')}` : ''}${because(facts.reason)}`;
  },
  hook(entry) {
    const facts = factsOf('hook', entry);
    if (!facts) return null;
    if (facts.outcome === 'not run') return `the hook '${facts.name}' of ${environment(entry)} was NOT RUN: ${facts.output}`;
    if (facts.outcome === 'stayed') return `${version(entry)} STAYED in ${environment(entry)} although the hook '${facts.name}' asked for the way back: ${facts.output}`;
    const status = facts.status === null || facts.outcome !== 'failed' ? '' : ` with status ${facts.status}`;
    return `the hook '${facts.name}' of ${environment(entry)} ${facts.outcome === 'done' ? 'was done' : facts.outcome === 'not found' ? 'was not found' : facts.outcome}${status} after ${digits(facts.duration)} s`;
  },
  alias(entry) {
    const facts = factsOf('alias', entry);
    return facts && (facts.version === null ? `${who(entry)} took the alias '${facts.alias}' away` : `${who(entry)} pointed the alias '${facts.alias}' at version ${facts.version}`);
  },
  described(entry) {
    const facts = factsOf('described', entry);
    if (!facts) return null;
    const set = Object.entries(facts.setTags ?? {}).map(([key, value]) => `set the tag ${key} to '${oneLine(value, 60)}'`);
    const taken = (facts.deleteTags ?? []).map((key) => `took the tag ${key} away`);
    const words = facts.description === undefined ? [] : [facts.description === '' ? 'took the description away' : `described it as '${oneLine(facts.description, 120)}'`];
    return `${who(entry)}, of ${entry.version === null ? 'the model' : version(entry)}: ${[...words, ...set, ...taken].join(', ') || 'nothing new'}`;
  },
  deleted: (entry) => `${who(entry)} deleted ${entry.version === null ? 'the model' : version(entry)}`,
  comment(entry) {
    const facts = factsOf('comment', entry);
    return facts && `${who(entry)} commented on ${placeOf(facts.on)}${because(facts.text)}`;
  },
};

/** What a comment is on, in words. */
export function placeOf({ run, version: number, slice }: { run?: string | undefined; version?: number | undefined; slice?: string | undefined }): string {
  const parts = [...(slice === undefined ? [] : [`the slice '${oneLine(slice, 80)}'`]), ...(number === undefined ? [] : [`version ${number}`]), ...(run === undefined ? [] : [`run ${run.slice(0, 8)}`])];
  return parts.length === 0 ? 'the model' : parts.join(' of ');
}
