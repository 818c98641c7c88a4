import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { eachLab } from '../engine/support';
import { until } from '../../support/until';
import { start, type Ran } from './support';

const loan = (file: string): string => path.resolve(import.meta.dirname, '../../fixtures/reference/p4_large_car_loan', file);
const ANA = { GIT_AUTHOR_NAME: 'Ana Gil', GIT_AUTHOR_EMAIL: 'ana@example.org' };
const BO = { GIT_AUTHOR_NAME: 'Bo Li', GIT_AUTHOR_EMAIL: 'bo@example.org' };
const CONFIG = `version: 1
evaluations:
  loan: {model: ${loan('model.onnx')}, data: ${loan('current.parquet')}, label: repaid, positive: 1, replicates: 100}
slices:
  rich: {where: "salary_range = '60K+ €'"}
  poor: {where: "salary_range = '0 - 20K €'"}
`;

const here = eachLab(({ workspace }) => writeFileSync(path.join(workspace, 'runyard.yaml'), CONFIG));
const inWorkspace = (...parts: string[]): string => path.join(here.workspace, ...parts);
const runyardAs = (who: NodeJS.ProcessEnv, ...words: string[]): Promise<Ran> => start(here.cli, here.workspace, words, who).done;
const runyard = (...words: string[]): Promise<Ran> => runyardAs(ANA, ...words);

interface Answer { status: number | null; json: Record<string, unknown> }
/** With --json: one document on standard output, and nothing on standard error. */
async function answerAs(who: NodeJS.ProcessEnv, ...words: string[]): Promise<Answer> {
  const { status, out, err } = await runyardAs(who, ...words, '--json');
  expect(err).toBe('');
  return { status, json: JSON.parse(out) as Answer['json'] };
}
const answer = (...words: string[]): Promise<Answer> => answerAs(ANA, ...words);

const PROMOTE_2 = ['promote', 'loan', '2', '--to', 'production'];
const manifest = (): { version: number } => JSON.parse(readFileSync(inWorkspace('.runyard', 'models', 'loan', 'production', 'manifest.json'), 'utf8')) as { version: number };
const ledgerFile = (): string => {
  const folder = inWorkspace('.runyard', 'ledger');
  return path.join(folder, readdirSync(folder).find((name) => name.endsWith('.jsonl')) ?? '');
};

test('a version that is better overall and worse on one slice is stopped, forced through, found out, and rolled back', async () => {
  expect(await answer('models', 'register', 'loan', '--file', loan('model.onnx'), '--description', 'logistic', '--licence', 'MIT', '--tag', 'team=credit')).toMatchObject({ status: 0, json: { model: 'loan', version: 1, existing: false, facts: { licence: 'MIT', author: { name: 'Ana Gil', email: 'ana@example.org' } } } });
  const again = await runyard('models', 'register', 'loan', '--file', loan('model.onnx'));
  expect(again).toEqual({ status: 0, out: 'loan 1\n', err: 'runyard: loan 1 has these very bytes already: nothing new was made\n' });
  expect(await runyard('models', 'register', 'loan', '--file', loan('model_v2.onnx'))).toMatchObject({ status: 0, out: 'loan 2\n' });

  const first = await answer('promote', 'loan', '1', '--to', 'production', '--reason', 'the first one');
  expect(first).toMatchObject({ status: 0, json: { promoted: true, forced: false, from: null, rolledBack: false, report: { outcome: 'pass', live: null } } });
  expect(manifest()).toMatchObject({ version: 1 });
  const between = new Date().toISOString();

  const gate = await answer('gate', 'loan', 'latest', '--to', 'production', '--markdown', 'report.md');
  expect(gate).toMatchObject({ status: 1, json: { model: 'loan', version: 2, environment: 'production', live: 1, outcome: 'fail' } });
  const gates = gate.json.gates as { kind: string; outcome: string; blocks: boolean; evidence: { slice?: string; outcome: string }[] }[];
  expect(gates.filter(({ blocks }) => blocks)).toEqual([expect.objectContaining({ kind: 'slices', outcome: 'fail', reason: expect.stringContaining("'rich' is worse by") })]);
  expect(gates.find(({ kind }) => kind === 'change')).toMatchObject({ outcome: 'pass' });
  const report = readFileSync(inWorkspace('report.md'), 'utf8');
  expect(report).toMatch(/^<!-- runyard gate loan production -->\n\n## ❌ loan version 2 must not go to production\n\nIt would replace version 1, which is live in production now\. 1 of 3 checks stops it:\n\n- \*\*slices\*\*: .*rich/);
  expect(report).toMatch(/^\| rich \| \d+ \| 0\.\d+ \| 0\.\d+ \| −0\.\d+ \| −0\.\d+ to −0\.\d+ \| ❌ \*\*fail\*\* \|$/m);
  expect(report).toContain(`evaluation \`${(gate.json.evaluations as string[])[0] ?? ''}\``);
  expect((await runyard('gate', 'loan', '2', '--to', 'production', '--markdown', '-')).out).toContain('## ❌ loan version 2 must not go to production\n');

  const stopped = await runyard(...PROMOTE_2);
  expect(stopped).toMatchObject({ status: 1, err: '' });
  expect(stopped.out).toMatch(/^fail +slices\n {4}.*'rich' is worse by/m);
  expect(stopped.out).toMatch(/\nnot promoted: loan 2 to production: slices stops it\n$/);
  expect(await runyard(...PROMOTE_2, '--force')).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/reason/) });
  expect(manifest()).toMatchObject({ version: 1 });

  const word = ['approve', 'loan', '2', '--to', 'production', '--comment', 'the branch with these rows closes'];
  expect(await runyard(...word)).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/^runyard: .*author/) });
  expect(await answerAs(BO, ...word)).toMatchObject({ status: 0, json: { judgement: 'approved', by: { name: 'Bo Li', email: 'bo@example.org' }, own: false, signed: null, environment: 'production' } });
  const forced = await runyard(...PROMOTE_2, '--force', '--reason', 'the branch with these rows closes');
  expect(forced).toMatchObject({ status: 0, err: '' });
  expect(forced.out).toContain('FORCED: loan 2 is live in production instead of version 1, against slices\n');
  expect(manifest()).toMatchObject({ version: 2 });

  expect(await answer('models', 'at', 'loan', '--environment', 'production', '--time', between)).toMatchObject({ status: 0, json: { version: 1, by: { name: 'Ana Gil' }, reason: 'the first one' } });
  expect((await runyard('models', 'at', 'loan', '--environment', 'production', '--time', '2020-01-01')).out).toMatch(/: nothing was live\n$/);
  const history = await answer('models', 'history', 'loan');
  expect((history.json.rows as { kind: string }[]).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['registered', 'gates', 'promoted', 'approved', 'forced']));
  expect((await runyard('models', 'history', 'loan', '--environment', 'production')).out).toMatch(/ {2}Ana Gil FORCED version 2 into production /m);

  const back = await answer('rollback', 'loan', '--environment', 'production', '--reason', 'complaints from branches');
  expect(back).toMatchObject({ status: 0, json: { from: 2, to: 1, forced: false } });
  expect(manifest()).toMatchObject({ version: 1 });
  expect((back.json.checks as { outcome: string }[]).map(({ outcome }) => outcome)).not.toContain('fail');
  const { json: models } = await answer('models');
  expect(models).toMatchObject({ models: [{ name: 'loan', versions: 2, latest: 2, live: expect.arrayContaining([expect.objectContaining({ environment: 'production', version: 1, whole: true })]) }], conflicts: [] });
  expect((await runyard('models')).out).toMatch(/^loan +2 +2 /m);

  expect(await runyard('models', 'verify')).toMatchObject({ status: 0, out: expect.stringMatching(/^whole: \d+ entries in 1 chain\n$/) });
  const file = ledgerFile();
  writeFileSync(file, readFileSync(file, 'utf8').replace('complaints from branches', 'no complaints at all now'));
  const verified = await runyard('models', 'verify');
  expect(verified).toMatchObject({ status: 1, err: '' });
  expect(verified.out).toMatch(/^fault: [0-9a-f]{16}, line \d+: /);
}, 120_000);

describe('what is said of models', () => {
  test('aliases, descriptions, tags and comments; a version by its alias', async () => {
    await runyard('models', 'register', 'loan', '--file', loan('model.onnx'));
    expect(await answer('models', 'alias', 'loan', 'champion', '1')).toEqual({ status: 0, json: { aliases: { champion: 1 } } });
    expect(await answer('models', 'describe', 'loan', 'champion', '--description', 'the first', '--tag', 'team=credit')).toMatchObject({ status: 0, json: { versions: [{ version: 1, description: 'the first', tags: { team: 'credit' } }] } });
    expect(await answer('comment', 'one branch only', '--model', 'loan', '--version', 'champion', '--slice', 'rich')).toMatchObject({ status: 0, json: { by: { name: 'Ana Gil' }, text: 'one branch only', on: { model: 'loan', version: 1, slice: 'rich' } } });
    expect((await runyard('comment', '--model', 'loan', '--version', '1', '--slice', 'rich')).out).toMatch(/Ana Gil, .*: one branch only\n/);
    const shown = await runyard('models', 'show', 'loan', 'champion');
    expect(shown).toMatchObject({ status: 0, err: '', out: expect.stringMatching(/^loan 1\n/) });
    expect(shown.out).toMatch(/^tags +team=credit$/m);
    expect(await answer('models', 'show', 'loan', '1')).toMatchObject({ json: { row: { aliases: ['champion'] }, facts: { inputs: expect.arrayContaining([expect.objectContaining({ name: 'salary_range' })]) } } });
    expect(await answer('models', 'alias', 'loan', 'champion', '--delete')).toEqual({ status: 0, json: { aliases: {} } });
  });

  test('the model of an evaluation is registered by its id', async () => {
    expect((await runyard('evaluate', 'loan')).status).toBe(0);
    expect(await answer('models', 'register', 'loan', '--evaluation', '@last')).toMatchObject({ status: 0, json: { version: 1, facts: { source: { kind: 'evaluation' }, data: [expect.objectContaining({ rows: 50_000 })] } } });
    expect((await runyard('models', 'show', 'loan')).out).toMatch(/^ +1 .* accuracy +0\.\d+ /m);
  });
});

describe('bad input', () => {
  test('what is not there is named, with what there is; nothing moves', async () => {
    expect(await runyard('models')).toEqual({ status: 0, out: '', err: 'No models. Register one: runyard models register NAME --file model.onnx\n' });
    expect(await runyard('models', 'register', 'loan', '--file', 'none.onnx')).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/^runyard: .*none\.onnx/) });
    expect(await runyard('models', 'register', '../loan', '--file', loan('model.onnx'))).toMatchObject({ status: 2, err: expect.stringMatching(/^runyard: .*\.\.\/loan/) });
    await runyard('models', 'register', 'loan', '--file', loan('model.onnx'));
    expect(await runyard('gate', 'laon', '1', '--to', 'production')).toMatchObject({ status: 2, err: expect.stringMatching(/^runyard: .*laon.*loan/) });
    expect(await runyard('gate', 'loan', '7', '--to', 'production')).toMatchObject({ status: 2, err: expect.stringMatching(/^runyard: .*7/) });
    expect(await runyard('promote', 'loan', '1', '--to', 'prod')).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/^runyard: .*prod'?.*production/) });
    expect(await runyard('rollback', 'loan', '--environment', 'production')).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/^runyard: .*production/) });
    expect(existsSync(inWorkspace('.runyard', 'models', 'loan', 'production'))).toBe(false);
  });

  test('Ctrl-C stops the gates, ends with 130, and nothing moved', async () => {
    writeFileSync(inWorkspace('runyard.yaml'), `${CONFIG}registry:\n  edges:\n    - to: production\n      gates: [{gate: rule, command: [sh, -c, 'touch started; sleep 60']}]\n`);
    await runyard('models', 'register', 'loan', '--file', loan('model.onnx'));
    const running = start(here.cli, here.workspace, ['promote', 'loan', '1', '--to', 'production'], ANA);
    await until('the rule to run', () => existsSync(inWorkspace('started')));
    running.kill('SIGINT');
    expect(await running.done).toEqual({ status: 130, out: '', err: 'runyard: stopping (once more leaves at once)\n' });
    expect(existsSync(inWorkspace('.runyard', 'models', 'loan', 'production'))).toBe(false);
  });

  test('nobody can tell without evidence: 3, and how to get some', async () => {
    writeFileSync(inWorkspace('runyard.yaml'), 'version: 1\nregistry:\n  edges:\n    - to: production\n      gates: [{gate: metric, metric: accuracy, min: 0.8}]\n');
    await runyard('models', 'register', 'loan', '--file', loan('model.onnx'));
    const gate = await runyard('gate', 'loan', '1', '--to', 'production');
    expect(gate).toMatchObject({ status: 3, err: '' });
    expect(gate.out).toMatch(/^cannot tell {2}metric accuracy\n/m);
    expect((await runyard('promote', 'loan', '1', '--to', 'production')).status).toBe(3);
  });
});

/** util-linux's script gives a command a terminal of its own. */
const hasScript = ((): boolean => {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
})();

test.skipIf(!hasScript)('on a terminal a promotion shows what will change and asks; no is no, yes is yes', async () => {
  await runyard('models', 'register', 'loan', '--file', loan('model.onnx'));
  const promote = async (answered: string): Promise<{ status: unknown; shown: string }> => {
    const child = spawn('script', ['-qec', `'${process.execPath}' '${here.cli}' promote loan 1 --to production`, '/dev/null'], { cwd: here.workspace, env: { ...process.env, ...ANA, NO_COLOR: '1', RUNYARD_IDLE_SECONDS: '2' }, stdio: ['pipe', 'pipe', 'inherit'] });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (shown.includes('[y/N]') && !child.stdin.writableEnded) child.stdin.end(answered);
    });
    const [status] = await once(child, 'close') as unknown[];
    return { status, shown: shown.replaceAll('\r', '') };
  };
  const refused = await promote('n\n');
  expect(refused.shown).toMatch(/loan in production\n {2}from +nothing, so far\n {2}to +version 1\n {2}folder +\S*\.runyard\/models\/loan\/production: 1 file, 1\.91 KB\n/);
  expect(refused.shown).toMatch(/Nothing was changed\.\n$/);
  expect(refused.status).toBe(1);
  expect(existsSync(inWorkspace('.runyard', 'models', 'loan', 'production'))).toBe(false);
  const agreed = await promote('y\n');
  expect(agreed).toMatchObject({ status: 0, shown: expect.stringContaining('promoted: loan 1 is live in production\n') });
  expect(manifest()).toMatchObject({ version: 1 });
});
