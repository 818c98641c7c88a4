/** The words of `drift` to what the engine is asked. */
import { RunyardError } from '../../core/base/errors';
import { TASKS } from '../../protocol/evaluation/request';
import { modelOf } from '../evaluation/model';
import { dataOf } from '../evaluation/request';
import { given as those, numberOf, oneOf, partsOf, unquoted, type Given } from '../evaluation/words';

/** Paths become absolute. Throws bad_input naming what is missing. */
export function driftAsked(given: Given): Record<string, unknown> {
  const [reference, current] = (['reference', 'current'] as const).map((side) => {
    if (given.text(side) === undefined) throw new RunyardError('bad_input', `drift needs --${side} FILES`, 'write runyard drift --reference before.csv --current now.csv');
    return dataOf({ ...given, text: (name) => given.text(name === 'data' ? side : name), texts: (name) => given.texts(name === 'data' ? side : name) });
  });
  const number = (option: string, example: string): number | undefined => {
    const text = given.text(option);
    return text === undefined ? undefined : numberOf(text, option, example);
  };
  const limits = those({ psi: number('psi', '0.1'), missing: number('missing-change', '0.05'), unseen: number('unseen', '0.01'), range: number('range', '0.01') });
  return those({
    reference, current, columns: namesOf(given, 'columns'), categorical: namesOf(given, 'categorical'), label: given.text('label'), model: modelOf(given), task: oneOf(given.text('task'), 'task', TASKS),
    classes: namesOf(given, 'classes'), positive: given.text('positive'), limits: Object.keys(limits).length > 0 ? limits : undefined, alpha: number('alpha', '0.05'),
    seed: given.text('seed') === undefined ? undefined : given.whole('seed', { least: 0, otherwise: 0 }),
  });
}

/** Names apart by commas; one with a comma in it goes in double quotes. */
function namesOf(given: Given, option: string): string[] | undefined {
  const names = given.texts(option).flatMap(partsOf).filter((part) => part !== '').map(unquoted);
  return names.length > 0 ? names : undefined;
}
