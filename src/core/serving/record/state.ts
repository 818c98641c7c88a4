/** `state.json` in a serving log's folder: what a server says of itself, some times a minute. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeError } from '../../base/errors';
import type { Counts } from '../counts';
import type { Fleet } from '../follow/fleet';
import type { Writing } from './writer';

export interface Stated { model: string; workspace: string; address: string; /** ms since the epoch */ began: number; ended: number | null; fleet: Fleet; counts: Counts; own: Writing }

export function writeState(folder: string, { model, address, began, ended, fleet, counts, own }: Stated): void {
  const roles = ['live', 'canary', 'shadow'] as const;
  const versions = roles.flatMap((role) => {
    const served = fleet.get(role);
    return served ? [{ role, version: served.version, since: served.since, waiting: served.batcher.waiting }] : [];
  });
  const file = path.join(folder, 'state.json');
  const beside = `${file}.${own.pid}.tmp`;
  try {
    writeFileSync(beside, `${JSON.stringify({ format: 1, model, pid: own.pid, startTime: own.startTime, host: own.host, address, port: Number(new URL(address).port), began, updated: Date.now(), ended, versions, problems: Object.fromEntries(fleet.problems), counts }, null, 1)}\n`);
    renameSync(beside, file);
  } catch (error) {
    // it is only told: serving goes on
    process.stderr.write(`runyard: ${file} can't be written: ${describeError(error)}\n`);
    rmSync(beside, { force: true });
  }
}
