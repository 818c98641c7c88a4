/** Models and versions as rows: what the ledger says and what MLflow's records say of the same things, put together. */
import { createHash } from 'node:crypto';
import type { EvaluationSummary } from '../../../protocol/evaluation/result';
import type { LiveRow, ModelRow, Person, VersionFacts, VersionRow } from '../../../protocol/registry';
import type { RegistryConfig } from '../../config/registry';
import { isPrompt, type ModelVersion, type RegisteredModel } from '../documents';
import { factsOf, type FactsOf } from '../ledger/facts';
import { authorOf, liveVersions, waitingOf } from './waiting';
import type { Folded, FoldedModel, FoldedVersion } from './fold';

/** One model: what each side knows of it; at least one does. */
export interface BothSides { name: string; folded: FoldedModel | undefined; record: RegisteredModel | undefined }

/** Models that there are: MLflow's but its prompts, and the ledger's that have a version. By name. */
export function modelsOf(folded: Folded, records: readonly RegisteredModel[]): Map<string, BothSides> {
  const found = new Map<string, BothSides>();
  for (const record of records) if (!isPrompt(record.tags)) found.set(record.name, { name: record.name, folded: folded.models.get(record.name), record });
  for (const [name, model] of folded.models) {
    if (!found.has(name) && [...model.versions.values()].some(({ deleted }) => !deleted)) found.set(name, { name, folded: model, record: undefined });
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Numbers of the versions that there are, newest first: those of the records, and those of the ledger that nobody deleted. */
export function numbersOf({ folded }: BothSides, recorded: readonly number[]): number[] {
  const kept = [...folded?.versions.values() ?? []];
  const gone = new Set(kept.filter(({ deleted }) => deleted).map(({ version }) => version));
  return [...new Set([...recorded, ...kept.map(({ version }) => version)])].filter((version) => !gone.has(version)).sort((a, b) => b - a);
}

export interface ModelParts { config: RegistryConfig; numbers: readonly number[]; live: LiveRow[] }

export function modelRow(sides: BothSides, { config, numbers, live }: ModelParts): ModelRow {
  const { name, folded, record } = sides;
  return {
    name, description: record?.description ?? folded?.description ?? '', versions: numbers.length, latest: numbers[0] ?? null,
    updated: Math.max(record?.updated ?? 0, folded?.updated ?? 0), aliases: record?.aliases ?? folded?.aliases ?? {}, live, waiting: folded ? waitingOf(folded, config) : [],
  };
}

/** Of each environment of runyard.yaml, and of others where something is live; `whole` says whether the pointer's folder is of the entry with that hash. */
export async function liveRows(folded: FoldedModel | undefined, config: RegistryConfig, whole: (environment: string, entry: string) => Promise<boolean>): Promise<LiveRow[]> {
  const environments = [...new Set([...Object.keys(config.environments), ...folded?.moves.keys() ?? []])];
  return await Promise.all(environments.map(async (environment): Promise<LiveRow> => {
    const last = folded?.moves.get(environment)?.at(-1);
    if (!last || last.version === null) return { environment, version: null, since: null, by: null, reason: '', forced: false, whole: true };
    return { environment, version: last.version, since: last.t, by: last.by, reason: reasonOf(last), forced: isForced(last), whole: await whole(environment, last.hash) };
  }));
}

type Entry = FoldedModel['judgements'][number];
export const reasonOf = (entry: Entry): string => factsOf('promoted', entry)?.reason ?? factsOf('forced', entry)?.reason ?? factsOf('rolledBack', entry)?.reason ?? '';
/** A move that gates or checks stood against. */
export const isForced = (entry: Entry): boolean => entry.kind === 'forced' || (entry.kind === 'rolledBack' && (entry.facts['forced'] === true || (factsOf('rolledBack', entry)?.blocked.length ?? 0) > 0));

export interface VersionParts { aliases: Readonly<Record<string, number>>; record: ModelVersion | undefined; here: boolean; evaluation: EvaluationSummary | null }

/** A version that only an MLflow client knows has no digest and no size before it is taken up. */
export function versionRow({ name, folded }: BothSides, version: number, { aliases, record, here, evaluation }: VersionParts): VersionRow {
  const known = folded?.versions.get(version);
  const live = folded ? [...liveVersions(folded)].filter(([, number]) => number === version).map(([environment]) => environment) : [];
  const was = [...folded?.moves ?? []].filter(([environment, moves]) => !live.includes(environment) && moves.some((move) => move.version === version)).map(([environment]) => environment);
  return {
    model: name, version, created: known?.registered.t ?? record?.created ?? 0, author: authorOfBoth(known, record), live, was, here, evaluation,
    description: record?.description ?? known?.description ?? '', tags: record?.tags ?? known?.tags ?? {}, aliases: Object.keys(aliases).filter((alias) => aliases[alias] === version).sort(),
    digest: known?.facts.digest ?? '', size: known?.facts.size ?? 0, run: known ? known.facts.run : record?.run || null, licence: known?.facts.licence ?? '',
  };
}

const authorOfBoth = (known: FoldedVersion | undefined, record: ModelVersion | undefined): Person => (known ? authorOf(known) : { name: record?.user ?? '', email: '' });

/** Digests under which an evaluation may know a version's model: of one of its files, of an ONNX file with the others as its weights beside it, of all of them. */
export function evaluatedAs({ digest, files }: Pick<VersionFacts | FactsOf<'registered'>, 'digest' | 'files'>): string[] {
  const beside = files.length < 2 ? [] : files.filter(({ path }) => path.endsWith('.onnx')).map((main) => {
    const others = files.filter((file) => file !== main).sort((a, b) => (a.path < b.path ? -1 : 1)).flatMap((file) => [file.path, file.digest]);
    return createHash('sha256').update(JSON.stringify([main.digest, ...others])).digest('hex');
  });
  return [digest, ...files.map((file) => file.digest), ...beside];
}
