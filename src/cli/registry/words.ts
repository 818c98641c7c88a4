/** Words of the registry's commands: versions, sources, texts. Errors are bad_input and name the option. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RunyardError } from '../../core/base/errors';
import type { EngineClient } from '../../engine/client/client';
import type { Invocation } from '../command';

/** A number where it is one; else an alias, an environment or 'latest', which the engine knows. */
export const versionOf = (word: string): number | string => (/^\d+$/.test(word) && Number.isSafeInteger(Number(word)) ? Number(word) : word);

/** A word that the command can't do without. */
export function needed(call: Invocation, option: string, { value, example }: { value: string; example: string }): string {
  const given = call.text(option);
  if (given === undefined || given.trim() === '') throw new RunyardError('bad_input', given === undefined ? `--${option} ${value} is missing` : `--${option} is empty`, `write --${option} ${example}`);
  return given;
}

/** `-` is standard input. */
export function textOf(word: string): string {
  const text = word === '-' ? readFileSync(0, 'utf8').trim() : word;
  if (text.trim() === '') throw new RunyardError('bad_input', 'the text is empty', 'write what you want to say, or - for standard input');
  return text;
}

/** As the engine takes it: relative to the workspace where it is in there, else absolute. */
export function placeOf({ workspace, io }: Pick<Invocation, 'workspace' | 'io'>, word: string): string {
  const absolute = path.resolve(io.cwd, word);
  const inside = path.relative(workspace, absolute);
  return inside === '' || inside.startsWith('..') || path.isAbsolute(inside) ? absolute : inside.split(path.sep).join('/');
}

/** The version's number. Throws not_found. */
export async function numberOf(client: EngineClient, model: string, word: string): Promise<number> {
  const version = versionOf(word);
  return typeof version === 'number' ? version : (await client.request('registry.version', { model, version })).row.version;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
