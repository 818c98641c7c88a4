/** Labels as they come, a code a row: of the data's column, and of a model's output. */
import type { Values } from '../data/types';

/** How a predicted label that is none of the classes is written: its own text is in the model's output, and wrong whatever it was. */
export const noClass = '(none of the classes)';

/** `codes[row]` is a place in `names`, -1 where there is none. `numbers` where the column holds numbers. */
export interface RawLabels { type: Values['type']; codes: Int32Array; names: string[]; numbers: Float64Array | null }

export interface Collecting { take(values: Values, from: number, count: number): void; done(): RawLabels }

/** A whole number is written without a point, a boolean as True or False. */
export function collectLabels(rows: number): Collecting {
  const codes = new Int32Array(rows).fill(-1);
  const names: string[] = [];
  const byValue = new Map<number | string, number>();
  const numbers = new Float64Array(rows).fill(NaN);
  let type: Values['type'] = 'other';
  const codeOf = (value: number | string, name: () => string): number => {
    let code = byValue.get(value);
    if (code === undefined) {
      code = names.push(name()) - 1;
      byValue.set(value, code);
    }
    return code;
  };
  return {
    take(column, from, count) {
      type = column.type;
      for (let at = 0; at < count; at++) {
        if (column.missing?.[at]) continue;
        const value = column.values[at] ?? '';
        if (typeof value === 'number') {
          if (Number.isNaN(value)) continue;
          numbers[from + at] = value;
        }
        codes[from + at] = codeOf(value, () => (column.type === 'bool' ? (value ? 'True' : 'False') : String(value)));
      }
    },
    done: () => ({ type, codes, names, numbers: type === 'float' || type === 'int' || type === 'bool' ? numbers : null }),
  };
}

/** Finds a class by a text: as it is written, else by what it means as a number ('1', '1.0'), or as true and false where the classes are those or 0 and 1. */
export function classFinder(classes: readonly string[]): (text: string) => number {
  const exact = new Map(classes.map((name, code) => [name, code]));
  const bools = classes.length > 0 && classes.every((name) => /^(true|false|0|1)(\.0*)?$/i.test(name.trim()));
  const meaning = (text: string): string => {
    const plain = text.trim();
    if (bools && /^(true|false)$/i.test(plain)) return plain.toLowerCase() === 'true' ? '#1' : '#0';
    return plain !== '' && Number.isFinite(Number(plain)) ? `#${Number(plain)}` : text;
  };
  const meant = new Map(classes.map((name, code) => [meaning(name), code]));
  return (text) => exact.get(text) ?? meant.get(meaning(text)) ?? -1;
}

/** Numbers by size, else texts by their code points. */
export function sortedNames(names: Iterable<string>): string[] {
  const all = [...new Set(names)];
  const numeric = all.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  return numeric ? all.sort((a, b) => Number(a) - Number(b)) : all.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The class that a label may be meant to be: within two edits, or a third of its length; case doesn't count. Null where none is near. */
export function nearestName(label: string, classes: readonly string[]): string | null {
  let best: { name: string; edits: number } | null = null;
  for (const name of classes) {
    const edits = distance(label.trim().toLowerCase(), name.trim().toLowerCase());
    if (edits <= Math.max(2, label.length / 3) && edits < Math.max(label.length, name.length) && (!best || edits < best.edits)) best = { name, edits };
  }
  return best?.name ?? null;
}

/** Inserted, left out and changed letters (Levenshtein 1966), of two short texts. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
