// Running other programs from the scripts: quiet while all is well, everything they said when it isn't.
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

/** A failure with a way out; the scripts print it without a stack. */
export class Explained extends Error {
  /** @param {string} message @param {string} hint */
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** One progress line, on standard error so that `npm run -s cli -- --json` stays clean. @param {string} text */
export function say(text) {
  process.stderr.write(`runyard: ${text}\n`);
}

/**
 * Runs a step with a progress line before and the time it took after.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} step
 * @returns {Promise<T>}
 */
export async function timed(what, step) {
  const start = Date.now();
  say(`${what} ...`);
  const result = await step();
  say(`${what}: done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

/**
 * Runs a program to its end and returns what it printed on standard output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, hint?: string, shell?: boolean }} [options]
 * @returns {Promise<string>}
 * @throws {Explained} when it can't be started or ends with anything but 0; the message carries the end of its output.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let all = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
      all += String(chunk);
    });
    child.stderr.on('data', (chunk) => (all += String(chunk)));
    const hint = options.hint ?? 'Mend what it says, then run this again; it goes on where it stopped.';
    child.on('error', (error) => reject(new Explained(`${command} could not be started: ${error.message}`, hint)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(out);
      const tail = all.trimEnd().split('\n').slice(-40).join('\n');
      reject(new Explained(`${command} ${args.join(' ')} ended with ${signal ?? code}:\n${tail}`, hint));
    });
  });
}

/**
 * The arguments that run npm with the Node that runs us: the npm that started us, where there is one.
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function npm() {
  const started = process.env.npm_execpath;
  if (started?.endsWith('.js')) return { command: process.execPath, args: [started], shell: false };
  const windows = process.platform === 'win32';
  return { command: windows ? 'npm.cmd' : 'npm', args: [], shell: windows };
}

/** @param {readonly string[]} args @param {string} cwd */
export function runNpm(args, cwd) {
  const { command, args: first, shell } = npm();
  return run(command, [...first, ...args], { cwd, shell });
}

/** Whether a program can be started at all. @param {string} command @param {string[]} args */
export function answers(command, args = ['--version']) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Removes a file or folder, whatever it is, whether or not it is there. @param {string} target */
export function remove(target) {
  rmSync(target, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/**
 * Runs a script's main function; an `Explained` failure is printed in two lines, another with its stack.
 * @param {() => Promise<number | void>} main its result is the exit status
 */
export function runMain(main) {
  main().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error) => {
      if (error instanceof Explained) say(`${error.message}\n  -> ${error.hint}`);
      else console.error(error);
      process.exitCode = 1;
    },
  );
}
