import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../../../../../src/core/config/load';
import { problemOf, retrainingNamed } from '../../../../../src/core/monitoring/retrain/place';

test('the example of retraining is read without a problem', () => {
  const found = parseConfig(readFileSync(path.resolve(import.meta.dirname, '../../../../../examples/retraining/runyard.yaml'), 'utf8'), 'runyard.yaml');
  expect(found.problems).toEqual([]);
  expect(problemOf(found.config, retrainingNamed(found, 'repaid'))).toBeNull();
});
