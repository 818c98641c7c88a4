/** Names, numbers, stages and addresses of the registry, as MLflow's server takes them. Pure. Source: mlflow.utils.validation, mlflow.store.artifact.utils.models (3.17). */
import { RunyardError } from '../base/errors';
import { STAGES, type Stage } from './documents';

const bad = (message: string): RunyardError => new RunyardError('bad_input', message);

/** Throws bad_input where a model can't be called that: addresses are made of the name. */
export function checkModelName(name: string, field = 'name'): void {
  if (name.trim() === '') throw bad(`Missing value for required parameter '${field}'.`);
  if (/[/:]/.test(name)) throw bad(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  if (name === '.' || name === '..') {
    throw bad(`Invalid value ${JSON.stringify(name)} for parameter 'name' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${name}'`);
  }
}

const ALIAS_LENGTH = 255;

/** Throws bad_input where no alias could be that. */
export function checkAlias(alias: string): void {
  if (alias === '') throw bad('Registered model alias name cannot be empty.');
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias)) throw bad(`Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`);
  if (alias.length > ALIAS_LENGTH) throw bad(`'Registered model alias name' exceeds the maximum length of ${ALIAS_LENGTH} characters`);
}

/** Throws bad_input also where the word means something already: `latest`, `v12`. */
export function checkNewAlias(alias: string): void {
  checkAlias(alias);
  if (alias.toLowerCase() === 'latest') throw bad("'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias)) throw bad(`Version alias name '${alias}' is reserved.`);
}

/** A version's number. Throws bad_input. */
export function toVersion(text: string): number {
  if (!/^\s*[-+]?\d{1,15}\s*$/.test(text)) throw bad(`Parameter 'version' must be an integer, got '${text}'.`);
  return Number(text);
}

/** A stage by its name in any case. Throws bad_input. */
export function toStage(text: string): Stage {
  const found = STAGES.find((stage) => stage.toLowerCase() === text.toLowerCase());
  if (!found) throw bad(`Invalid Model Version stage: ${text}. Value must be one of ${STAGES.join(', ')}.`);
  return found;
}

/** Throws bad_input where versions of the stage can't be put aside for another. */
export function checkArchiving(stage: Stage): void {
  if (stage !== 'Staging' && stage !== 'Production') {
    throw bad(`Model version transition cannot archive existing model versions because '${stage}' is not an Active stage. Valid stages are ['Staging', 'Production']`);
  }
}

/** What `models:/…` names. */
export type ModelAddress = { model: string } | { name: string; version: number } | { name: string; stage: Stage | null } | { name: string; alias: string };

/** Undefined where the text is no address of a model. `stage` null is the latest of all. Throws bad_input for a stage that there is not. */
export function parseModelAddress(uri: string): ModelAddress | undefined {
  const path = /^models:(?:\/\/[^/]*)?(\/.+)$/i.exec(uri.replace(/\?.*$/, ''))?.[1];
  if (path === undefined) return undefined;
  const [first = '', second, ...more] = path.replace(/^\/+/, '').split('/');
  if (first.trim() === '' || more.length > 0) return undefined;
  if (second !== undefined) {
    if (second.trim() === '') return undefined;
    if (/^\d{1,15}$/.test(second)) return { name: first, version: Number(second) };
    return { name: first, stage: second.toLowerCase() === 'latest' ? null : toStage(second) };
  }
  const at = first.lastIndexOf('@');
  if (at < 0) return { model: first };
  const alias = first.slice(at + 1);
  return alias.trim() === '' ? undefined : { name: first.slice(0, at), alias };
}
