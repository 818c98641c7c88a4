/** The registry in words: what is live, what waits, what a move would change and what it came to. Pure: the present moment is an argument, in ms. */
import type { LiveRow, Person, Plan, Promotion, Rollback, SliceChange, VersionRow, WaitingRow } from '../../protocol/registry';
import { count, formatAgo, formatBytes, formatDelta, formatNumber } from '../base/format';

export const ago = (then: number, now: number): string => formatAgo(then / 1000, now / 1000);

/** The name, else the address: git may know only one of the two. */
export const personName = ({ name, email }: Person): string => name || email || 'somebody';

/** "version 3 · forced · since 2 d ago". */
export function liveWords({ version, since, forced, whole }: LiveRow, now: number): string {
  if (version === null) return 'nothing is live';
  return [`version ${version}`, forced ? 'forced' : '', since === null ? '' : ago(since, now) === 'just now' ? 'just now' : sinceWords(since, now), whole ? '' : 'its files are not what the ledger says'].filter(Boolean).join(' · ');
}

/** "since just now" is no English. */
const sinceWords = (since: number, now: number): string => {
  const words = ago(since, now);
  return words.endsWith('ago') ? `since ${words}` : words === 'just now' ? 'since a moment ago' : `since ${words}`;
};

/** "live in production · @champion · pass accuracy 0.912 · 4.2 MB". */
export function versionWords(row: VersionRow): string {
  const { evaluation } = row;
  return [
    row.live.length > 0 ? `live in ${row.live.join(', ')}` : '', ...row.aliases.map((alias) => `@${alias}`),
    evaluation === null ? 'not evaluated' : `${evaluation.outcome} ${evaluation.metric} ${formatNumber(evaluation.value)}`,
    formatBytes(row.size), row.here ? '' : 'weights not here',
  ].filter(Boolean).join(' · ');
}

/** "0 of 1 approvals · asked 5 min ago". */
export const waitingWords = ({ have, need, since }: WaitingRow, now: number): string => `${have} of ${need} ${need === 1 ? 'approval' : 'approvals'} · asked ${ago(since, now)}`;

const MOST_SLICES = 6;

const changeWords = ({ slice, metric, from, to, n }: SliceChange, common: boolean): string =>
  `${slice}: ${common ? '' : `${metric} `}${formatNumber(from)} → ${formatNumber(to)}${from === null || to === null ? '' : ` (${formatDelta(to - from)})`}, ${count(n, 'row')}`;

const sizeOf = ({ from, to }: SliceChange): number => (from === null || to === null ? -1 : Math.abs(to - from));

/** The slices that change most, with a heading; nothing where none is known. */
export function changeLines(changes: readonly SliceChange[]): string[] {
  if (changes.length === 0) return [];
  const ordered = [...changes].sort((a, b) => sizeOf(b) - sizeOf(a));
  const rest = ordered.length - MOST_SLICES;
  const metrics = new Set(changes.map(({ metric }) => metric));
  const common = metrics.size === 1;
  return [`Slices that change most${common ? `, by ${[...metrics].join('')}` : ''}:`, ...ordered.slice(0, MOST_SLICES).map((one) => `   ${changeWords(one, common)}`), ...(rest > 0 ? [`   and ${rest} more`] : [])];
}

export interface PlanWords { now: number; rollback: boolean; /** names of the gates that are passed over */ forced?: readonly string[]; reason?: string }

/** What the person agrees to: everything that will be other than now, and what else happens. */
export function planLines(plan: Plan, { now, rollback, forced, reason }: PlanWords): string[] {
  const { environment, from, to, since, metric, fromValue, toValue } = plan;
  const before = from === null ? 'nothing is live' : `version ${from}${since === null ? '' : `, live ${sinceWords(since, now)}`}`;
  const figure = metric === null || toValue === null ? [] : [`${metric}: ${formatNumber(fromValue)} → ${formatNumber(toValue)}${fromValue === null ? '' : ` (${formatDelta(toValue - fromValue)})`}`];
  const size = plan.files.reduce((sum, file) => sum + file.size, 0);
  return [
    `${environment} now: ${before}`, `${environment} then: version ${to}`,
    ...figure, ...changeLines(plan.changes), ...(metric === null && from !== null && !rollback ? [`Not evaluated against each other yet: version ${to} and version ${from}.`] : []),
    '', `Written to ${plan.folder}: ${count(plan.files.length, 'file')}, ${formatBytes(size)}`,
    ...(plan.hooks.length > 0 ? [`Run after it: ${plan.hooks.join(', ')}`] : []),
    ...(reason ? [`Reason: ${reason}`] : []),
    '', ...lastLines(rollback, forced),
  ];
}

function lastLines(rollback: boolean, forced: readonly string[] | undefined): string[] {
  if (forced) return [...(forced.length > 0 ? [`Passed over: ${forced.join('; ')}.`] : []), 'That it was forced, by whom and why stays in the ledger for ever.'];
  if (rollback) return ['Before the switch its files are verified, it is loaded, and its golden predictions are compared. Where one of these fails nothing changes.'];
  return ['The gates are asked first. Where one stops it nothing changes.'];
}

/** "Promoted car-loan 2 to production; version 1 was live." */
export function promotedWords(model: string, { report, from, forced, hooks, rolledBack }: Promotion): string {
  if (rolledBack) return `${model} ${report.version} went to ${report.environment} and back: ${failedHooks(hooks)}. Live is ${from === null ? 'nothing' : `version ${from}`}, as before.`;
  const failed = failedHooks(hooks);
  return `${forced ? 'Forced' : 'Promoted'} ${model} ${report.version} to ${report.environment}${from === null ? '' : `; version ${from} was live`}.${failed === '' ? '' : ` But ${failed}.`}`;
}

const failedHooks = (hooks: Promotion['hooks']): string =>
  hooks.filter(({ outcome }) => outcome !== 'done').map(({ name, outcome, status }) => `the hook ${name} ${outcome === 'failed' ? `ended with status ${status ?? 'unknown'}` : outcome === 'timed out' ? 'took too long' : 'was not found'}`).join(', ');

/** "car-loan is back at version 1 in production, in 0.4 s; version 2 was live." */
export function rolledBackWords(model: string, environment: string, { from, to, duration, hooks }: Rollback): string {
  const failed = failedHooks(hooks);
  return `${model} is back at version ${to} in ${environment}, in ${duration.toFixed(1)} s${from === null ? '' : `; version ${from} was live`}.${failed === '' ? '' : ` But ${failed}.`}`;
}

/** "slices fails: age < 30 is worse by 0.06", for each gate that stops it. */
export function blockedLines({ report }: Pick<Promotion, 'report'>): string[] {
  return report.gates.filter(({ blocks }) => blocks).map(({ name, outcome, reason }) => `${name} ${outcome === 'fail' ? 'fails' : ': cannot tell'}`.replace(' :', ':') + (reason ? `${outcome === 'fail' ? ':' : ','} ${reason}` : ''));
}

/** Whether approval is all that is missing. */
export const onlyApproval = ({ report }: Pick<Promotion, 'report'>): boolean => {
  const blocking = report.gates.filter(({ blocks }) => blocks);
  return blocking.length > 0 && blocking.every(({ kind, outcome }) => kind === 'approval' && outcome === 'cannot tell');
};

/** What is wrong with a version's or environment's model name, as folders take it; the engine says the same when it is asked. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'a model needs a name';
  if (name.length > 200) return `at most 200 characters, these are ${name.length}`;
  if (!/^[A-Za-z0-9]/.test(name)) return 'it begins with a letter or a digit';
  if (!/^[A-Za-z0-9 ._+-]*$/.test(name)) return 'letters, digits, spaces and . _ + - alone';
  return /[. ]$/.test(name) ? 'it can\u2019t end with a dot or a space' : undefined;
}

/** The text of a reason that is long enough to tell something later. */
export const reasonFault = (reason: string): string | undefined => (reason.trim().length < 10 ? 'say why, in ten characters or more: it stays in the ledger' : undefined);
