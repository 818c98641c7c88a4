/** Categories into codes. */
import { codesFor, type CodeMeaning, type CodedColumn } from './column';

/**
 * Codes a column of texts: each distinct text, in the order of its first row, then the missing ones (null or undefined), which
 * have the last code, used or not. The empty text is a category. Any number of categories is fine; those rarer than the minimum
 * support cost the search one count.
 */
export function codeCategories(name: string, values: readonly (string | null | undefined)[]): CodedColumn {
  const known = new Map<string, number>();
  const wide = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) {
      wide[i] = 0xffff_ffff;
      continue;
    }
    let code = known.get(value);
    if (code === undefined) known.set(value, (code = known.size));
    wide[i] = code;
  }
  const missing = known.size;
  const codes = codesFor(values.length, missing);
  for (let i = 0; i < wide.length; i++) codes[i] = Math.min(wide[i] ?? 0, missing);
  const texts = [...known.keys()];
  const meanings: CodeMeaning[] = texts.map((value) => ({ kind: 'equals', value }));
  return { name, codes, labels: [...texts, 'missing'], meanings: [...meanings, { kind: 'missing' }] };
}

/** A stored value as the text of its category: booleans as `True` and `False`, whole floats with `.0`, missing (null, NaN) as null. */
export function categoryText(value: string | number | bigint | boolean | null, type: 'string' | 'float' | 'int' | 'bool'): string | null {
  if (value === null || Number.isNaN(value)) return null;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return type === 'float' && Number.isInteger(value) ? `${value}.0` : String(value);
}
