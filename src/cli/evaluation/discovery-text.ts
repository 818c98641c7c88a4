/** Found slices as people read them. */
import type { DiscoveryDoc, EvaluationDoc, FoundSlice } from '../../protocol/evaluation/result';
import { duration, figure, signed, table } from '../format';
import { visible, type Terminal } from '../terminal';

const WHAT = { loss: '', worsening: 'where the candidate got worse', overconfident: 'where the probability is too high', underconfident: 'where the probability is too low' } as const;
/** What a row's value is, and what the slice's mean on unseen rows is held against. */
const MEAN = { loss: 'mean loss', worsening: 'share worse', overconfident: 'too high by', underconfident: 'too low by' } as const;

export function discoveryText(doc: DiscoveryDoc, { model, data }: Pick<EvaluationDoc, 'model' | 'data'>, out: Terminal): string {
  const { mode, loss, rows, slices, families, leftOut, settings, sliceline, duration: took } = doc;
  const searched = settings.check ? `searched on ${rows.searched} rows, checked on ${rows.checked} others` : `searched on ${rows.searched} rows, not checked`;
  const head = [
    out.paint('bold', visible(`slices of ${model.name} on ${data.name}`)),
    out.paint('dim', `${mode === 'loss' ? `by ${loss} loss` : WHAT[mode]}, mean ${figure(sliceline.average_error)}, ${searched}, ${duration(took)}`), '',
  ].join('\n');
  const left = leftOut.length === 0 ? '' : `left out: ${leftOut.map(({ column, why }) => `${visible(column)} (${visible(why)})`).join(', ')}\n`;
  if (slices.length === 0) return `${head}\nNo slice has at least the support asked for and more loss than the others.\n${left}`;
  const overlapping = families.filter(({ members }) => members.length > 1);
  const alike = overlapping.length === 0 ? '' : `\n${overlapping.map(({ members, representative }) => `${members.map((at) => at + 1).join(', ')} overlap: ${representative + 1} stands for them\n`).join('')}`;
  const predicates = `\n${slices.map(({ where }, at) => `${at + 1}  ${visible(where)}\n`).join('')}`;
  return `${head}\n${slicesTable(doc, out)}${predicates}${alike}${left === '' ? '' : `\n${left}`}`;
}

function slicesTable({ slices, mode, loss, settings: { check: checked } }: DiscoveryDoc, out: Terminal): string {
  const effect = mode === 'worsening' ? 'worse by' : 'to the rest';
  const columns = [
    { title: '', right: true }, { title: 'slice' }, { title: 'rows', right: true }, { title: mode === 'worsening' && loss === 'absolute' ? 'mean worse' : MEAN[mode], right: true }, { title: 'score', right: true },
    ...(checked ? [{ title: 'rows unseen', right: true }, { title: 'mean there', right: true }, { title: effect, right: true }, { title: '95 % interval', right: true }, { title: 'p (BH)', right: true }, { title: '' }] : []),
  ];
  return table(columns, slices.map((slice, at) => [String(at + 1), slice.label, String(slice.size), figure(slice.errorMean), figure(slice.score, 4), ...(checked ? checkCells(slice, out) : [])]), out);
}

function checkCells({ checked, holds }: FoundSlice, out: Terminal): string[] {
  const interval = checked?.interval ? `${signed(checked.interval[0])} to ${signed(checked.interval[1])}` : '';
  const word = holds === null ? '' : holds ? out.paint('red', 'holds') : 'cannot tell';
  return [checked ? String(checked.rows) : '', figure(checked?.mean), signed(checked?.effect ?? null), interval, figure(checked?.p_bh, 2), word];
}
