/** ROC curves of several classes: each against all others, those that are told apart worst first. Pure. */
import type { Details } from '../../../src/protocol/evaluation/result';
import type { Line, SeriesStyle } from '../../shared/curve';
import { formatNumber } from '../../shared/format';

/** More lines than these are no picture any more. */
const MOST = 6;

interface ClassCurve { name: string; auc: number | null; tpr: number[] }

const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {});
const isCurve = (value: unknown): value is number[] => Array.isArray(value) && value.length > 1 && value.every((one) => typeof one === 'number');

function classCurves({ figures }: Details): ClassCurve[] {
  const aucs = record(figures['roc_auc_per_class']);
  const curves = Object.entries(record(figures['roc_tpr_at_fpr_grid_per_class'])).flatMap(([name, tpr]): ClassCurve[] => {
    const auc = aucs[name];
    return isCurve(tpr) ? [{ name, tpr, auc: typeof auc === 'number' ? auc : null }] : [];
  });
  return curves.sort((a, b) => (a.auc ?? 2) - (b.auc ?? 2));
}

/** True positive rates stand on an even grid of false positive rates from 0 to 1. Null where no class has a curve. */
export function rocOfClasses(own: Details, styles: readonly SeriesStyle[]): { lines: Line[]; legend: { label: string; style: SeriesStyle }[]; summary: string } | null {
  const all = classCurves(own);
  const shown = all.slice(0, Math.min(MOST, styles.length));
  if (shown.length === 0) return null;
  const lines = shown.map(({ name, tpr }, at): Line => ({ id: `roc-${name}`, label: name, style: styles[at] ?? { color: 'currentColor', dash: [] }, points: tpr.map((y, i) => ({ x: i / (tpr.length - 1), y })) }));
  const told = shown.map(({ name, auc }) => `${name} ${auc === null ? 'no AUC' : formatNumber(auc, 3)}`).join(', ');
  const rest = all.length > shown.length ? `; the ${shown.length} of ${all.length} classes with the smallest area` : '';
  return { lines, legend: lines.map(({ label, style }) => ({ label, style })), summary: `ROC curve of each class against all others, by area: ${told}${rest}` };
}
