/** Follows stdout.log and writes the metrics that its lines say. The command writes that file itself: nobody stands in its way. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { toWire, type RunSpec } from '../../../protocol/spool';
import type { Disposable } from '../../base/disposable';
import { systemCode } from '../../base/errors';
import { createPicker } from '../output';
import { isOwnSpool, paths } from '../run-folder';
import { openSpoolWriter } from './spool-writer';

const EVERY_MS = 300;
const CHUNK = 256 * 1024;
/** An unfinished line longer than this is let go: a progress bar that never ends its line. */
const LONGEST = 1024 * 1024;

export interface OutputTail extends Disposable {
  /** Takes in what is there until the end, the last unfinished line too. */
  finish(): void;
}

/** Lines wait one round before they count, so that a script which prints and then logs is known to log for itself. */
export function tailOutput(folder: string, spec: RunSpec, name = 'events.output.jsonl'): OutputTail {
  const picker = createPicker(spec.output.patterns);
  const writer = openSpoolWriter(join(folder, name));
  const alreadyTaken = lastOffset(folder);
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(CHUNK);
  let fd = -1;
  let read = 0;
  let rest = '';
  let taken = 0;
  let waiting: string[] = [];
  let off = !spec.output.metrics;

  const say = (line: string): void => {
    taken += Buffer.byteLength(line) + 1;
    const t = Date.now() / 1000;
    for (const { step, metrics } of picker.pick(line)) {
      // Lines that an earlier supervisor wrote down already only move the counters on.
      if (taken <= alreadyTaken) continue;
      writer.write({ e: 'm', t, s: step, m: Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, toWire(value)])), o: taken });
    }
  };
  const drain = (all: boolean): void => {
    if (off) return;
    if (logsItself(folder)) { off = true; waiting = []; rest = ''; return; }
    for (const line of waiting.splice(0)) say(line);
    if (fd < 0) {
      try { fd = openSync(paths.stdout(folder), 'r'); } catch (error) { if (systemCode(error) === 'ENOENT') return; throw error; }
    }
    for (let n = 1; n > 0;) {
      n = readSync(fd, buffer, 0, CHUNK, read);
      read += n;
      const lines = (rest + decoder.write(buffer.subarray(0, n))).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST) rest = rest.slice(-4000);
      waiting.push(...lines);
      if (all || waiting.length > 20_000) for (const line of waiting.splice(0)) say(line);
    }
    if (all && rest !== '') say(rest);
  };
  for (const problem of picker.problems) writer.write({ e: 'log', t: Date.now() / 1000, level: 'warn', text: problem });
  const timer = setInterval(() => drain(false), EVERY_MS);
  const dispose = (): void => {
    clearInterval(timer);
    if (fd >= 0) closeSync(fd);
    fd = -1;
    off = true;
    writer.dispose();
  };
  return { finish() { drain(true); dispose(); }, dispose };
}

const logsItself = (folder: string): boolean => readdirSync(folder).some(isOwnSpool);

/** How far into stdout.log an earlier supervisor got: each metric it wrote says so. */
function lastOffset(folder: string): number {
  let last = 0;
  for (const name of readdirSync(folder).filter((file) => /^events\.output\..*jsonl$/.test(file))) {
    for (const found of readFileSync(join(folder, name), 'utf8').matchAll(/"o":(\d+)\}\n/g)) last = Math.max(last, Number(found[1]));
  }
  return last;
}
