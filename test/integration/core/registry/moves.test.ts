import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nextEntry } from '../../../../src/core/registry/ledger/entry';
import { groupAlive } from '../../../../src/core/tracking/process';
import { until } from '../../../support/until';
import { ana, ben, evaluate, MODEL, openLab, type Lab, type LabOptions } from './moves-support';

let folder = '';
let labs: Lab[] = [];
beforeEach(() => { folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-moves-'))); });
afterEach(() => {
  for (const lab of labs) lab.dispose();
  labs = [];
  rmSync(folder, { recursive: true, force: true });
});
function open(options: LabOptions = {}): Lab {
  const lab = openLab(path.join(folder, 'w'), options);
  labs.push(lab);
  return lab;
}
const models = (lab: Lab): string => path.join(lab.workspace, '.runyard', 'models', MODEL);
/** `gates` of production, `more` below its name. */
const yaml = (gates: string, production = '{}'): string => `registry:\n  environments:\n    staging: {}\n    production: ${production}\n  edges:\n    - {to: staging, gates: []}\n    - {to: production, gates: [${gates}]}\n`;
const script = (lab: Lab, name: string, text: string): string[] => {
  const file = path.join(lab.workspace, name);
  writeFileSync(file, text);
  return [process.execPath, file];
};
const kinds = (lab: Lab): string[] => lab.ledger.entries().filter(({ kind }) => kind !== 'registered').map(({ kind }) => kind);

describe('a promotion', () => {
  test('puts files and manifest where a serving process reads them, and the ledger says so', async () => {
    const lab = open();
    const version = await lab.register('one');
    const done = await lab.promote(version, { reason: 'the first one', by: ben });
    expect(done).toMatchObject({ promoted: true, forced: false, from: null, rolledBack: false, hooks: [], folder: path.join(models(lab), 'production') });
    expect(lab.served()).toBe('one');
    const facts = await lab.versions.facts(MODEL, version);
    expect(await lab.pointer()).toMatchObject({ version: 1, by: ben, reason: 'the first one', entry: done.entry, files: { 'model.bin': { digest: facts.files[0]?.digest, size: 3 } } });
    const entry = lab.ledger.entries().find(({ hash }) => hash === done.entry);
    expect(entry).toMatchObject({ kind: 'promoted', model: MODEL, version: 1, environment: 'production', by: ben, facts: { from: null, reason: 'the first one', digest: facts.digest, golden: expect.any(String) as string } });
    expect(lab.ledger.entries().find(({ hash }) => hash === entry?.facts['gates'])).toMatchObject({ kind: 'gates', version: 1 });
    expect(lab.ledger.verify()).toMatchObject({ ok: true });
    expect(readdirSync(path.join(models(lab), '.states'))).toHaveLength(1);
  });

  test('leaves what was live to those who read it, for as long as it says', async () => {
    const lab = open({ grace: 60 });
    await lab.promote(await lab.register('one'));
    const reading = realpathSync(path.join(models(lab), 'production'));
    await lab.promote(await lab.register('two'));
    expect(readFileSync(path.join(reading, 'model.bin'), 'utf8')).toBe('one');
    expect(lab.served()).toBe('two');
    expect(readdirSync(path.join(models(lab), '.states'))).toHaveLength(2);
  });

  test('of what is live already is refused; where its folder was harmed it is written again', async () => {
    const lab = open();
    await lab.promote(await lab.register('one'));
    await expect(lab.promote(1)).rejects.toMatchObject({ code: 'already_exists' });
    chmodSync(path.join(models(lab), 'production', 'model.bin'), 0o644);
    writeFileSync(path.join(models(lab), 'production', 'model.bin'), 'harmed');
    expect(await lab.promote(1)).toMatchObject({ promoted: true });
    expect(lab.served()).toBe('one');
  });

  test('that a gate blocks is an answer with the report, and changes nothing', async () => {
    const lab = open({ yaml: yaml('{gate: metric, metric: accuracy, min: 0.8}') });
    await lab.promote(await lab.register('one'), { to: 'staging' });
    await evaluate(lab, 1, 0.6);
    const answer = await lab.promote(1);
    expect(answer).toMatchObject({ promoted: false, entry: null, folder: null, report: { outcome: 'fail', gates: [{ blocks: true }] } });
    expect(existsSync(path.join(models(lab), 'production'))).toBe(false);
    expect(kinds(lab)).not.toContain('forced');
    await evaluate(lab, 1, 0.9);
    expect(await lab.promote(1)).toMatchObject({ promoted: true, forced: false });
  });

  test('that nobody can judge is blocked, too', async () => {
    const lab = open({ yaml: yaml('{gate: metric, metric: accuracy, min: 0.8}') });
    expect(await lab.promote(await lab.register('one'))).toMatchObject({ promoted: false, report: { outcome: 'cannot tell' } });
  });

  test('can be forced with a reason; the ledger says what was overridden, and somebody is told', async () => {
    const lab = open({ yaml: yaml('{gate: size, max: 1}') });
    await lab.register('one');
    await expect(lab.promote(1, { force: true })).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('needs a reason') as string });
    await expect(lab.promote(1, { force: true, reason: 'because' })).rejects.toMatchObject({ code: 'bad_input' });
    const done = await lab.promote(1, { force: true, reason: 'the old one is down, Ben agreed' });
    expect(done).toMatchObject({ promoted: true, forced: true });
    expect(lab.ledger.entries().find(({ hash }) => hash === done.entry)).toMatchObject({ kind: 'forced', facts: { blocked: ['size'], reason: 'the old one is down, Ben agreed' } });
    expect(lab.attention).toMatchObject([{ kind: 'forced', version: 1, environment: 'production', text: expect.stringContaining('against size') as string }]);
  });

  test('with force where nothing blocks is a promotion like any other', async () => {
    const lab = open();
    await lab.register('one');
    expect(await lab.promote(1, { force: true, reason: 'to be on the safe side' })).toMatchObject({ promoted: true, forced: false });
    expect(kinds(lab)).toContain('promoted');
  });

  test('of an altered file, or of one that is gone, is refused even with force', async () => {
    const lab = open();
    await lab.promote(await lab.register('one'));
    await lab.register('two');
    const { digest } = await lab.versions.facts(MODEL, 2);
    const file = path.join(lab.workspace, '.runyard', 'weights', digest, 'model.bin');
    chmodSync(path.dirname(file), 0o755);
    chmodSync(file, 0o644);
    writeFileSync(file, 'TWO');
    await expect(lab.promote(2, { force: true, reason: 'it has to be now, sorry' })).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('model.bin') as string });
    rmSync(file);
    await expect(lab.promote(2)).rejects.toMatchObject({ code: 'store_corrupt' });
    expect(lab.served()).toBe('one');
    expect(lab.live()).toBe(1);
  });

  test.each([
    [{ to: 'prod' }, 'bad_input', /no environment 'prod'/], [{ model: '../up' }, 'bad_input', /name of a model/], [{ model: 'x'.repeat(300) }, 'bad_input', /name of a model/],
    [{ version: 7 }, 'not_found', /no version 7/], [{ model: 'other' }, 'not_found', /other/],
  ])('of %j is refused with a word', async (rest, code, message) => {
    const lab = open();
    await lab.register('one');
    await expect(lab.promote(1, rest)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  test('along an edge that isn\'t there is refused, and the plan says so before', async () => {
    const lab = open({ yaml: 'registry:\n  environments: [staging, production]\n  edges: [{to: staging, gates: []}, {from: staging, to: production, gates: []}]\n' });
    await lab.register('one');
    await expect(lab.promote(1)).rejects.toMatchObject({ code: 'refused' });
    expect(await lab.moves['registry.plan']({ model: MODEL, version: 1, to: 'production', rollback: false })).toMatchObject({ refusal: expect.stringContaining('staging') as string });
    await lab.promote(1, { to: 'staging' });
    expect(await lab.moves['registry.plan']({ model: MODEL, version: 1, to: 'production', rollback: false })).toMatchObject({ refusal: null, from: null, to: 1 });
    expect(await lab.promote(1)).toMatchObject({ promoted: true });
  });

  test('with another version live than the person saw is a conflict that says which, and who moved it', async () => {
    const lab = open();
    await lab.promote(await lab.register('one'), { by: ben });
    await lab.register('two');
    await expect(lab.promote(2, { expect: null })).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(/version 1 is live.*Ben/) as string });
    expect(await lab.promote(2, { expect: 1 })).toMatchObject({ promoted: true, from: 1 });
  });

  test('of what is live already settles what two clones disagree on, and is refused otherwise', async () => {
    const lab = open();
    await lab.promote(await lab.register('one'), { by: ben });
    await lab.register('two');
    const theirs = 'f'.repeat(16);
    const entry = nextEntry(theirs, null, { t: Date.now(), by: ana, kind: 'promoted', model: MODEL, version: 2, environment: 'production', facts: { from: null, reason: 'elsewhere', digest: '0'.repeat(64) }, seen: {} });
    writeFileSync(path.join(lab.workspace, '.runyard', 'ledger', `${theirs}.jsonl`), `${JSON.stringify(entry)}\n`);
    lab.ledger.refresh();
    expect(lab.ledger.conflicts()).toMatchObject([{ model: MODEL, environment: 'production' }]);
    const live = lab.live() ?? 0;
    expect(await lab.moves['registry.plan']({ model: MODEL, version: live, to: 'production', rollback: false })).toMatchObject({ refusal: null });
    expect(await lab.promote(live)).toMatchObject({ promoted: true });
    expect(lab.ledger.conflicts()).toEqual([]);
    expect(lab.live()).toBe(live);
    await expect(lab.promote(live)).rejects.toMatchObject({ code: 'already_exists' });
  });

  test('at the same time as another one: one wins, the other hears who and what', async () => {
    const lab = open();
    await lab.register('one');
    await lab.register('two');
    const [first, second] = await Promise.allSettled([lab.promote(1, { by: ana }), lab.promote(2, { by: ben })]);
    expect(first).toMatchObject({ status: 'fulfilled', value: { promoted: true } });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'conflict', message: expect.stringMatching(/Ana promotes version 1 .* to production/) as string } });
    expect(lab.served()).toBe('one');
    expect(await lab.promote(2)).toMatchObject({ promoted: true });
  });

  test('goes on when somebody writes to the ledger between its steps', async () => {
    const lab: Lab = open({ step: (step) => { if (step === 'prepared') lab.ledger.append({ by: ben, kind: 'comment', model: MODEL, version: 1, environment: null, facts: { id: 'c', text: 'hm', on: { model: MODEL } } }); } });
    await lab.register('one');
    const done = await lab.promote(1);
    expect((await lab.pointer())?.entry).toBe(done.entry);
    expect(lab.ledger.verify().ok).toBe(true);
  });

  test('whose pointer can\'t be moved is taken back in the ledger', async () => {
    const lab: Lab = open({ step: (step) => { if (step === 'committed') mkdirSync(path.join(models(lab), 'production', 'mine'), { recursive: true }); } });
    await lab.register('one');
    await expect(lab.promote(1)).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('could not be put into production') as string });
    expect(lab.live()).toBeNull();
    expect(kinds(lab).slice(-2)).toEqual(['promoted', 'rolledBack']);
    await expect(lab.promote(1)).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('no link') as string });
  });

  test('after a clock that went back is the newest all the same', async () => {
    let now = 2_000_000;
    const lab = open({ clock: () => now });
    await lab.promote(await lab.register('one'));
    now = 1_000_000;
    const { entry } = await lab.promote(await lab.register('two'));
    expect(lab.live()).toBe(2);
    expect((await lab.pointer())?.at).toBe(2_000_000_000);
    expect(lab.ledger.entries().at(-1)?.hash).toBe(entry);
    expect(lab.ledger.verify().ok).toBe(true);
  });

  test('stopped before it moved changes nothing', async () => {
    const stop = new AbortController();
    const lab = open({ signal: stop.signal, step: (step) => { if (step === 'golden') stop.abort(); } });
    await lab.register('one');
    await expect(lab.promote(1)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await lab.pointer()).toBeNull();
    expect(lab.live()).toBeNull();
  });
});

describe('hooks', () => {
  const hooked = (hooks: unknown[]): string => yaml('', JSON.stringify({ onPromote: hooks }));

  test('run one after another, with what was moved in their environment, and leave entries', async () => {
    const lab = open();
    const write = script(lab, 'hook.mjs', "import { appendFileSync, readFileSync } from 'node:fs';\nconst e = process.env;\nappendFileSync('seen.txt', [process.argv[2], e.RUNYARD_MODEL, e.RUNYARD_VERSION, e.RUNYARD_FROM, e.RUNYARD_ENVIRONMENT, readFileSync(e.RUNYARD_FOLDER + '/model.bin', 'utf8')].join('|') + '\\n');\nconsole.log('told'); console.error('err');");
    lab.config(hooked([{ name: 'tell', command: [...write, 'a; rm -rf $HOME'] }, { command: [...write, 'second'] }]));
    await lab.promote(await lab.register('one'));
    const done = await lab.promote(await lab.register('two'));
    expect(done.hooks).toMatchObject([{ name: 'tell', outcome: 'done', status: 0, output: expect.stringContaining('told') as string, rolledBack: false }, { outcome: 'done' }]);
    expect(done.hooks[0]?.output).toContain('err');
    expect(readFileSync(path.join(lab.workspace, 'seen.txt'), 'utf8').split('\n')[2]).toBe(`a; rm -rf $HOME|${MODEL}|2|1|production|two`);
    const entries = lab.ledger.entries().filter(({ kind }) => kind === 'hook');
    expect(entries).toHaveLength(4);
    expect(entries.at(-1)?.facts).toMatchObject({ move: done.entry, outcome: 'done' });
  });

  test('that fail are told; with onFailure: rollback the version before is live again', async () => {
    const lab = open();
    const fail = script(lab, 'fail.mjs', "console.log('the server said no'); process.exit(3);");
    const back = script(lab, 'back.mjs', "import { writeFileSync } from 'node:fs'; writeFileSync('back.txt', process.env.RUNYARD_VERSION);");
    await lab.promote(await lab.register('one'));
    await lab.register('two');
    lab.config(hooked([{ command: fail }]));
    expect(await lab.promote(2)).toMatchObject({ promoted: true, rolledBack: false, hooks: [{ outcome: 'failed', status: 3, output: expect.stringContaining('said no') as string }] });
    await lab.rollback();
    lab.config(yaml('', JSON.stringify({ onPromote: [{ command: fail, onFailure: 'rollback' }, { command: back }], onRollback: [{ name: 'back', command: back }] })));
    const done = await lab.promote(2);
    expect(done).toMatchObject({ promoted: false, rolledBack: true, hooks: [{ outcome: 'failed', rolledBack: true }, { name: 'back', outcome: 'done' }] });
    expect(lab.served()).toBe('one');
    expect(lab.live()).toBe(1);
    expect(lab.ledger.entries().findLast(({ kind }) => kind === 'rolledBack')).toMatchObject({ version: 1, facts: { from: 2, cause: 'hook', automatic: true } });
    expect(readFileSync(path.join(lab.workspace, 'back.txt'), 'utf8')).toBe('1');
    expect(lab.attention.at(-1)).toMatchObject({ kind: 'rolledBack', version: 1 });
  });

  test('that fail on the first version there ever was leave nothing live', async () => {
    const lab = open();
    lab.config(hooked([{ command: script(lab, 'fail.mjs', 'process.exit(1)'), onFailure: 'rollback' }]));
    expect(await lab.promote(await lab.register('one'))).toMatchObject({ rolledBack: true });
    expect(lab.live()).toBeNull();
    expect(await lab.pointer()).toBeNull();
    expect(existsSync(path.join(models(lab), 'production'))).toBe(false);
  });

  test('that fail where the version before is gone leave the new one, and a person is told', async () => {
    const lab = open();
    await lab.promote(await lab.register('one'));
    await lab.register('two');
    const { digest } = await lab.versions.facts(MODEL, 1);
    lab.config(hooked([{ command: script(lab, 'fail.mjs', `import { rmSync } from 'node:fs'; rmSync(${JSON.stringify(path.join(lab.workspace, '.runyard', 'weights', digest))}, { recursive: true }); process.exit(1);`), onFailure: 'rollback' }]));
    expect(await lab.promote(2)).toMatchObject({ promoted: true, rolledBack: false, hooks: [{ outcome: 'failed', rolledBack: false }] });
    expect(lab.served()).toBe('two');
    expect(lab.attention.at(-1)?.text).toContain('stays live in production');
  });

  test('that hang are ended with all that they started, and what they wrote is kept', async () => {
    const lab = open();
    const hang = script(lab, 'hang.mjs', "import { spawn } from 'node:child_process';\nimport { writeFileSync } from 'node:fs';\nwriteFileSync('group.txt', String(process.pid));\nspawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });\nconsole.log('waiting');\nsetInterval(() => {}, 1000);");
    lab.config(hooked([{ command: hang, timeout: 1 }]));
    const done = await lab.promote(await lab.register('one'));
    expect(done.hooks).toMatchObject([{ outcome: 'timed out', status: null, output: expect.stringContaining('waiting') as string }]);
    const group = Number(readFileSync(path.join(lab.workspace, 'group.txt'), 'utf8'));
    await until('the group to be gone', () => !groupAlive(group));
    expect(lab.served()).toBe('one');
  });

  test('that aren\'t there are said so, and long output keeps its end', async () => {
    const lab = open();
    lab.config(hooked([{ command: ['no-such-program-anywhere'] }, { command: script(lab, 'long.mjs', "process.stdout.write('x'.repeat(50_000) + 'the end');") }]));
    const { hooks } = await lab.promote(await lab.register('one'));
    expect(hooks[0]).toMatchObject({ outcome: 'not found', status: null });
    expect(hooks[1]?.output).toHaveLength(4000);
    expect(hooks[1]?.output.endsWith('the end')).toBe(true);
  });
});

describe('after a start', () => {
  test('pointers that aren\'t what the ledger says are brought there', async () => {
    const lab = open();
    await lab.promote(await lab.register('one'));
    await lab.promote(await lab.register('two'));
    rmSync(path.join(models(lab), 'production'));
    rmSync(path.join(models(lab), '.states'), { recursive: true });
    lab.dispose();
    const again = open();
    await again.moves.reconcile();
    expect(again.served()).toBe('two');
    expect((await again.pointer())?.entry).toBe(again.ledger.entries().findLast(({ kind }) => kind === 'promoted')?.hash);
  });

  test('files that aren\'t here are told of, and the pointer is left', async () => {
    const lab = open();
    await lab.promote(await lab.register('one'));
    rmSync(path.join(models(lab), 'production'));
    const { digest } = await lab.versions.facts(MODEL, 1);
    rmSync(path.join(lab.workspace, '.runyard', 'weights', digest), { recursive: true, force: true });
    lab.dispose();
    const warnings: string[] = [];
    const again = open({ log: { info: () => undefined, warn: (text) => warnings.push(text), error: () => undefined } });
    await again.moves.reconcile();
    expect(warnings.join('\n')).toContain('not here');
    expect(await again.pointer()).toBeNull();
  });
});
