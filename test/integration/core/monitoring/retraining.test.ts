/** Retrainings through a real engine: real runs, real models, real evaluations. One workspace for all of them: starting is most of the time. */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineClient } from '../../../../src/engine/client/client';
import { until } from '../../../support/until';
import { bundles, lab, type Lab } from '../../engine/support';
import { ended, goLive, latest, prepare, ROWS, yamlOf } from './retraining-support';

const base = 'model: score@production, window: 30d, holdout: 5d';
const YAML = yamlOf(`  plain: {${base}, experiment: fit}
  forgets: {${base}, experiment: fit, evaluation: old}
  moves: {${base}, experiment: fit, promoteTo: production}
  fails: {${base}, experiment: fails}
  nothing: {${base}, experiment: nothing}
  slow: {${base}, experiment: fit, budget: {minutes: 0.01}}
  short: {model: score@production, experiment: fit, window: 2d, holdout: 1d}
  unheard: {${base}, experiment: fit, evaluation: odl}
  lost: {${base}, experiment: fitt}
`);
let here: Lab;
let client: EngineClient;
beforeAll(async () => {
  here = lab((await bundles()).engine);
  prepare(here.workspace, YAML);
  client = await here.connect();
  await goLive(client);
});
afterAll(() => here.dispose());

describe('a retraining that is asked for', () => {
  test('says what went wrong: a run that fails, one that leaves no model, too few rows, an experiment that is not there', async () => {
    const { opened: [alert] } = await client.request('monitors.run', { job: 'watch', monitors: ['daily'] });
    await client.request('retraining.run', { name: 'fails', alert: alert?.id ?? '' });
    for (const name of ['nothing', 'short']) await client.request('retraining.run', { name });
    await expect(client.request('retraining.run', { name: 'lost' })).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining("no experiment 'fitt'") as string });
    await expect(client.request('retraining.run', { name: 'unheard' })).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining("no evaluation 'odl': did you mean 'old'?") as string });
    expect((await client.request('retraining.list')).retrainings.find(({ name }) => name === 'unheard')?.problem).toMatch(/no evaluation 'odl'/);
    expect(await ended(client, 'fails')).toMatchObject({ state: 'failed', text: expect.stringMatching(/its run .* failed: .*runyard logs/) as string });
    expect(await ended(client, 'nothing')).toMatchObject({ state: 'failed', text: expect.stringContaining('no .onnx file') as string });
    expect(await ended(client, 'short')).toMatchObject({ state: 'held', run: null, text: expect.stringContaining('labelled rows to train on') as string });
  });

  test('is stopped where its run would take more minutes than the budget has', async () => {
    writeFileSync(path.join(here.workspace, 'wait'), '');
    await client.request('retraining.run', { name: 'slow' });
    const stopped = await ended(client, 'slow');
    expect(stopped).toMatchObject({ state: 'failed', text: 'its run was stopped: the budget of 0.01 minutes a week is used' });
    expect((await client.request('runs.get', { run: stopped.run ?? '' })).state).toBe('stopped');
  });

  test('goes on where it was after kill -9 of the engine: the run goes on, and is taken up to its end, once', async () => {
    const { id } = await client.request('retraining.run', { name: 'plain', reason: 'the world moved' });
    const run = await until('the run to begin', async () => {
      const last = await latest(client, 'plain');
      return last?.run != null && (await client.request('runs.get', { run: last.run })).state === 'running' ? last.run : null;
    }, 20_000);
    // Begun after it: one run at a time, and this one waits.
    await client.request('retraining.run', { name: 'forgets' });
    const before = here.enginePid();
    process.kill(before, 'SIGKILL');
    writeFileSync(path.join(here.workspace, 'go'), '');
    await until('another engine', () => client.state === 'connected' && client.hello.pid !== before);
    expect(await ended(client, 'plain')).toMatchObject({ id, run, state: 'registered', version: 2 });
    expect((await client.request('runs.search', { filter: `tags.\`runyard.retraining\` = '${id}'` })).total).toBe(1);
    expect(existsSync(path.join(here.workspace, '.runyard', 'retraining', id, 'holdout.parquet'))).toBe(true);
  });

  test('trains on the window without its freshest part, beats what is live on that part, and waits for a person', async () => {
    const done = await ended(client, 'plain');
    expect(done).toMatchObject({ trigger: 'by hand', reason: 'the world moved', version: 2, old: null, fresh: { metric: 'mae', word: 'better', n: 120 } });
    expect(done.text).toMatch(/better than version 1 on the freshest labelled rows: .* waits for a person/);
    const { text } = await client.request('runs.log', { run: done.run ?? '' });
    const told = JSON.parse(text.trim().split('\n').at(-1) ?? '') as { rows: number; from: string; to: string; told: string[] };
    expect(told).toMatchObject({ rows: ROWS - 120, told: [] });
    expect([Date.parse(told.from), Date.parse(told.to)]).toEqual([done.window.from, done.window.to]);
    const { row } = await client.request('registry.version', { model: 'score', version: 2 });
    expect(row).toMatchObject({ live: [], run: done.run, tags: { 'runyard.retraining': done.id, 'runyard.trigger': 'by hand' } });
  });

  test('within its cool-down is held, and told why; forced it wants a reason', async () => {
    expect(await client.request('retraining.run', { name: 'plain' })).toMatchObject({ state: 'held', text: expect.stringContaining('cool-down') as string });
    await expect(client.request('retraining.run', { name: 'plain', force: true })).rejects.toMatchObject({ code: 'bad_input' });
    await expect(client.request('retraining.run', { name: 'plane' })).rejects.toMatchObject({ code: 'not_found', hint: "did you mean 'plain'?" });
  });

  test('is rejected where it has forgotten what it knew', async () => {
    expect(await ended(client, 'forgets')).toMatchObject({ state: 'rejected', fresh: { word: 'better' }, old: { word: 'worse', n: 200 }, text: expect.stringContaining('forgotten') as string });
  });

  test('is promoted by itself only where runyard.yaml says so and the gates pass', async () => {
    expect((await client.request('registry.at', { model: 'score', environment: 'production', time: Date.now() })).version).toBe(1);
    await client.request('retraining.run', { name: 'moves' });
    expect(await ended(client, 'moves')).toMatchObject({ state: 'promoted', version: 2 });
    expect((await client.request('registry.at', { model: 'score', environment: 'production', time: Date.now() })).version).toBe(2);
  });

  test('is begun by a trigger that comes true, with nobody asking, and not again within its cool-down', async () => {
    appendFileSync(path.join(here.workspace, 'runyard.yaml'), `  auto: {${base}, experiment: nothing, triggers: [{on: labels, count: 400}]}\n`);
    expect(await ended(client, 'auto')).toMatchObject({ trigger: '400 new labels', reason: `${ROWS} labels came`, state: 'failed' });
    appendFileSync(path.join(here.workspace, 'runyard.yaml'), '# looked at again\n');
    const row = await until('it to be looked at', async () => (await client.request('retraining.list')).retrainings.find(({ name }) => name === 'auto'));
    expect(row).toMatchObject({ used: { runs: 1 }, runs: [{ state: 'failed' }] });
    expect(row.coolDown).toBeGreaterThan(Date.now());
  });

  test('from an alert is told among its events, and so is what came of it', async () => {
    const { alerts: [alert] } = await client.request('alerts.list', { monitor: 'daily' });
    const { events } = await client.request('alerts.get', { alert: alert?.id ?? '' });
    expect(events.filter(({ what }) => what === 'retraining').map(({ text }) => text).join('\n')).toMatch(/fails was begun: a person asked[^]*fails: failed: its run/);
  });
});

describe('a back-test', () => {
  test('replays the log under each policy, with trees that stand in', async () => {
    const doc = await client.request('retraining.backtest', { job: 'try', name: 'plain', policies: ['weekly', 'never'] });
    expect(doc).toMatchObject({ name: 'plain', metric: 'mae', goal: 'minimize', rows: ROWS, policies: [{ policy: 'weekly', retrainings: 1 }, { policy: 'never', retrainings: 0, minutes: 0 }] });
    expect(doc.notes.join(' ')).toMatch(/stand in/);
    expect(doc.policies[1]?.windows.at(-1)?.to).toBe(doc.to);
    await expect(client.request('retraining.backtest', { job: 'other', name: 'plain', policies: ['weakly'] })).rejects.toMatchObject({ code: 'bad_input', hint: "did you mean 'weekly'?" });
  });

  test('with run it runs the experiment itself, whose model is better than any stand-in', async () => {
    const doc = await client.request('retraining.backtest', { job: 'really', name: 'plain', policies: ['never'], run: true });
    expect(doc.policies[0]?.quality).toBeLessThan(0.05);
    expect((await client.request('runs.search', { filter: "tags.`runyard.backtest` LIKE 'really%'" })).rows).toMatchObject([{ experiment: 'fit (back-test)', state: 'finished' }]);
    expect(existsSync(path.join(here.workspace, '.runyard', 'retraining', 'backtest-really'))).toBe(false);
  });
});
