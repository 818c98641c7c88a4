import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findModel } from '../../../../../src/core/registry/find-model';
import { preparePointer, swapPointer } from '../../../../../src/core/registry/live/pointer';
import { plain } from '../support';
import { bringing } from '../../../../../src/core/registry/versions/bring';
import { ana, ben, failing, id, lab, type Lab } from './support';

/** Three versions of car-loan, the alias on the first. */
async function three(at: Lab = lab()): Promise<Lab> {
  for (const text of ['one', 'two', 'three']) {
    at.put('model.onnx', text);
    await at.register({ file: 'model.onnx' });
  }
  at.registry.setAlias('car-loan', 'champion', 1);
  return at;
}
const weights = (at: Lab): string => path.join(at.workspace, '.runyard', 'weights');
const folderOf = (at: Lab, version: number): string => path.join(weights(at), at.versions.known('car-loan', version)?.facts.digest ?? '');
function spoil(file: string, text: string): void {
  chmodSync(file, 0o644);
  writeFileSync(file, text);
}

describe('a version', () => {
  it('is found by its number, as the newest, by alias and by the environment it is live in', async () => {
    const at = await three();
    at.ledger.append({ by: ana, kind: 'promoted', model: 'car-loan', version: 2, environment: 'production', facts: {} });
    expect([2, '2', 'v3', 'latest', 'Latest', 'champion', 'production'].map((ref) => at.versions.resolve('car-loan', ref))).toEqual([2, 2, 3, 3, 3, 1, 2]);
    expect(await failing(() => at.versions.resolve('car-loan', 9))).toMatchObject({ code: 'not_found', message: "the model 'car-loan' has no version 9", hint: 'it has 3, 2 (production), 1 @champion' });
    expect(await failing(() => at.versions.resolve('car-loan', 'staging'))).toMatchObject({ code: 'not_found', message: "the model 'car-loan' has no version that is live in staging" });
    expect(await failing(() => at.versions.resolve('car-loan', 'best'))).toMatchObject({ code: 'not_found', message: expect.stringContaining("no alias 'best'") as string });
    expect(await failing(() => at.versions.resolve('car-laon', 1))).toMatchObject({ code: 'not_found', hint: "did you mean 'car-loan'?" });
    expect(await failing(() => at.versions.facts('car-loan', 9))).toMatchObject({ code: 'not_found' });
    expect(await failing(() => at.versions.facts('nobody', 1))).toMatchObject({ code: 'not_found' });
    at.registry.setAlias('car-loan', 'production', 3);
    expect(await failing(() => at.versions.resolve('car-loan', 'production'))).toMatchObject({ code: 'bad_input', message: "'production' is an alias of version 3, and version 2 is live in the environment production" });
  });

  it('whose file was changed or taken away is named with it', async () => {
    const at = await three();
    spoil(path.join(folderOf(at, 1), 'model.onnx'), 'ONE');
    rmSync(path.join(folderOf(at, 2), 'model.onnx'));
    expect((await at.versions.altered('car-loan', 1)).map((one) => one.path)).toEqual(['model.onnx']);
    expect((await at.versions.altered('car-loan', 2)).map((one) => one.path)).toEqual(['model.onnx']);
    expect(await at.versions.altered('car-loan', 3)).toEqual([]);
    expect([1, 2, 3].map((version) => at.versions.here(at.versions.known('car-loan', version)?.facts as never))).toEqual([true, false, true]);
    expect(await failing(() => at.versions.folder('car-loan', 2))).toMatchObject({ code: 'store_corrupt', hint: expect.stringContaining('runyard models fetch car-loan 2 --from FOLDER') as string });
    // The same bytes again mend it.
    at.put('model.onnx', 'one');
    expect(await at.register({ file: 'model.onnx' })).toMatchObject({ version: 1, existing: true });
    expect(await at.versions.altered('car-loan', 1)).toEqual([]);
  });

  it('is evaluated by its name, number or alias, as the file that it is', async () => {
    const at = await three();
    expect(['car-loan/1', 'car-loan@champion'].map((registered) => findModel(at.context, { registered }).spec)).toEqual([1, 1].map(() => ({ name: 'car-loan/1', file: `.runyard/weights/${path.basename(folderOf(at, 1))}/model.onnx` })));
    at.put('m/MLmodel', 'flavors: {}');
    at.put('m/model.onnx', 'four');
    await at.register({ file: 'm' });
    expect(findModel(at.context, { registered: 'car-loan/4' }).spec.file).toBe(`.runyard/weights/${path.basename(folderOf(at, 4))}`);
    rmSync(folderOf(at, 4), { recursive: true });
    expect(await failing(() => findModel(at.context, { registered: 'car-loan/4' }))).toMatchObject({ code: 'not_found', hint: expect.stringContaining('models fetch') as string });
  });
});

describe('the files of a version that isn\'t here', () => {
  it('are fetched from the folder for weights when the version is evaluated; where there is none the way is told', async () => {
    const owner = await three();
    const at = lab({ pulled: owner });
    at.ledger.onPulled(() => at.versions.follow());
    const bring = bringing(at.context, { ledger: at.ledger, versions: at.versions });
    expect(await failing(() => bring({ registered: 'car-loan/2' }))).toMatchObject({
      code: 'not_found', message: 'the files of car-loan version 2 are not on this machine',
      hint: 'Ana registered it: ask for the files, then runyard models fetch car-loan 2 --from FOLDER; or name a shared folder as registry.weights in runyard.yaml',
    });
    await bring({});
    cpSync(weights(owner), path.join(at.workspace, 'shared'), { recursive: true });
    at.config('registry: { weights: shared }');
    await bring({ registered: 'car-loan/2' });
    const file = findModel(at.context, { registered: 'car-loan/2' }).spec.file ?? '';
    expect(readFileSync(path.join(at.workspace, file), 'utf8')).toBe('two');
    // Of what comes while the engine runs, too.
    owner.put('model.onnx', 'four');
    await owner.register({ file: 'model.onnx' });
    cpSync(path.join(owner.workspace, '.runyard', 'ledger'), path.join(at.workspace, '.runyard', 'ledger'), { recursive: true, force: true });
    expect(await failing(() => bring({ registered: 'car-loan/4' }))).toMatchObject({ message: 'the files of car-loan version 4 are not on this machine, nor in shared' });
    expect(await failing(() => bring({ registered: 'car-loan/9' }))).toMatchObject({ code: 'not_found', message: "the model 'car-loan' has no version 9" });
  });

  it.each([
    ['the folder for weights of another workspace', (at: Lab, to: string) => cpSync(weights(at), path.join(to, '.runyard', 'weights'), { recursive: true }), ''],
    ['a folder with digests', (at: Lab, to: string) => cpSync(weights(at), to, { recursive: true }), ''],
    ['a folder with the files', (at: Lab, to: string) => cpSync(folderOf(at, 1), to, { recursive: true }), ''],
    ['the file', (at: Lab, to: string) => cpSync(folderOf(at, 1), to, { recursive: true }), 'model.onnx'],
  ])('are brought from %s', async (_, copy, below) => {
    const at = await three();
    const away = path.join(at.workspace, 'away');
    mkdirSync(away);
    copy(at, away);
    rmSync(weights(at), { recursive: true });
    const { folder, files } = await at.versions.fetch('car-loan', 1, path.join(away, below));
    expect(readFileSync(path.join(folder, 'model.onnx'), 'utf8')).toBe('one');
    expect(files.map((one) => one.path)).toEqual(['model.onnx']);
    expect(folder).toBe(await at.versions.folder('car-loan', 1));
  });

  it('are not taken where they are others, and nothing stays of them', async () => {
    const at = await three();
    rmSync(weights(at), { recursive: true });
    const other = at.put('other/model.onnx', 'ONE');
    expect(await failing(() => at.versions.fetch('car-loan', 1, other))).toMatchObject({ code: 'conflict', message: expect.stringContaining('others than those that were registered') as string });
    expect(await failing(() => at.versions.fetch('car-loan', 1, path.join(at.workspace, 'nowhere')))).toMatchObject({ code: 'not_found', hint: expect.stringContaining('Ana registered it') as string });
    expect(readdirSync(weights(at))).toEqual([]);
  });

  it('and were changed here are brought anew', async () => {
    const at = await three();
    cpSync(folderOf(at, 1), path.join(at.workspace, 'away'), { recursive: true });
    spoil(path.join(folderOf(at, 1), 'model.onnx'), 'ONE');
    expect(await failing(() => at.versions.fetch('car-loan', 1, undefined))).toMatchObject({ code: 'conflict' });
    await at.versions.fetch('car-loan', 1, path.join(at.workspace, 'away'));
    expect(await at.versions.altered('car-loan', 1)).toEqual([]);
    spoil(path.join(folderOf(at, 1), 'model.onnx'), 'longer than it was');
    expect(await failing(() => at.versions.folder('car-loan', 1))).toMatchObject({ code: 'store_corrupt', message: expect.stringMatching(/^model\.onnx of car-loan version 1 was changed or taken away here/) as string });
  });

  it('are left in the shared folder at registration, and come from there by themselves', async () => {
    const at = lab();
    at.config('registry:\n  weights: shared/weights\n');
    await three(at);
    const shared = path.join(at.workspace, 'shared', 'weights');
    expect(readdirSync(shared).sort()).toEqual(readdirSync(weights(at)).sort());
    rmSync(weights(at), { recursive: true });
    expect(existsSync(path.join(await at.versions.folder('car-loan', 2), 'model.onnx'))).toBe(true);
    // A folder that can't be reached hinders nothing.
    rmSync(shared, { recursive: true });
    writeFileSync(shared, 'a file');
    at.put('model.onnx', 'four');
    expect(await at.register({ file: 'model.onnx' })).toMatchObject({ version: 4, existing: false, notes: [expect.stringContaining('could not be left in shared/weights')] });
    rmSync(shared);
    expect(await at.register({ file: 'model.onnx' })).toMatchObject({ version: 4, existing: true });
    expect(readdirSync(shared)).toHaveLength(1);
  });
});

describe('a version that an MLflow client made', () => {
  function client(at: Lab): void {
    const run = at.run(1, { 'model/MLmodel': 'flavors: {}', 'model/model.onnx': 'one' }, { datasets: [{ name: 'train.csv', digest: 'd1', role: 'train' }] });
    at.registry.create('car-loan', { description: '', tags: {} });
    at.registry.addVersion('car-loan', { ...plain, source: `runs:/${run}/model`, location: `runs:/${run}/model`, run, description: 'theirs', tags: { licence: 'MIT' } });
  }

  it('is taken up when it is first asked for, once', async () => {
    const at = lab();
    client(at);
    expect(at.versions.known('car-loan', 1)).toBeUndefined();
    expect(at.versions.numbers('car-loan')).toEqual([1]);
    const [facts, again] = await Promise.all([at.versions.facts('car-loan', 1), at.versions.facts('car-loan', 1)]);
    expect(again).toEqual(facts);
    expect(facts).toMatchObject({ run: id(1), source: { kind: 'mlflow', text: `runs:/${id(1)}/model` }, licence: 'MIT', author: ben, data: [{ name: 'train.csv' }], files: [{ path: 'MLmodel' }, { path: 'model.onnx' }] });
    expect(at.ledger.entries()).toMatchObject([{ kind: 'registered', by: ben, version: 1, facts: { description: 'theirs' } }]);
    expect(readdirSync(await at.versions.folder('car-loan', 1)).sort()).toEqual(['MLmodel', 'model.onnx']);
    // Registering the very bytes finds it.
    expect(await at.register({ file: `.runyard/runs/${id(1)}/artifacts/model` })).toMatchObject({ version: 1, existing: true });
    // One that is made later has the next number.
    at.put('b.onnx', 'two');
    expect(await at.register({ file: 'b.onnx' })).toMatchObject({ version: 2 });
  });

  it('and whose files are elsewhere, or gone, says so', async () => {
    const at = lab();
    client(at);
    at.registry.addVersion('car-loan', { ...plain, location: 's3://bucket/m' });
    at.registry.addVersion('car-loan', { ...plain, location: `runs:/${id(1)}/none` });
    expect(await failing(() => at.versions.facts('car-loan', 2))).toMatchObject({ code: 'unsupported', message: expect.stringContaining('s3://bucket/m') as string });
    expect(await failing(() => at.versions.facts('car-loan', 3))).toMatchObject({ code: 'not_found', message: expect.stringContaining('has no files here') as string });
    expect(at.ledger.entries()).toEqual([]);
  });
});

describe('collecting weights', () => {
  it('takes what no version needs, and nothing that is live, was live, is pointed at or is shared with another version', async () => {
    const at = await three();
    at.put('model.onnx', 'one');
    await at.register({ model: 'other', file: 'model.onnx' });
    for (const text of ['four', 'five']) {
      at.put('model.onnx', text);
      await at.register({ file: 'model.onnx' });
    }
    const digests = [1, 2, 3, 4, 5].map((version) => path.basename(folderOf(at, version)));
    at.ledger.append({ by: ana, kind: 'promoted', model: 'car-loan', version: 2, environment: 'production', facts: {} });
    at.ledger.append({ by: ana, kind: 'promoted', model: 'car-loan', version: 3, environment: 'production', facts: {} });
    await swapPointer(await preparePointer({ root: path.join(at.workspace, '.runyard', 'models'), model: 'car-loan', environment: 'production' }, { format: 1, model: 'car-loan', environment: 'production', version: 4, files: {}, at: 1, by: ana, reason: '', entry: 'x' }, []));
    for (const version of [1, 2, 3, 4, 5]) at.ledger.append({ by: ana, kind: 'deleted', model: 'car-loan', version, environment: null, facts: {} });
    mkdirSync(path.join(weights(at), 'not-a-digest'));
    // A version that a client made of another one has its files there.
    at.registry.create('copy', { description: '', tags: {} });
    expect(await at.versions.collect(true)).toEqual({ objects: 0, bytes: 0, why: '' });
    at.restart();
    expect(await at.versions.collect(true)).toEqual({ objects: 1, bytes: 4, why: '' });
    at.registry.addVersion('copy', { ...plain, location: `mlflow-artifacts:/weights/${digests[4]}` });
    expect(await at.versions.collect(true)).toMatchObject({ objects: 0 });
    at.registry.removeVersion('copy', 1);
    const chain = path.join(at.workspace, '.runyard', 'ledger', `${at.ledger.clone}.jsonl`);
    const text = readFileSync(chain, 'utf8');
    writeFileSync(chain, text.replace('Ana', 'Eve'));
    expect(await at.versions.collect(false)).toMatchObject({ objects: 0, why: expect.stringContaining("the ledger isn't whole") as string });
    writeFileSync(chain, text);
    expect(await at.versions.collect(false)).toMatchObject({ objects: 1 });
    expect(readdirSync(weights(at)).sort()).toEqual([...digests.slice(0, 4), 'not-a-digest'].sort());
  });

  it('leaves what is being registered', async () => {
    const at = lab();
    at.put('model.onnx', 'one');
    const [made] = await Promise.all([at.register({ file: 'model.onnx' }), (async () => { for (let i = 0; i < 20; i++) await at.versions.collect(false); })()]);
    expect(await at.versions.altered('car-loan', made.version)).toEqual([]);
  });
});

describe('an engine that starts again', () => {
  it('forgets a version whose entry was never written, and takes away what was being copied', async () => {
    const at = await three();
    const half = { ...plain, location: `mlflow-artifacts:/weights/${'a'.repeat(64)}`, status: 'PENDING_REGISTRATION' };
    at.registry.addVersion('car-loan', half);
    at.registry.create('new', { description: '', tags: {} });
    at.registry.addVersion('new', half);
    at.registry.create('theirs', { description: '', tags: {} });
    at.registry.addVersion('theirs', { ...half, location: 's3://bucket/m' });
    at.registry.setStatus('car-loan', 2, 'PENDING_REGISTRATION');
    at.put('.runyard/weights/.tmp-x/model.onnx', 'half');
    const versions = at.restart();
    await versions.swept;
    expect(readdirSync(weights(at)).some((name) => name.startsWith('.tmp-'))).toBe(false);
    expect(versions.numbers('car-loan')).toEqual([3, 2, 1]);
    expect(at.registry.version('car-loan', 2).status).toBe('READY');
    expect(at.registry.list().map(({ name }) => name)).toEqual(['car-loan', 'theirs']);
    expect(at.warnings.filter((text) => text.includes('was being registered'))).toHaveLength(2);
  });

  it('that lost its store has the versions from the ledger', async () => {
    const at = await three();
    at.registry.remove('car-loan');
    at.restart();
    expect(at.versions.numbers('car-loan')).toEqual([3, 2, 1]);
    expect(at.registry.version('car-loan', 2)).toMatchObject({ status: 'READY', location: `mlflow-artifacts:/weights/${path.basename(folderOf(at, 2))}` });
    at.put('model.onnx', 'four');
    expect(await at.register({ file: 'model.onnx' })).toMatchObject({ version: 4 });
  });
});

describe('what another clone did', () => {
  it('is here once its chain is: versions without their files, words, aliases, deletions', async () => {
    const theirs = await three();
    const say = (kind: 'alias' | 'described' | 'deleted', version: number | null, facts: Record<string, unknown>): void => { theirs.ledger.append({ by: ana, kind, model: 'car-loan', version, environment: null, facts }); };
    say('alias', 2, { alias: 'champion', version: 2 });
    say('described', 2, { description: 'said again', setTags: { a: 'b' } });
    say('described', null, { description: 'the model' });
    say('deleted', 3, {});
    const at = lab({ pulled: theirs });
    expect(at.versions.numbers('car-loan')).toEqual([2, 1]);
    expect(at.registry.get('car-loan')).toMatchObject({ aliases: { champion: 2 }, description: 'the model', last: 2 });
    expect(at.registry.version('car-loan', 2)).toMatchObject({ description: 'said again', tags: { a: 'b' }, user: 'Ana', created: theirs.versions.known('car-loan', 2)?.entry.t });
    expect(at.versions.resolve('car-loan', 'champion')).toBe(2);
    expect(at.versions.here(await at.versions.facts('car-loan', 2))).toBe(false);
    await at.versions.fetch('car-loan', 2, theirs.workspace);
    expect(readFileSync(path.join(await at.versions.folder('car-loan', 2), 'model.onnx'), 'utf8')).toBe('two');
    // The number that was deleted there is not given again.
    at.put('m.onnx', 'mine');
    expect(await at.register({ file: 'm.onnx' })).toMatchObject({ version: 4 });
    expect(at.versions.follow()).toEqual([]);
    expect(await failing(() => at.versions.resolve('car-loan', 3))).toMatchObject({ code: 'not_found' });
  });

  it('leads nowhere out of the folder for weights, whatever its chain says', async () => {
    const theirs = await three();
    const facts = { ...theirs.versions.known('car-loan', 1)?.facts };
    for (const [version, bad] of [[7, { digest: '../../..' }], [8, { files: [{ path: '../../x', digest: 'a'.repeat(64), size: 1 }] }], [9, { files: [{ path: '/etc/passwd', digest: 'a'.repeat(64), size: 1 }] }]] as const) {
      theirs.ledger.append({ by: ana, kind: 'registered', model: 'car-loan', version, environment: null, facts: { ...facts, ...bad } });
    }
    theirs.ledger.append({ by: ana, kind: 'registered', model: '../up', version: 1, environment: null, facts });
    theirs.ledger.append({ by: ana, kind: 'alias', model: 'car-loan', version: 1, environment: null, facts: { alias: 'not an alias!', version: 1 } });
    const at = lab({ pulled: theirs });
    expect(at.versions.numbers('car-loan')).toEqual([3, 2, 1]);
    expect(at.registry.list().map(({ name }) => name)).toEqual(['car-loan']);
    expect(at.warnings.join()).toContain("can't be taken over");
  });
});

it('a model that is one link has the file\'s bytes under the link\'s name', async () => {
  const at = lab();
  at.put('a.onnx', 'one');
  symlinkSync('a.onnx', path.join(at.workspace, 'b.onnx'));
  expect((await at.register({ file: 'b.onnx' })).facts.files).toMatchObject([{ path: 'b.onnx', size: 3 }]);
});
