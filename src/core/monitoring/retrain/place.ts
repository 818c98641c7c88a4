/** Where a retraining's rows come from, and where they are put. */
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import { brokenIn } from '../../config/entries';
import type { RetrainingConfig } from '../../config/monitoring';
import type { LoadedConfig } from '../../config/load';
import type { Config } from '../../config/schema';
import type { LogPlace } from '../../domain/log-place';
import { logPlaceOf } from '../log/place';

/** Of the engine's own folder, relative to the workspace. */
export const folderOf = (id: string): string => path.posix.join('.runyard', 'retraining', id);

/** The log of a monitor of the triggers, else of one that watches the same model, where it names one; else the model's serving log. */
export function logOf(workspace: string, { monitoring: { monitors } }: Config, { model, triggers }: RetrainingConfig): LogPlace {
  const named = triggers.flatMap((trigger) => ('monitor' in trigger ? (monitors[trigger.monitor] ?? []) : []));
  const log = [...named, ...Object.values(monitors).filter((one) => one.model === model)].find((one) => one.log !== undefined && (one.model === undefined || one.model === model))?.log;
  return logPlaceOf(workspace, { model, log });
}

/** What the column of labels is called in the rows: as the evaluation has it, else as the log has it, else 'label'. */
export function labelOf({ evaluations }: Config, { evaluation }: RetrainingConfig, log: LogPlace): string {
  return (evaluation === undefined ? undefined : evaluations[evaluation]?.request.label) ?? log.columns.label ?? 'label';
}

/** Why a retraining can't run as runyard.yaml has it; null: nothing is known against it. */
export function problemOf(config: Config, { experiment, evaluation, triggers, window, holdout }: RetrainingConfig): string | null {
  const { experiments, evaluations, monitoring: { monitors } } = config;
  if (!Object.hasOwn(experiments, experiment)) return missing('experiment', experiment, experiments);
  if (evaluation !== undefined && !Object.hasOwn(evaluations, evaluation)) return missing('evaluation', evaluation, evaluations);
  for (const trigger of triggers) if ('monitor' in trigger && !Object.hasOwn(monitors, trigger.monitor)) return missing('monitor', trigger.monitor, monitors);
  return holdout >= window ? 'holdout has to be shorter than window: nothing would be left to train on' : null;
}

function missing(what: string, name: string, there: Readonly<Record<string, unknown>>): string {
  const near = nearest(name, Object.keys(there));
  return `runyard.yaml names no ${what} '${name}'${near ? `: did you mean '${near}'?` : ''}`;
}

/** Throws not_found, and bad_input for one that can't be read. */
export function retrainingNamed({ config: { monitoring: { retraining, broken } } }: Pick<LoadedConfig, 'config'>, name: string): RetrainingConfig {
  const found = Object.hasOwn(retraining, name) ? retraining[name] : undefined;
  if (found) return found;
  const wrong = brokenIn(broken, 'retraining').find((one) => one.name === null || one.name === name);
  if (wrong) throw new RunyardError('bad_input', `the retraining '${name}' can't be read: ${wrong.message}`, `mend line ${wrong.line} of ${wrong.file}`);
  const near = nearest(name, Object.keys(retraining));
  const all = Object.keys(retraining);
  const hint = near ? `did you mean '${near}'?` : all.length > 0 ? `there are ${all.join(', ')}` : 'name one under retraining:, with model: and experiment:';
  throw new RunyardError('not_found', `runyard.yaml names no retraining '${name}'`, hint);
}
