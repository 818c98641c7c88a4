/** The words of `drift` to what the engine is asked. */
import path from 'node:path';
import { RunyardError } from '../../core/base/errors';
import { TASKS } from '../../protocol/evaluation/request';
import { modelOf } from '../evaluation/model';
import { dataOf } from '../evaluation/request';
import { readSlices } from '../evaluation/slice-file';
import { given as those, numberOf, oneOf, pairsOf, partsOf, unquoted, type Given } from '../evaluation/words';
import { windowsOf } from './windows';

/** Paths become absolute. Throws bad_input naming what is missing. */
export function driftAsked(given: Given): Record<string, unknown> {
  const windows = windowsOf(given, given.text('reference') !== undefined);
  const [reference, current] = (['reference', 'current'] as const).map((side) => {
    // Of one log both sides are windows.
    const other = side === 'reference' ? 'current' : 'reference';
    const named = given.text(side) === undefined && windows?.reference ? other : side;
    if (given.text(named) === undefined) throw new RunyardError('bad_input', `drift needs --${side} FILES`, windows ? 'write --current log.parquet for both windows, or --reference FILES too' : 'write runyard drift --reference before.csv --current now.csv');
    const data = dataOf({ ...given, text: (name) => given.text(name === 'data' ? named : name), texts: (name) => given.texts(name === 'data' ? named : name) });
    const window = windows?.[side];
    return window ? { ...data, window } : data;
  });
  const slices = given.text('slices');
  const importance = given.texts('importance').flatMap((text) => pairsOf(text, 'importance', 'last')).map(([name, value]): [string, number] => [name, numberOf(value, 'importance', 'income=0.4,age=0.1')]);
  const number = (option: string, example: string): number | undefined => {
    const text = given.text(option);
    return text === undefined ? undefined : numberOf(text, option, example);
  };
  const limits = those({ psi: number('psi', '0.1'), missing: number('missing-change', '0.05'), unseen: number('unseen', '0.01'), range: number('range', '0.01') });
  return those({
    reference, current, columns: namesOf(given, 'columns'), categorical: namesOf(given, 'categorical'), label: given.text('label'), model: modelOf(given), task: oneOf(given.text('task'), 'task', TASKS),
    classes: namesOf(given, 'classes'), positive: given.text('positive'), limits: Object.keys(limits).length > 0 ? limits : undefined, alpha: number('alpha', '0.05'),
    multivariate: given.flag('multivariate') || undefined, slices: slices === undefined ? undefined : readSlices(path.resolve(given.cwd, slices), undefined), importance: importance.length > 0 ? Object.fromEntries(importance) : undefined,
    seed: given.text('seed') === undefined ? undefined : given.whole('seed', { least: 0, otherwise: 0 }),
  });
}

/** Names apart by commas; one with a comma in it goes in double quotes. */
function namesOf(given: Given, option: string): string[] | undefined {
  const names = given.texts(option).flatMap(partsOf).filter((part) => part !== '').map(unquoted);
  return names.length > 0 ? names : undefined;
}
