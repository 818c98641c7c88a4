/** Limits and names as MLflow's server has them. Source: mlflow.utils.validation (3.17). */
import path from 'node:path';
import { invalid } from './errors';
import type { Pair } from './wire';

const LIMITS = { key: 250, param: 6000, tag: 8000, experimentName: 500, experimentTag: 20_000, batchMetrics: 1000, batchParams: 100, batchTags: 100, batch: 1000, batchBytes: 1_000_000 } as const;

const tooLong = (name: string, limit: number): Error => invalid(`'${name}' exceeds the maximum length of ${limit} characters`);
const CHARACTERS = /^[/\p{L}\p{N}_.\- :]*$/u;
const ALLOWED = 'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).';

/** Throws where a key of a metric, param or tag could not be a file's name or is too long. `at` is its place in the request. */
export function checkName(name: string, at: string): void {
  // JavaScript's own word for an object's prototype: no object can hold it as a key like any other.
  if (name === '__proto__') throw invalid(`Invalid value ${JSON.stringify(name)} for parameter '${at}' supplied: this name is reserved`);
  if (!CHARACTERS.test(name)) throw invalid(`Invalid value ${JSON.stringify(name)} for parameter '${at}' supplied: ${ALLOWED}`);
  const normal = path.posix.normalize(name).replace(/(.)\/$/, '$1');
  if (normal !== name || normal === '.' || normal.startsWith('..') || normal.startsWith('/')) {
    throw invalid(`Invalid value ${JSON.stringify(name)} for parameter '${at}' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${normal}'`);
  }
  if (name.length > LIMITS.key) throw tooLong(at, LIMITS.key);
}

/** Longer values are cut, as MLflow's default is. */
export const cutTo = (value: string, limit: number): string => (value.length > limit ? value.slice(0, limit) : value);

/** Params in the form they are kept; throws where a key is wrong or comes twice. */
export function checkParams(params: readonly Pair[], at = (i: number): string => `params[${i}]`): Pair[] {
  const seen = new Set<string>();
  return params.map(({ key, value }, i) => {
    checkName(key, `${at(i)}.key`.replace(/^\./, ''));
    if (seen.has(key)) throw invalid(`Duplicate parameter keys have been submitted: ['${key}']. Please ensure the request contains only one param value per param key.`);
    seen.add(key);
    return { key, value: cutTo(value, LIMITS.param) };
  });
}

export function checkTags(tags: readonly Pair[], at = (i: number): string => `tags[${i}]`): Pair[] {
  return tags.map(({ key, value }, i) => {
    checkName(key, `${at(i)}.key`.replace(/^\./, ''));
    return { key, value: cutTo(value, LIMITS.tag) };
  });
}

export function checkExperimentName(name: string): void {
  if (name === '') throw invalid("Invalid experiment name: ''");
  if (name.length > LIMITS.experimentName) throw tooLong('name', LIMITS.experimentName);
}

export function checkExperimentTag({ key, value }: Pair): void {
  checkName(key, 'key');
  if (value.length > LIMITS.experimentTag) throw tooLong('value', LIMITS.experimentTag);
}

export function checkBatch(counts: { metrics: number; params: number; tags: number; bytes: number }): void {
  if (counts.bytes > LIMITS.batchBytes) throw invalid(`Batched logging API requests must be at most ${LIMITS.batchBytes} bytes, got a request of size ${counts.bytes}.`);
  const most = (name: string, count: number, limit: number): void => {
    if (count > limit) throw invalid(`A batch logging request can contain at most ${limit} ${name}. Got ${count} ${name}. Please split up ${name} across multiple requests and try again.`);
  };
  most('metrics', counts.metrics, LIMITS.batchMetrics);
  most('params', counts.params, LIMITS.batchParams);
  most('tags', counts.tags, LIMITS.batchTags);
  most('metrics, params, and tags', counts.metrics + counts.params + counts.tags, LIMITS.batch);
}
