import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { endWithUs } from '../../../../src/core/base/guard';
import { until } from '../../../support/until';

const running = (pid: number): boolean => { try { process.kill(pid, 0); return true; } catch { return false; } };
/** Shells that hold on to it. */
const guards = (pid: number): Promise<string> => new Promise((resolve, reject) => {
  const child = spawn('ps', ['-eo', 'args']);
  let text = '';
  child.stdout.on('data', (part) => { text += String(part); });
  child.on('error', reject);
  child.on('close', () => resolve(text.split('\n').filter((line) => line.includes('read -r _') && line.endsWith(` ${pid}`)).join('\n')));
});

test('a program that ends by itself leaves no guard behind, and what has its process id next is safe', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  endWithUs(child, { group: false });
  const pid = child.pid ?? 0;
  await until('a guard', () => guards(pid));
  child.stdin.end();
  await until('none', async () => (await guards(pid)) === '');
  expect(child.exitCode).toBe(0);
});

test('kill -9 of the starter ends the program, with its group where it leads one, and what is in no group of its starts not', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guard-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const forever = 'setInterval(() => undefined, 1000)';
  const program = `const { spawn } = require('node:child_process'); const child = spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { stdio: 'ignore' }); require('node:fs').writeFileSync('below', String(child.pid)); ${forever}`;
  const guard = pathToFileURL(path.resolve('src/core/base/guard.ts')).href;
  const starter = path.join(folder, 'starter.mts');
  writeFileSync(starter, `
    import { spawn } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    import { endWithUs } from ${JSON.stringify(guard)};
    const group = spawn(process.execPath, ['-e', ${JSON.stringify(program)}], { cwd: ${JSON.stringify(folder)}, detached: true, stdio: 'ignore' });
    const alone = spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { detached: true, stdio: 'ignore' });
    const free = spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { detached: true, stdio: 'ignore' });
    endWithUs(group, { group: true });
    endWithUs(alone, { group: false });
    writeFileSync(${JSON.stringify(path.join(folder, 'pids'))}, [group.pid, alone.pid, free.pid].join(' '));
    ${forever};
  `);
  const child = spawn(process.execPath, ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', starter], { stdio: ['ignore', 'ignore', 'inherit'] });
  const read = (name: string): Promise<number[]> => until(name, () => existsSync(path.join(folder, name)) && readFileSync(path.join(folder, name), 'utf8') !== '' && readFileSync(path.join(folder, name), 'utf8').split(' ').map(Number));
  const [group = 0, alone = 0, free = 0] = await read('pids');
  const [below = 0] = await read('below');
  onTestFinished(() => { if (running(free)) process.kill(free, 'SIGKILL'); });
  await until('both guards', async () => (await guards(-group)) !== '' && (await guards(alone)) !== '');
  expect([group, alone, free, below].map(running)).toEqual([true, true, true, true]);
  child.kill('SIGKILL');
  await until('them to end', () => ![group, alone, below].some(running));
  expect(running(free)).toBe(true);
});
