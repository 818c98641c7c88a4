/** A drift report as a person reads it. */
import type { ColumnDrift, DriftDoc } from '../../protocol/drift';
import { duration, figure, table } from '../format';
import { visible, type Terminal } from '../terminal';

const MOST = 40;
const titles = (harm: boolean): { title: string; right: boolean }[] => ['column', ...(harm ? ['harm'] : []), 'PSI', 'noise', 'distance', 'p (adjusted)', 'missing', 'new or outside', ''].map((title, at, all) => ({ title, right: at > 0 && at < all.length - 1 }));

export function driftText(doc: DriftDoc, out: Terminal): string {
  const all = [...Object.values(doc.columns), ...(doc.label ? [doc.label] : []), ...Object.values(doc.predictions)];
  const harm = all.some((column) => column.harm != null);
  const rank = new Map(doc.drifted.map((name, at) => [name, at]));
  const sorted = [...all].sort((a, b) => (rank.get(a.name) ?? all.length) - (rank.get(b.name) ?? all.length) || psiOf(b) - psiOf(a));
  const files = (side: DriftDoc['reference']): string => `${visible(side.files.join(', '))} (${side.rows} ${side.rows === 1 ? 'row' : 'rows'})`;
  const schema = doc.schema.map(({ text }) => `${out.paint('yellow', 'columns')}: ${visible(text)}\n`).join('');
  const left = doc.leftOut.map(({ column, why }) => `${out.paint('yellow', 'left out')}: ${visible(column)}: ${visible(why)}\n`).join('');
  const rest = sorted.length > MOST ? `... and ${sorted.length - MOST} more columns: see --json\n` : '';
  return [
    `${files(doc.current)} against ${files(doc.reference)}, ${duration(doc.duration)}\n\n`,
    table(titles(harm), sorted.slice(0, MOST).map((column) => line(column, harm, out)), out), rest, '\n', together(doc, out), slicesText(doc, out), schema, left, evidently(doc), verdict(doc, out),
  ].join('');
}

const psiOf = ({ figures }: ColumnDrift): number => Number(figures['psi'] ?? 0);

function line({ name, role, figures, noise, tests, outcome, harm }: ColumnDrift, withHarm: boolean, out: Terminal): string[] {
  const test = (what: string) => tests.find((one) => one.what === what);
  const share = (value: unknown): string => (typeof value === 'number' && value !== 0 ? `${figure(value * 100, 3)} %` : '');
  const missing = (figures['missing'] as { rate_change: number | null } | undefined)?.rate_change;
  const distance = figures['type'] === 'numeric' ? figures['wasserstein_norm'] : figures['tv'];
  return [
    `${visible(name)}${role === 'input' ? '' : ` (${role})`}`, ...(withHarm ? [harm ? figure(harm, 3) : ''] : []), figure(figures['psi'] as number | null, 3), noise ? figure(noise.psi_95, 2) : '', typeof distance === 'number' ? figure(distance, 3) : '', figure(test('distribution')?.p_bh ?? null, 2),
    share(missing), share((test('unseen') ?? test('range'))?.effect), outcome === 'fail' ? out.paint('red', 'drifted') : outcome === 'cannot tell' ? 'cannot tell' : '',
  ];
}

const TOGETHER = { pca_reconstruction: 'reconstruction error', domain_auc: 'AUC of a classifier between the sides' };

function together({ multivariate = [] }: DriftDoc, out: Terminal): string {
  const lines = multivariate.map(({ measure, value, upper, outcome, reason, columns }) =>
    `${TOGETHER[measure]}: ${outcome === 'cannot tell' ? `cannot tell, ${reason}` : `${figure(value, 3)} (limit ${figure(upper, 3)})${outcome === 'fail' ? `, ${out.paint('red', 'drifted')}` : ''}${columns.length > 0 && outcome === 'fail' ? `: most in ${visible(columns.slice(0, 3).map(({ name }) => name).join(', '))}` : ''}`}\n`);
  return lines.length > 0 ? `${lines.join('')}\n` : '';
}

/** Slices that something hits; of the others only how many there are. */
function slicesText({ slices = [] }: DriftDoc, out: Terminal): string {
  const percent = (share: number): string => `${figure(share * 100, 3)} %`;
  const hit = slices.filter(({ outcome }) => outcome === 'fail');
  const lines = hit.map(({ name, reference, current, drifted }) => `slice ${out.paint('bold', visible(name))}: ${percent(reference.share)} of the rows, now ${percent(current.share)}${drifted.length > 0 ? `; drifted: ${visible(drifted.map(({ column }) => column).join(', '))}` : ''}\n`);
  const others = slices.length - hit.length;
  return slices.length === 0 ? '' : `${lines.join('')}${others > 0 ? `${others} ${others === 1 ? 'slice is' : 'slices are'} as before or too small to tell\n` : ''}\n`;
}

/** For whoever holds the report against one of Evidently's. */
function evidently({ evidently_default: theirs, columns }: DriftDoc): string {
  if (theirs?.drifted_share == null) return '';
  const of = Object.keys(columns).length - theirs.skipped_all_missing.length;
  return `Evidently, nothing set: ${theirs.drifted_count} of ${of} ${of === 1 ? 'column' : 'columns'} drifted, the data set ${theirs.dataset_drift ? 'has' : 'has not'} (from half of them on)\n`;
}

function verdict({ drifted, outcome, reasons, request }: DriftDoc, out: Terminal): string {
  if (outcome === 'pass') return `${out.paint('green', 'no drift')}: no column is beyond its limit and significant at ${request.alpha} over all of them\n`;
  const head = outcome === 'fail' ? `${out.paint('red', 'drift')}${drifted.length === 0 ? '' : ` in ${drifted.length === 1 ? 'one' : drifted.length}`}:` : 'cannot tell:';
  return `${head}\n${reasons.slice(0, 20).map((reason) => `  ${visible(reason)}\n`).join('')}${reasons.length > 20 ? `  ... and ${reasons.length - 20} more\n` : ''}`;
}
