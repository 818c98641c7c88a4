import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunyardError } from '../../../../../src/core/base/errors';
import { plain } from '../support';
import { say } from '../../store/support';
import { docOf } from '../../evaluation/service/support';
import { ana, failing, id, lab, noSignature } from './support';

const sha = /^[0-9a-f]{64}$/;
const weights = (workspace: string): string[] => { try { return readdirSync(path.join(workspace, '.runyard', 'weights')); } catch { return []; } };

/** The superuser may read whatever there is: it is somebody else meanwhile. */
async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a model that is registered', () => {
  it('from a file is version 1, with its bytes kept by what they are', async () => {
    const at = lab();
    at.put('out/model.onnx', 'one');
    const made = await at.register({ file: 'out/model.onnx', description: 'the first', licence: 'MIT', tags: { team: 'risk' } });
    expect(made).toMatchObject({ model: 'car-loan', version: 1, existing: false, digest: expect.stringMatching(sha) as string });
    expect(made.facts).toMatchObject({ files: [{ path: 'model.onnx', size: 3 }], size: 3, source: { kind: 'file', text: 'out/model.onnx' }, run: null, licence: 'MIT', author: ana, data: [], environment: null });
    const folder = await at.versions.folder('car-loan', 1);
    expect(folder).toBe(path.join(at.workspace, '.runyard', 'weights', made.digest));
    expect(readFileSync(path.join(folder, 'model.onnx'), 'utf8')).toBe('one');
    expect(statSync(path.join(folder, 'model.onnx')).mode & 0o777).toBe(0o444);
    expect(at.registry.version('car-loan', 1)).toMatchObject({ status: 'READY', description: 'the first', tags: { team: 'risk' }, location: `mlflow-artifacts:/weights/${made.digest}`, user: 'Ana' });
    expect(at.ledger.entries()).toMatchObject([{ kind: 'registered', model: 'car-loan', version: 1, by: ana, facts: { digest: made.digest, description: 'the first', tags: { team: 'risk' } } }]);
    expect(await at.versions.facts('car-loan', 1)).toEqual(made.facts);
    expect(at.versions.here(made.facts)).toBe(true);
    expect(await at.versions.altered('car-loan', 1)).toEqual([]);
    expect(at.changed).toEqual([['car-loan']]);
  });

  it('with the same bytes again is the version that has them, and nothing is made', async () => {
    const at = lab();
    at.put('a.onnx', 'one');
    at.put('b/a.onnx', 'one');
    const first = await at.register({ file: 'a.onnx', description: 'x' });
    expect(await at.register({ file: 'b/a.onnx', description: 'other', licence: 'other' })).toEqual({ ...first, existing: true });
    expect(at.ledger.entries()).toHaveLength(1);
    expect(at.registry.versions('car-loan')).toHaveLength(1);
    expect(await at.register({ file: 'a.onnx', model: 'other' })).toMatchObject({ model: 'other', version: 1, existing: false, digest: first.digest });
    at.put('a.onnx', 'two');
    expect(await at.register({ file: 'a.onnx' })).toMatchObject({ version: 2, existing: false });
  });

  it('twice at once is one version', async () => {
    const at = lab();
    at.put('a.onnx', 'one');
    const both = await Promise.all([at.register({ file: 'a.onnx' }), at.register({ file: 'a.onnx' })]);
    expect(both.map(({ version, existing }) => [version, existing]).sort()).toEqual([[1, false], [1, true]]);
    expect(weights(at.workspace)).toEqual([both[0].digest]);
  });

  it('from a folder has all files in it by their paths, links within it as the files that they lead to', async () => {
    const at = lab();
    at.put('m/MLmodel', 'flavors: {}');
    at.put('m/data/weights.bin', 'w');
    at.put('m/__pycache__/x.pyc', 'c');
    symlinkSync('data/weights.bin', path.join(at.workspace, 'm', 'link.bin'));
    const { facts } = await at.register({ file: 'm' });
    expect(facts.files.map((one) => one.path)).toEqual(['MLmodel', 'data/weights.bin', 'link.bin']);
    expect(readFileSync(path.join(await at.versions.folder('car-loan', 1), 'link.bin'), 'utf8')).toBe('w');
  });

  it('from a run\'s artifact has the run, its code, its data and its environment', async () => {
    const at = lab();
    const run = at.run(1, { 'out/model.onnx': 'one', 'code.patch': 'diff' }, { datasets: [{ name: 'train.csv', digest: 'd1', role: 'train', rows: 10 }] });
    say(at.context.store, 1, { e: 'code', t: 1, code: { commit: 'c'.repeat(40), dirty: true, patch: 'code.patch' } }, { e: 'env', t: 1, env: { python: '3.12.1', packages: { numpy: '2.0', scikit: '1' } } });
    const { facts } = await at.register({ run: 'run-1', artifact: 'out/model.onnx' });
    expect(facts).toMatchObject({
      source: { kind: 'run', text: `runs:/${run}/out/model.onnx` }, run, code: { commit: 'c'.repeat(40), dirty: true, patch: expect.stringMatching(sha) as string },
      data: [{ name: 'train.csv', digest: 'd1', rows: 10, role: 'train' }], environment: { python: '3.12.1', packages: 2, digest: expect.stringMatching(sha) as string },
    });
    expect(readFileSync(path.join(at.workspace, '.runyard/registry/patches', `${facts.code.patch}.patch`), 'utf8')).toBe('diff');
    expect(at.registry.version('car-loan', 1)).toMatchObject({ run, source: `runs:/${run}/out/model.onnx` });
    // The same file by its path is known to be the run's.
    expect((await at.register({ model: 'b', file: `.runyard/runs/${run}/artifacts/out/model.onnx` })).facts.run).toBe(run);
    expect((await at.register({ model: 'c', file: `runs:/${run}/out/model.onnx` })).facts.run).toBe(run);
  });

  it('from a run whose experiment keeps its artifacts elsewhere is found there', async () => {
    const at = lab();
    const far = path.join(at.workspace, 'far away');
    at.context.store.createExperiment({ name: 'own', location: far, tags: {}, created: 1 });
    const run = at.run(3, {}, { experiment: 'own' });
    at.put(path.join(far, run, 'artifacts', 'm.onnx'), 'far');
    expect(await at.register({ run, artifact: 'm.onnx' })).toMatchObject({ version: 1, facts: { run, size: 3 } });
  });

  it('from an evaluation is the file that was evaluated, with its data', async () => {
    const at = lab({ evaluating: { ...noSignature, get: () => Promise.resolve(doc) } });
    at.put('m.onnx', 'one');
    const { facts: { files } } = await at.register({ model: 'x', file: 'm.onnx' });
    const doc = docOf(1, { model: { ...docOf(1).model, digest: files[0]?.digest ?? '' } });
    expect((await at.register({ evaluation: id(1) })).facts).toMatchObject({ source: { kind: 'evaluation', text: id(1) }, data: [{ name: 'test.csv', digest: 'data', rows: 100, role: 'evaluation' }] });
    at.put('m.onnx', 'another');
    expect(await failing(() => at.register({ evaluation: id(1) }))).toMatchObject({ code: 'conflict', message: expect.stringContaining('another file than the one that was evaluated') as string });
    doc.model.kind = 'command';
    doc.request.model = { command: ['python', 'x.py'] };
    expect(await failing(() => at.register({ evaluation: id(1) }))).toMatchObject({ code: 'unsupported' });
  });

  it('is of the workspace\'s code as it is, what the ledger adds to the tree aside', async () => {
    const at = lab();
    const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', ...args], { cwd: at.workspace, encoding: 'utf8' });
    at.put('train.py', 'print(1)\n');
    at.put('.gitignore', '*.onnx\n');
    git('init', '-q');
    git('add', '-A', '.gitignore', 'train.py');
    git('commit', '-qm', 'first');
    at.put('a.onnx', 'one');
    at.put('.runyard/ledger/a.jsonl', '{}\n');
    const clean = (await at.register({ file: 'a.onnx' })).facts.code;
    expect(clean).toEqual({ commit: git('rev-parse', 'HEAD').trim(), dirty: false, patch: null });
    at.put('train.py', 'print(2)\n');
    at.put('a.onnx', 'two');
    const dirty = (await at.register({ file: 'a.onnx' })).facts.code;
    expect(dirty).toMatchObject({ dirty: true, patch: expect.stringMatching(sha) as string });
    expect(readFileSync(path.join(at.workspace, '.runyard/registry/patches', `${dirty.patch}.patch`), 'utf8')).toContain('+print(2)');
  });

  it('has the signature of its file, and the files beside it that hold its weights', async () => {
    const seen: string[] = [];
    const signature = { inputs: [{ name: 'x', type: 'float32', shape: '? x 4' }], outputs: [], producer: 'skl2onnx 1' };
    const at = lab({ evaluating: { ...noSignature, signature: (file) => { seen.push(file); return Promise.resolve({ ...signature, external: ['w/a.bin'] }); } } });
    at.put('m.onnx', 'one');
    at.put('w/a.bin', 'w');
    const { facts } = await at.register({ file: 'm.onnx' });
    expect(facts).toMatchObject(signature);
    expect(facts.files.map((one) => one.path)).toEqual(['m.onnx', 'w/a.bin']);
    // Of the copy: the file itself may change meanwhile.
    expect(seen.at(-1)).toContain(path.join('.runyard', 'weights'));
  });

  it('and whose signature nobody can read for now has none, and says so in the log', async () => {
    const at = lab({ evaluating: { ...noSignature, signature: () => Promise.reject(new Error('the evaluator is gone')) } });
    at.put('m.bin', 'one');
    expect((await at.register({ file: 'm.bin' })).facts).toMatchObject({ inputs: [], outputs: [], producer: '' });
    expect(at.warnings.join()).toContain('the evaluator is gone');
  });
});

describe('a registration is refused', () => {
  it.each(['../x', 'x'.repeat(300), 'con', 'a/b', '.', ' a'])('for the name %j, with what a name may be', async (model) => {
    const at = lab();
    at.put('a.onnx');
    expect(await failing(() => at.register({ model, file: 'a.onnx' }))).toMatchObject({ code: 'bad_input', message: expect.stringContaining("can't be the name of a model") as string, hint: expect.stringContaining('take letters') as string });
    expect(weights(at.workspace)).toEqual([]);
  });

  it('without a source, with two, for what isn\'t there or can\'t be a model', async () => {
    const at = lab();
    at.put('a.onnx');
    const run = at.run(1, { 'out/a.onnx': 'x', 'b.txt': 'y' });
    mkdirSync(path.join(at.workspace, 'empty'));
    for (const args of [{}, { file: 'a.onnx', run }, { artifact: 'x' }, { file: 'a.onnx', artifact: 'x' }]) expect(await failing(() => at.register(args))).toMatchObject({ code: 'bad_input', hint: expect.stringContaining('give a file') as string });
    expect(await failing(() => at.register({ run }))).toMatchObject({ code: 'bad_input', hint: 'it has b.txt, out/a.onnx: give one, or the folder of some' });
    expect(await failing(() => at.register({ file: 'none.onnx' }))).toMatchObject({ code: 'not_found', message: expect.stringContaining('none.onnx') as string });
    expect(await failing(() => at.register({ run, artifact: 'none' }))).toMatchObject({ code: 'not_found' });
    expect(await failing(() => at.register({ run, artifact: '../spec.json' }))).toMatchObject({ code: 'refused' });
    expect(await failing(() => at.register({ run: 'nobody', artifact: 'x' }))).toMatchObject({ code: 'not_found' });
    expect(await failing(() => at.register({ file: 'empty' }))).toMatchObject({ code: 'bad_input', message: expect.stringContaining('is empty') as string });
    expect(await failing(() => at.register({ file: '.' }))).toMatchObject({ code: 'bad_input', message: expect.stringContaining('is a project') as string });
    expect(await failing(() => at.register({ file: 's3://bucket/m' }))).toMatchObject({ code: 'unsupported' });
    expect(at.ledger.entries()).toEqual([]);
    expect(at.registry.list()).toEqual([]);
    expect(weights(at.workspace)).toEqual([]);
  });

  it('for a link that leads out of the folder, or to a folder', async () => {
    const at = lab();
    at.put('secret.txt');
    at.put('m/a.onnx');
    symlinkSync('../secret.txt', path.join(at.workspace, 'm', 'b'));
    expect(await failing(() => at.register({ file: 'm' }))).toMatchObject({ code: 'refused', message: expect.stringContaining('leads out of the folder') as string });
    rmSync(path.join(at.workspace, 'm', 'b'));
    mkdirSync(path.join(at.workspace, 'm', 'd'));
    symlinkSync('d', path.join(at.workspace, 'm', 'e'));
    expect(await failing(() => at.register({ file: 'm' }))).toMatchObject({ code: 'refused', message: expect.stringContaining('is a link to a folder') as string });
    symlinkSync('f', path.join(at.workspace, 'm', 'f'));
    rmSync(path.join(at.workspace, 'm', 'e'));
    expect(await failing(() => at.register({ file: 'm' }))).toMatchObject({ code: 'refused' });
  });

  it('for a file that can\'t be read', async () => {
    const at = lab();
    chmodSync(at.put('a.onnx'), 0o000);
    expect(await withoutRights(() => failing(() => at.register({ file: 'a.onnx' })))).toMatchObject({ code: 'refused', message: expect.stringContaining("can't be read") as string });
  });

  it('for a file that changes while it is copied, and nothing of it stays', async () => {
    const at = lab();
    const file = at.put('a.onnx');
    truncateSync(file, 8 << 20);
    const grow = at.versions.register({ model: 'm', file: 'a.onnx', description: '', licence: '', tags: {} }, ana, { signal: new AbortController().signal, progress: (_, done) => { if (done === 1 << 20) writeFileSync(file, 'more', { flag: 'a' }); } });
    expect(await failing(() => grow)).toMatchObject({ code: 'conflict', message: 'a.onnx changed while it was copied' });
    const stop = new AbortController();
    const stopped = at.versions.register({ model: 'm', file: 'a.onnx', description: '', licence: '', tags: {} }, ana, { signal: stop.signal, progress: (_, done) => { if (done === 1 << 20) stop.abort(); } });
    expect(await failing(() => stopped)).toMatchObject({ code: 'cancelled' });
    expect(weights(at.workspace)).toEqual([]);
  });

  it('where the ledger can\'t be written: neither a model nor a version is left', async () => {
    const at = lab();
    at.put('a.onnx');
    at.ledger.fail = new Error('full');
    expect(await failing(() => at.register({ file: 'a.onnx' }))).toMatchObject({ message: 'full' });
    expect(at.registry.list()).toEqual([]);
    at.ledger.fail = undefined;
    expect(await at.register({ file: 'a.onnx' })).toMatchObject({ version: 1 });
    expect(existsSync(path.join(at.workspace, '.runyard/weights'))).toBe(true);
  });

  it('for an .onnx file that is none; a client\'s version is taken up all the same', async () => {
    const at = lab({ evaluating: { ...noSignature, signature: () => Promise.reject(new RunyardError('bad_input', 'm.onnx is no ONNX model')) } });
    at.put('m.onnx', 'version https://git-lfs.github.com/spec/v1');
    expect(await failing(() => at.register({ file: 'm.onnx' }))).toMatchObject({ code: 'bad_input', message: 'm.onnx is no ONNX model' });
    expect(at.registry.list()).toEqual([]);
    at.registry.create('theirs', { description: '', tags: {} });
    at.registry.addVersion('theirs', { ...plain, location: 'm.onnx' });
    expect(await at.versions.facts('theirs', 1)).toMatchObject({ inputs: [], source: { kind: 'mlflow' } });
  });

  it('for the name of a prompt', async () => {
    const at = lab();
    at.registry.create('hello', { description: '', tags: { 'mlflow.prompt.is_prompt': 'true' } });
    at.put('a.onnx');
    expect(await failing(() => at.register({ model: 'hello', file: 'a.onnx' }))).toMatchObject({ code: 'refused', message: expect.stringContaining('is a prompt') as string });
  });
});
