// Everything that has to hold, in one command: npm test [-- LEVEL...]
// Its last line is "N passed, N failed". Levels: types, lint, architecture, unit, integration, contract, e2e; all without one.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { cache, root } from './lib/paths.mjs';
import { countReport } from './lib/report.mjs';
import { ensureDependencies, goOnInNewerNode, nodeForTools } from './lib/setup.mjs';
import { remove, runMain, say, timed } from './lib/shell.mjs';
import { ensureMlflowVenv, ensureVenv } from './lib/venv.mjs';
import { findBrowser, noBrowser } from './workbench/find-browser.mjs';

/** @typedef {import('./lib/report.mjs').Tally} Tally */

const projects = ['architecture', 'unit', 'integration', 'contract', 'e2e'];
const levels = ['types', 'lint', ...projects];

/**
 * Runs a tool of node_modules and passes its output on, all of it at once so that two at a time don't mix.
 * @param {string} script @param {string[]} args
 * @returns {Promise<number>} its exit status
 */
function tool(script, args) {
  const [node, file] = [nodeForTools(), path.join(root, 'node_modules', script)];
  return new Promise((resolve, reject) => {
    const child = spawn(node, [file, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0 || process.env.RUNYARD_TEST_VERBOSE) process.stdout.write(output);
      resolve(code ?? 1);
    });
  });
}

/** @param {string} name @param {() => Promise<number>} check @returns {Promise<Tally>} */
async function oneCheck(name, check) {
  const code = await timed(name, check);
  return code === 0 ? { passed: 1, failed: 0, notes: [] } : { passed: 0, failed: 1, notes: [`failed: ${name}`] };
}

// By the compiler in native code, ten times as fast; what reads sources in tests takes the API of the one before, which it doesn't have.
async function types() {
  const codes = await Promise.all(['tsconfig.json', 'webview/tsconfig.json'].map((file) => tool('typescript-native/bin/tsc', ['--noEmit', '-p', file])));
  return codes.find((code) => code !== 0) ?? 0;
}

const lint = () => tool('oxlint/bin/oxlint', ['--type-aware', '--report-unused-disable-directives', '--deny-warnings', '.']);

/** @param {string} project @returns {Promise<Tally>} */
async function vitest(project) {
  if (project === 'e2e') {
    const missing = browserFault();
    if (missing) return missing;
  }
  const report = path.join(cache, 'reports', `${project}.json`);
  remove(report);
  mkdirSync(path.dirname(report), { recursive: true });
  const args = ['run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, '--passWithNoTests'];
  const code = await timed(`${project} tests`, () => tool('vitest/vitest.mjs', args));
  return countReport(report, code);
}

/** A browser that isn't there is a failure that says what to do, never a test quietly left out. */
function browserFault() {
  if (findBrowser()) return undefined;
  const why = noBrowser();
  return { passed: 0, failed: 1, notes: [`failed: e2e tests: ${why.message}\n  -> ${why.hint}`] };
}

/** Whether a level has anything to run yet. @param {string} project */
function hasTests(project) {
  return project === 'architecture' || (existsSync(path.join(root, 'test', project)) && readdirSync(path.join(root, 'test', project)).length > 0);
}

/**
 * What tests need beside the dependencies, one after the other beside the levels that need none of it: the MLflow client for
 * contract tests, the sample's Python for end-to-end tests. What fails is told by the level that waits for it.
 * @param {(level: string) => boolean} wanted
 * @returns {Record<string, Promise<unknown>>} by level
 */
function prepare(wanted) {
  const contract = wanted('contract') ? ensureMlflowVenv() : Promise.resolve();
  const e2e = contract.catch(() => undefined).then(() => (wanted('e2e') ? ensureVenv() : undefined));
  for (const one of [contract, e2e]) one.catch(() => undefined);
  return { contract, e2e };
}

runMain(async () => {
  await ensureDependencies();
  const elsewhere = await goOnInNewerNode(import.meta.url);
  if (elsewhere !== undefined) return elsewhere;
  const asked = process.argv.slice(2).filter((one) => !one.startsWith('-'));
  const unknown = asked.filter((one) => !levels.includes(one));
  if (unknown.length > 0) {
    say(`no such level: ${unknown.join(', ')}; there are ${levels.join(', ')}`);
    return 2;
  }
  /** @param {string} level */
  const wanted = (level) => asked.length === 0 || asked.includes(level);
  mkdirSync(cache, { recursive: true });
  // Integration tests start the bundles.
  await timed('bundles', () => build());
  const prepared = prepare(wanted);
  const tallies = await Promise.all([
    ...(wanted('types') ? [oneCheck('type check', types)] : []),
    ...(wanted('lint') ? [oneCheck('lint', lint)] : []),
  ]);
  for (const project of projects.filter((one) => wanted(one) && hasTests(one))) {
    await prepared[project];
    const tally = await vitest(project);
    say(`${project}: ${tally.passed} passed, ${tally.failed} failed`);
    tallies.push(tally);
  }
  for (const note of tallies.flatMap(({ notes }) => notes)) say(note);
  const passed = tallies.reduce((sum, one) => sum + one.passed, 0);
  const failed = tallies.reduce((sum, one) => sum + one.failed, 0);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed > 0 || passed === 0 ? 1 : 0;
});
