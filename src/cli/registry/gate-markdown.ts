/** A gate report for a pull request: readable by somebody who has never heard of Runyard. */
import type { Outcome } from '../../protocol/evaluation/result';
import type { GateReport, GateResult, VersionDetail } from '../../protocol/registry';
import { blocking, evidenceIds, figureOf, slicesOf, sliceTable, worstFirst } from './gate-facts';
import { clipped, code, markdownTable, plain } from './markdown';

const WORDS: Readonly<Record<Outcome, string>> = { pass: '✅ pass', fail: '❌ **fail**', 'cannot tell': '⚪ **cannot tell**' };
/** GitHub takes comments up to 65,536 characters; a workflow may add some. */
const MOST = 60_000;
const MOST_SLICES = 50;
const MOST_IN_CELL = 600;

/** `detail`: what is known of the version besides. Ends with a line break. */
export function gateMarkdown(report: GateReport, detail: VersionDetail | null): string {
  const [start, end] = [[markerOf(report), verdict(report), gatesTable(report)], [evidencePart(report), foot(report, detail)]];
  const whole = joined([...start, slicesPart(report), detailsPart(report), ...end]);
  if (whole.length <= MOST) return whole;
  const shorter = joined([...start, slicesPart(report), ...end]);
  return shorter.length <= MOST ? shorter : joined([markerOf(report), `${verdict(report).slice(0, MOST / 2).trimEnd()}\n`, 'The report is too long to be shown here: `runyard gate --json` has all of it.\n', foot(report, detail)]);
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n');

/** Finds the comment of last time, so that it can be replaced. No `--` in it, which would end the comment. */
export const markerOf = ({ model, environment }: Pick<GateReport, 'model' | 'environment'>): string => `<!-- runyard gate ${[model, environment].map(inMarker).join(' ')} -->\n`;
const inMarker = (name: string): string => name.replace(/[^A-Za-z0-9_.]/gu, (c) => `%${(c.codePointAt(0) ?? 0).toString(16)}`);

function verdict(report: GateReport): string {
  const { model, version, environment, live, outcome, gates } = report;
  const [name, where] = [plain(model), plain(environment)];
  const stops = blocking(report);
  const title = { pass: `✅ ${name} version ${version} may go to ${where}`, fail: `❌ ${name} version ${version} must not go to ${where}`, 'cannot tell': `⚪ ${name} version ${version}: cannot tell whether it may go to ${where}` }[outcome];
  const place = live === null ? `Nothing is live in ${where} yet.` : live === version ? `It is what is live in ${where} now.` : `It would replace version ${live}, which is live in ${where} now.`;
  const counted = gates.length === 0 ? 'No check is asked for on this way.' : stops.length === 0 ? `${gates.length === 1 ? 'The only check lets' : `All ${gates.length} checks let`} it through.`
    : `${gates.length === 1 ? 'The only check' : `${stops.length} of ${gates.length} checks`} ${stops.length === 1 ? 'stops' : 'stop'} it:`;
  const reasons = stops.map((gate) => `- **${plain(gate.name)}**: ${plain(clipped(gate.reason, MOST_IN_CELL))}`);
  return `## ${title}\n\n${place} ${counted}\n${reasons.length === 0 ? '' : `\n${reasons.join('\n')}\n`}`;
}

function gatesTable({ gates }: GateReport): string {
  if (gates.length === 0) return '';
  const rows = worstFirst(gates).map((gate) => [plain(gate.name), `${WORDS[gate.outcome]}${letsPass(gate)}`, plain(clipped(gate.reason, MOST_IN_CELL)), gate.outcome === 'pass' ? '' : plain(clipped(gate.hint, MOST_IN_CELL))]);
  const hints = rows.some(([, , , hint]) => hint !== '');
  const columns = [{ title: 'Check' }, { title: 'Result' }, { title: 'Why' }, { title: 'What would help' }];
  return `### Checks\n\n${markdownTable(hints ? columns : columns.slice(0, 3), hints ? rows : rows.map((row) => row.slice(0, 3)))}`;
}

const letsPass = ({ outcome, blocks }: GateResult): string => (outcome !== 'pass' && !blocks ? ' (doesn’t stop it)' : '');

function slicesPart(report: GateReport): string {
  const slices = slicesOf(report);
  if (slices.length === 0) return '';
  const { columns, rows } = sliceTable(slices.slice(0, MOST_SLICES), report);
  const cells = rows.map((row, at) => [...row.slice(0, -1).map((cell) => plain(clipped(cell, MOST_IN_CELL))), WORDS[slices[at]?.outcome ?? 'pass']]);
  const titles = columns.map(({ title, ...rest }) => ({ title: plain(title.replace(/^./, (first) => (title === 'slice' || !title.includes(' ') ? first.toUpperCase() : first))), ...rest }));
  const rest = slices.length - rows.length;
  const about = report.live === null ? 'Groups of rows that matter.' : `Groups of rows that matter: version ${report.version} against version ${report.live} on the same rows. A difference counts only beyond noise, by its interval.`;
  return `### Slices\n\n${about}\n\n${markdownTable(titles, cells)}${rest > 0 ? `\nand ${rest} more.\n` : ''}`;
}

/** What the gates looked at besides slices, folded away. */
function detailsPart({ gates }: GateReport): string {
  const lines = gates.flatMap(({ name, reason, evidence }) => evidence
    .filter(({ slice, text }) => (slice === undefined || slice === '') && !reason.includes(text))
    .map((one) => `- **${plain(name)}**: ${plain(clipped(one.text, MOST_IN_CELL))}${figureIn(one)} ${WORDS[one.outcome]}`));
  if (lines.length === 0) return '';
  return `<details><summary>What the checks looked at</summary>\n\n${lines.join('\n')}\n\n</details>\n`;
}

/** The figure, where the sentence doesn't hold it. */
function figureIn(one: GateResult['evidence'][number]): string {
  const text = figureOf(one);
  return text === '' || one.metric === undefined || one.text.includes(text.split(' ')[0] ?? text) ? '' : `, ${plain(one.metric)} ${plain(text)}`;
}

function evidencePart(report: GateReport): string {
  const ids = evidenceIds(report);
  return ids.length === 0 ? '' : `**Evidence**: ${ids.length === 1 ? 'evaluation' : 'evaluations'} ${ids.map(code).join(', ')} (\`runyard evaluate --show ID\` shows one).\n`;
}

function foot({ t }: GateReport, detail: VersionDetail | null): string {
  const { facts } = detail ?? {};
  const about = facts ? [`model files ${code(`sha256:${facts.digest.slice(0, 16)}`)}`, ...(facts.code.commit === null ? [] : [`code ${code(facts.code.commit.slice(0, 12))}${facts.code.dirty === true ? ' with uncommitted changes' : ''}`]), `by ${plain(facts.author.name)}`] : [];
  return `<sub>**fail**: shown to break the rule. **cannot tell**: the data can’t show it either way, often too few rows; it stops unless the check says otherwise. `
    + `Checked ${new Date(t).toISOString().slice(0, 16).replace('T', ' ')} UTC by Runyard${about.length === 0 ? '' : `: ${about.join(', ')}`}.</sub>\n`;
}
