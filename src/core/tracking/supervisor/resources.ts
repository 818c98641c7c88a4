/** Samples what a run uses: every process of its group and every descendant, summed. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { z } from 'zod';
import type { resourceSample } from '../../../protocol/spool';
import { disposable, type Disposable } from '../../base/disposable';
import { describeError, systemCode } from '../../base/errors';
import { allProcesses, type ProcStat } from '../process';

const run = promisify(execFile);
export type Sample = z.infer<typeof resourceSample>;
const TICKS_PER_SECOND = 100;

/** The group of `leader` and all that descend from it, living ones only. */
export function members(leader: number, all: readonly ProcStat[] = allProcesses()): ProcStat[] {
  const found = new Map(all.filter((stat) => stat.pgid === leader || stat.pid === leader).map((stat) => [stat.pid, stat]));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const stat of all) if (found.has(stat.ppid)) found.set(stat.pid, stat);
  }
  return [...found.values()].filter((stat) => stat.state !== 'Z' && stat.state !== 'X');
}

/** CPU in percent of one core (so 400 on four busy cores) since the last call, memory (RSS) in MiB. Null where nothing can be told. */
export function createSampler(leader: number): () => Promise<Sample | null> {
  let last: { at: number; ticks: Map<number, number> } | null = null;
  const gpu = createGpuSampler();
  return async () => {
    if (process.platform !== 'linux') return process.platform === 'win32' ? null : await psSample(leader);
    const found = members(leader);
    if (found.length === 0) return null;
    const now = performance.now() / 1000;
    const ticks = new Map(found.map((stat) => [stat.pid, stat.cpuTicks]));
    let used = 0;
    for (const [pid, count] of ticks) used += count - (last?.ticks.get(pid) ?? (last ? 0 : count));
    const cpu = last && now > last.at ? (100 * used) / TICKS_PER_SECOND / (now - last.at) : 0;
    last = { at: now, ticks };
    const rssKb = found.reduce((sum, stat) => sum + rssOf(stat.pid), 0);
    return { cpu: round(Math.max(0, cpu)), rssMb: round(rssKb / 1024), procs: found.length, ...await gpu() };
  };
}
const round = (value: number): number => Math.round(value * 10) / 10;

/** From status, in kB: stat's count of pages would need the page size. */
function rssOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return 0;
  }
}

async function psSample(leader: number): Promise<Sample | null> {
  const { stdout } = await run('ps', ['-axo', 'pid=,pgid=,pcpu=,rss='], { timeout: 5000 });
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number)).filter((row) => row[1] === leader || row[0] === leader);
  if (rows.length === 0) return null;
  const sum = (column: number): number => rows.reduce((total, row) => total + (row[column] ?? 0), 0);
  return { cpu: round(sum(2)), rssMb: round(sum(3) / 1024), procs: rows.length };
}

/** Mean use in percent and summed memory in MiB over the GPUs that the run may see; nothing where there is no nvidia-smi. */
function createGpuSampler(): () => Promise<Pick<Sample, 'gpu' | 'gpuMemMb'>> {
  let there = true;
  return async () => {
    if (!there) return {};
    try {
      const { stdout } = await run('nvidia-smi', ['--query-gpu=utilization.gpu,memory.used', '--format=csv,noheader,nounits'], { timeout: 4000 });
      const rows = stdout.trim().split('\n').map((line) => line.split(',').map(Number)).filter((row) => row.length === 2 && row.every(Number.isFinite));
      if (rows.length === 0) return {};
      return { gpu: round(rows.reduce((sum, row) => sum + (row[0] ?? 0), 0) / rows.length), gpuMemMb: rows.reduce((sum, row) => sum + (row[1] ?? 0), 0) };
    } catch {
      // No GPU here, or a driver that doesn't answer: samples go on without it.
      there = false;
      return {};
    }
  };
}

/** Samples now and every `seconds`; a sample that takes longer isn't overtaken by the next. */
export function startSampling(leader: number, seconds: number, say: { sample(sample: Sample): void; problem(text: string): void }): Disposable {
  const take = createSampler(leader);
  let busy = false;
  let told = false;
  const tick = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const sample = await take();
      if (sample) say.sample(sample);
    } catch (error) {
      if (!told) say.problem(`resources can't be sampled: ${describeError(error)}`);
      told = true;
    } finally {
      busy = false;
    }
  };
  void tick();
  const timer = setInterval(() => void tick(), seconds * 1000);
  return disposable(() => clearInterval(timer));
}
