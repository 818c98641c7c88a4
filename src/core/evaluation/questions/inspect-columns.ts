/** One look at every column: how many are missing, how many differ, a few examples. */
import type { Data } from '../data/types';
import { categoryText } from '../slices/coding';

/** `values`: the different ones as text, up to `MOST` of them. */
export interface Looked { missing: number; distinct: number; examples: string[]; values: ReadonlySet<string> }

/** From so many different values on they are no longer counted. */
export const MOST = 10_000;
const EXAMPLES = 5;

export async function lookAt(data: Data, { signal, progress }: { signal: AbortSignal; progress(done: number): void }): Promise<Record<string, Looked>> {
  const names = data.columns.map(({ name }) => name);
  const missing = new Map(names.map((name) => [name, 0]));
  const seen = new Map(names.map((name) => [name, new Set<string | number>()]));
  for await (const { from, count, columns } of data.read({ columns: names, signal })) {
    for (const name of names) {
      const [values, known] = [columns[name], seen.get(name)];
      if (!values || !known) continue;
      let gaps = 0;
      for (let row = 0; row < count; row++) {
        if (values.missing?.[row]) gaps++;
        else if (known.size < MOST) known.add(values.type === 'int' && values.big ? String(values.big[row]) : (values.values[row] ?? ''));
      }
      missing.set(name, (missing.get(name) ?? 0) + gaps);
    }
    progress(from + count);
  }
  return Object.fromEntries(data.columns.map(({ name, type }) => {
    const values = new Set(Array.from(seen.get(name) ?? [], (value) => textOf(value, type === 'bool')));
    return [name, { missing: missing.get(name) ?? 0, distinct: values.size, examples: [...values].slice(0, EXAMPLES), values }];
  }));
}

const textOf = (value: string | number, truth: boolean): string => categoryText(truth ? value === 1 : value, 'int') ?? '';
