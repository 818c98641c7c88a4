/** The states of a run and which may follow which. Pure. */
import { isLive, type RunState } from '../../protocol/model';

export const isFinal = (state: RunState): boolean => !isLive(state);

/**
 * Whether a run in `from` may become `to`.
 * A queued run may become anything else, a running one anything but queued. A final state is what happened and isn't left,
 * but `lost` is a guess made where nobody could be asked: any later truth, also that it still runs, takes its place.
 * The same state again is no change. Times aren't looked at: a clock may go backwards.
 */
export function mayBecome(from: RunState, to: RunState): boolean {
  if (from === to || to === 'queued') return false;
  return isLive(from) || from === 'lost';
}

/** States as MLflow calls them. Source: mlflow.entities.RunStatus. */
const MLFLOW: Readonly<Record<RunState, string>> = {
  queued: 'SCHEDULED', running: 'RUNNING', finished: 'FINISHED', failed: 'FAILED', killed: 'KILLED', stopped: 'KILLED', lost: 'FAILED',
};
export const toMlflow = (state: RunState): string => MLFLOW[state];

/**
 * The states that a word of a filter means, in either vocabulary. Our own words, lower case, mean themselves alone; MLflow's, upper case,
 * mean every state that it can't tell apart (KILLED: killed and stopped). Empty where the word is neither.
 */
export function statesOf(word: string): RunState[] {
  const states = Object.keys(MLFLOW) as RunState[];
  const own = states.filter((state) => state === word);
  return own.length > 0 ? own : states.filter((state) => MLFLOW[state] === word.toUpperCase());
}
