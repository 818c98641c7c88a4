/** Golden predictions: what a version said of a few rows when it was promoted, asked again before one goes back to it. */
import path from 'node:path';
import { describeError, RunyardError } from '../../base/errors';
import type { Rollback, VersionFacts } from '../../../protocol/registry';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import type { LedgerEntry } from '../ledger/entry';
import type { ProbeParams, ProbeResult, Watching } from '../types';
import { readGolden, writeGolden } from './golden-file';
import { when, type Moving } from './parts';

const ROWS = 100;
const TIMED = 50;
export interface Probed { model: string; version: number; facts: VersionFacts; /** where its files lie */ folder: string; python: string | undefined }
export interface Recorded { digest: string | null; latency: ProbeResult['latency']; /** why nothing is recorded; '' where something is */ why: string }

/** What an evaluator opens: the only file, or the folder. */
export const modelFile = ({ folder, facts: { files: [only, ...more] } }: Pick<Probed, 'folder' | 'facts'>): string => (only && more.length === 0 ? path.join(folder, ...only.path.split('/')) : folder);

/** Not made for the evaluator: a program, a pickle. Nothing can be said of it here. */
const opens = ({ inputs }: VersionFacts): boolean => inputs.length > 0;
/** The person's, not the model's: data that are gone or don't fit, no interpreter. */
const EXPECTED = new Set(['bad_input', 'not_found', 'unsupported', 'conflict']);

/**
 * Rows of the evidence's data, else made up from what the model takes. Those that are kept and hold still are kept: the ledger has their digest. Throws refused for an ONNX model that
 * can't be loaded: nobody could serve it; what else can't be asked is told in `why`.
 */
export async function recordGolden(moving: Moving, probed: Probed, evidence: readonly string[], watching: Watching): Promise<Recorded> {
  const { context, parts: { evaluating } } = moving;
  const base = { file: modelFile(probed), python: probed.python ?? null, latency: TIMED };
  const ask = (more: Partial<ProbeParams>): Promise<ProbeResult> => evaluating.probe({ ...base, data: null, ...more }, watching);
  try {
    const kept = await readGolden(context, probed.facts.digest).catch(() => null);
    if (kept && !kept.golden.synthetic) {
      const { differing, latency } = await ask({ replay: kept.golden });
      if (differing?.length === 0) return { digest: kept.digest, latency, why: '' };
    }
    const { golden, latency } = await fromData(moving, evidence, { ask, watching }) ?? await ask({ record: ROWS });
    if (!golden) return { digest: null, latency, why: 'no row can be made up for what the model takes' };
    return { digest: await writeGolden(context, probed.facts.digest, golden), latency, why: '' };
  } catch (error) {
    if (!(error instanceof RunyardError) || !EXPECTED.has(error.code)) throw error;
    if (opens(probed.facts)) throw new RunyardError('refused', `${probed.model} version ${probed.version} can't be loaded: ${error.message}`, error.hint || 'register a model that ONNX Runtime loads', { cause: error });
    return { digest: null, latency: null, why: describeError(error) };
  }
}

interface Asking { ask(more: Partial<ProbeParams>): Promise<ProbeResult>; watching: Watching }

/** Null where no evaluation has data that are still there and fit. */
async function fromData({ context, parts: { evaluating } }: Moving, evidence: readonly string[], { ask, watching }: Asking): Promise<ProbeResult | null> {
  for (const id of evidence.slice(0, 3)) {
    try {
      const { request, model }: EvaluationDoc = await evaluating.get(id);
      return await ask({ record: ROWS, data: { spec: request.data, label: request.label, id: request.id, mapping: request.model.mapping ?? (model.kind === 'onnx' ? model.mapping : undefined) } });
    } catch (error) {
      if (watching.signal.aborted || !(error instanceof RunyardError) || !EXPECTED.has(error.code)) throw error;
      context.log.info(`no golden predictions from the data of evaluation ${id}: ${error.message}`);
    }
  }
  return null;
}

export type MoveCheck = Rollback['checks'][number];

/** Loads the model and asks it for its golden rows again. Nothing recorded, or no model that opens here: nobody can tell, which stops nothing. */
export async function replayGolden(moving: Moving, probed: Probed, entries: readonly LedgerEntry[], watching: Watching): Promise<MoveCheck[]> {
  const { context, parts: { evaluating, ledger } } = moving;
  const { facts, model, version } = probed;
  const params = { file: modelFile(probed), data: null, python: probed.python ?? null };
  const load = (outcome: MoveCheck['outcome'], text: string): MoveCheck => ({ name: 'loads', outcome, text });
  const found = (outcome: MoveCheck['outcome'], text: string): MoveCheck => ({ name: 'golden', outcome, text });
  try {
    const kept = await readGolden(context, facts.digest);
    if (!kept) {
      await evaluating.probe({ ...params, record: 1 }, watching);
      return [load('pass', 'the model loads'), found('cannot tell', noneHere(entries, ledger.clone, probed))];
    }
    const { differing } = await evaluating.probe({ ...params, replay: kept.golden }, watching);
    if (!isRecorded(entries, kept.digest, { clone: ledger.clone, probed })) return [load('pass', 'the model loads'), found('fail', 'the golden predictions kept here are not those that were recorded at the promotion')];
    return [load('pass', 'the model loads'), judged(differing ?? [], kept.golden.rows.length, found)];
  } catch (error) {
    if (!(error instanceof RunyardError) || !(EXPECTED.has(error.code) || error.code === 'store_corrupt')) throw error;
    if (error.code === 'store_corrupt') return [load('cannot tell', 'it was not asked'), found('fail', error.message)];
    return [load(opens(facts) ? 'fail' : 'cannot tell', `${model} version ${version} can't be loaded here: ${error.message}`), found('cannot tell', 'nobody could ask it')];
  }
}

function judged(differing: NonNullable<ProbeResult['differing']>, rows: number, found: (outcome: MoveCheck['outcome'], text: string) => MoveCheck): MoveCheck {
  const [first] = differing;
  if (!first) return found('pass', `it says of ${rows} golden rows what it said when it was promoted`);
  return found('fail', `it says something else of ${differing.length} of ${rows} golden rows than when it was promoted; row ${first.row}: ${first.was}, and now ${first.now}`);
}

/** Promotions of these very bytes that golden predictions were recorded at, oldest first. */
const recordings = (entries: readonly LedgerEntry[], { model, facts: { digest } }: Probed): LedgerEntry[] =>
  entries.filter(({ kind, model: of, facts }) => (kind === 'promoted' || kind === 'forced') && of === model && facts['digest'] === digest && typeof facts['golden'] === 'string');

/** Those of our own newest promotion; where this clone promoted none, a copy of what another one recorded. Where no promotion says what it recorded, nobody can tell. */
function isRecorded(entries: readonly LedgerEntry[], digest: string, { clone, probed }: { clone: string; probed: Probed }): boolean {
  const all = recordings(entries, probed);
  const own = all.findLast((entry) => entry.clone === clone);
  return all.length === 0 || (own ? own.facts['golden'] === digest : all.some(({ facts }) => facts['golden'] === digest));
}

/** They hold rows of data, so they go nowhere by themselves: who recorded them has them. */
function noneHere(entries: readonly LedgerEntry[], clone: string, probed: Probed): string {
  const last = recordings(entries, probed).at(-1);
  if (!last || last.clone === clone) return 'no golden predictions of it are kept here';
  return `no golden predictions here: ${last.by.name} recorded them on another machine at ${when(last.t)}, where they stay, as they hold rows of data; copy .runyard/registry/golden/${probed.facts.digest}.json from there to have them compared`;
}
