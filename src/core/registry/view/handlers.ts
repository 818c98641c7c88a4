/** The engine's methods that look at the registry: its models and versions, what was live when, who said what. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { RunyardError, systemCode } from '../../base/errors';
import { nearest } from '../../base/nearest';
import type { EvaluationSummary } from '../../../protocol/evaluation/result';
import type { Approval, CommentTarget, HistoryRow, ModelRow, Person, VersionFacts, WaitingRow } from '../../../protocol/registry';
import { authorsOf } from '../approvals/authors';
import { cardFile } from '../card/place';
import { modelVersion, registeredModel, type ModelVersion } from '../documents';
import type { LedgerEntry } from '../ledger/entry';
import { factsOf } from '../ledger/facts';
import { liveAt } from '../ledger/history';
import { samePerson } from '../ledger/people';
import { readPointer } from '../live/pointer';
import type { RegistryHandlers } from '../service/handlers';
import type { Ledger, RegistryContext, Versions } from '../types';
import { noModel } from '../versions/catalog';
import { comment, commentsOn } from './comments';
import { environmentRows } from './environments';
import { createFold } from './fold';
import { evaluatedAs, isForced, liveRows, modelRow, modelsOf, numbersOf, reasonOf, versionRow, type BothSides } from './rows';
import { sentenceOf } from './sentences';

export interface ViewParts {
  ledger: Ledger; versions: Versions;
  /** whoever git says works here, unless a door said it */
  identity(given?: Person): Promise<Person>;
  /** newest first */
  evaluations(): readonly EvaluationSummary[];
  /** whether the signature of an approval holds; null where it has none */
  signed?(entry: LedgerEntry): Promise<boolean | null>;
}
type Method = 'registry.models' | 'registry.model' | 'registry.version' | 'registry.history' | 'registry.at' | 'registry.verify' | 'registry.comments' | 'registry.comment';

export function viewing(context: RegistryContext, parts: ViewParts): Pick<RegistryHandlers, Method> {
  const { workspace, store, loaded } = context;
  const { ledger, versions } = parts;
  const fold = createFold(() => ledger.entries());
  const config = () => loaded().config.registry;

  /** What other clones said meanwhile, first: a cheap look. */
  const look = (): Map<string, BothSides> => {
    ledger.refresh();
    return modelsOf(fold(), store.records.list('registeredModel').map(({ doc }) => registeredModel.parse(doc)));
  };
  const named = (model: string): BothSides => {
    const all = look();
    const found = all.get(model);
    if (!found) throw noModel(model, [...all.keys()]);
    return found;
  };
  /** Models and environments that there were count, too: their history stays. */
  const known = (model: string | undefined, environment: string | undefined): void => {
    const all = look();
    if (model !== undefined && !all.has(model) && !fold().models.has(model)) throw noModel(model, [...all.keys()]);
    const environments = [...new Set([...Object.keys(config().environments), ...[...fold().models.values()].flatMap(({ moves }) => [...moves.keys()])])];
    if (environment === undefined || environments.includes(environment)) return;
    const near = nearest(environment, environments);
    throw new RunyardError('not_found', `there is no environment '${environment}'`, near ? `did you mean '${near}'?` : `there are ${environments.join(', ')}`);
  };
  /** A run by its whole id, also where it is gone by now: what was said of it isn't. */
  const ofWholeRun = (on: CommentTarget): CommentTarget => (on.run === undefined || /^[0-9a-f]{32}$/.test(on.run) ? on : { ...on, run: store.resolveRun(on.run) });
  /** The pointer's folder is what the ledger says. */
  const whole = (model: string) => (environment: string, entry: string): Promise<boolean> =>
    readPointer({ root: path.join(workspace, '.runyard', 'models'), model, environment }).then((manifest) => manifest?.entry === entry, () => false);
  const rowOf = async (sides: BothSides, recorded: readonly number[]): Promise<ModelRow> =>
    modelRow(sides, { config: config(), numbers: numbersOf(sides, recorded), live: await liveRows(sides.folded, config(), whole(sides.name)) });
  const recordsOf = (model: string): Map<number, ModelVersion> =>
    new Map(store.records.list('modelVersion', { scopes: [model] }).map(({ doc }) => modelVersion.parse(doc)).map((one) => [one.version, one]));
  const newest = (): ((facts: Parameters<typeof evaluatedAs>[0]) => EvaluationSummary | null) => {
    const byDigest = new Map<string, EvaluationSummary>();
    for (const summary of parts.evaluations()) if (!byDigest.has(summary.modelDigest)) byDigest.set(summary.modelDigest, summary);
    return (facts) => evaluatedAs(facts).flatMap((digest) => byDigest.get(digest) ?? []).sort((a, b) => b.created - a.created)[0] ?? null;
  };
  const versionRows = (sides: BothSides, records: Map<number, ModelVersion>, numbers: readonly number[]) => {
    const evaluation = newest();
    const aliases = sides.record?.aliases ?? sides.folded?.aliases ?? {};
    return numbers.map((version) => {
      const facts = sides.folded?.versions.get(version)?.facts;
      return versionRow(sides, version, { aliases, record: records.get(version), here: facts !== undefined && versions.here(facts as VersionFacts), evaluation: facts ? evaluation(facts) : null });
    });
  };
  /** Who made a version, by its digest: git is asked once. */
  const makers = new Map<string, Promise<Person[]>>();
  const withOwn = async (rows: readonly WaitingRow[]): Promise<WaitingRow[]> => {
    if (rows.length === 0) return [];
    const here = await parts.identity();
    return await Promise.all(rows.map(async (row) => {
      const facts = await versions.facts(row.model, row.version);
      const authors = makers.get(facts.digest) ?? authorsOf(workspace, facts);
      makers.set(facts.digest, authors);
      return { ...row, own: (await authors).some((author) => samePerson(author, here)) };
    }));
  };
  const sentences = new WeakMap<LedgerEntry, HistoryRow>();
  const historyRow = (entry: LedgerEntry): HistoryRow => {
    const { hash, clone, n, t, by, kind, model, version, environment, facts } = entry;
    const row = sentences.get(entry) ?? { hash, clone, n, t, by, kind, model, version, environment, text: sentenceOf(entry), forced: isForced(entry), facts };
    sentences.set(entry, row);
    return row;
  };

  return {
    'registry.models': async () => {
      const all = [...look().values()];
      const recorded = new Map<string, number[]>();
      for (const { scope, sort } of store.records.list('modelVersion')) recorded.set(scope, [...recorded.get(scope) ?? [], sort]);
      const models = await Promise.all(all.map((sides) => rowOf(sides, recorded.get(sides.name) ?? [])));
      return { models, environments: environmentRows(config()), waiting: await withOwn(models.flatMap(({ waiting }) => waiting)), conflicts: ledger.conflicts() };
    },
    'registry.model': async ({ model }) => {
      const sides = named(model);
      const records = recordsOf(model);
      const numbers = numbersOf(sides, [...records.keys()]);
      return {
        model: await rowOf(sides, [...records.keys()]), versions: versionRows(sides, records, numbers), environments: environmentRows(config()),
        comments: commentsOn(fold().comments, { model }), conflicts: ledger.conflicts().filter((one) => one.model === model),
      };
    },
    'registry.version': async ({ model, version: ref }) => {
      named(model);
      const version = versions.resolve(model, ref);
      // One that an MLflow client made is taken up here.
      const facts = await versions.facts(model, version);
      const sides = named(model);
      const [row] = versionRows(sides, recordsOf(model), [version]);
      if (!row) throw noModel(model, []);
      const digests = new Set(evaluatedAs(facts));
      const authors = await authorsOf(workspace, facts);
      const card = cardFile(config(), model, version);
      return {
        row, facts, evaluations: parts.evaluations().filter(({ modelDigest }) => digests.has(modelDigest)), comments: commentsOn(fold().comments, { model, version }),
        approvals: await Promise.all((sides.folded?.judgements ?? []).filter((entry) => entry.version === version).map((entry) => approval(entry, authors))),
        folder: row.here ? `.runyard/weights/${facts.digest}` : null, golden: readGolden(workspace, facts.digest), card: existsSync(path.resolve(workspace, card)) ? card : null,
      };
    },
    'registry.history': async ({ model, environment, limit }) => {
      known(model, environment);
      const found = ledger.entries().filter((entry) => (model === undefined || entry.model === model) && (environment === undefined || entry.environment === environment));
      return { rows: found.slice(-limit).map(historyRow) };
    },
    'registry.at': async ({ model, environment, time }) => {
      known(model, environment);
      const live = liveAt(ledger.entries(), { model, environment, time });
      return live ? { version: live.version, since: live.since, by: live.entry.by, reason: reasonOf(live.entry) } : { version: null, since: null, by: null, reason: '' };
    },
    'registry.verify': async () => {
      look();
      return ledger.verify();
    },
    'registry.comments': async ({ on }) => {
      look();
      return { comments: commentsOn(fold().comments, ofWholeRun(on)) };
    },
    'registry.comment': async ({ on, text, by }) => {
      const check = ({ run, model, version }: CommentTarget): void => {
        if (run !== undefined) store.getRun(run);
        if (model !== undefined) named(model);
        if (model !== undefined && version !== undefined) versions.resolve(model, version);
      };
      const said = comment(ledger, { on: ofWholeRun(on), text, by: await parts.identity(by), check });
      context.changed(on.model === undefined ? [] : [on.model]);
      return said;
    },
  };

  async function approval(entry: LedgerEntry, authors: readonly Person[]): Promise<Approval> {
    const { by, t } = entry;
    const facts = factsOf('approved', entry) ?? factsOf('rejected', entry);
    return {
      judgement: entry.kind === 'rejected' ? 'rejected' : 'approved', by, t, comment: facts?.comment ?? '', own: authors.some((author) => samePerson(by, author)), environment: entry.environment ?? '',
      signed: facts?.signature ? await (parts.signed?.(entry) ?? Promise.resolve(null)) : null,
    };
  }
}

const golden = z.object({ rows: z.array(z.unknown()), recorded: z.number() });

/** Rows that were recorded when the version was promoted; null where none were, or their file can't be read. */
function readGolden(workspace: string, digest: string): { rows: number; recorded: number } | null {
  try {
    const { rows, recorded } = golden.parse(JSON.parse(readFileSync(path.join(workspace, '.runyard', 'registry', 'golden', `${digest}.json`), 'utf8')));
    return { rows: rows.length, recorded };
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}
