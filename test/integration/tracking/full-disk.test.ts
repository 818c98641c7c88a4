/** A disk that fills up while a run logs: a small tmpfs in a mount namespace of its own, so that no rights are needed for it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundle } from '../../support/bundle';
import { until } from '../../support/until';
import { launchIn, PYTHON_PATH, supervisorPath } from './support';

const NAMESPACE = [['-m'], ['-rm']].find((how) => spawnSync('unshare', [...how, 'true']).status === 0);
interface Seen { state: string; reason: string; count: number; notices: string[]; exit: boolean }

function startOn(workspace: string): ChildProcess {
  const inside = 'mount -t tmpfs -o size=4m tmpfs "$0" && cd "$0" && exec "$@"';
  const engine = [process.execPath, bundle('test/integration/tracking/engine-child.ts'), workspace, supervisorPath(), PYTHON_PATH];
  return spawn('unshare', [...NAMESPACE ?? [], 'sh', '-c', inside, workspace, ...engine], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function look(engine: ChildProcess, run: string): Promise<Seen> {
  const answer = new Promise<Seen>((done) => engine.once('message', (message: { seen: Seen }) => done(message.seen)));
  engine.send({ look: run });
  return answer;
}

// The points are few enough for the logger's memory: it keeps what the disk doesn't take.
const SCRIPT = `
import runyard, time
for i in range(400):
    runyard.log({"x": i}, step=i)
    time.sleep(0.01)
time.sleep(2)
`;

it.skipIf(!NAMESPACE)('a full disk costs no point: it is said once, and all comes in when there is space', async () => {
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'runyard-full-')));
  const engine = startOn(workspace);
  try {
    engine.send({ write: { file: 'train.py', text: SCRIPT } });
    const run = await launchIn(engine, { argv: ['python3', 'train.py'] });
    await until('its first points', async () => (await look(engine, run)).count > 20);
    engine.send({ write: { file: 'ballast', text: '', fill: true } });
    await until('it to be said', async () => (await look(engine, run)).notices.length > 0);
    engine.send({ remove: 'ballast' });
    await until('its end', async () => (await look(engine, run)).state === 'finished', 20_000);
    const seen = await look(engine, run);
    expect(seen.count).toBe(400);
    expect(seen.notices).toEqual([expect.stringContaining('the disk is full')]);
  } finally {
    const gone = new Promise((done) => engine.once('exit', done));
    engine.disconnect();
    await gone;
    rmSync(workspace, { recursive: true, force: true });
  }
});

it.skipIf(!NAMESPACE)('a run that ends on a full disk is still known by how it ended', async () => {
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'runyard-full-')));
  const engine = startOn(workspace);
  try {
    const run = await launchIn(engine, { argv: ['sh', '-c', 'sleep 1.5; exit 7'] });
    await until('it to run', async () => (await look(engine, run)).state === 'running');
    engine.send({ write: { file: 'ballast', text: '', fill: true } });
    await until('its end to be written, on the full disk', async () => (await look(engine, run)).exit);
    engine.send({ remove: 'ballast' });
    await until('its end', async () => (await look(engine, run)).state === 'failed', 20_000);
    expect((await look(engine, run)).reason).toBe('exit code 7');
  } finally {
    const gone = new Promise((done) => engine.once('exit', done));
    engine.disconnect();
    await gone;
    rmSync(workspace, { recursive: true, force: true });
  }
});
