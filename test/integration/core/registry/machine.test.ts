/** Whatever people do in whatever order, and whenever the engine is ended: what is live, what the ledger says and what is on the disk are one. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunyardError } from '../../../../src/core/base/errors';
import { movesOf } from '../../../../src/core/registry/ledger/history';
import { registryClients } from '../../../../src/core/registry/versions/clients';
import { bundle } from '../../../support/bundle';
import { ana, ben, evaluate, MODEL, openLab, type Lab } from './moves-support';

const YAML = `registry:
  environments: [staging, production]
  edges:
    - {to: staging, gates: []}
    - {from: staging, to: production, gates: [{gate: metric, metric: accuracy, min: 0.8}, {gate: approval}]}
`;
const ENVIRONMENTS = ['staging', 'production'] as const;
type Environment = (typeof ENVIRONMENTS)[number];
interface Version { text: string; accuracy: number | null; approved: boolean; deleted: boolean }
/** What should be; `moved` are the versions that were live, oldest first. */
interface Model { versions: Version[]; moved: Record<Environment, number[]> }
interface Real { folder: string; lab: Lab }
type Command = fc.AsyncCommand<Model, Real>;

const liveIn = ({ moved }: Model, environment: Environment): number | null => moved[environment].at(-1) ?? null;
const previous = ({ moved }: Model, environment: Environment): number | null => moved[environment].findLast((version) => version !== moved[environment].at(-1)) ?? null;
/** 4 and 5: the one that can go to production, where there is one. */
const numberOf = (model: Model, at: number): number => (at > 3 ? liveIn(model, 'staging') : null) ?? (at % model.versions.length) + 1;
const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => '', (error: unknown) => {
  if (error instanceof RunyardError) return error.code;
  throw error;
});

function reopen(real: Real): void {
  const { evaluated } = real.lab;
  real.lab.dispose();
  real.lab = openLab(real.folder, { yaml: YAML });
  for (const [digest, doc] of evaluated) real.lab.evaluated.set(digest, doc);
}

/** After each step, whatever it was. */
async function check(model: Model, { folder, lab }: Real): Promise<void> {
  for (const environment of ENVIRONMENTS) {
    const live = liveIn(model, environment);
    expect(lab.live(environment)).toBe(live);
    const last = movesOf(lab.ledger.entries(), MODEL, environment).at(-1);
    const manifest = await lab.pointer(environment);
    expect(manifest && { version: manifest.version, entry: manifest.entry }).toEqual(live === null ? null : { version: live, entry: last?.hash });
    if (live !== null) expect(lab.served(environment)).toBe(model.versions[live - 1]?.text);
  }
  expect(lab.ledger.verify()).toMatchObject({ ok: true, faults: [], conflicts: [] });
  const needed = model.versions.flatMap(({ deleted }, at) => (!deleted || ENVIRONMENTS.some((one) => model.moved[one].includes(at + 1)) ? [at + 1] : []));
  for (const version of needed) expect(existsSync(path.join(folder, '.runyard', 'weights', (await lab.versions.facts(MODEL, version)).digest, 'model.bin'))).toBe(true);
}

const command = (name: string, can: (model: Model) => boolean, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: can, toString: () => name,
  async run(model, real) {
    await run(model, real);
    await check(model, real);
  },
});
const some = ({ versions }: Readonly<Model>): boolean => versions.length > 0;

const register = fc.nat(3).map((n) => command(`register text ${n}`, () => true, async (model, { lab }) => {
  const text = `text ${n}`;
  const before = model.versions.findIndex((one) => one.text === text && !one.deleted);
  const version = await lab.register(text);
  expect(version).toBe(before >= 0 ? before + 1 : model.versions.length + 1);
  if (before < 0) model.versions.push({ text, accuracy: null, approved: false, deleted: false });
}));

const evaluating = fc.tuple(fc.nat(5), fc.constantFrom(0.6, 0.9, 0.95)).map(([at, accuracy]) => command(`evaluate ${at}: ${accuracy}`, some, async (model, { lab }) => {
  const version = numberOf(model, at);
  await evaluate(lab, version, accuracy);
  const text = model.versions[version - 1]?.text;
  // Of the same bytes, so of every version that has them.
  for (const one of model.versions) if (one.text === text) one.accuracy = accuracy;
}));

const approve = fc.tuple(fc.nat(5), fc.constantFrom(true, false, false)).map(([at, own]) => command(`approve ${at}${own ? ' as its author' : ''}`, some, async (model, { lab }) => {
  const version = numberOf(model, at);
  const one = model.versions[version - 1];
  const code = await codeOf(lab.approve(version, 'production', own ? ana : ben));
  expect(code).toBe(one?.deleted ? 'not_found' : own ? 'refused' : '');
  if (one && code === '') one.approved = true;
}));

function expected(model: Model, version: number, environment: Environment): 'promoted' | 'blocked' | 'not_found' | 'already_exists' | 'refused' {
  const one = model.versions[version - 1];
  if (!one || one.deleted) return 'not_found';
  if (liveIn(model, environment) === version) return 'already_exists';
  if (environment === 'staging') return 'promoted';
  if (liveIn(model, 'staging') !== version) return 'refused';
  return one.approved && (one.accuracy ?? 0) > 0.8 ? 'promoted' : 'blocked';
}

const promote = fc.tuple(fc.nat(5), fc.constantFrom(...ENVIRONMENTS), fc.constantFrom(true, false, false)).map(([at, environment, force]) => command(`promote ${at} to ${environment}${force ? ' by force' : ''}`, some, async (model, { lab }) => {
  const version = numberOf(model, at);
  const wanted = expected(model, version, environment);
  const answer = await lab.promote(version, { to: environment, force, reason: force ? 'it has to be now' : '' }).catch((error: unknown) => {
    if (error instanceof RunyardError) return error.code;
    throw error;
  });
  if (typeof answer === 'string') expect(answer).toBe(wanted);
  else {
    expect({ promoted: answer.promoted, forced: answer.forced }).toEqual({ promoted: wanted === 'promoted' || force, forced: wanted === 'blocked' && force });
    if (answer.promoted) model.moved[environment].push(version);
  }
}));

/** All that it takes, one after the other: random steps seldom come together. */
const ship = fc.nat(3).map((n) => command(`ship text ${n}`, () => true, async (model, real) => {
  const { lab } = real;
  const version = await lab.register(`text ${n}`);
  if (version > model.versions.length) model.versions.push({ text: `text ${n}`, accuracy: null, approved: false, deleted: false });
  if (expected(model, version, 'staging') === 'promoted') {
    expect(await lab.promote(version, { to: 'staging' })).toMatchObject({ promoted: true });
    model.moved.staging.push(version);
    await check(model, real);
  }
  await evaluate(lab, version, 0.9);
  for (const one of model.versions) if (one.text === `text ${n}`) one.accuracy = 0.9;
  await lab.approve(version);
  Object.assign(model.versions[version - 1] ?? {}, { approved: true });
  if (expected(model, version, 'production') !== 'promoted') return;
  expect(await lab.promote(version)).toMatchObject({ promoted: true, forced: false });
  model.moved.production.push(version);
}));

const rollback = fc.constantFrom(...ENVIRONMENTS).map((environment) => command(`roll back ${environment}`, () => true, async (model, { lab }) => {
  const to = previous(model, environment);
  expect(await codeOf(lab.rollback({ environment }))).toBe(to === null ? 'refused' : '');
  if (to !== null) model.moved[environment].push(to);
}));

const remove = fc.nat(5).map((at) => command(`delete ${at}`, some, async (model, { lab }) => {
  const version = numberOf(model, at);
  const one = model.versions[version - 1];
  const clients = registryClients({ context: lab.context, ledger: lab.ledger, identity: () => Promise.resolve(ana), promoteFor: () => Promise.resolve(null) });
  const live = ENVIRONMENTS.some((environment) => liveIn(model, environment) === version);
  if (one?.deleted) return;
  expect(await codeOf(clients.removeVersion(MODEL, version))).toBe(live ? 'refused' : '');
  if (one && !live) one.deleted = true;
}));

const collect = fc.constant(command('gc', () => true, async (_, { lab }) => {
  expect((await lab.versions.collect(false)).why).toBe('');
}));

const restart = fc.constant(command('restart', () => true, async (_, real) => {
  reopen(real);
  await real.lab.moves.reconcile();
}));

const script = bundle('test/integration/core/registry/kill-child.ts');
const BEFORE = ['checked', 'golden', 'prepared', 'sealed'];
const kill = fc.tuple(fc.nat(5), fc.constantFrom(...BEFORE, 'committed', 'swapped', 'swept')).map(([at, step]) => command(`kill while ${at} is promoted to staging, at '${step}'`, (model) => some(model) && expected(model, (at % model.versions.length) + 1, 'staging') === 'promoted', async (model, real) => {
  const version = (at % model.versions.length) + 1;
  const child = spawnSync(process.execPath, [script, real.folder, 'once', step, String(version), 'staging'], { encoding: 'utf8' });
  expect(child.signal, child.stdout + child.stderr).toBe('SIGKILL');
  reopen(real);
  await real.lab.moves.reconcile();
  if (!BEFORE.includes(step)) model.moved.staging.push(version);
}));

test('one version is live in each environment, the chain is whole, pointers say what the ledger says last, and nothing that is needed is collected', async () => {
  const commands = fc.commands([register, register, evaluating, evaluating, approve, approve, promote, promote, promote, promote, promote, rollback, rollback, ship, ship, ship, remove, collect, restart, kill], { maxCommands: 40, size: 'max' });
  await fc.assert(fc.asyncProperty(commands, async (list) => {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-machine-')));
    const real: Real = { folder, lab: openLab(folder, { yaml: YAML }) };
    try {
      await fc.asyncModelRun(() => ({ model: { versions: [], moved: { staging: [], production: [] } }, real }), list);
    } finally {
      real.lab.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  }), { numRuns: 20, endOnFailure: true });
}, 120_000);
