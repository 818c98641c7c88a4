/** The workflow of examples/ci, step by step as GitHub's runner would run it, in a workspace of its own. */
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { isAlive } from '../../../src/core/tracking/process';
import { lockPath, readLock } from '../../../src/engine/client/lock-record';
import { eachLab } from '../engine/support';
import { until } from '../../support/until';

const root = path.resolve(import.meta.dirname, '../../..');
const loan = (file: string): string => path.join(root, 'test/fixtures/reference/p4_large_car_loan', file);
const step = z.looseObject({ name: z.string().optional(), id: z.string().optional(), uses: z.string().optional(), run: z.string().optional(), if: z.string().optional(), env: z.record(z.string(), z.string()).default({}) });
const workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()), permissions: z.record(z.string(), z.string()), env: z.record(z.string(), z.string()),
  jobs: z.object({ gate: z.looseObject({ steps: z.array(step) }) }),
}).parse(parse(readFileSync(path.join(root, 'examples/ci/model-gate.yml'), 'utf8')));
const { steps } = workflow.jobs.gate;
const named = (name: string): z.output<typeof step> => {
  const found = steps.find((one) => one.name === name);
  if (!found) throw new Error(`the workflow has no step ${name}`);
  return found;
};

const here = eachLab();

test('what a pull request says is never pasted into a command, and the token can do no more than comment', () => {
  expect(steps.flatMap(({ run }) => run ?? []).filter((run) => run.includes('${{'))).toEqual([]);
  expect(workflow.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
  expect(Object.keys(workflow.on)).toEqual(['pull_request', 'workflow_dispatch']);
  expect(named('Comment on the pull request').if).toContain('head.repo.full_name == github.repository');
});

test('its steps verify, evaluate, ask the gates, leave a report, and end as the gates say', async () => {
  const temp = path.join(here.workspace, '.temp');
  mkdirSync(path.join(temp, 'bin'), { recursive: true });
  const outputs = path.join(temp, 'outputs');
  const summary = path.join(temp, 'summary.md');
  for (const file of [outputs, summary]) writeFileSync(file, '');
  const launcher = path.join(temp, 'bin', 'runyard');
  writeFileSync(launcher, `#!/bin/sh\nexec "${process.execPath}" "${here.cli}" "$@"\n`);
  chmodSync(launcher, 0o755);
  cpSync(loan('current.parquet'), path.join(here.workspace, 'current.parquet'));
  writeFileSync(path.join(here.workspace, 'runyard.yaml'), `version: 1
evaluations:
  car-loan: {model: ${loan('model.onnx')}, data: current.parquet, label: repaid, positive: 1, replicates: 100}
slices:
  rich: {where: "salary_range = '60K+ €'"}
registry: {share: registry, weights: registry/weights}
`);
  const env = {
    ...process.env, ...workflow.env, PATH: `${path.join(temp, 'bin')}:${process.env.PATH ?? ''}`, NO_COLOR: '1', RUNYARD_IDLE_SECONDS: '2', GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary, RUNNER_TEMP: temp,
    GIT_AUTHOR_NAME: 'Ana Gil', GIT_AUTHOR_EMAIL: 'ana@example.org',
  };
  const output = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(readFileSync(outputs, 'utf8'))?.[1] ?? '';
  let cwd = here.workspace;
  const run = async (script: string, more: NodeJS.ProcessEnv = {}): Promise<{ status: unknown; said: string }> => {
    // As the runner starts `shell: bash`.
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { cwd, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { said += text; });
    const [status] = await once(child, 'close') as unknown[];
    return { status, said };
  };
  const runStep = (name: string): ReturnType<typeof run> => {
    const { run: script = '', env: wanted } = named(name);
    const filled = Object.entries(wanted).map(([key, text]) => [key, text.replace(/\$\{\{ steps\.\w+\.outputs\.(\w+) \}\}/g, (_, found: string) => output(found))]);
    return run(script, Object.fromEntries(filled) as NodeJS.ProcessEnv);
  };

  for (const file of ['model.onnx', 'model_v2.onnx']) {
    expect(await run(`runyard models register car-loan --file '${loan(file)}'`)).toMatchObject({ status: 0 });
    if (file === 'model.onnx') expect(await run('runyard promote car-loan 1 --to production')).toMatchObject({ status: 0 });
  }
  expect(await run('runyard card car-loan 2')).toMatchObject({ status: 0 });
  // What a runner has: a fresh checkout of what git keeps.
  cwd = path.join(temp, 'checkout');
  for (const kept of ['runyard.yaml', 'current.parquet', 'registry', 'cards']) cpSync(path.join(here.workspace, kept), path.join(cwd, kept), { recursive: true });
  expect(await runStep('Verify the ledger')).toMatchObject({ status: 0, said: expect.stringContaining('whole') });
  expect(await runStep('Find the version')).toMatchObject({ status: 0 });
  expect(output('version')).toBe('2');
  expect(await runStep('Evaluate')).toMatchObject({ status: 0, said: expect.stringMatching(/^accuracy /m) });
  expect(await runStep('Check the model card')).toMatchObject({ status: 0, said: expect.stringMatching(/^::warning file=cards\/car-loan-2\.md,line=\d+,col=\d+,title=Model card::missing: /m) });
  expect(await runStep('Ask the gates')).toMatchObject({ status: 0, said: expect.stringContaining('fail: slices') });
  expect(readFileSync(summary, 'utf8')).toMatch(/^<!-- runyard gate car%2dloan production -->\n\n## ❌ car-loan version 2 must not go to production\n/);
  expect(await runStep('Verdict')).toMatchObject({ status: 1 });
  const engine = readLock(lockPath(cwd));
  if (engine && isAlive(engine)) process.kill(engine.pid, 'SIGTERM');
  if (engine) await until("the checkout's engine to end", () => !isAlive(engine));
}, 120_000);
