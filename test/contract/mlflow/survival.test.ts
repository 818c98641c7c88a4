/** The real MLflow client while the engine is killed and started again, and when it is killed itself. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { venvPython } from '../../../scripts/lib/paths.mjs';
import { mlflowVenvDir } from '../../../scripts/lib/venv.mjs';
import { ask, B, historyOf, type Address } from '../../integration/engine/mlflow-clients';
import { until } from '../../support/until';
import { serve } from './serve';

let served: Awaited<ReturnType<typeof serve>>;
let address: Address;
beforeAll(async () => {
  served = await serve();
  address = { uri: served.env.MLFLOW_TRACKING_URI ?? '', token: served.env.MLFLOW_TRACKING_TOKEN ?? '' };
});
afterAll(() => served?.dispose());

interface Script { child: ChildProcess; out(): string; done: Promise<number | null>; found(pattern: RegExp): Promise<string> }

/** A Python program with MLflow's client, its own retries and all. */
function script(text: string): Script {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('MLFLOW_') && name !== 'PYTHONPATH');
  const child = spawn(venvPython(mlflowVenvDir), ['-u', '-c', text], { cwd: served.workspace, env: { ...Object.fromEntries(own), ...served.env, PYTHONDONTWRITEBYTECODE: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => { said += chunk; });
  const done = new Promise<number | null>((resolve) => child.once('close', resolve));
  let over: number | null | undefined;
  void done.then((status) => { over = status; });
  return {
    child, out: () => said, done,
    async found(pattern) {
      const [, found = ''] = await until(String(pattern), () => {
        const match = pattern.exec(said);
        if (!match && over !== undefined) throw new Error(`ended with ${over}: ${said}`);
        return match;
      }, 60_000);
      return found;
    },
  };
}

const cli = (...words: string[]): { status: number | null; stderr: string } => spawnSync(process.execPath, [served.cli, ...words, '--workspace', served.workspace], { encoding: 'utf8', cwd: served.workspace });
/** In their order; a history is in that of the clock, which may be set back. */
const stepsOf = async (run: string, key: string): Promise<number[]> => (await historyOf(address, run, key)).map(({ step }) => step).sort((a, b) => a - b);
const statusOf = async (run: string): Promise<string> => ((await ask(address, { path: `${B}/runs/get?run_id=${run}` })).json as { run: { info: { status: string } } }).run.info.status;
const restart = async (): Promise<void> => {
  const before = served.enginePid();
  process.kill(before, 'SIGKILL');
  await until('a new engine', async () => served.enginePid() !== before && (await ask(address, { path: '/health' }).catch(() => null))?.status === 200, 20_000);
};

test("its own retries carry it over the engine's end: no point is lost or doubled", async () => {
  const one = script(`
import mlflow
mlflow.set_experiment("survival")
with mlflow.start_run() as run:
    print("run " + run.info.run_id)
    for step in range(1, 301):
        mlflow.log_metric("loss", 1 / step, step=step)
        if step % 50 == 0:
            mlflow.log_metrics({"a": step, "b": -step}, step=step)
            mlflow.set_tag("at", str(step))
            print("step", step)
print("done")
`);
  const run = await one.found(/run (\w+)/);
  for (const at of [50, 150]) {
    await one.found(new RegExp(`step (${at})\\b`));
    await restart();
  }
  expect([await one.done, one.out()]).toEqual([0, expect.stringContaining('done') as string]);
  expect(await stepsOf(run, 'loss')).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  expect(await stepsOf(run, 'a')).toEqual([50, 100, 150, 200, 250, 300]);
  expect(await statusOf(run)).toBe('FINISHED');
});

test('several processes and threads that log to runs of one workspace at once lose nothing', async () => {
  const one = script(`
import multiprocessing, threading
def work(n):
    import mlflow
    client = mlflow.MlflowClient()
    run = client.create_run("0", run_name=f"p{n}").info.run_id
    def log(k):
        for step in range(40):
            client.log_metric(run, f"m{k}", step * k, step=step)
    threads = [threading.Thread(target=log, args=(k,)) for k in range(3)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    client.set_terminated(run)
    return run
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4) as pool:
        print("runs " + ",".join(pool.map(work, range(4))) + ";")
`);
  const runs = (await one.found(/runs ([\w,]+);/)).split(',');
  expect(await one.done).toBe(0);
  for (const run of runs) for (const key of ['m0', 'm1', 'm2']) expect(await stepsOf(run, key)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(await Promise.all(runs.map(statusOf))).toEqual(runs.map(() => 'FINISHED'));
});

test.runIf(process.platform === 'linux')('killed with -9 it leaves a run that is over within seconds, its reason said', async () => {
  const one = script(`
import mlflow, time
with mlflow.start_run() as run:
    mlflow.log_metric("loss", 1.0)
    print("run " + run.info.run_id)
    time.sleep(600)
`);
  const run = await one.found(/run (\w+)/);
  expect(await statusOf(run)).toBe('RUNNING');
  one.child.kill('SIGKILL');
  await until('the run to be over', async () => (await statusOf(run)) === 'FAILED', 15_000);
  expect(readFileSync(path.join(served.workspace, '.runyard', 'runs', run, 'events.mlflow.jsonl'), 'utf8')).toContain('its client ended without ending the run');
});

test.runIf(process.platform === 'linux')('in a run of Runyard killed with -9, the nested runs are over too, each for itself', async () => {
  const file = path.join(served.workspace, 'nested.py');
  writeFileSync(file, `
import mlflow, os, time
with mlflow.start_run() as parent:
    with mlflow.start_run(nested=True, run_name="done") as ended:
        mlflow.log_metric("loss", 1.0)
    with mlflow.start_run(nested=True, run_name="open") as child:
        mlflow.log_metric("loss", 2.0)
        open("nested.txt", "w").write(f"{os.getpid()} {parent.info.run_id} {child.info.run_id} {ended.info.run_id}")
        time.sleep(600)
`);
  const ran = cli('run', '--detach', '--', venvPython(mlflowVenvDir), file);
  expect(ran.status, ran.stderr).toBe(0);
  const note = path.join(served.workspace, 'nested.txt');
  await until('both runs', () => existsSync(note) && readFileSync(note, 'utf8').split(' ').length === 4, 60_000);
  const [pid = '', parent = '', child = '', ended = ''] = readFileSync(note, 'utf8').split(' ');
  expect(await Promise.all([parent, child].map(statusOf))).toEqual(['RUNNING', 'RUNNING']);
  process.kill(Number(pid), 'SIGKILL');
  await until('both to be over', async () => (await statusOf(parent)) === 'KILLED' && (await statusOf(child)) === 'FAILED', 20_000);
  expect(await statusOf(ended)).toBe('FINISHED');
});

test('a wrong token is refused at once, with a text that says what to do', async () => {
  const before = Date.now();
  const one = script(`
import os, mlflow
os.environ["MLFLOW_TRACKING_TOKEN"] = "wrong"
import mlflow
try:
    mlflow.set_experiment("no")
except Exception as error:
    print("refused: " + str(error) + ";")
`);
  expect(await one.found(/refused: ([^;]+);/)).toContain('MLFLOW_TRACKING_TOKEN is missing or wrong');
  // Importing MLflow takes some seconds; its retries would take minutes.
  expect(Date.now() - before).toBeLessThan(40_000);
});
