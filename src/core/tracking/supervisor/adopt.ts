/** Watches a command whose supervisor is gone: it samples, obeys the cancel marker, and tells the end as far as it can be told. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { disposables } from '../../base/disposable';
import { isAlive, startTimeOf, type ProcessId } from '../process';
import { hasExit, isCancelled, paths, readSpec, readSupervisor, writeWhole } from '../run-folder';
import { tailOutput } from './output-tail';
import { startSampling } from './resources';
import { openSpoolWriter } from './spool-writer';
import { endLeftovers, stopGroup, watchCancel } from './stopping';
import { self, settle } from './supervise';

const now = (): number => Date.now() / 1000;

/**
 * The rest of the run's life. `pid` names the command where the earlier supervisor had no time to write it down. Its files are
 * its own: the earlier supervisor may have left half a line in its. How the command ended is its parent's to know, and that is gone.
 */
export async function adopt(folder: string, pid: number | null): Promise<void> {
  const record = readSupervisor(folder);
  const spec = readSpec(folder);
  const child: ProcessId | null = record?.child ?? (pid === null ? null : { pid, startTime: startTimeOf(pid) });
  if (!spec || !child || hasExit(folder) || (record && record.pid !== process.pid && isAlive(record))) return;
  writeWhole(paths.supervisor(folder), JSON.stringify(self(child)));
  const spool = openSpoolWriter(join(folder, `events.supervisor.${process.pid}.${Date.now()}.jsonl`));
  const around = disposables();
  spool.write({ e: 'log', t: now(), level: 'warn', text: 'its supervisor was gone: another one watches it now, and its exit status will not be known' });
  if (!record?.child) spool.write({ e: 'started', t: now(), started: { pid: child.pid, pgid: child.pid, startTime: child.startTime } });
  let stopping: Promise<void> = Promise.resolve();
  around.add(startSampling(child.pid, spec.resourceSeconds, { sample: (res) => spool.write({ e: 'res', t: now(), res }), problem: () => undefined }));
  around.add(watchCancel(folder, () => { stopping = stopGroup(child.pid, spec.grace); }));
  const output = around.add(tailOutput(folder, spec, `events.output.${process.pid}.${Date.now()}.jsonl`));
  while (isAlive(child)) await pause(100);
  await stopping;
  await endLeftovers(child.pid, 0.5);
  output.finish();
  around.dispose();
  spool.dispose();
  const stopped = isCancelled(folder);
  const reason = stopped ? 'stopped by the user' : 'ended while its supervisor was gone: exit status unknown';
  await settle(folder, { t: now(), state: stopped ? 'stopped' : 'lost', code: null, signal: null, reason });
}
