/** An evaluation as people read it in a terminal. */
import { figureAt, largestMethod, type Check, type EvaluationDoc, type Outcome, type PairVerdict, type SliceResult, type Unscored, type Warning } from '../../protocol/evaluation/result';
import { ago, duration, figure, signed, table } from '../format';
import { visible, type Terminal } from '../terminal';
import { headline, shown, span, spanOf } from './headline';
import { inOptions } from './said';

/** `now`: ms since the epoch. Everything the document says that a person needs to act; the whole of it is in the JSON. */
export function evaluationText(doc: EvaluationDoc, { cached, now }: { cached: boolean; now: number }, out: Terminal): string {
  return [
    head(doc, { cached, now }, out), figuresText(doc, out), confusionText(doc, out), slicesText(doc, out), splitsText(doc, out), pinnedText(doc, out),
    verdictText(doc, out), unscoredText(doc.unscored, 'could not be scored', out),
    doc.baselineUnscored ? unscoredText(doc.baselineUnscored, 'could not be scored by the baseline', out) : '', warningsText(doc.warnings, out), endText(doc, out),
  ].filter((part) => part !== '').join('\n');
}

function head({ name, id, model, baseline, data, task, positive, threshold, duration: took, created }: EvaluationDoc, { cached, now }: { cached: boolean; now: number }, out: Terminal): string {
  const about = [rowsOf(data.rows), task, ...(positive === null ? [] : [`positive is ${positive}`]), ...(threshold === null ? [] : [`threshold ${figure(threshold)}`])].join(', ');
  const kept = cached ? `kept since ${ago((now - created) / 1000).replace(/^now$/, 'a moment ago')}: nothing was computed` : duration(took);
  const versus = baseline ? ` against ${baseline.name}` : '';
  return `${out.paint('bold', visible(`${name === '' ? '' : `${name}: `}${model.name}${versus} on ${data.name}`))}\n${out.paint('dim', visible(`${id.slice(0, 8)}, ${about}, ${kept}`))}\n`;
}

function figuresText(doc: EvaluationDoc, out: Terminal): string {
  const { overall, baselineOverall } = doc;
  const names = headline(doc);
  const differences = overall.compared?.differences ?? {};
  const verdict = overall.compared?.verdict;
  const columns = [{ title: 'metric' }, { title: 'value', right: true }, { title: '95 % interval', right: true }, ...(baselineOverall ? [{ title: 'baseline', right: true }, { title: 'difference', right: true }, { title: '95 % interval', right: true }] : [])];
  const rows = names.map((name) => {
    const difference = differences[name] ?? (verdict?.metric === name ? { difference: verdict.difference, low: verdict.interval?.[0], high: verdict.interval?.[1] } : undefined);
    const beside = baselineOverall ? [figure(figureAt(baselineOverall.figures, name)), signed(difference?.difference ?? null), signedSpan(difference?.low, difference?.high)] : [];
    return [shown(name), figure(figureAt(overall.figures, name)), spanOf(overall.intervals[name]), ...beside];
  });
  return table(columns, rows, out) + largestNote(overall.intervals, names, out);
}

function largestNote(intervals: EvaluationDoc['overall']['intervals'], names: readonly string[], out: Terminal): string {
  const name = names.find((one) => intervals[one]?.method === largestMethod);
  return name === undefined ? '' : out.paint('dim', `  the interval of ${name} ends at the largest error of these rows: others may hold a larger one\n`);
}

const rowsOf = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);
const signedSpan = (low: number | null | undefined, high: number | null | undefined): string => (low == null || high == null ? '' : `${signed(low)} to ${signed(high)}`);

/** Rows are what is true. Beyond eight classes a table of it is no help. */
function confusionText({ overall: { figures }, classes }: EvaluationDoc, out: Terminal): string {
  const matrix = figures.confusion_matrix;
  if (!Array.isArray(matrix) || classes.length > 8) return '';
  const rows = (matrix as unknown[][]).map((row, at) => [classes[at] ?? '', ...row.map(String)]);
  return table([{ title: 'true \\ predicted' }, ...classes.map((title) => ({ title, right: true }))], rows, out);
}

/** Most harm first; those without any figure last. */
function slicesText({ slices, main, baseline }: EvaluationDoc, out: Terminal): string {
  if (slices.length === 0) return '';
  const sorted = [...slices].sort((a, b) => (b.harm ?? -Infinity) - (a.harm ?? -Infinity));
  const columns = [
    { title: 'slice' }, { title: 'rows', right: true }, { title: main.metric, right: true }, { title: '95 % interval', right: true }, { title: 'to the rest', right: true },
    { title: 'p (BH)', right: true }, { title: 'harm', right: true }, ...(baseline ? [{ title: 'to the baseline', right: true }, { title: 'p (Holm)', right: true }] : []), { title: '' },
  ];
  return table(columns, sorted.map((slice) => sliceCells(slice, main.metric, { paired: baseline !== null, out })), out);
}

function sliceCells(slice: SliceResult, metric: string, { paired, out }: { paired: boolean; out: Terminal }): string[] {
  const { name, figures, intervals, vs_rest, harm, compared, unscored } = slice;
  const number = (of: Record<string, unknown> | null | undefined, key: string): number | null => (typeof of?.[key] === 'number' ? of[key] : null);
  const beside = paired ? [signed(compared?.verdict.difference ?? null), figure(number(compared?.comparison, 'p_holm'), 2)] : [];
  return [
    name, `${figures.n}${unscored > 0 ? ` (${unscored} unscored)` : ''}`, figure(figureAt(figures, metric)), spanOf(intervals[metric]), signed(number(vs_rest, `${metric}_diff`)),
    figure(number(vs_rest, 'p_bh'), 2), figure(harm, 3).replace('-', '\u2212'), ...beside, outcomeText(slice.outcome, out),
  ];
}

function splitsText({ splits, main }: EvaluationDoc, out: Terminal): string {
  const rows = Object.entries(splits).map(([value, { overall }]) => [value, String(overall.figures.n), figure(figureAt(overall.figures, main.metric)), spanOf(overall.intervals[main.metric])]);
  return rows.length === 0 ? '' : table([{ title: 'split' }, { title: 'rows', right: true }, { title: main.metric, right: true }, { title: '95 % interval', right: true }], rows, out);
}

function pinnedText({ pinned }: EvaluationDoc, out: Terminal): string {
  if (pinned.length === 0) return '';
  const rows = pinned.map(({ example, predicted, outcome, reason }) => [example.id, String(example.expected), predicted === null ? '' : String(predicted), outcomeText(outcome, out), reason]);
  return table([{ title: 'pinned example' }, { title: 'expected' }, { title: 'predicted' }, { title: '' }, { title: '' }], rows, out);
}

function verdictText({ overall, flips }: EvaluationDoc, out: Terminal): string {
  if (!overall.compared) return '';
  const { verdict } = overall.compared;
  const { metric, difference, interval, p, reason, method, rowsToTell, goal } = verdict;
  const by = difference === null ? '' : ` by ${signed(difference)} (${[...(interval ? [signedSpan(...interval)] : []), ...(p === null ? [] : [`p = ${figure(p, 2)}`])].join(', ')})`;
  return [
    `${wordText(verdict, out)} in ${metric}${by}, ${goal === 'maximize' ? 'more' : 'less'} is better`,
    // By how much stands above, in its own digits.
    ...(reason === '' || (by !== '' && reason.startsWith(`${metric} differs by `)) ? [] : [`  ${visible(reason)}`]),
    ...(rowsToTell === null ? [] : [`  about ${rowsToTell} more ${rowsToTell === 1 ? 'row' : 'rows'} would tell`]),
    ...(flips ? [`  ${rowsOf(flips.broken)} ${flips.broken === 1 ? 'was right and is' : 'were right and are'} wrong now, ${flips.fixed} the other way round`] : []),
    out.paint('dim', `  ${METHODS[method] ?? visible(method)}`), '',
  ].join('\n');
}

const METHODS: Readonly<Record<string, string>> = { mcnemar: "exact McNemar test, Wald's interval of paired proportions", 'paired t': 'paired t test and interval', delong: "DeLong's test and interval for two AUCs" };

function wordText({ word }: PairVerdict, out: Terminal): string {
  if (word === 'better') return out.paint('green', '\u25b2 better');
  return word === 'worse' ? out.paint('red', '\u25bc worse') : word;
}

function unscoredText({ count, reasons, first }: Unscored, what: string, out: Terminal): string {
  if (count === 0) return '';
  const why = Object.entries(reasons).sort(([, a], [, b]) => b - a).map(([reason, rows]) => `  ${rows} x ${visible(reason)}`);
  const named = first.slice(0, 5).map(({ row, id, reason }) => `  row ${row}${id === '' ? '' : ` (${visible(id)})`}: ${visible(reason)}`);
  return [`${out.paint('yellow', `${rowsOf(count)} ${what}`)}: in no figure`, ...why, ...named, ...(count > named.length ? [`  and ${count - named.length} more: see them with --rows unscored or --json`] : []), ''].join('\n');
}

const warningsText = (warnings: readonly Warning[], out: Terminal): string =>
  // Rows that could not be scored stand above, with their reasons.
  warnings.filter(({ code }) => code !== 'unscored').map(({ message, hint }) => `${out.paint('yellow', 'warning')}: ${visible(inOptions(message))}${hint === '' ? '' : `: ${visible(inOptions(hint))}`}\n`).join('');

function endText(doc: EvaluationDoc, out: Terminal): string {
  const checks = doc.overall.checks.map((check) => `  ${outcomeText(check.outcome, out)} ${checkText(check)}`);
  return [`${outcomeText(doc.outcome, out)}${doc.reasons.length === 0 ? '' : ':'}`, ...doc.reasons.map((reason) => `  ${visible(reason)}`), ...checks, ''].join('\n');
}

function checkText({ metric, min, max, value, low, high }: Check): string {
  const limits = [...(min === null ? [] : [`at least ${figure(min)}`]), ...(max === null ? [] : [`at most ${figure(max)}`])].join(', ');
  return `${metric} ${limits}: ${value === null ? 'undefined' : figure(value)}${low === null ? '' : ` (${span(low, high)})`}`;
}

export function outcomeText(outcome: Outcome, out: Terminal): string {
  if (outcome === 'pass') return out.paint('green', 'pass');
  return outcome === 'fail' ? out.paint('red', 'fail') : outcome;
}
