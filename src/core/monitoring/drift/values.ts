/** Columns as the drift measures take them. */
import type { Values } from '../../evaluation/data/types';
import { sampleOf, type Sample } from '../measures/sample';

/** Numbers and booleans (0, 1); what is missing or infinite is counted. */
export function sampleOfValues(column: Values): Sample {
  switch (column.type) {
    case 'float': case 'int': case 'bool': {
      const { missing } = column;
      if (!missing) return sampleOf(column.values);
      const numbers = new Float64Array(column.values.length);
      for (let row = 0; row < numbers.length; row++) numbers[row] = missing[row] ? NaN : (column.values[row] ?? NaN);
      return sampleOf(numbers);
    }
    default: return sampleOf([]);
  }
}

/** Categories as texts: booleans as True and False, a number with a fraction as Python writes it (2.0). Null is missing. */
export function* textsOfValues(column: Values): Generator<string | null> {
  const { type, values, missing } = column;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (missing?.[row] || value === undefined) yield null;
    else if (type === 'bool') yield value ? 'True' : 'False';
    else if (type === 'float') yield Number.isInteger(value) ? Number(value).toFixed(1) : String(value);
    else yield String(value);
  }
}
