/** A workspace whose models are promoted and rolled back: real store, ledger, files, gates and programs. What a model says is made from its bytes, so that no evaluator has to start. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Disposable } from '../../../../src/core/base/disposable';
import { RunyardError } from '../../../../src/core/base/errors';
import type { Log } from '../../../../src/core/base/log';
import { parseConfig } from '../../../../src/core/config/load';
import { approving } from '../../../../src/core/registry/approvals/handlers';
import { createGates } from '../../../../src/core/registry/gates/gate';
import { liveAt } from '../../../../src/core/registry/ledger/history';
import { openLedger } from '../../../../src/core/registry/ledger/log';
import { readPointer, type Manifest } from '../../../../src/core/registry/live/pointer';
import { moving, type Moves } from '../../../../src/core/registry/moves/moving';
import type { MoveStep } from '../../../../src/core/registry/moves/parts';
import type { Evaluating, Golden, Ledger, RegistryContext } from '../../../../src/core/registry/types';
import { followMove } from '../../../../src/core/registry/versions/follow';
import { createVersions, type VersionsService } from '../../../../src/core/registry/versions/versions';
import { openStore } from '../../../../src/core/store/open';
import type { Store } from '../../../../src/core/store/store';
import type { EvaluationDoc } from '../../../../src/protocol/evaluation/result';
import { registerParams, registryMethods, type Person, type Promotion, type RegistryEvents, type Rollback } from '../../../../src/protocol/registry';
import { sampleEvaluation } from '../../../support/evaluation-doc';

export const ana: Person = { name: 'Ana', email: 'ana@example.org' };
export const ben: Person = { name: 'Ben', email: 'ben@example.org' };
export const unwatched = { signal: new AbortController().signal, progress: () => undefined };
export const MODEL = 'car loan';

export interface LabOptions { yaml?: string; log?: Log; evaluating?: Partial<Evaluating>; step?: (step: MoveStep) => void; clock?: () => number; /** stops what is asked */ signal?: AbortSignal; grace?: number }
export interface Lab extends Disposable {
  workspace: string; context: RegistryContext; store: Store; ledger: Ledger; versions: VersionsService; moves: Moves; attention: RegistryEvents['attention'][]; changed: string[][];
  /** figures that evaluations have, by the model's bytes */
  evaluated: Map<string, EvaluationDoc>;
  config(yaml: string): void;
  /** A version with one file of these bytes. */
  register(text: string | Buffer, by?: Person): Promise<number>;
  approve(version: number, to?: string, by?: Person): Promise<unknown>;
  promote(version: number, rest?: Partial<Parameters<Moves['registry.promote']>[0]>): Promise<Promotion>;
  rollback(rest?: Partial<Parameters<Moves['registry.rollback']>[0]>): Promise<Rollback>;
  live(environment?: string): number | null;
  pointer(environment?: string): Promise<Manifest | null>;
  /** What a serving process reads: the model's bytes. */
  served(environment?: string): string;
}

/** No gates: what is tested is the move. */
export const OPEN = 'registry:\n  environments: [staging, production]\n  edges:\n    - {to: staging, gates: []}\n    - {to: production, gates: []}\n';

/** Two hooks, each of which writes its name and whether it is run again; `failing`: the second fails, and wants the way back. */
export const hooked = (failing = false): string => {
  const hook = (name: string, more: string): string => `{name: ${name}, command: ${JSON.stringify([process.execPath, '-e', `require('fs').appendFileSync('hooks.txt', '${name}' + process.env.RUNYARD_RESUMED + ' ');${more}`])}, onFailure: rollback}`;
  return `registry:\n  environments:\n    production:\n      onPromote: [${hook('one', '')}, ${hook('two', failing ? 'process.exit(1)' : '')}]\n  edges: [{to: production, gates: []}]\n`;
};

export function openLab(folder: string, { yaml = OPEN, log, evaluating = {}, step, signal, grace = 0, clock = () => Date.now() / 1000 }: LabOptions = {}): Lab {
  mkdirSync(folder, { recursive: true });
  const workspace = realpathSync(folder);
  const quiet: Log = log ?? { info: () => undefined, warn: () => undefined, error: () => undefined };
  const store = openStore({ dir: path.join(workspace, '.runyard'), log: quiet, clock });
  let loaded = { file: 'runyard.yaml', ...parseConfig(yaml, 'runyard.yaml') };
  const attention: RegistryEvents['attention'][] = [];
  const changed: string[][] = [];
  const context: RegistryContext = { workspace, store, clock, log: quiet, loaded: () => loaded, changed: (models) => { changed.push(models); }, attention: (what) => { attention.push(what); } };
  const ledger = openLedger(context);
  const evaluated = new Map<string, EvaluationDoc>();
  const all = { ...cheap(workspace, evaluated), ...evaluating };
  const identity = (given?: Person): Promise<Person> => Promise.resolve(given ?? ana);
  const versions = createVersions(context, ledger, all, identity);
  const gates = createGates(context, { ledger, versions, evaluating: all, checkCard: () => Promise.reject(new RunyardError('not_found', 'no card', '')) });
  const moves = moving(context, {
    ledger, versions, gates, evaluating: all, identity, grace, ...(step && { step }), ...(signal && { jobs: { run: (_, __, work) => work({ signal, progress: () => undefined }) } }),
    followMove: (move) => followMove(store.records, clock, move, context.loaded().config.registry),
  });
  const words = approving(context, { ledger, versions, identity });
  let made = 0;
  const place = (environment: string) => ({ root: path.join(workspace, '.runyard', 'models'), model: MODEL, environment });
  return {
    workspace, context, store, ledger, versions, moves, attention, changed, evaluated,
    config(text) { loaded = { file: 'runyard.yaml', ...parseConfig(text, 'runyard.yaml') }; },
    async register(text, by = ana) {
      const file = path.join(workspace, `made-${process.pid}-${made++}`, 'model.bin');
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
      return (await versions.register(registerParams.parse({ model: MODEL, file }), by, unwatched)).version;
    },
    approve: (version, to = 'production', by = ben) => words['registry.approve'](registryMethods['registry.approve'].parse({ model: MODEL, version, to, comment: 'looks right to me', by })),
    promote: (version, rest = {}) => moves['registry.promote'](registryMethods['registry.promote'].parse({ model: MODEL, version, to: 'production', job: `promote ${version}`, ...rest })),
    rollback: (rest = {}) => moves['registry.rollback'](registryMethods['registry.rollback'].parse({ model: MODEL, environment: 'production', job: 'rollback', ...rest })),
    live: (environment = 'production') => liveAt(ledger.entries(), { model: MODEL, environment })?.version ?? null,
    pointer: (environment = 'production') => readPointer(place(environment)),
    served: (environment = 'production') => readFileSync(path.join(place(environment).root, MODEL, environment, 'model.bin'), 'utf8'),
    dispose() {
      moves.dispose();
      ledger.dispose();
      store.dispose();
    },
  };
}

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(statSync(file).isDirectory() ? path.join(file, 'model.bin') : file)).digest('hex');

/** Predictions are the first figures of the model's digest, unless a file beside the workspace's store says that this machine reckons otherwise. */
function cheap(workspace: string, evaluated: ReadonlyMap<string, EvaluationDoc>): Evaluating {
  const none = (): never => { throw new RunyardError('not_found', 'there is no such evaluation', 'evaluate it'); };
  const said = (file: string): Golden['predictions'] => [{ label: '1', scores: [parseInt(digestOf(file).slice(0, 8), 16) / 2 ** 32 + (existsSync(path.join(workspace, 'other-machine')) ? 0.1 : 0)] }];
  return {
    run: async ({ request }) => {
      const [, version = ''] = /\/(\d+)$/.exec((request?.['model'] as { registered: string }).registered) ?? [];
      return { evaluation: evaluated.get(kept.get(keyOf(workspace, Number(version))) ?? '') ?? none(), kept: true } as never;
    },
    list: () => [...evaluated].map(([digest, { id, created }]) => ({ id, created, modelDigest: digest }) as never),
    get: async (id) => [...evaluated.values()].find((one) => one.id === id) ?? none(),
    signature: () => Promise.resolve(null),
    drift: () => Promise.resolve([]),
    probe: async ({ file, replay, record }) => {
      const predictions = said(file);
      const golden: Golden = { format: 1, columns: ['x'], rows: [[1]], types: { x: 'float' }, mapping: { inputs: {} }, label: null, predictions, synthetic: false, recorded: 1 };
      const same = JSON.stringify(replay?.predictions) === JSON.stringify(predictions);
      return { golden: record === undefined ? null : golden, differing: replay ? (same ? [] : [{ row: 0, was: '1', now: '2' }]) : null, latency: null };
    },
  };
}

/** By workspace and version: the digest of the version's first file. */
const kept = new Map<string, string>();
const keyOf = (workspace: string, version: number): string => `${workspace}/${version}`;
/** Says which evaluation a version has: its accuracy, with an interval; `more` goes over the rest of it. */
export async function evaluate(lab: Lab, version: number, accuracy: number, more: (doc: EvaluationDoc) => Partial<EvaluationDoc> = () => ({})): Promise<void> {
  const [file] = (await lab.versions.facts(MODEL, version)).files;
  kept.set(keyOf(lab.workspace, version), file?.digest ?? '');
  const doc = sampleEvaluation();
  lab.evaluated.set(file?.digest ?? '', {
    ...doc, id: createHash('sha256').update(`${version} ${accuracy}`).digest('hex').slice(0, 32), slices: [], pinned: [],
    overall: { ...doc.overall, figures: { ...doc.overall.figures, accuracy }, intervals: { accuracy: { low: accuracy - 0.01, high: accuracy + 0.01, method: 'wilson' } } }, ...more(doc),
  });
}
