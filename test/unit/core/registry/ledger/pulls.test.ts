import { appendFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchPulls } from '../../../../../src/core/registry/ledger/pulls';
import { until } from '../../../../support/until';
import { move, place, tempFolder, type Place } from './support';

/** Another clone, which shares in a folder outside of both workspaces. */
const shared = (): { share: string; ours: Place; theirs: Place } => {
  const share = tempFolder();
  const open = (): Place => place(tempFolder(), `registry: { share: ${JSON.stringify(share)} }`);
  return { share, ours: open(), theirs: open() };
};
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const versions = ({ ledger }: Place): (number | null)[] => ledger.entries().map(({ version }) => version);

test('what another clone shares outside the workspace is taken in and told of, without being asked for; what is our own is not', async () => {
  const { ours, theirs } = shared();
  const heard = { ours: 0, theirs: 0 };
  ours.ledger.onPulled(() => { heard.ours += 1; });
  theirs.ledger.onPulled(() => { heard.theirs += 1; });
  theirs.ledger.append(move(1));
  await until('their entry', () => heard.ours === 1);
  expect(versions(ours)).toEqual([1]);
  ours.ledger.append(move(2));
  await until('ours in theirs', () => heard.theirs === 1);
  theirs.ledger.append(move(3));
  await until('the next one', () => heard.ours === 2);
  expect(versions(ours)).toEqual([1, 2, 3]);
});

test('a folder that comes later, a file that grows, one that goes: each is read again; what stands still is not', async () => {
  const folder = path.join(tempFolder(), 'ledger');
  let [changes, looks] = [-1, 0];
  const watching = watchPulls({ log, folders: () => { looks += 1; return [folder]; }, own: 'own.jsonl', refresh: () => { changes += 1; } }, 5);
  onTestFinished(() => watching.dispose());
  const still = async (): Promise<void> => { const from = looks; await until('three looks', () => looks > from + 3); };
  await still();
  // Once at first.
  expect(changes).toBe(0);
  mkdirSync(folder);
  appendFileSync(path.join(folder, 'own.jsonl'), 'ours\n');
  await still();
  expect(changes).toBe(0);
  appendFileSync(path.join(folder, 'other.jsonl'), 'theirs\n');
  await until('a new file', () => changes === 1);
  appendFileSync(path.join(folder, 'other.jsonl'), 'more\n');
  await until('a longer one', () => changes === 2);
  rmSync(path.join(folder, 'other.jsonl'));
  await until('one that went', () => changes === 3);
  await still();
  expect(changes).toBe(3);
  watching.dispose();
  cpSync(path.join(folder, 'own.jsonl'), path.join(folder, 'late.jsonl'));
  // Another one tells the time.
  let later = 0;
  const other = watchPulls({ log, folders: () => { later += 1; return []; }, own: '', refresh: () => undefined }, 5);
  onTestFinished(() => other.dispose());
  const last = looks;
  await until('five looks', () => later > 5);
  expect([changes, looks]).toEqual([3, last]);
});

test('a folder that can not be looked at is said once, and looked at again', async () => {
  const said: string[] = [];
  let [away, changes] = [true, 0];
  const watching = watchPulls({ log: { ...log, warn: (text) => said.push(text) }, folders: () => { if (away) throw new Error('the disk is away'); return []; }, own: '', refresh: () => { changes += 1; } }, 5);
  onTestFinished(() => watching.dispose());
  await until('it to be said', () => said.length > 0);
  away = false;
  await until('it to be back', () => changes === 1);
  expect(said).toEqual(["the ledger's folders can't be looked at: the disk is away"]);
});
