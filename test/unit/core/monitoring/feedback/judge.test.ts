import { expect, it } from 'vitest';
import { labelSaid } from '../../../../../src/core/monitoring/feedback/judge';

const row = { request: 'a', row: 0, prediction: 'no', version: 1, time: 0, regression: false, classes: ['no', 'yes'] };
const said = (judgement: 'right' | 'wrong' | 'unsure', answer?: string | number, more: Partial<typeof row> = {}) => labelSaid({ judgement, answer }, { ...row, ...more });

it('what is right is the prediction, the answer given, or of two classes the other one', () => {
  expect(said('right')).toEqual({ label: 'no', answer: null });
  expect(said('wrong')).toEqual({ label: 'yes', answer: null });
  expect(said('wrong', 'yes')).toEqual({ label: 'yes', answer: 'yes' });
  expect(said('unsure', 'yes')).toEqual({ label: null, answer: null });
  expect(said('wrong', undefined, { classes: ['a', 'b', 'no'] })).toEqual({ label: null, answer: null });
  expect(said('wrong', '12.50', { regression: true, classes: [], prediction: '3' })).toEqual({ label: '12.5', answer: 12.5 });
});

it('an answer that can\'t be one is refused with those that can', () => {
  expect(() => said('wrong', 'yess')).toThrow(expect.objectContaining({ code: 'bad_input', hint: 'did you mean yes?' }));
  expect(() => said('wrong', 'no')).toThrow(expect.objectContaining({ code: 'bad_input', hint: 'say right, or give another answer' }));
  expect(() => said('wrong', 'much', { regression: true, classes: [] })).toThrow(expect.objectContaining({ code: 'bad_input', hint: 'give the number that is right' }));
});
