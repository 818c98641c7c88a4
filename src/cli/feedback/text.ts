/** Feedback as people read it. */
import type { Agreement, FeedbackReport, FeedbackSummary, ReviewExport, ReviewItem, ReviewQueue } from '../../protocol/monitoring';
import { ago, figure, table } from '../format';
import { plural } from '../registry/words';
import { visible, type Terminal } from '../terminal';

/** A file's or a person's words on one line. */
const told = (text: string): string => `${visible(text)}\n`;

const few = ({ count, first }: { count: number; first: string[] }): string => `${visible(first.join(', '))}${count > first.length ? ` and ${count - first.length} more` : ''}`;

export function reportText(report: FeedbackReport, out: Terminal): string {
  const { rows, joined, changed, same, unknown, duplicates, invalid, future, dryRun, label, keys, file, notes } = report;
  const fresh = joined - same - changed;
  const line = (count: number, what: string, more = ''): string => (count === 0 ? '' : `  ${String(count).padStart(String(rows).length)} ${what}${more === '' ? '' : `: ${more}`}\n`);
  return [
    told(`${file}: ${plural(rows, 'row')}, label ${label}, joined by ${keys.join(', ')}${dryRun ? '; nothing is written' : ''}`),
    line(fresh, out.paint('green', 'new')), line(changed, out.paint('green', 'changed')), line(same, 'known already'),
    line(unknown.count, out.paint('yellow', 'of rows that the log doesn\'t have'), few(unknown)), line(duplicates.count, out.paint('yellow', 'said again further down'), few(duplicates)),
    line(invalid.count, out.paint('yellow', 'no label that fits'), few(invalid)), line(future, out.paint('yellow', 'dated in the future')),
    ...notes.map(told),
  ].join('');
}

const percent = (share: number): string => `${figure(share * 100, 3)} %`;

export function summaryText({ model, since, labels, right, wrong, unsure, reviewers, newest, honest, error, recent }: FeedbackSummary, now: number): string {
  if (labels + right + wrong + unsure === 0) return told(`there is no feedback on ${model}${since === null ? '' : ` since ${new Date(since).toISOString()}`}`);
  return [
    told(`${model}${since === null ? '' : ` since ${new Date(since).toISOString()}`}: ${plural(labels, 'row')} with a label${newest === null ? '' : `, the newest ${ago((now - newest) / 1000)}`}`),
    `${right} right, ${wrong} wrong, ${unsure} unsure\n`,
    error ? `mean absolute error ${figure(error.mean, 4)}${error.interval ? ` (${figure(error.interval[0], 4)} to ${figure(error.interval[1], 4)})` : ''} over ${plural(error.n, 'answer')}\n` : '',
    honest ? `of ${plural(honest.n, 'row')} asked by chance ${honest.right} right: ${percent(honest.right / honest.n)} (${percent(honest.low)} to ${percent(honest.high)})\n` : 'no row that was asked by chance is judged: these figures say nothing of all rows\n',
    reviewers.length > 0 ? `reviewers: ${visible(reviewers.map(({ name, rows }) => `${name} ${rows}`).join(', '))}\n` : '',
    ...recent.filter(({ comment }) => comment !== '').slice(0, 5).map(({ request, judgement, comment, by }) => told(`  ${request} ${judgement}, ${by}: ${comment}`)),
  ].join('');
}

export function queueText({ items, rows, left, classes }: ReviewQueue, out: Terminal): string {
  if (items.length === 0) return `of ${plural(rows, 'row')} none is left to review\n`;
  const shown = table([{ title: 'request' }, { title: 'row', right: true }, { title: 'asked as' }, { title: 'prediction' }, { title: 'p', right: true }, { title: 'why' }], items.map((item) => [
    item.request, String(item.row), item.source ?? '', String(item.prediction ?? ''), figure(chosen(item), 3), item.why,
  ]), out);
  const rest = Object.entries(left).filter(([, count]) => count > 0).map(([source, count]) => `${source} ${count}`).join(', ');
  return `${shown}${plural(items.length, 'row')} of ${rows}${classes.length > 0 ? visible(`; classes ${classes.join(', ')}`) : ''}${rest === '' ? '' : `; left: ${rest}`}\n`;
}

const chosen = ({ prediction, probabilities }: ReviewItem): number | null => probabilities[String(prediction)] ?? null;

export function agreementText({ pairs, disagreed, reviewers }: Agreement, out: Terminal): string {
  if (reviewers.length === 0) return 'nobody has reviewed anything yet\n';
  const who = `reviewers: ${visible(reviewers.map(({ name, rows }) => `${name} ${rows}`).join(', '))}\n`;
  if (pairs.length === 0) return `${who}no row was judged by two of them: agreement can't be told\n`;
  const lines = table([{ title: 'reviewers' }, { title: 'rows', right: true }, { title: 'agreed', right: true }, { title: 'kappa', right: true }, { title: '95 %' }], pairs.map(({ a, b, rows, agreed, kappa, interval }) => [
    `${a}, ${b}`, String(rows), String(agreed), figure(kappa, 3), interval ? `${figure(interval[0], 3)} to ${figure(interval[1], 3)}` : '',
  ]), out);
  return `${who}${lines}${disagreed.slice(0, 10).map(({ request, row, said }) => told(`  ${request}${row === 0 ? '' : ` row ${row}`}: ${said.map(({ by, judgement, answer }) => `${by} ${judgement}${answer === null ? '' : ` (${answer})`}`).join(', ')}`)).join('')}`;
}

export function exportText({ file, rows, previous, added, leftOut, digest, notes }: ReviewExport): string {
  const left = Object.entries(leftOut).filter(([, count]) => count > 0).map(([why, count]) => `${count} ${why}`).join(', ');
  return [`${file}: ${plural(rows, 'row')}, ${previous} of before and ${added} reviewed${left === '' ? '' : `; left out: ${left}`}; ${digest.slice(0, 16)}`, ...notes].map(told).join('');
}
