/** The rows of the form of a slice, and how its limits are typed. Pure. */
import type { Thresholds } from '../../protocol/evaluation/request';

export interface SliceDraft { name: string; where: string; owner: string; minSupport: string; thresholds: string }
export type SliceField = keyof SliceDraft;

export const sliceRows = (draft: SliceDraft): { label: string; description: string; detail?: string; value: SliceField | 'save' }[] => [
  { label: '$(save) Save Slice', description: draft.name, detail: draft.where, value: 'save' },
  { label: '$(symbol-key) Name', description: draft.name, value: 'name' },
  { label: '$(filter) Where', description: draft.where, value: 'where' },
  { label: '$(person) Owner', description: draft.owner || 'nobody', value: 'owner' },
  { label: '$(list-ordered) Least rows', description: draft.minSupport || '30', value: 'minSupport' },
  { label: '$(law) Limits', description: draft.thresholds || 'none: it is only looked at', value: 'thresholds' },
];

/** "accuracy >= 0.8, mae <= 3" as limits by metric; two of one metric are a range. */
export function readThresholds(typed: string): { thresholds: Thresholds } | { wrong: string } {
  const thresholds: Thresholds = {};
  for (const part of typed.split(',').map((one) => one.trim()).filter(Boolean)) {
    const match = /^([^\s<>=≤≥]+)\s*(>=|<=|≥|≤|>|<)\s*(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.exec(part);
    if (!match) return { wrong: `'${part}' is no limit: write accuracy >= 0.8 or mae <= 3` };
    const [, metric = '', sign = '', number = ''] = match;
    const side = /[>≥]/.test(sign) ? 'min' : 'max';
    thresholds[metric] = { ...thresholds[metric], [side]: Number(number) };
  }
  return { thresholds };
}
