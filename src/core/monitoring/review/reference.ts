/** What rows under review are held against. */
import { hasNoRows } from '../../evaluation/data/no-rows';
import { openData } from '../../evaluation/data/open';
import type { Data, OpenOptions, Values } from '../../evaluation/data/types';
import type { LogPlace, ReferencePlace } from '../../domain/log-place';
import { pick } from '../log/pick';
import { resolveLog } from '../log/open';
import { unlikeRows, type Unlike } from './unlike';

/** With fewer rows the older half of a log is no reference for the newer. */
const LEAST_OF_LOG = 200;

export interface Looked { log: LogPlace; data: Data; /** places of the rows in `data`, the oldest first */ at: readonly number[]; inputs: readonly string[] }

/** Null where there is nothing to hold the rows against: without a reference the older half of the rows is one, where there are enough. */
export async function unlikeReference({ log, data, at, inputs }: Looked, reference: ReferencePlace | null, options: OpenOptions & { signal: AbortSignal }): Promise<Unlike | null> {
  const { signal } = options;
  const now = async (name: string): Promise<Values> => pick(await data.column(name, signal), at);
  if (reference === null) {
    if (at.length < LEAST_OF_LOG) return null;
    const older = at.slice(0, Math.floor(at.length / 2));
    return unlikeRows({ names: inputs, now, reference: async (name) => pick(await data.column(name, signal), older) }, signal);
  }
  await using before = await opened(log, reference, options);
  if (!before) return null;
  const names = inputs.filter((name) => before.columns.some((column) => column.name === name));
  return await unlikeRows({ names, now, reference: (name) => before.column(name, signal) }, signal);
}

async function opened(log: LogPlace, reference: ReferencePlace, options: OpenOptions): Promise<Data | null> {
  const spec = 'data' in reference ? reference.data : (await resolveLog(log, reference.window, { workspace: options.workspace, temp: options.temp, signal: options.signal }))?.data;
  if (!spec) return null;
  try {
    return await openData(spec, options);
  } catch (error) {
    if (hasNoRows(error)) return null;
    throw error;
  }
}
