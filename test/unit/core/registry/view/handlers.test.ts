import { writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRegistry } from '../../../../../src/core/registry/registry';
import { tellPulled } from '../../../../../src/core/registry/service/pulled';
import { preparePointer, swapPointer } from '../../../../../src/core/registry/live/pointer';
import { ana, ben, move, tempFolder } from '../ledger/support';
import { id, spec } from '../../store/support';
import { plain } from '../support';
import { evaluated, facts, hex, view, type View } from './support';

const cem = { name: 'Cem', email: 'CEM@example.org' };
function two(at = view()): View {
  at.say('registered', { version: 1, facts: facts('a1', { author: ana }) });
  at.say('registered', { version: 2, by: ben, facts: facts('b2', { author: ben, run: id(7), source: { kind: 'run', text: 'r' } }) });
  return at;
}
const promoted = (at: View, version: number, from: number | null, rest = {}): ReturnType<View['say']> => at.say('promoted', { version, environment: 'production', facts: { from, reason: 'better', digest: '', gates: null, golden: null, latency: null }, ...rest });

describe('models', () => {
  test('are told with what is live where, since when, by whom and why', async () => {
    const at = two();
    promoted(at, 1, null);
    const last = at.say('forced', { version: 2, by: ben, environment: 'production', facts: { from: 1, reason: 'it burns', blocked: ['slices'] } });
    const { models, environments, conflicts } = await at.view['registry.models']({});
    expect(models).toMatchObject([{ name: 'loan', versions: 2, latest: 2, updated: last.t, waiting: [] }]);
    expect(models[0]?.live).toEqual([
      { environment: 'staging', version: null, since: null, by: null, reason: '', forced: false, whole: true },
      { environment: 'production', version: 2, since: last.t, by: ben, reason: 'it burns', forced: true, whole: false },
    ]);
    expect(environments).toEqual([{ name: 'staging', from: [null], gates: ['change', 'slices', 'pinned'] }, { name: 'production', from: [null], gates: ['change', 'slices', 'pinned'] }]);
    expect(conflicts).toEqual([]);
  });

  test('are whole where the pointer\'s folder is of the newest move', async () => {
    const at = two();
    const entry = promoted(at, 1, null);
    const pointer = { root: path.join(at.workspace, '.runyard', 'models'), model: 'loan', environment: 'production' };
    await swapPointer(await preparePointer(pointer, { format: 1, model: 'loan', environment: 'production', version: 1, files: {}, at: 1, by: ana, reason: '', entry: entry.hash }, []));
    const live = async (): Promise<boolean | undefined> => (await at.view['registry.models']({})).models[0]?.live.find(({ environment }) => environment === 'production')?.whole;
    expect(await live()).toBe(true);
    promoted(at, 2, 1);
    expect(await live()).toBe(false);
  });

  test('that only MLflow\'s clients know are told too, prompts are not, and words and aliases are those of its records', async () => {
    const at = two();
    const registry = createRegistry(at.context.store.records, at.context.clock);
    registry.create('other', { description: 'theirs', tags: {} });
    registry.addVersion('other', plain);
    registry.addVersion('other', plain);
    registry.setAlias('other', 'champion', 1);
    registry.create('a prompt', { description: '', tags: { 'mlflow.prompt.is_prompt': 'true' } });
    const { models } = await at.view['registry.models']({});
    expect(models.map(({ name, versions, latest, description, aliases }) => [name, versions, latest, description, aliases])).toEqual([['loan', 2, 2, '', {}], ['other', 2, 2, 'theirs', { champion: 1 }]]);
    const { versions } = await at.view['registry.model']({ model: 'other' });
    expect(versions.map(({ version, aliases, digest }) => [version, aliases, digest])).toEqual([[2, [], ''], [1, ['champion'], '']]);
  });

  test('a deleted version is gone from the lists and stays in the history', async () => {
    const at = two();
    at.say('deleted', { version: 2 });
    expect((await at.view['registry.model']({ model: 'loan' })).versions.map(({ version }) => version)).toEqual([1]);
    at.say('deleted', { version: 1 });
    expect((await at.view['registry.models']({})).models).toEqual([]);
    expect((await at.view['registry.history']({ model: 'loan', limit: 100 })).rows).toHaveLength(4);
  });

  test('one that there is not is said with what there is', async () => {
    const at = two();
    await expect(at.view['registry.model']({ model: 'laon' })).rejects.toMatchObject({ code: 'not_found', hint: expect.stringContaining('loan') as string });
  });
});

describe('a version', () => {
  test('has what it was registered with, where it is and was live, and its newest evaluation by its file', async () => {
    const at = two();
    promoted(at, 1, null);
    promoted(at, 2, 1);
    at.say('described', { version: 1, facts: { description: 'first', setTags: { a: 'x', b: 'y' } } });
    at.say('described', { version: 1, facts: { deleteTags: ['a'] } });
    at.evaluations.push(evaluated('e2', { modelDigest: hex('file a1'), created: 5 }), evaluated('e1', { modelDigest: hex('file a1'), created: 3 }), evaluated('e3', { modelDigest: hex('file b2'), created: 9 }));
    const { row, facts: kept, evaluations, folder } = await at.view['registry.version']({ model: 'loan', version: 1 });
    expect(row).toMatchObject({ model: 'loan', version: 1, description: 'first', tags: { b: 'y' }, live: [], was: ['production'], here: false, evaluation: { id: 'e2' }, licence: 'MIT', author: ana });
    expect(kept.digest).toBe(row.digest);
    expect([evaluations.map((one) => one.id), folder]).toEqual([['e2', 'e1'], null]);
    expect((await at.view['registry.version']({ model: 'loan', version: 'latest' })).row).toMatchObject({ version: 2, live: ['production'], was: [], run: id(7) });
  });

  test('has approvals with the author\'s own marked, golden rows and its card where they are', async () => {
    const at = two(view(undefined, '', { signed: ({ facts: said }) => Promise.resolve(said['comment'] === 'good') }));
    const signature = { kind: 'git', commit: 'text' };
    at.say('approved', { version: 1, environment: 'production', facts: { comment: 'mine', signature: null } });
    at.say('approved', { version: 1, by: ben, environment: 'production', facts: { comment: 'good', signature } });
    at.say('rejected', { version: 1, by: cem, environment: 'staging', facts: { comment: 'no', signature } });
    const runyard = path.join(at.workspace, '.runyard');
    mkdirSync(path.join(runyard, 'registry', 'golden'), { recursive: true });
    writeFileSync(path.join(runyard, 'registry', 'golden', `${facts('a1').digest}.json`), JSON.stringify({ format: 1, rows: [[1], [2]], recorded: 77 }));
    mkdirSync(path.join(at.workspace, 'cards'));
    writeFileSync(path.join(at.workspace, 'cards', 'loan-1.md'), '# loan');
    const found = await at.view['registry.version']({ model: 'loan', version: 1 });
    expect(found.approvals.map(({ judgement, by, own, signed, environment }) => [judgement, by.name, own, signed, environment])).toEqual([
      ['approved', 'Ana', true, null, 'production'], ['approved', 'Ben', false, true, 'production'], ['rejected', 'Cem', false, false, 'staging'],
    ]);
    expect([found.golden, found.card]).toEqual([{ rows: 2, recorded: 77 }, 'cards/loan-1.md']);
  });
});

describe('what waits for people', () => {
  const config = 'registry:\n  edges:\n    - {to: staging, gates: []}\n    - {from: staging, to: production, gates: [{gate: approval, people: 2}]}\n';
  const gates = (at: View, version: number, blocking: { kind: string; outcome?: string }[]): unknown => at.say('gates', { version, environment: 'production', facts: {
    to: 'production', outcome: 'cannot tell', evaluations: [], gates: blocking.map(({ kind, outcome = 'cannot tell' }) => ({ kind, name: kind, outcome, blocks: true, reason: '' })),
  } });
  const waiting = async (at: View): Promise<unknown[]> => (await at.view['registry.models']({})).waiting.map(({ version, environment, have, need }) => [version, environment, have, need]);
  const judge = (at: View, by: typeof ana, kind: 'approved' | 'rejected' = 'approved'): unknown => at.say(kind, { version: 1, by, environment: 'production', facts: { comment: 'ok', signature: null } });

  test('is a version with nothing against it but approval, until enough people other than its author said yes', async () => {
    const at = two(view(undefined, config));
    gates(at, 1, [{ kind: 'approval' }, { kind: 'slices', outcome: 'fail' }]);
    expect(await waiting(at)).toEqual([]);
    gates(at, 1, [{ kind: 'approval' }]);
    expect(await waiting(at)).toEqual([[1, 'production', 0, 2]]);
    judge(at, ana);
    judge(at, ben);
    judge(at, { name: 'Benjamin', email: 'BEN@example.org' });
    expect(await waiting(at)).toEqual([[1, 'production', 1, 2]]);
    judge(at, cem);
    expect(await waiting(at)).toEqual([]);
  });

  test('says whether whoever works here made it: their own approval isn\'t asked for', async () => {
    for (const [person, own] of [[ana, true], [{ name: 'Ana Gil', email: 'ANA@example.org' }, true], [ben, false]] as const) {
      const at = two(view(undefined, config, { identity: (given) => Promise.resolve(given ?? person) }));
      gates(at, 1, [{ kind: 'approval' }]);
      expect((await at.view['registry.models']({})).waiting).toMatchObject([{ version: 1, own }]);
    }
  });

  test('is none that somebody rejects until that person says otherwise', async () => {
    const at = two(view(undefined, config));
    gates(at, 1, [{ kind: 'approval' }]);
    judge(at, ben, 'rejected');
    expect(await waiting(at)).toEqual([]);
    judge(at, ben);
    expect(await waiting(at)).toEqual([[1, 'production', 1, 2]]);
  });

  test('is none that was moved, or that a later one has overtaken, or that was deleted', async () => {
    const at = two(view(undefined, config));
    gates(at, 1, [{ kind: 'approval' }]);
    gates(at, 2, [{ kind: 'approval' }]);
    expect(await waiting(at)).toHaveLength(2);
    promoted(at, 1, null);
    expect(await waiting(at)).toEqual([[2, 'production', 0, 2]]);
    gates(at, 1, [{ kind: 'approval' }]);
    promoted(at, 2, 1);
    expect(await waiting(at)).toEqual([]);
    gates(at, 1, [{ kind: 'approval' }]);
    at.say('deleted', { version: 1 });
    expect(await waiting(at)).toEqual([]);
  });
});

describe('the history', () => {
  test('is one plain sentence an entry, oldest first, of a model and an environment', async () => {
    const at = two();
    promoted(at, 1, null);
    at.ledger.append(move(9, { model: 'else' }));
    const { rows } = await at.view['registry.history']({ model: 'loan', limit: 100 });
    expect(rows.map(({ kind, text }) => [kind, text.split(' (digest')[0]])).toEqual([
      ['registered', 'Ana registered version 1 from model.onnx'], ['registered', 'Ben registered version 2 from run 00000000'], ['promoted', 'Ana promoted version 1 to production (nothing was live): better'],
    ]);
    expect((await at.view['registry.history']({ environment: 'production', limit: 1 })).rows.map(({ model }) => model)).toEqual(['else']);
    await expect(at.view['registry.history']({ model: 'none', limit: 1 })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('says what was live at any time, and names environments that there are', async () => {
    const at = two();
    const [first, second] = [promoted(at, 1, null), promoted(at, 2, 1)];
    const live = async (time: number): Promise<unknown> => at.view['registry.at']({ model: 'loan', environment: 'production', time });
    expect(await live(first.t - 1)).toEqual({ version: null, since: null, by: null, reason: '' });
    expect(await live(second.t - 1)).toEqual({ version: 1, since: first.t, by: ana, reason: 'better' });
    expect(await live(second.t)).toMatchObject({ version: 2 });
    await expect(at.view['registry.at']({ model: 'loan', environment: 'prodution', time: 1 })).rejects.toMatchObject({ code: 'not_found', hint: "did you mean 'production'?" });
  });

  test('that nobody touched verifies', async () => {
    expect(await two().view['registry.verify']({})).toMatchObject({ ok: true, entries: 2, faults: [] });
  });
});

describe('comments', () => {
  test('are on runs, models, versions and slices, with author and time, over a restart', async () => {
    const at = two();
    at.context.store.createRun(spec(1), 'finished');
    const say = (on: Parameters<View['view']['registry.comment']>[0]['on'], text: string): Promise<unknown> => at.view['registry.comment']({ on, text, by: ben });
    await say({ run: id(1).slice(0, 31) }, 'odd').catch(() => say({ run: id(1) }, 'odd'));
    await say({ model: 'loan' }, 'good');
    await say({ model: 'loan', version: 2 }, 'better');
    await say({ model: 'loan', version: 2, slice: 'young' }, 'worse there');
    await say({ slice: 'young' }, 'look at it');
    at.close();
    const again = view(at.workspace);
    const texts = async (on: Parameters<View['view']['registry.comments']>[0]['on']): Promise<string[]> => (await again.view['registry.comments']({ on })).comments.map(({ text }) => text);
    expect(await texts({ run: id(1) })).toEqual(['odd']);
    expect(await texts({ model: 'loan' })).toEqual(['good', 'better', 'worse there']);
    expect(await texts({ model: 'loan', version: 2 })).toEqual(['better', 'worse there']);
    expect(await texts({ slice: 'young' })).toEqual(['worse there', 'look at it']);
    const { comments } = await again.view['registry.model']({ model: 'loan' });
    expect(comments[0]).toMatchObject({ by: ben, text: 'good', on: { model: 'loan' } });
  });

  test.each([[{ model: 'none' }], [{ model: 'loan', version: 9 }], [{ run: 'f'.repeat(32) }]])('on %j are refused, for there is none', async (on) => {
    const at = two();
    await expect(at.view['registry.comment']({ on, text: 'x', by: ana })).rejects.toMatchObject({ code: 'not_found' });
    expect(at.ledger.entries()).toHaveLength(2);
  });

  test('need words, and a version a model', async () => {
    const at = two();
    await expect(at.view['registry.comment']({ on: { model: 'loan' }, text: '  ', by: ana })).rejects.toMatchObject({ code: 'bad_input' });
    await expect(at.view['registry.comment']({ on: { version: 1, slice: 's' }, text: 'x', by: ana })).rejects.toMatchObject({ code: 'bad_input' });
  });
});

test('what another clone wrote is seen at the next look, and its conflict is called out once', async () => {
  const team = tempFolder();
  const config = `registry: {share: ${team}}`;
  const followed: number[] = [];
  const [a, b] = [two(view(tempFolder(), config)), view(tempFolder(), config)];
  tellPulled(b.context, b.ledger, () => followed.push(1));
  expect((await b.view['registry.models']({})).models).toMatchObject([{ name: 'loan', versions: 2 }]);
  promoted(a, 1, null);
  promoted(b, 2, null, { by: ben });
  await b.view['registry.models']({});
  const { conflicts } = await b.view['registry.models']({});
  expect(conflicts).toEqual([expect.objectContaining({ model: 'loan', environment: 'production' })]);
  expect((await b.view['registry.model']({ model: 'loan' })).conflicts).toEqual(conflicts);
  expect(b.attention).toEqual([conflicts[0]?.text]);
  expect([followed, b.changes]).toEqual([[1], [[]]]);
});
