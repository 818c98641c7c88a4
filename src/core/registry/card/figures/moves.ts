/** What the ledger and runyard.yaml say: approvals, what is live, how one goes back, what happened, personal data. */
import { createHash } from 'node:crypto';
import type { EnvironmentConfig } from '../../../config/registry';
import { canonical } from '../../ledger/entry';
import type { CardEvidence, EnvironmentFacts, Expected, Move } from '../evidence';
import { code, counted, cut, escapeText, moment, short, table } from '../markdown';
import { personName } from './version';

const MOST_EVENTS = 100;
const digestOf = (value: unknown): string => short(createHash('sha256').update(canonical(value)).digest('hex'));

export function ledgerFigure(of: CardEvidence, name: string): Expected | null {
  const block = (hash: string | undefined, text: string): Expected => ({ evidence: short(hash ?? 'none'), text, block: true });
  switch (name) {
    case 'approvals': return block(of.history.filter(({ kind }) => kind === 'approved' || kind === 'rejected').at(-1)?.hash, approvalsText(of));
    case 'live': return block(newestMove(of)?.hash, liveText(of));
    case 'rollback': return block(newestMove(of)?.hash, rollbackText(of));
    case 'history': return block(of.history.at(-1)?.hash, historyText(of));
    default: return null;
  }
}

export function configFigure(of: CardEvidence, name: string): Expected | null {
  const { personal, environments } = of.config;
  if (name === 'personal') return { evidence: digestOf(personal), text: personalText(of), block: true };
  const watched = Object.fromEntries(Object.entries(environments).map(([one, { autoRollback }]) => [one, autoRollback ?? null]));
  return name === 'monitoring' ? { evidence: digestOf(watched), text: monitoringText(of), block: true } : null;
}

const newestMove = ({ environments }: CardEvidence): Move | undefined => environments.flatMap(({ moves }) => moves.slice(-1)).sort((a, b) => a.t - b.t || (a.hash < b.hash ? -1 : 1)).at(-1);

function approvalsText({ detail: { approvals } }: CardEvidence): string {
  if (approvals.length === 0) return 'Nobody has approved or rejected this version yet.';
  const signed = (one: boolean | null): string => (one === null ? 'no' : one ? 'yes' : "doesn't hold");
  const sorted = [...approvals].sort((a, b) => a.t - b.t);
  const columns = ['when', 'who', 'said', 'for', 'comment', 'signed'].map((title) => ({ title }));
  return table(columns, sorted.map(({ t, by, judgement, own, environment, comment, signed: how }) =>
    [moment(t), personName(by), own ? `${judgement} (the author: doesn't count)` : judgement, escapeText(environment), escapeText(comment), signed(how)]));
}

function liveText({ environments, version }: CardEvidence): string {
  if (environments.length === 0) return 'There are no environments.';
  const columns = [{ title: 'environment' }, { title: 'live' }, { title: 'since' }, { title: 'by' }, { title: 'why' }];
  return table(columns, environments.map(({ name, moves }) => {
    const now = moves.at(-1);
    if (!now) return [escapeText(name), 'nothing', '', '', ''];
    return [escapeText(name), now.version === version ? 'this version' : `version ${now.version}`, moment(now.t), escapeText(now.by), `${now.kind === 'forced' ? 'forced: ' : now.kind === 'rolledBack' ? 'rolled back: ' : ''}${escapeText(now.reason)}`];
  }));
}

/** Versions that were live, the newest first, each once, with when. */
function wereLive({ moves }: EnvironmentFacts): { version: number; from: number; to: number }[] {
  const spans = moves.flatMap((move, at) => {
    const next = moves[at + 1];
    return next ? [{ version: move.version, from: move.t, to: next.t }] : [];
  });
  const seen = new Set([moves.at(-1)?.version]);
  return spans.reverse().filter(({ version }) => !seen.has(version) && seen.add(version));
}

function rollbackText(of: CardEvidence): string {
  const { environments, version } = of;
  const lines = environments.map((one) => environmentText(of, one));
  // From the ledger, which every clone has; the predictions themselves are on the machine that recorded them.
  const recorded = environments.flatMap(({ moves }) => moves.filter((move) => move.version === version && move.golden !== null)).sort((a, b) => a.t - b.t).at(-1);
  const predictions = recorded === undefined ? 'No golden predictions of this version are known: they are recorded when it is promoted.' : `Golden predictions (${code(short(recorded.golden ?? ''))}), recorded ${moment(recorded.t)}, are asked of it again before anybody goes back to it.`;
  return [...lines, predictions].map((line) => `- ${line}`).join('\n');
}

function environmentText({ model, version, config }: CardEvidence, environment: EnvironmentFacts): string {
  const { name, moves } = environment;
  const now = moves.at(-1);
  const before = wereLive(environment);
  const [target] = before;
  const called = escapeText(name);
  const hooks = config.environments[name]?.onRollback.map((hook) => escapeText(hook.name ?? hook.command.join(' '))) ?? [];
  const after = hooks.length === 0 ? '' : ` Then: ${hooks.join(', ')}.`;
  if (!now) return `${called}: nothing was ever live, so there is nothing to go back to.`;
  if (now.version !== version) return `${called}: version ${now.version} is live. Were this one promoted, one could go back to it.${after}`;
  if (!target) return `${called}: this version is live, and none was before: there is nothing to go back to.`;
  const others = before.slice(1).map((one) => one.version);
  const words = `runyard rollback ${shellWord(model)} --environment ${shellWord(name)}`;
  return `${called}: ${code(words)} goes back to version ${target.version}, live from ${moment(target.from)} to ${moment(target.to)}${others.length === 0 ? '' : `; \`--to\` to ${others.slice(0, 10).join(', ')}`}.${after}`;
}

const shellWord = (word: string): string => (/^[\w.@%+=:,/-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`);

function historyText({ model, history }: CardEvidence): string {
  if (history.length === 0) return 'The ledger says nothing of this version.';
  const shown = history.slice(-MOST_EVENTS);
  const rows = shown.map(({ t, text, hash }) => [moment(t), escapeText(text), code(hash.slice(0, 8))]);
  const left = history.length - shown.length;
  const all = table([{ title: 'when' }, { title: 'what' }, { title: 'entry' }], rows);
  return left === 0 ? all : `${all}\n\n${counted(left, 'older entry', 'older entries')}: ${code(`runyard models history ${shellWord(model)}`)}`;
}

function personalText({ config: { personal }, evaluations }: CardEvidence): string {
  const flagged = Object.entries(personal).sort(([a], [b]) => (a < b ? -1 : 1));
  if (flagged.length === 0) return 'No column is flagged as personal data in runyard.yaml (`registry: personal:`).';
  const fed = new Set(evaluations.flatMap(({ doc }) => doc.model.inputs.flatMap(({ columns }) => columns)));
  const held = new Set(evaluations.flatMap(({ doc }) => doc.data.columns.map(({ name }) => name)));
  const known = evaluations.length > 0;
  const place = (column: string): string => (!known ? 'not known' : fed.has(column) ? 'the model reads it' : held.has(column) ? 'in the data, not read' : 'not in the evaluated data');
  return table([{ title: 'column' }, { title: 'where' }, { title: 'how it is handled' }], flagged.map(([column, handled]) => [escapeText(column), place(column), escapeText(handled) || 'not said']));
}

function monitoringText({ config: { environments } }: CardEvidence): string {
  return Object.entries(environments).map(([name, one]) => `- ${escapeText(name)}: ${automatic(one)}.`).join('\n') || 'There are no environments.';
}

function automatic({ autoRollback }: EnvironmentConfig): string {
  const on = [
    ...(autoRollback?.onAlert ? ['on an alert of severity critical'] : []),
    ...(autoRollback?.health ? [`after ${counted(autoRollback.health.failures, 'failure')} in a row of the health check ${code(cut(autoRollback.health.command.join(' '), 120))}, every ${autoRollback.health.every} s`] : []),
  ];
  return on.length === 0 ? "doesn't go back by itself" : `goes back by itself ${on.join(', and ')}`;
}
