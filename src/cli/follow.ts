/** Stays with runs until they are over, their output passing through. */
import os from 'node:os';
import path from 'node:path';
import { disposables } from '../core/base/disposable';
import type { EngineClient } from '../engine/client/client';
import { isLive, type RunDetail } from '../protocol/model';
import { EXIT, type Invocation, type Io } from './command';
import { duration } from './format';
import { tail } from './tail';

/**
 * Follows runs one after the other. With --json their output goes to standard error. Ctrl-C stops all of them and goes on until
 * they have ended; a second one leaves at once. Gives the runs as they ended and whether it was interrupted.
 */
export async function followRuns(call: Invocation, ids: readonly string[]): Promise<{ runs: RunDetail[]; interrupted: boolean }> {
  const { io } = call;
  const client = await call.engine();
  const all = disposables();
  let interrupts = 0;
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => { leave = resolve; });
  all.add(io.onInterrupt(() => {
    interrupts++;
    if (interrupts > 1) return leave();
    io.err.line('runyard: stopping (once more leaves it to itself)');
    for (const id of ids) client.request('runs.stop', { run: id }).catch((error: unknown) => io.err.line(`runyard: ${String(error)}`));
  }));
  try {
    const runs: RunDetail[] = [];
    for (const id of ids) {
      const run = await Promise.race([followOne(client, id, call), left]);
      if (!run) break;
      runs.push(run);
      if (!call.flag('quiet')) io.err.line(`runyard: ${ending(run)}`);
    }
    return { runs, interrupted: interrupts > 0 };
  } finally {
    all.dispose();
  }
}

async function followOne(client: EngineClient, id: string, call: Invocation): Promise<RunDetail> {
  const first = await client.request('runs.get', { run: id });
  const say = (text: string): void => {
    if (!call.flag('quiet')) call.io.err.line(`runyard: ${text}`);
  };
  say(`${first.experiment} ${first.name} (${id.slice(0, 8)})`);
  return passThrough(client, first, { sink: call.json ? call.io.err : call.io.out, onWaiting: () => say(`${first.name} waits for its turn`) });
}

export interface Passing { sink: Io['out']; onWaiting?: () => void }

/** Writes a run's output until the run is over and everything it said is out. `onWaiting`: once, where it is queued for a second. */
export async function passThrough(client: EngineClient, run: RunDetail, { sink, onWaiting }: Passing): Promise<RunDetail> {
  const output = tail(path.join(run.folder, 'stdout.log'), (piece) => sink.write(piece));
  let stale = true;
  const heard = client.on('changed', ({ runs, structure }) => { stale ||= structure || runs.includes(run.id); });
  let now = run;
  let asked = 0;
  let waitsSince: number | null = performance.now();
  try {
    for (;;) {
      // The state first: what was printed before the end is in the file once the end is told.
      if (stale || performance.now() - asked > 1000) {
        stale = false;
        asked = performance.now();
        now = await client.request('runs.get', { run: run.id });
      }
      if (waitsSince !== null && (now.state !== 'queued' || performance.now() - waitsSince > 1000)) {
        if (now.state === 'queued') onWaiting?.();
        waitsSince = null;
      }
      const pulled = output.pull();
      if (!isLive(now.state)) return now;
      await new Promise((resolve) => setTimeout(resolve, pulled > 0 ? 20 : 60));
    }
  } finally {
    heard.dispose();
    output.close();
  }
}

/** The status a command line ends with: the command's own; 128 + signal where one ended it, as a shell says it. */
export function statusOf(run: RunDetail): number {
  switch (run.state) {
    case 'finished': return EXIT.done;
    case 'stopped': return EXIT.interrupted;
    case 'lost': return EXIT.cannotTell;
    case 'killed': return 128 + ((run.signal && os.constants.signals[run.signal as NodeJS.Signals]) || 9);
    default: return run.exitCode || EXIT.no;
  }
}

function ending(run: RunDetail): string {
  const took = run.started !== null && run.ended !== null ? ` after ${duration(run.ended - run.started)}` : '';
  const why = run.reason && run.state !== 'finished' ? `: ${run.reason}` : '';
  return `${run.name} ${run.state}${took}${why}`;
}
