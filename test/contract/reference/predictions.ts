/** What a kept evaluation's predictions come to, as expected.json has it. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

export interface Kept { workspace: string; evaluation: string }

/** Of the file that is kept with the evaluation. `classes` as the case has them: numbers stay numbers. */
export async function keptPredictions({ workspace, evaluation }: Kept, classes: readonly (string | number | boolean)[] | undefined): Promise<Record<string, unknown>> {
  const rows = await read(path.join(workspace, '.runyard', 'evaluations', evaluation, 'predictions.parquet'), classes?.length ?? 0);
  if (!classes) {
    const numbers = rows.map(({ predicted }) => Number(predicted));
    return { n: rows.length, first20: numbers.slice(0, 20), sum: sum(numbers), weighted_sum: weighted(numbers) };
  }
  const labels = rows.map(({ predicted }) => String(predicted));
  const byClass = <T>(of: (c: number) => T): Record<string, T> => Object.fromEntries(classes.map((name, c) => [String(name), of(c)]));
  const column = (c: number): number[] => rows.map(({ probabilities }) => probabilities[c] ?? NaN);
  return {
    n: rows.length,
    first20_label: labels.slice(0, 20).map((label) => classes.find((name) => String(name) === label) ?? label),
    first20_probability: rows.slice(0, 20).map(({ probabilities }) => probabilities),
    labels_sha256: createHash('sha256').update(labels.join('\n')).digest('hex'),
    label_counts: byClass((c) => labels.filter((label) => label === String(classes[c])).length),
    probability_sum: byClass((c) => sum(column(c))), probability_weighted_sum: byClass((c) => weighted(column(c))),
  };
}

async function read(file: string, classes: number): Promise<{ predicted: unknown; probabilities: number[] }[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const names = Array.from({ length: classes }, (_, c) => `p_${c}`);
    const reader = await connection.runAndReadAll(`select ${['predicted', ...names].join(', ')} from read_parquet('${file.replaceAll("'", "''")}') order by "row"`);
    return reader.getRows().map(([predicted, ...probabilities]) => ({ predicted, probabilities: probabilities.map(Number) }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const weighted = (values: readonly number[]): number => values.reduce((total, value, i) => total + ((i % 97) + 1) * value, 0);
