/** Numeric columns of two sides measured: while some are read, threads measure those before them. */
import { availableParallelism } from 'node:os';
import { pause } from '../../base/stopping';
import type { Data } from '../../evaluation/data/types';
import { threadScript } from '../../evaluation/process/thread-script';
import { startThreads, ThreadLost, type Threads } from '../../evaluation/process/threads';
import { numericFigures, type Measured } from './figures';
import { measurePair, type Pair } from './measure-pair';
import { sampleFrom } from './sources';

interface Sides { reference: Data; current: Data }
interface Measuring { signal: AbortSignal; /** how many are measured */ tell(done: number): void; /** the program whose threads answer 'driftNumbers' */ script?: string | null }

/** Values that are in memory at a time on a side and in each of the rooms. */
const CELLS = 3_000_000;
/** With fewer on both sides (some 0.2 s) a thread's start costs more than it gives. */
const WORTH_THREADS = 4_000_000;
const MOST_THREADS = 4;

/** By name. Throws cancelled, and what reading throws. The outcome doesn't depend on whether there are threads. */
export async function measureNumbers(sides: Sides, names: readonly string[], { signal, tell, script = threadScript() }: Measuring): Promise<Map<string, Measured>> {
  const rows = Math.max(sides.reference.rows, sides.current.rows);
  const size = Math.max(1, Math.min(16, Math.floor(CELLS / Math.max(1, rows))));
  const worth = script !== null && names.length * (sides.reference.rows + sides.current.rows) >= WORTH_THREADS;
  await using pool = worth ? startThreads(script, { threads: Math.min(MOST_THREADS, Math.max(2, availableParallelism()), names.length), signal }) : null;
  const rooms = Array.from({ length: pool ? 2 : 1 }, () => ({ reference: room(), current: room() }));
  const running: Promise<unknown>[] = rooms.map(() => Promise.resolve());
  const found = new Map<string, Measured>();
  const measure = async (name: string, pair: Pair): Promise<void> => {
    found.set(name, pool ? await measuredIn(pool, { name, pair, sides, signal }) : (await pause(signal), measurePair(pair)));
    tell(found.size);
  };
  for (let from = 0, turn = 0; from < names.length; from += size, turn = (turn + 1) % rooms.length) {
    const group = names.slice(from, from + size);
    // Its memory is free once what was measured in it is done.
    await running[turn];
    await pause(signal);
    const { reference, current } = rooms[turn] as (typeof rooms)[number];
    const [before, after] = await Promise.all([read(sides.reference, group, { room: reference, signal }), read(sides.current, group, { room: current, signal })]);
    running[turn] = Promise.all(group.map((name, at) => measure(name, { before: before[at] as Float64Array, after: after[at] as Float64Array })));
    running[turn]?.catch(() => undefined);
  }
  await Promise.all(running);
  return found;
}

/** Where the thread dies the values may be gone with it: they are read again, and measured here. */
async function measuredIn(pool: Threads, { name, pair, sides: { reference, current }, signal }: { name: string; pair: Pair; sides: Sides; signal: AbortSignal }): Promise<Measured> {
  try {
    return await pool.ask<Measured>('driftNumbers', pair);
  } catch (error) {
    if (!(error instanceof ThreadLost)) throw error;
    return numericFigures(await sampleFrom({ data: reference, column: name }, signal), await sampleFrom({ data: current, column: name }, signal));
  }
}

type Room = (at: number, rows: number) => Float64Array;

/** Memory that threads share, and that is used for one column after the other. Each time another array: what two of them were found to be apart (gaps.ts) isn't taken for the next two. */
function room(): Room {
  const kept: SharedArrayBuffer[] = [];
  return (at, rows) => {
    const bytes = rows * Float64Array.BYTES_PER_ELEMENT;
    if ((kept[at]?.byteLength ?? -1) < bytes) kept[at] = new SharedArrayBuffer(bytes);
    return new Float64Array(kept[at] as SharedArrayBuffer, 0, rows);
  };
}

async function read(data: Data, columns: readonly string[], { room, signal }: { room: Room; signal: AbortSignal }): Promise<Float64Array[]> {
  const memory = (column: string, rows: number): Float64Array => room(columns.indexOf(column), rows);
  for await (const batch of data.read({ columns, batch: data.rows, signal, memory })) return columns.map((column) => batch.columns[column]?.values as Float64Array);
  return columns.map(() => new Float64Array(0));
}
