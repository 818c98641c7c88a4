/** Labels, which are kept as texts, as a column of the type that they are of. */
import type { Values } from '../../evaluation/data/types';

/** All whole numbers are an int column, all numbers a float column, all True or False a bool column, else texts. A column without a label is text, all missing. */
export function labelColumn(labels: readonly (string | null)[]): Values {
  const missing = Uint8Array.from(labels, (label) => (label === null ? 1 : 0));
  const said = [...new Set(labels)].filter((label) => label !== null);
  const all = (form: RegExp): boolean => said.length > 0 && said.every((label) => form.test(label));
  if (all(/^(0|-?[1-9]\d{0,14})$/)) return { type: 'int', values: numbers(labels), missing };
  if (said.length > 0 && said.every((label) => label.trim() !== '' && Number.isFinite(Number(label)))) return { type: 'float', values: numbers(labels), missing };
  if (all(/^(True|False)$/)) return { type: 'bool', values: Uint8Array.from(labels, (label) => (label === 'True' ? 1 : 0)), missing };
  return { type: 'string', values: labels.map((label) => label ?? ''), missing };
}

const numbers = (labels: readonly (string | null)[]): Float64Array => Float64Array.from(labels, (label) => (label === null ? NaN : Number(label)));
