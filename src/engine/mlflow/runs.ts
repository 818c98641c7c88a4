/** Runs as a client names them: found, checked and spoken of. */
import type { RunRow } from '../../protocol/model';
import type { SpoolEvent } from '../../protocol/spool';
import type { ExperimentRecord } from '../../core/store/experiments';
import type { MlflowContext } from './context';
import { invalid, missing } from './errors';
import type { Call } from './router';

/** What a write has to know of its run, at hand without reading all of it. Throws RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE for a deleted one. */
export function checkActive({ store }: MlflowContext, run: string): void {
  const facts = store.runFacts(run);
  if (!facts) throw missing(`Run with id=${run} not found`);
  if (facts.trashed) throw invalid(`The run ${run} must be in the 'active' state. Current state is deleted.`);
}

/** What was said of the run is in the store when this resolves. Throws RESOURCE_DOES_NOT_EXIST. */
export async function settle({ store, tracker }: MlflowContext, run: string): Promise<void> {
  if (!store.hasRun(run)) throw missing(`Run with id=${run} not found`);
  await tracker.clients.flush(run);
}

/** The run with all that was said of it. Throws RESOURCE_DOES_NOT_EXIST. */
export async function readRun(context: MlflowContext, run: string): Promise<RunRow> {
  await settle(context, run);
  return context.store.getRun(run);
}

/** Keeps what a client says of its run, and that it lives. A run that was given up as lost is running again. */
export function say(context: MlflowContext, call: Call, { run, events }: { run: string; events: SpoolEvent[] }): void {
  const { store, tracker, clock } = context;
  const lost = store.runFacts(run)?.state === 'lost' && !events.some((event) => event.e === 'state');
  tracker.clients.say(run, lost ? [{ e: 'state', t: clock(), state: 'running', client: true }, ...events] : events);
  if (lost) tracker.clients.follow(run);
  context.spoke(run, call.request.socket);
}

/** Throws RESOURCE_DOES_NOT_EXIST; a number that isn't one is INVALID_PARAMETER_VALUE. */
export function experimentOf({ store }: Pick<MlflowContext, 'store'>, id: string): ExperimentRecord {
  if (id !== '' && !/^\d+$/.test(id)) throw invalid(`Invalid experiment ID '${id}'. Experiment ID must be a valid integer.`);
  const number = Number(id);
  const found = store.experimentById(number);
  if (!found) throw missing(`No Experiment with id=${number} exists`);
  return found;
}

export function checkExperimentActive({ id, trashed }: ExperimentRecord): void {
  if (trashed !== null) throw invalid(`The experiment ${id} must be in the 'active' state. Current state is deleted.`);
}
