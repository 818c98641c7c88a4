/**
 * A model of 50 MB: registered, promoted and rolled back by the engine's own parts, with the evaluator beside them: npm run bench -- registry [--small].
 * Prints a line each, then one JSON document. The target is the roll back: under 2 s from the click.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import protobuf from 'protobufjs/light';
import { parseConfig } from '../src/core/config/load';
import { RunyardError } from '../src/core/base/errors';
import { createEvaluator } from '../src/core/evaluation/process/evaluator';
import { createGates } from '../src/core/registry/gates/gate';
import { openLedger } from '../src/core/registry/ledger/log';
import { moving } from '../src/core/registry/moves/moving';
import type { Evaluating, RegistryContext } from '../src/core/registry/types';
import { createVersions } from '../src/core/registry/versions/versions';
import { openStore } from '../src/core/store/open';
import { registerParams, registryMethods, type Person } from '../src/protocol/registry';

const { values: options } = parseArgs({ options: { small: { type: 'boolean', default: false } }, allowPositionals: true });
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-bench-')));
const report: Record<string, unknown> = {};
const short = (value: number): number => Number(value.toPrecision(3));
function line(name: string, seconds: readonly number[], more: Record<string, unknown> = {}): void {
  const sorted = [...seconds].sort((a, b) => a - b);
  const [median = NaN, worst = NaN] = [sorted[sorted.length >> 1], sorted.at(-1)];
  report[name] = { median: short(median), worst: short(worst), times: sorted.length, ...more };
  console.log(`${name}: median ${short(median)} s, worst ${short(worst)} s of ${sorted.length} ${JSON.stringify(more)}`);
}

type Fields = [id: number, value: number | string | Uint8Array][];
/** Fields of a message as onnx.proto3 numbers them. */
function message(...fields: Fields): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [id, value] of fields) {
    if (typeof value === 'number') writer.uint32(id << 3).int64(value);
    else if (typeof value === 'string') writer.uint32((id << 3) | 2).string(value);
    else writer.uint32((id << 3) | 2).bytes(value);
  }
  return writer.finish();
}
const FLOAT = 1;
const tensorType = (name: string, wide: number): Uint8Array => message([1, name], [2, message([1, message([1, FLOAT], [2, message([1, message([2, 'N'])], [1, message([1, wide])])])])]);
const node = (op: string, inputs: readonly string[], output: string): Uint8Array => message(...inputs.map((one): [number, string] => [1, one]), [2, output], [4, op]);

/** Layers of weights from a seeded generator: 10 features, two probabilities, as many bytes as wanted. */
function network(megabytes: number, seed: number): Uint8Array {
  const hidden = Math.round((Math.sqrt(4 + megabytes * 250_000 * 4) - 2) / 2);
  let state = seed;
  const weights = (rows: number, columns: number, name: string): Uint8Array => {
    const values = Float32Array.from({ length: rows * columns }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state / 2 ** 32 - 0.5) / Math.sqrt(rows);
    });
    return message([1, rows], [1, columns], [2, FLOAT], [8, name], [9, new Uint8Array(values.buffer)]);
  };
  const graph = message(
    [1, node('MatMul', ['features', 'w1'], 'h1')], [1, node('Relu', ['h1'], 'r1')], [1, node('MatMul', ['r1', 'w2'], 'h2')], [1, node('Relu', ['h2'], 'r2')], [1, node('MatMul', ['r2', 'w3'], 'h3')], [1, node('Softmax', ['h3'], 'probabilities')],
    [2, 'bench'], [5, weights(10, hidden, 'w1')], [5, weights(hidden, hidden, 'w2')], [5, weights(hidden, 2, 'w3')], [11, tensorType('features', 10)], [12, tensorType('probabilities', 2)],
  );
  return message([1, 8], [2, 'bench'], [7, graph], [8, message([1, ''], [2, 13])]);
}

const YAML = 'registry:\n  environments: [production]\n  edges: [{to: production, gates: []}]\n';
const me: Person = { name: 'Bench', email: 'bench@example.org' };
const watching = { signal: new AbortController().signal, progress: () => undefined };

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { seconds: (performance.now() - started) / 1000, result };
}

async function main(): Promise<void> {
  const dir = path.join(folder, '.runyard');
  mkdirSync(dir);
  const log = { info: () => undefined, warn: (text: string) => console.error(text), error: (text: string, cause: unknown) => console.error(text, cause) };
  const clock = (): number => Date.now() / 1000;
  const store = openStore({ dir, log, clock });
  const loaded = { file: 'runyard.yaml', ...parseConfig(YAML, 'runyard.yaml') };
  const context: RegistryContext = { workspace: folder, store, log, clock, loaded: () => loaded, changed: () => undefined, attention: () => undefined };
  const ledger = openLedger(context);
  const evaluator = createEvaluator({ script: path.join(__dirname, 'evaluator.js'), log });
  const none = (): never => { throw new RunyardError('not_found', 'there is no evaluation', ''); };
  const evaluating: Evaluating = {
    run: none, get: none, list: () => [], drift: none, signature: (file) => evaluator.ask('signature', { workspace: folder, file }),
    probe: (params, watch) => evaluator.ask('probe', { workspace: folder, temp: folder, ...params }, watch),
  };
  const identity = (): Promise<Person> => Promise.resolve(me);
  const versions = createVersions(context, ledger, evaluating, identity);
  const gates = createGates(context, { ledger, versions, evaluating, checkCard: none });
  const moves = moving(context, { ledger, versions, gates, evaluating, identity, followMove: () => undefined });
  const promote = (version: number) => moves['registry.promote'](registryMethods['registry.promote'].parse({ model: 'net', version, to: 'production', job: 'bench' }));
  const rollback = () => moves['registry.rollback'](registryMethods['registry.rollback'].parse({ model: 'net', environment: 'production', job: 'bench' }));
  const megabytes = options.small ? 5 : 50;
  const times = options.small ? 3 : 9;
  try {
    const registered: number[] = [];
    for (const seed of [1, 2]) {
      const file = path.join(folder, `net-${seed}.onnx`);
      writeFileSync(file, network(megabytes, seed));
      registered.push((await timed(() => versions.register(registerParams.parse({ model: 'net', file }), me, watching))).seconds);
    }
    const bytes = statSync(path.join(folder, 'net-1.onnx')).size;
    line(`register a model of ${megabytes} MB`, registered, { bytes });
    const promoted: number[] = [];
    for (const version of [1, 2]) promoted.push((await timed(() => promote(version))).seconds);
    line(`promote it, with 100 golden rows and 50 timed calls`, promoted);
    const back: number[] = [];
    for (let turn = 0; turn < times; turn++) {
      const { seconds, result } = await timed(rollback);
      if (result.checks.some(({ outcome }) => outcome !== 'pass')) throw new Error(JSON.stringify(result.checks));
      back.push(seconds);
    }
    line(`roll back a model of ${megabytes} MB: digest, load, 100 golden rows, copy, switch`, back, { target: 2, met: Math.max(...back) < 2 });
    evaluator.dispose();
    const cold = createEvaluator({ script: path.join(__dirname, 'evaluator.js'), log });
    evaluating.probe = (params, watch) => cold.ask('probe', { workspace: folder, temp: folder, ...params }, watch);
    line(`... the first one, which starts the evaluator's process`, [(await timed(rollback)).seconds], { target: 2 });
    cold.dispose();
    console.log(JSON.stringify({ machine: cpus()[0]?.model, cores: cpus().length, load: short(loadavg()[0] ?? 0), node: process.version, disk: disk(), date: new Date().toISOString().slice(0, 10), ...report }, null, 1));
  } finally {
    moves.dispose();
    evaluator.dispose();
    ledger.dispose();
    store.dispose();
  }
}

/** The file system that was written to, where the system says it. */
function disk(): string | null {
  try {
    return execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim();
  } catch {
    return null; // no GNU stat here
  }
}

main().finally(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
