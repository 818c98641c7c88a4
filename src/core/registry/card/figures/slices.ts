/** On which rows a model is bad, what it leans on, and what an evaluation found wrong. */
import { figureAt, type EvaluationDoc, type SliceResult } from '../../../../protocol/evaluation/result';
import type { KeptEvaluation } from '../evidence';
import { cells, counted, cut, escapeText, grouped, metricName, number, signed, table } from '../markdown';

const MOST = 20;

/** Those that fail first, then by the main figure, the worst first; those without one last. */
export function worstFirst({ slices, main: { metric, goal } }: EvaluationDoc): SliceResult[] {
  const place = (slice: SliceResult): number => {
    const value = figureAt(slice.figures, metric);
    return value === null ? Infinity : goal === 'maximize' ? value : -value;
  };
  const failing = (slice: SliceResult): number => (slice.outcome === 'fail' ? 0 : 1);
  return [...slices].sort((a, b) => failing(a) - failing(b) || compare(place(a), place(b)) || (a.name < b.name ? -1 : 1));
}
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

export function slicesText(doc: EvaluationDoc): string {
  const { main: { metric }, baseline } = doc;
  if (doc.slices.length === 0) return 'No slices are defined, so nobody can tell on which rows it is bad.';
  const sorted = worstFirst(doc);
  const paired = baseline !== null && sorted.some(({ compared }) => compared !== null);
  const right = (title: string): { title: string; right: true } => ({ title, right: true });
  const columns = [{ title: 'slice' }, right('rows'), right(metricName(metric)), right('95 % interval'), right('to the rest'), ...(paired ? [right(`to ${escapeText(baseline.name)}`)] : []), { title: 'outcome' }];
  const rows = sorted.slice(0, MOST).map((slice) => {
    const rest = slice.vs_rest?.[`${metric}_diff`];
    const [low, high] = boundsOf(slice.vs_rest?.newcombe95 ?? slice.vs_rest?.welch95);
    const verdict = slice.compared?.verdict;
    const limits = verdict?.interval && { low: verdict.interval[0], high: verdict.interval[1] };
    return [
      escapeText(slice.name), grouped(slice.figures.n), ...cells(figureAt(slice.figures, metric), slice.intervals[metric]), typeof rest === 'number' ? signed(rest, { low, high }) : '',
      ...(paired ? [verdict ? signed(verdict.difference, limits) : ''] : []), slice.outcome,
    ];
  });
  return [`By ${metricName(metric)}, the worst first:`, table(columns, rows), ...restText(sorted.slice(MOST))].join('\n\n');
}

/** As many digits as the interval of the difference lets it have. */
const boundsOf = (found: unknown): [low: number, high: number] => (Array.isArray(found) && typeof found[0] === 'number' && typeof found[1] === 'number' ? [found[0], found[1]] : [NaN, NaN]);

function restText(left: readonly SliceResult[]): string[] {
  if (left.length === 0) return [];
  const failing = left.filter(({ outcome }) => outcome === 'fail').length;
  const untold = left.filter(({ outcome }) => outcome === 'cannot tell').length;
  const kinds = [...(failing > 0 ? [`${failing} of them ${failing === 1 ? 'fails' : 'fail'}`] : []), ...(untold > 0 ? [`of ${untold} nobody can tell`] : [])];
  return [`And ${counted(left.length, 'more slice')} that ${left.length === 1 ? 'does' : 'do'} better${kinds.length === 0 ? '' : `: ${kinds.join(', ')}`}.`];
}

/** Permutation importance, the largest drop first. */
export function importanceText({ importance }: KeptEvaluation): string {
  if (!importance) return 'No permutation importance of this evaluation is kept.';
  const { metric, baseline, repeats, rows, columns } = importance;
  const sorted = [...columns].sort((a, b) => b.mean - a.mean || (a.column < b.column ? -1 : 1));
  const drops = sorted.slice(0, MOST).map(({ column, mean, std }) => [escapeText(column), number(mean), number(std)]);
  return [
    `How much ${metricName(metric)} (${number(baseline)} on ${counted(rows, 'row')}) gets worse where one column is shuffled among the rows, mean and standard deviation of ${counted(repeats, 'time')}:`,
    table([{ title: 'column' }, { title: 'worse by', right: true }, { title: 'sd', right: true }], drops),
    ...(columns.length > MOST ? [`And ${counted(columns.length - MOST, 'more column')}, each with less.`] : []),
    'This is what the model leans on in these data; it is not what causes what.',
  ].join('\n\n');
}

/** Rows that could not be scored stand in a line of their own; how old the data are and how often they were looked at is otherwise on every machine and every day. */
const LEFT_OUT = new Set(['unscored', 'too_old', 'looked_at_often']);

/** What the evaluation itself found wrong, or could not tell. */
export function limitsText(doc: EvaluationDoc): string {
  const { unscored, warnings, pinned, slices, data, outcome, reasons } = doc;
  const untold = slices.filter((slice) => slice.outcome === 'cannot tell').map(({ name }) => escapeText(name));
  const wrong = pinned.filter((one) => one.outcome !== 'pass').map(({ example }) => escapeText(example.id));
  const lines = [
    ...(outcome === 'fail' ? reasons.map((reason) => `It fails: ${escapeText(reason)}.`) : []),
    ...(unscored.count > 0 ? [`${counted(unscored.count, 'row')} of ${grouped(data.rows)} could not be scored and ${unscored.count === 1 ? 'is' : 'are'} in no figure: ${Object.entries(unscored.reasons).sort(([a], [b]) => (a < b ? -1 : 1)).map(([why, n]) => `${escapeText(why)} (${n})`).join(', ')}.`] : []),
    ...(untold.length > 0 ? [`Nobody can tell how it does on ${listed(untold)}.`] : []),
    ...(wrong.length > 0 ? [`Of ${counted(pinned.length, 'pinned example')} ${wrong.length} ${wrong.length === 1 ? "isn't" : "aren't"} right: ${listed(wrong)}.`] : []),
    ...warnings.filter((one) => !LEFT_OUT.has(one.code)).map(({ message }) => `${cut(escapeText(message), 400)}.`),
  ];
  return lines.length === 0 ? 'The evaluation found nothing wrong; that is all it can say.' : lines.map((line) => `- ${line.replace(/\.\.$/, '.')}`).join('\n');
}

const listed = (names: readonly string[]): string => `${names.slice(0, MOST).join(', ')}${names.length > MOST ? ` and ${names.length - MOST} more` : ''}`;
