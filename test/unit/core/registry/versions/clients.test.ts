import { describe, expect, it } from 'vitest';
import { RunyardError } from '../../../../../src/core/base/errors';
import { registryClients, type PromoteFor, type RegistryClients } from '../../../../../src/core/registry/versions/clients';
import { followMove } from '../../../../../src/core/registry/versions/follow';
import { registering } from '../../../../../src/core/registry/versions/handlers';
import type { ModelDetail } from '../../../../../src/protocol/registry';
import { plain } from '../support';
import { ana, ben, failing, lab, type Lab } from './support';

const BOUND = 'registry:\n  environments: [staging, production]\n  aliases: {champion: production}\n';

interface Bound { at: Lab; clients: RegistryClients; asked: unknown[][]; promote(version: number, environment: string): void; answer: { why: string | null } }

/** Two versions of ours of car-loan; a promotion is written into the ledger and followed unless `answer` says why not. */
async function bound(yaml = BOUND): Promise<Bound> {
  const at = lab();
  at.config(yaml);
  for (const text of ['one', 'two']) {
    at.put('model.onnx', text);
    await at.register({ file: 'model.onnx' });
  }
  const asked: unknown[][] = [];
  const answer: { why: string | null } = { why: null };
  const promote = (version: number, environment: string): void => {
    at.ledger.append({ by: ana, kind: 'promoted', model: 'car-loan', version, environment, facts: {} });
    followMove(at.context.store.records, at.context.clock, { model: 'car-loan', version, environment }, at.context.loaded().config.registry);
  };
  const promoteFor: PromoteFor = (...args) => {
    asked.push(args);
    if (answer.why === null) promote(args[1], args[2]);
    return Promise.resolve(answer.why);
  };
  return { at, asked, answer, promote, clients: registryClients({ context: at.context, ledger: at.ledger, identity: () => Promise.resolve(ben), promoteFor }) };
}
const kinds = (at: Lab): string[] => at.ledger.entries().map(({ kind }) => kind);
const aliases = (at: Lab): Record<string, number> => at.registry.get('car-loan').aliases;

describe('an alias that follows an environment', () => {
  it('promotes where a client sets it', async () => {
    const { at, clients, asked } = await bound();
    await clients.setAlias('car-loan', 'champion', 2);
    expect(asked).toEqual([['car-loan', 2, 'production', ben]]);
    expect(aliases(at)).toEqual({ champion: 2 });
    // Live there already: nothing is asked.
    await clients.setAlias('car-loan', 'champion', 2);
    expect(asked).toHaveLength(1);
    expect(at.registry.version('car-loan', 2).stage).toBe('Production');
  });

  it('is refused with the reason where the gates refuse, and stays where it was', async () => {
    const { at, clients, answer, promote } = await bound();
    promote(1, 'production');
    answer.why = 'slice young got worse';
    expect(await failing(() => clients.setAlias('car-loan', 'champion', 2))).toMatchObject({ code: 'refused', message: expect.stringContaining('slice young got worse') as string });
    expect(await failing(() => clients.removeAlias('car-loan', 'champion'))).toMatchObject({ code: 'refused', message: expect.stringContaining('version 1 is live') as string });
    expect(aliases(at)).toEqual({ champion: 1 });
    expect(await failing(() => clients.setAlias('car-loan', 'champion', 9))).toMatchObject({ code: 'not_found' });
  });

  it('named by an environment that isn\'t there is any other alias', async () => {
    const { at, clients, asked } = await bound('registry:\n  environments: [live]\n  aliases: {champion: production}\n');
    await clients.setAlias('car-loan', 'champion', 2);
    await clients.removeAlias('car-loan', 'champion');
    expect([asked, kinds(at).slice(2)]).toEqual([[], ['alias', 'alias']]);
  });
});

describe('a stage that is called like an environment', () => {
  it('promotes where a client moves a version to it, if runyard.yaml lists it', async () => {
    const { at, clients, asked, answer } = await bound();
    await clients.move('car-loan', 1, { stage: 'Production', archive: false });
    await clients.move('car-loan', 2, { stage: 'Production', archive: false });
    expect(asked.map((args) => args.slice(1, 3))).toEqual([[1, 'production'], [2, 'production']]);
    expect([1, 2].map((version) => at.registry.version('car-loan', version).stage)).toEqual(['Archived', 'Production']);
    expect(aliases(at)).toEqual({ champion: 2 });
    answer.why = 'no approval';
    expect(await failing(() => clients.move('car-loan', 1, { stage: 'Staging', archive: false }))).toMatchObject({ code: 'refused', message: expect.stringContaining('no approval') as string });
    // What is live doesn't leave its stage by a word.
    expect(await failing(() => clients.move('car-loan', 2, { stage: 'Archived', archive: false }))).toMatchObject({ code: 'refused', message: expect.stringContaining('is live') as string });
    expect(at.registry.version('car-loan', 2).stage).toBe('Production');
  });

  it('is a stage and nothing else where no runyard.yaml says so', async () => {
    const { at, clients, asked } = await bound('');
    await clients.move('car-loan', 1, { stage: 'Production', archive: false });
    await clients.move('car-loan', 2, { stage: 'Production', archive: false });
    expect([asked, at.registry.version('car-loan', 1).stage]).toEqual([[], 'Production']);
    followMove(at.context.store.records, at.context.clock, { model: 'car-loan', version: 2, environment: 'staging' }, at.context.loaded().config.registry);
    expect(at.registry.version('car-loan', 2).stage).toBe('Production');
  });

  it('follows a move of ours; of a version without a record, nothing happens', async () => {
    const { at, promote } = await bound();
    promote(1, 'staging');
    promote(1, 'production');
    expect(at.registry.version('car-loan', 1).stage).toBe('Production');
    promote(2, 'production');
    promote(9, 'production');
    expect([1, 2].map((version) => at.registry.version('car-loan', version).stage)).toEqual(['Archived', 'Production']);
    expect(aliases(at)).toEqual({ champion: 2 });
  });
});

describe('a client that takes away', () => {
  it('a version that is live is refused; of another one the ledger is told', async () => {
    const { at, clients, promote } = await bound('');
    promote(1, 'production');
    expect(await failing(() => clients.removeVersion('car-loan', 1))).toMatchObject({ code: 'refused', message: 'car-loan version 1 is live in production' });
    expect(await failing(() => clients.removeModel('car-loan'))).toMatchObject({ code: 'refused' });
    await clients.removeVersion('car-loan', 2);
    expect(at.ledger.entries().at(-1)).toMatchObject({ kind: 'deleted', version: 2, by: ben });
    expect(at.versions.numbers('car-loan')).toEqual([1]);
    at.put('model.onnx', 'two');
    expect(await at.register({ file: 'model.onnx' })).toMatchObject({ version: 3, existing: false });
    promote(3, 'production');
    await clients.removeVersion('car-loan', 1);
    expect(await failing(() => clients.removeVersion('car-loan', 1))).toMatchObject({ code: 'not_found' });
  });

  it('a whole model leaves numbers that nobody gets again', async () => {
    const { at, clients } = await bound('');
    await clients.removeModel('car-loan');
    expect(kinds(at).slice(2)).toEqual(['deleted', 'deleted']);
    at.restart();
    expect(at.registry.list()).toEqual([]);
    at.registry.create('car-loan', { description: '', tags: {} });
    expect(clients.next('car-loan')).toBe(3);
    expect(at.registry.addVersion('car-loan', { ...plain, number: clients.next('car-loan') }).version).toBe(3);
    expect(await failing(() => at.registry.addVersion('car-loan', { ...plain, number: 3 }))).toMatchObject({ code: 'already_exists' });
  });

  it('or renames a model with a history is refused', async () => {
    const { at, clients } = await bound('');
    expect(await failing(() => clients.rename('car-loan', 'loan'))).toMatchObject({ code: 'refused', message: expect.stringContaining('ledger') as string });
    at.registry.create('free', { description: '', tags: {} });
    expect(clients.rename('free', 'other').name).toBe('other');
  });

  it('from a model that the ledger says nothing of leaves it silent', async () => {
    const { at, clients } = await bound('');
    at.registry.create('free', { description: '', tags: {} });
    at.registry.addVersion('free', plain);
    await clients.setAlias('free', 'a', 1);
    await clients.described('free', 1, { description: 'x' });
    await clients.removeVersion('free', 1);
    expect([kinds(at), clients.next('free')]).toEqual([['registered', 'registered'], undefined]);
  });
});

describe('the engine', () => {
  async function asked(yaml = BOUND): Promise<Bound & { on: ReturnType<typeof registering> }> {
    const here = await bound(yaml);
    const { at, answer, promote } = here;
    return { ...here, on: registering({
      context: at.context, ledger: at.ledger, versions: at.versions, identity: () => Promise.resolve(ben), detail: () => Promise.resolve({} as ModelDetail),
      promoteFor: (_, version, environment) => { if (answer.why === null) promote(version, environment); return Promise.resolve(answer.why); },
    }) };
  }

  it('registers for whom it is told, else for whom git knows', async () => {
    const { at, on } = await asked();
    at.put('model.onnx', 'three');
    expect(await on['registry.register']({ model: 'car-loan', file: 'model.onnx', description: '', licence: '', tags: {} })).toMatchObject({ version: 3, facts: { author: ben } });
    expect(await on['registry.register']({ model: 'x', file: 'model.onnx', description: '', licence: '', tags: {}, by: ana })).toMatchObject({ version: 1, facts: { author: ana } });
  });

  it('describes a version or the model, and never its files', async () => {
    const { at, on } = await asked();
    await on['registry.describe']({ model: 'car-loan', version: 'latest', description: 'better', setTags: { a: 'b' } });
    await on['registry.describe']({ model: 'car-loan', description: 'loans' });
    expect([at.registry.version('car-loan', 2).description, at.registry.get('car-loan').description]).toEqual(['better', 'loans']);
    expect(at.ledger.entries().slice(2)).toMatchObject([{ kind: 'described', version: 2, facts: { description: 'better', setTags: { a: 'b' } } }, { kind: 'described', version: null }]);
    expect(await failing(() => on['registry.describe']({ model: 'nobody', description: 'x' }))).toMatchObject({ code: 'not_found' });
  });

  it('sets and takes away aliases; one that follows an environment is a promotion', async () => {
    const { at, on, answer } = await asked();
    expect(await on['registry.alias']({ model: 'car-loan', alias: 'best', version: 'latest' })).toEqual({ aliases: { best: 2 } });
    expect(await on['registry.alias']({ model: 'car-loan', alias: 'best', version: null })).toEqual({ aliases: {} });
    expect(kinds(at).slice(2)).toEqual(['alias', 'alias']);
    expect(await on['registry.alias']({ model: 'car-loan', alias: 'champion', version: 1 })).toEqual({ aliases: { champion: 1 } });
    answer.why = 'too slow';
    expect(await failing(() => on['registry.alias']({ model: 'car-loan', alias: 'champion', version: 2 }))).toMatchObject({ code: 'refused', message: expect.stringContaining('too slow') as string });
    expect(await failing(() => on['registry.alias']({ model: 'car-loan', alias: 'champion', version: null }))).toMatchObject({ code: 'refused' });
    expect(await failing(() => on['registry.alias']({ model: 'car-loan', alias: 'v1', version: 1 }))).toBeInstanceOf(RunyardError);
    expect(await failing(() => on['registry.alias']({ model: 'car-loan', alias: 'production', version: 1 }))).toMatchObject({ code: 'bad_input', message: expect.stringContaining('the name of an environment') as string });
    expect(at.ledger.conflicts()).toEqual([]);
  });
});
