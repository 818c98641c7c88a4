/** Where a log lies and what its columns mean. */
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import type { LogColumns, LogPlace } from '../../domain/log-place';
import type { LogSource } from '../../config/monitoring';
import { checkFolderName } from '../../registry/live/pointer';

/** Columns of a serving log that are about serving; the others are what the model was asked. Probabilities by class stand in `ry_p_<class>`, a lone one in `ry_score`. */
export const SERVING_COLUMNS: LogColumns = {
  time: 'ry_time', keys: ['ry_request'], row: 'ry_row', version: 'ry_version', role: 'ry_role', latency: 'ry_latency_ms', rules: 'ry_rules', prediction: 'ry_prediction', probabilities: null, label: null,
};
const CLASS_PREFIX = 'ry_p_';

export const servingRoot = (workspace: string): string => path.join(workspace, '.runyard', 'serving');
/** Absolute. Throws bad_input where the name can't be a folder's. */
export const servingFolder = (workspace: string, model: string): string => path.join(servingRoot(workspace), ...partsOf(model));
export const feedbackFolder = (workspace: string, model: string): string => path.join(workspace, '.runyard', 'feedback', ...partsOf(model));

/** NAME@ENVIRONMENT as its two parts. Throws bad_input. */
export function partsOf(model: string): [name: string, environment: string] {
  const [, name, environment] = /^([^@/]+)@([^@/]+)$/.exec(model) ?? [];
  if (name === undefined || environment === undefined) throw new RunyardError('bad_input', `'${model}' names no model in an environment`, 'write NAME@ENVIRONMENT, such as car-loan@production');
  checkFolderName('a model', name);
  checkFolderName('an environment', environment);
  return [name, environment];
}

/** The log that a monitor watches: the one that it names, else the model's serving log. Throws bad_input where there is neither, or a name can't be a folder's. */
export function logPlaceOf(workspace: string, { model, log }: { model?: string | undefined; log?: LogSource | undefined }): LogPlace {
  const labels = model === undefined ? null : feedbackFolder(workspace, model);
  if (log) {
    const { data, time, id = [], prediction = null, probabilities = null, version = null, label = null } = log;
    return { kind: 'files', data, labels, model: model ?? null, columns: { time, keys: id, row: null, version, role: null, latency: null, rules: null, prediction, probabilities, label } };
  }
  if (model === undefined) throw new RunyardError('bad_input', 'no log is named', 'give model: NAME@ENVIRONMENT, or log:');
  return { kind: 'serving', folder: servingFolder(workspace, model), labels, model, columns: SERVING_COLUMNS };
}

/** What of the columns the files have, by the names that are in them; of a serving log the probabilities too: by class, or the name of a lone score. */
export function columnsIn(log: LogPlace, names: readonly string[]): LogColumns {
  const { columns } = log;
  const there = (name: string | null): string | null => (name !== null && names.includes(name) ? name : null);
  const found = { ...columns, keys: columns.keys.every((key) => names.includes(key)) ? columns.keys : [], row: there(columns.row), version: there(columns.version), role: there(columns.role), latency: there(columns.latency), rules: there(columns.rules), prediction: there(columns.prediction), label: there(columns.label) };
  if (log.kind !== 'serving') return found;
  const classes = names.filter((name) => name.startsWith(CLASS_PREFIX)).map((name) => [name.slice(CLASS_PREFIX.length), name]);
  return { ...found, probabilities: classes.length > 0 ? Object.fromEntries(classes) as Record<string, string> : there('ry_score') };
}

/** Whether a column of a serving log is about serving and no input of the model. */
export const isServingColumn = (name: string): boolean => name.startsWith('ry_');
export const classColumn = (name: string): string => `${CLASS_PREFIX}${name}`;
