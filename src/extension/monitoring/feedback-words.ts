/** What an import of labels would do or did, in words. Pure. */
import type { FeedbackReport } from '../../protocol/monitoring';
import { count } from '../base/format';

const some = (list: readonly string[], n: number): string => (list.length === 0 ? '' : `: ${list.slice(0, 5).join(', ')}${n > Math.min(5, list.length) ? ', …' : ''}`);
const whole = (n: number): string => n.toLocaleString('en-US');

/** A line for each thing that a person should know before it is done. */
export function importLines({ file, rows, joined, changed, same, unknown, duplicates, future, invalid, label, keys, notes }: FeedbackReport): string[] {
  return [
    `${file}: ${count(rows, 'row')}; the label is ${label}, rows are found by ${keys.map((key) => key.replace(/=.*$/, '')).join(', ')}`,
    `${whole(joined)} belong to rows of the log${changed > 0 ? `; ${whole(changed)} of them change a label that is there` : ''}${same > 0 ? `; ${whole(same)} say what is known already` : ''}`,
    ...(unknown.count > 0 ? [`${whole(unknown.count)} belong to no row of the log${some(unknown.first, unknown.count)}`] : []),
    ...(duplicates.count > 0 ? [`${whole(duplicates.count)} name a row that another one names too${some(duplicates.first, duplicates.count)}`] : []),
    ...(invalid.count > 0 ? [`${whole(invalid.count)} have no label that can be one${some(invalid.first, invalid.count)}`] : []),
    ...(future > 0 ? [`${whole(future)} are from the future`] : []),
    ...notes,
  ];
}

/** "120 labels for car-loan@production are in: 3 of them changed; 5 belong to no row." */
export function importedWords(model: string, { joined, changed, unknown }: FeedbackReport): string {
  const rest = [...(changed > 0 ? [`${whole(changed)} of them changed`] : []), ...(unknown.count > 0 ? [`${whole(unknown.count)} belong to no row`] : [])];
  return `${count(joined, 'label')} for ${model} ${joined === 1 ? 'is' : 'are'} in${rest.length > 0 ? `: ${rest.join('; ')}` : ''}.`;
}
