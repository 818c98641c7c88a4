/** What a filter or an order may name: entities under their several names, and the attributes of a run. */
import type { Token } from './lexer';
import { badFilter } from './lexer';
import type { Entity, Key } from './ast';

const ENTITIES: Readonly<Record<string, Entity>> = {
  metric: 'metric', metrics: 'metric', param: 'param', params: 'param', parameter: 'param', parameters: 'param', tag: 'tag', tags: 'tag',
  attribute: 'attribute', attributes: 'attribute', attr: 'attribute', run: 'attribute', dataset: 'dataset', datasets: 'dataset',
};

export type AttributeType = 'text' | 'number' | 'time' | 'state';
/** Attributes by the name they have here. Times are seconds since the epoch; a figure too large for that is taken as MLflow's milliseconds. */
export const ATTRIBUTES = {
  run_id: 'text', run_name: 'text', status: 'state', client_status: 'state', experiment: 'text', user_id: 'text', source: 'text', script: 'text', notes: 'text', reason: 'text',
  parent: 'text', commit: 'text', branch: 'text', artifact_uri: 'text', group: 'text', runner: 'text', signal: 'text', interpreter: 'text',
  created: 'time', start_time: 'time', end_time: 'time', duration: 'number', exit_code: 'number', pinned: 'number',
} as const satisfies Record<string, AttributeType>;
export type AttributeName = keyof typeof ATTRIBUTES;

const ALIASES: Readonly<Record<string, AttributeName>> = {
  id: 'run_id', run_uuid: 'run_id', name: 'run_name', 'run name': 'run_name', state: 'status', experiment_name: 'experiment', user: 'user_id',
  started: 'start_time', ended: 'end_time', exit: 'exit_code',
};
const DATASET_KEYS: Readonly<Record<string, string>> = { name: 'name', digest: 'digest', context: 'role', role: 'role' };

export const isAttribute = (name: string): name is AttributeName => Object.hasOwn(ATTRIBUTES, name);

/**
 * Reads a key that begins at token `i`: `metrics.acc`, "metrics.`val acc`", `metrics."val acc"`, or an attribute's bare name. A key in
 * quotes is one token after a word that ends in a dot. Returns the key and the token after it.
 */
export function readKey(text: string, all: readonly Token[], i: number): { key: Key; next: number } {
  const token = all[i];
  if (!token) throw badFilter(text, text.length, 'a key is missing');
  if (token.kind === 'name' || token.double) return { key: resolve(text, token, token.text), next: i + 1 };
  if (token.kind !== 'word') throw badFilter(text, token.at, `'${token.text}' stands where a key should`);
  const following = all[i + 1];
  if (token.text.endsWith('.') && following?.at === token.end && (following.kind === 'name' || following.double)) {
    return { key: resolve(text, token, token.text + following.text), next: i + 2 };
  }
  return { key: resolve(text, token, token.text), next: i + 1 };
}

function resolve(text: string, token: Token, name: string): Key {
  const dot = name.indexOf('.');
  const entity = dot > 0 ? ENTITIES[name.slice(0, dot).toLowerCase()] : 'attribute';
  if (!entity) throw badFilter(text, token.at, `'${name}' begins with none of metrics, params, tags, attributes, datasets`);
  const key = dot > 0 ? name.slice(dot + 1) : name;
  if (key === '') throw badFilter(text, token.at, `'${name}' names no key`);
  if (entity === 'attribute') return { entity, name: attribute(text, token, key) };
  if (entity === 'dataset') {
    const known = DATASET_KEYS[key.toLowerCase()];
    if (!known) throw badFilter(text, token.at, `a dataset has no '${key}'`, 'datasets have name, digest and context');
    return { entity, name: known };
  }
  return { entity, name: key };
}

function attribute(text: string, token: Token, name: string): AttributeName {
  const lower = name.toLowerCase();
  const known = Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : lower;
  if (known !== undefined && isAttribute(known)) return known;
  throw badFilter(text, token.at, `a run has no attribute '${name}'`, `attributes are ${Object.keys(ATTRIBUTES).join(', ')}; metrics and params are written metrics.KEY and params.KEY`);
}
