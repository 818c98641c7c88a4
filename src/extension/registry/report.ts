/** Gate reports, histories and verifications as Markdown. Pure; every text that a stranger may have written is shown as the text it is. */
import type { Comment, GateEvidence, GateReport, GateResult, HistoryRow, Verification } from '../../protocol/registry';
import type { Outcome } from '../../protocol/evaluation/result';
import { count, formatDelta, formatDuration, formatNumber, formatTime } from '../base/format';
import { escapeMarkdown as escaped, markdownTable, unbroken } from '../base/markdown';
import { personName } from './words';

const MARKS: Readonly<Record<Outcome, string>> = { pass: '✓\u00a0pass', fail: '✗\u00a0fail', 'cannot tell': '?\u00a0cannot\u00a0tell' };
const when = (t: number): string => formatTime(t / 1000);

/** A gate's row, and below it what it looked at where it didn't pass. */
export function gateMarkdown(report: GateReport): string {
  const { model, version, environment, live, gates, outcome } = report;
  const blocking = gates.filter(({ blocks }) => blocks).length;
  const head = [
    `# ${escaped(`${model} ${version} to ${environment}`)}: ${MARKS[outcome]}`,
    `${live === null ? 'Nothing is live there' : `Version ${live} is live there`}. ${blocking === 0 ? 'No gate stops it.' : `${count(blocking, 'gate')} of ${gates.length} ${blocking === 1 ? 'stops' : 'stop'} it.`} Checked ${when(report.t)} in ${formatDuration(report.duration)}.`,
  ];
  if (gates.length === 0) return `${[...head, 'This move has no gates.'].join('\n\n')}\n`;
  const table = markdownTable(['gate', 'outcome', 'stops', 'why'], gates.map((gate) => [gate.name, MARKS[gate.outcome], gate.blocks ? 'yes' : '', gate.reason]));
  return `${[...head, table, ...gates.flatMap(gateSection)].join('\n\n')}\n`;
}

/** What a gate looked at, where the table doesn't say it all. */
function gateSection(gate: GateResult): string[] {
  const said = gate.outcome === 'pass' && gate.evidence.length < 2;
  const hint = gate.hint === '' ? [] : [`What would mend it: ${escaped(gate.hint)}`];
  const shown = said ? [] : [...hint, ...evidence(gate)];
  return shown.length === 0 ? [] : [`## ${escaped(gate.name)}: ${MARKS[gate.outcome]}`, ...shown];
}

const hasFigures = ({ value, difference }: GateEvidence): boolean => value != null || difference != null;

/** Figures side by side; a sentence where there are none, or where it isn't the gate's own reason. */
function evidence({ evidence: all, reason }: GateResult): string[] {
  const worst: Readonly<Record<Outcome, number>> = { fail: 0, 'cannot tell': 1, pass: 2 };
  const rows = [...all].sort((a, b) => worst[a.outcome] - worst[b.outcome]);
  const sentences = rows.filter((one) => !hasFigures(one) && one.text !== reason).map((one) => `- ${MARKS[one.outcome]}: ${escaped(one.text)}`);
  const figures = rows.filter(hasFigures);
  return [...(figures.length === 0 ? [] : [figureTable(figures)]), ...(sentences.length === 0 ? [] : [sentences.join('\n')])];
}

function figureTable(rows: readonly GateEvidence[]): string {
  return markdownTable(['of', 'outcome', 'this', 'live', 'difference', '95 %', 'rows'], rows.map((one) => [
    one.slice ?? one.metric ?? 'all rows', MARKS[one.outcome], number(one.value), number(one.live), one.difference == null ? '' : formatDelta(one.difference),
    one.interval ? `${formatDelta(one.interval[0])} to ${formatDelta(one.interval[1])}` : '', one.n === undefined ? '' : one.n.toLocaleString('en-US'),
  ]), [2, 3, 4, 5, 6]);
}

const number = (value: number | null | undefined): string => (value == null ? '' : formatNumber(value));

/** Newest first; what was forced is told apart. */
export function historyMarkdown(title: string, rows: readonly HistoryRow[]): string {
  const head = `# ${escaped(title)}`;
  if (rows.length === 0) return `${head}\n\nNothing has happened yet.\n`;
  const newest = [...rows].reverse();
  const forced = rows.filter((row) => row.forced).length;
  const words = `${count(rows.length, 'entry').replace('entrys', 'entries')}${forced > 0 ? `, ${forced} of them forced` : ''}. Newest first.`;
  return `${[head, words, markdownTable(['when', 'what', 'entry'], newest.map((row) => [unbroken(when(row.t)), `${row.forced ? '⚠ ' : ''}${row.text}`, row.hash.slice(0, 8)]))].join('\n\n')}\n`;
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** What is wrong with the ledger, and where people disagree. */
export function verificationMarkdown({ ok, entries, chains, faults, conflicts }: Verification): string {
  const parts = [
    `# The ledger: ${ok ? '✓ whole' : '✗ not as it was written'}`,
    `${entries.toLocaleString('en-US')} entries in ${count(chains.length, 'chain')}.`,
    markdownTable(['chain', 'entries', ''], chains.map(({ clone, entries: own, ours }) => [clone, own.toLocaleString('en-US'), ours ? 'this clone' : '']), [1]),
  ];
  if (faults.length > 0) parts.push('## What is wrong', markdownTable(['chain', 'line', 'what', ''], faults.map((fault) => [fault.clone, fault.line === null ? '' : String(fault.line), fault.what, fault.message]), [1]));
  if (conflicts.length > 0) parts.push('## Where two clones disagree', ...conflicts.map((one) => `- **${escaped(`${one.model}, ${one.environment}`)}**: ${escaped(one.text.replace(/\.$/, ''))}. ${escaped(capital(one.hint))}`));
  return `${parts.join('\n\n')}\n`;
}

/** Oldest first, as people read a conversation. */
export function commentsMarkdown(title: string, comments: readonly Comment[]): string {
  const said = comments.map(({ by, t, text }) => `**${escaped(personName(by))}**, ${when(t)}\n\n${text.split('\n').map((line) => `> ${escaped(line)}`).join('\n')}`);
  return `${[`# ${escaped(title)}`, ...(said.length > 0 ? said : ['Nobody has said anything yet.'])].join('\n\n')}\n`;
}
