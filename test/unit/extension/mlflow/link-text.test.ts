import { expect, it } from 'vitest';
import { runLinks } from '../../../../src/extension/mlflow/link-text';

const id = 'bc142633da4c9542d3cb635b97daf98d';

it('the address of a run is a link to that run; that of an experiment, or of another machine, is none', () => {
  const line = `View run hello at: http://127.0.0.1:39619/#/experiments/1/runs/${id}`;
  expect(runLinks(line)).toEqual([{ startIndex: 19, length: line.length - 19, run: id }]);
  expect(runLinks('View experiment at: http://127.0.0.1:39619/#/experiments/1')).toEqual([]);
  expect(runLinks(`View run at: https://mlflow.example.com:443/#/experiments/1/runs/${id}`)).toEqual([]);
});
