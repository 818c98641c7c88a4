/** Figures of an evaluation, each by the evaluation's name and its own path. */
import { figureAt, type EvaluationDoc } from '../../../../protocol/evaluation/result';
import type { CardEvidence, Expected, KeptEvaluation } from '../evidence';
import { decodePart, encodePart } from '../marks';
import { cells, code, counted, day, escapeText, figureText, metricName, moment, pair, short, signed, table } from '../markdown';
import { importanceText, limitsText, slicesText } from './slices';

export const evaluationKey = (name: string, what: string): string => `evaluation/${encodePart(name)}/${what}`;

const INLINE: Readonly<Record<string, (doc: EvaluationDoc) => string>> = {
  // Files have their times from whoever copied them last: only a date that was said is told.
  data: ({ data, request }) => `${escapeText(data.name)}, ${counted(data.rows, 'row')}, SHA-256 ${code(data.digest)}${request.collected === undefined ? '' : `, from ${day(data.collected)}`}`,
  made: ({ id, created }) => `${moment(created)}, evaluation ${code(short(id))}`,
  verdict: verdictText,
};
const BLOCKS: Readonly<Record<string, (kept: KeptEvaluation) => string>> = { figures: ({ doc }) => figuresText(doc), slices: ({ doc }) => slicesText(doc), limits: ({ doc }) => limitsText(doc), importance: importanceText };

/** `evidence`: that of the mark, where there is one. */
export function evaluationFigure(of: CardEvidence, [part = '', what = '', ...rest]: readonly string[], evidence: string | null): Expected | null {
  const name = decodePart(part);
  if (name === null || what === '') return null;
  const kept = of.evaluations.find((one) => one.name === name);
  const called = name === '' ? 'without a name' : `'${name}'`;
  if (!kept) return { lost: `no evaluation ${called} of this version is kept on this machine: evaluate it again to know whether this holds` };
  if (isElsewhere(of, kept, evidence)) return { lost: `its evidence, evaluation ${evidence ?? ''}, was made elsewhere and isn't kept on this machine: evaluate again to know whether this holds` };
  const bound = { evidence: short(kept.doc.id), block: false };
  if (rest.length === 0 && Object.hasOwn(BLOCKS, what)) return { ...bound, text: BLOCKS[what]?.(kept) ?? '', block: true, ...(what === 'importance' && !kept.importance && { accepts: () => true }) };
  if (rest.length === 0 && Object.hasOwn(INLINE, what)) return { ...bound, text: INLINE[what]?.(kept.doc) ?? '', ...(what === 'made' && { accepts: (text: string) => isSameAt(text, kept.doc) }) };
  return figureOf(kept, [what, ...rest], bound, called);
}

/** The same evaluation, made again at another time or on another machine, is the same. */
const isSameAt = (text: string, { id }: EvaluationDoc): boolean => text.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, '') === `, evaluation ${code(short(id))}`;

/** The ledger tells of an evaluation that is newer than the newest that is here. */
function isElsewhere({ summaries, told }: CardEvidence, { name, doc }: KeptEvaluation, evidence: string | null): boolean {
  if (evidence === null || summaries.some(({ id }) => id.startsWith(evidence))) return false;
  return [...told].some(([id, one]) => id.startsWith(evidence) && one.name === name && one.t > doc.created);
}

function figureOf({ doc }: KeptEvaluation, parts: readonly string[], bound: { evidence: string; block: boolean }, called: string): Expected | null {
  const [first = '', second = '', third = ''] = parts.map((part) => decodePart(part) ?? '');
  const ofSlice = first === 'slice' && parts.length === 3;
  if (!ofSlice && parts.length !== 1) return null;
  const set = ofSlice ? doc.slices.find((slice) => slice.name === second) : doc.overall;
  if (!set) return { lost: `the newest evaluation ${called} has no slice '${second}' any more: it has ${doc.slices.slice(0, 12).map(({ name }) => name).join(', ') || 'none'}` };
  const path = ofSlice ? third : first;
  if (!(path in set.figures) && figureAt(set.figures, path) === null) return { lost: `the newest evaluation ${called} has no figure '${path}': it has ${metricsOf(doc).join(', ')}` };
  return { ...bound, text: figureText(set, path) };
}

const LABELS = ['accuracy', 'balanced_accuracy', 'f1_macro', 'mcc'];
const PROBABILITIES = ['log_loss', 'brier', 'ece_top_10'];
const NUMBERS = ['mae', 'rmse', 'r2', 'median_ae', 'max_error', 'mape_nonzero', 'bias'];

/** Which figures stand in the table: the main one, those that are usual for the task, those with a limit, a person's own. */
function metricsOf({ task, positive, request, main, overall: { figures, checks } }: EvaluationDoc): string[] {
  const own = Object.keys(request.metrics);
  const ranking = task === 'multiclass' ? ['roc_auc_ovr_macro', 'pr_auc_macro'] : ['roc_auc', 'pr_auc'];
  const ofClass = positive === null ? [] : ['precision', 'recall', 'specificity', 'f1'].map((name) => `per_class.${positive}.${name}`);
  const names = task === 'regression' ? NUMBERS : [...LABELS, ...ofClass, ...ranking, ...PROBABILITIES, 'cost'];
  return [...new Set([main.metric, ...names, ...checks.map(({ metric }) => metric), ...own])].filter((name) => own.includes(name) || name in figures || figureAt(figures, name) !== null);
}

function figuresText(doc: EvaluationDoc): string {
  const { overall, baselineOverall, baseline } = doc;
  const beside = baselineOverall !== null && baseline !== null;
  const right = (title: string): { title: string; right: true } => ({ title, right: true });
  const columns = [{ title: 'figure' }, right('value'), right('95 % interval'), ...(beside ? [right(escapeText(baseline.name)), right('difference'), right('95 % interval')] : [])];
  return table(columns, metricsOf(doc).map((metric) => {
    const own = [metricName(metric), ...cells(figureAt(overall.figures, metric), overall.intervals[metric])];
    if (!beside) return own;
    const difference = differenceOf(doc, metric);
    return [...own, cells(figureAt(baselineOverall.figures, metric), null)[0], ...(difference ? [signed(difference.difference, difference), pair(difference.difference, difference)[1]] : ['', ''])];
  }));
}

function differenceOf({ overall: { compared } }: EvaluationDoc, metric: string): { difference: number; low: number; high: number } | null {
  const found = compared?.differences[metric];
  if (found) return found;
  const verdict = compared?.verdict;
  return verdict?.metric === metric && verdict.difference !== null && verdict.interval ? { difference: verdict.difference, low: verdict.interval[0], high: verdict.interval[1] } : null;
}

const WORDS = { better: 'better than', worse: 'worse than', same: 'as good as', 'cannot tell': 'nobody can tell whether it is better or worse than' } as const;

function verdictText({ overall: { compared }, baseline }: EvaluationDoc): string {
  if (!compared || !baseline) return 'with no other model';
  const { word, metric, difference, interval } = compared.verdict;
  const limits = interval && { low: interval[0], high: interval[1] };
  const by = difference === null ? '' : `, by ${signed(difference, limits)}${limits ? ` (${pair(difference, limits)[1]})` : ''}`;
  return `${WORDS[word]} ${escapeText(baseline.name)} in ${metricName(metric)}${by}`;
}
