/** A gate report as people read it in a terminal. */
import type { GateReport, GateResult } from '../../protocol/registry';
import { outcomeText } from '../evaluation/evaluation-text';
import { duration, table } from '../format';
import { visible, type Terminal } from '../terminal';
import { blocking, evidenceIds, slicesOf, sliceTable, worstFirst } from './gate-facts';

/** The most slices shown; those that fail come first, and the JSON has all. */
const MOST_SLICES = 30;

export function gateText(report: GateReport, out: Terminal): string {
  return [head(report, out), ...worstFirst(report.gates).map((gate) => gateLines(gate, out)), slicesText(report, out), endText(report, out)].filter((part) => part !== '').join('');
}

function head({ model, version, environment, from, live, duration: took }: GateReport, out: Terminal): string {
  const about = [...(from === null ? [] : [`from ${from}`]), live === null ? `nothing is live in ${environment}` : `version ${live} is live in ${environment}`, duration(took)].join(', ');
  return `${out.paint('bold', visible(`${model} ${version} to ${environment}`))}\n${out.paint('dim', visible(about))}\n\n`;
}

function gateLines({ name, outcome, blocks, reason, hint, evidence }: GateResult, out: Terminal): string {
  const lets = outcome !== 'pass' && !blocks ? ' (lets it pass)' : '';
  // Slices stand in a table of their own.
  const more = outcome === 'pass' ? [] : evidence.filter((one) => one.slice === undefined && one.outcome !== 'pass' && !reason.includes(one.text)).map(({ text }) => `    ${visible(text)}\n`);
  return [
    `${outcomeText(outcome, out)}${' '.repeat('cannot tell'.length - outcome.length)}  ${visible(name)}${lets}\n`,
    ...(reason === '' ? [] : [`    ${visible(reason)}\n`]), ...more, ...(hint === '' || outcome === 'pass' ? [] : [`    ${out.paint('dim', visible(hint))}\n`]),
  ].join('');
}

function slicesText(report: GateReport, out: Terminal): string {
  const slices = slicesOf(report);
  if (slices.length === 0) return '';
  const { columns, rows } = sliceTable(slices.slice(0, MOST_SLICES), report);
  const coloured = rows.map((row, at) => [...row.slice(0, -1), outcomeText(slices[at]?.outcome ?? 'pass', out)]);
  const rest = slices.length - rows.length;
  return `\n${table(columns, coloured, out)}${rest > 0 ? `and ${rest} more: see them with --json\n` : ''}`;
}

function endText(report: GateReport, out: Terminal): string {
  const stops = blocking(report);
  const ids = evidenceIds(report).map((id) => id.slice(0, 8));
  const why = report.gates.length === 0 ? ': no gate is asked' : stops.length === 0 ? '' : `: ${stops.map(({ name }) => name).join(', ')}`;
  return `\n${outcomeText(report.outcome, out)}${visible(why)}\n${ids.length === 0 ? '' : out.paint('dim', `evidence: ${ids.length === 1 ? 'evaluation' : 'evaluations'} ${ids.join(', ')} (runyard evaluate --show ID)`)}${ids.length === 0 ? '' : '\n'}`;
}
