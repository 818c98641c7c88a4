import { expect, test } from 'vitest';
import { askedHere, expectOwn, isOwn, standingKey, stillStanding, toAskFor, waitingKey } from '../../../../src/extension/registry/attention-keys';
import { waitingRow } from '../../../support/registry-rows';

const about = { model: 'm', version: 2, environment: 'production' };

test('a wanted approval is one thing, whether it is told as an event or found waiting', () => {
  expect(standingKey({ kind: 'approval', ...about })).toBe(waitingKey(waitingRow({ ...about })));
});

test('nobody is asked to approve what they made', () => {
  const [own, others, unknown] = [waitingRow({ ...about, own: true }), waitingRow({ ...about, version: 3, own: false }), waitingRow({ ...about, version: 4 })];
  expect(toAskFor([own, others, unknown])).toEqual([others, unknown]);
});

test('a conflict stands for its environment; what was forced happens each time', () => {
  expect(standingKey({ kind: 'conflict', ...about })).toBe(standingKey({ kind: 'conflict', ...about, version: 7 }));
  expect(standingKey({ kind: 'forced', ...about })).toBeUndefined();
  expect(standingKey({ kind: 'rolledBack', ...about })).toBeUndefined();
});

test('a move of this window is its own until the last of them is done, and the approval it wants is known here', () => {
  const [first, second] = [expectOwn(about), expectOwn(about)];
  first.dispose();
  expect(isOwn(about)).toBe(true);
  second.dispose();
  expect(isOwn(about)).toBe(false);
  expect(isOwn({ ...about, version: 3 })).toBe(false);
  expect(askedHere(waitingKey(waitingRow(about)))).toBe(true);
});

test('what is settled is forgotten, so that it is told when it comes again', () => {
  expect(stillStanding(['a', 'b'], ['b', 'c'])).toEqual(['b']);
});
