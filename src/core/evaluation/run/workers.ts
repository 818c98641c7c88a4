/** Draws shared out among worker threads. Replicate r is the same whoever draws it, so the outcome doesn't depend on how many there are. */
import { availableParallelism } from 'node:os';
import { pause } from '../../base/stopping';
import { joined } from '../intervals/resampled';
import { startThreads, ThreadLost } from '../process/threads';
import { costOf, drawn, type Draw } from './draws';

/** Below so many row visits (some 0.2 s) a thread's start costs more than it gives. */
const worthThreads = 2e7;
/** A share is about this much: small enough to tell progress and to stop soon. */
const share = 4e6;
const mostThreads = 8;

export interface Drawing {
  signal?: AbortSignal | undefined;
  progress?(done: number, total: number): void;
  /** the program whose threads answer 'draws'; without it all is drawn in this thread */
  script?: string | null | undefined;
  threads?: number | undefined;
}

/** The replicates of each draw, in their order. Throws `cancelled` where the signal says so. */
export async function drawAll(draws: readonly Draw[], { signal, progress, script = null, threads = Math.min(mostThreads, availableParallelism()) }: Drawing = {}): Promise<Float64Array[][]> {
  const shares = draws.flatMap((draw, at) => cut(draw).map((part) => ({ at, part })));
  const total = shares.reduce((sum, { part }) => sum + costOf(part), 0);
  let done = 0;
  const found = new Map<number, Float64Array[]>();
  const keep = (share: number, columns: Float64Array[]): void => {
    found.set(share, columns);
    const one = shares[share];
    if (one) done += costOf(one.part);
    progress?.(done, total);
  };
  const parts = shares.map(({ part }) => part);
  if (!script || threads < 2 || total < worthThreads) await inThisThread(parts, { keep, signal });
  else await inThreads(parts, { keep, signal, script, threads: Math.min(threads, shares.length) });
  return draws.map((_, at) => joined(shares.flatMap((one, share) => (one.at === at ? [found.get(share) ?? []] : []))));
}

function cut(draw: Draw): Draw[] {
  const pieces = Math.max(1, Math.min(draw.to - draw.from, Math.ceil(costOf(draw) / share)));
  const edge = (piece: number): number => draw.from + Math.round((piece * (draw.to - draw.from)) / pieces);
  return Array.from({ length: pieces }, (_, piece) => ({ ...draw, from: edge(piece), to: edge(piece + 1) }));
}

interface Doing { keep(share: number, columns: Float64Array[]): void; signal: AbortSignal | undefined }

async function inThisThread(parts: readonly Draw[], { keep, signal }: Doing): Promise<void> {
  let paused = performance.now();
  for (const [at, part] of parts.entries()) {
    keep(at, drawn(part));
    if (performance.now() - paused < 20) continue;
    await pause(signal);
    paused = performance.now();
  }
}

/** Where threads can't be started, or one dies, what is left is drawn in this one. */
async function inThreads(parts: readonly Draw[], { keep, signal, script, threads }: Doing & { script: string; threads: number }): Promise<void> {
  const left: number[] = [];
  {
    await using pool = startThreads(script, { threads, signal });
    await Promise.all(parts.map(async (part, at) => {
      try {
        keep(at, await pool.ask<Float64Array[]>('draws', part));
      } catch (error) {
        if (!(error instanceof ThreadLost)) throw error;
        left.push(at);
      }
    }));
  }
  for (const at of left) await inThisThread(parts.slice(at, at + 1), { keep: (_, columns) => keep(at, columns), signal });
}
