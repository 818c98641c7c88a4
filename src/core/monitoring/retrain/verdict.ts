/** What comes of a candidate, once it was held against what is live. Pure. */
import { figureAt, type EvaluationDoc } from '../../../protocol/evaluation/result';
import type { GateKind, GateReport } from '../../../protocol/registry';
import type { RetrainingState, SideBySide } from '../../../protocol/monitoring';

/** The main figure of an evaluation with its baseline's. Without a baseline there is nothing to compare: 'cannot tell'. */
export function sideBySide(doc: EvaluationDoc): SideBySide {
  const { metric } = doc.main;
  const verdict = doc.overall.compared?.verdict;
  return {
    metric, candidate: figureAt(doc.overall.figures, metric), live: doc.baselineOverall ? figureAt(doc.baselineOverall.figures, metric) : null,
    difference: verdict?.difference ?? null, interval: verdict?.interval ?? null, n: doc.overall.figures.n, word: verdict?.word ?? 'cannot tell', evaluation: doc.id,
  };
}

/** Slices on which it fails against the other model. */
export const lostSlices = ({ slices }: EvaluationDoc): string[] => slices.filter(({ compared }) => compared?.failed === true).map(({ name }) => name);

/** What a person does: no reason to turn a candidate down. */
const PEOPLES = new Set<GateKind>(['approval', 'card']);

export interface Judging {
  version: number; live: number | null;
  fresh: SideBySide | null; old: SideBySide | null; lost: readonly string[];
  gates: Pick<GateReport, 'gates' | 'environment'> | null;
  /** why there is no report of the gates */
  noGates: string | null;
  /** environment that runyard.yaml lets it go to by itself */
  promoteTo: string | undefined;
}
export interface Judged { state: Extract<RetrainingState, 'registered' | 'rejected'>; /** nothing stands in the way, and runyard.yaml says so */ promote: boolean; text: string }

/** Worse than what is live, on new rows or on old ones, or failing a gate that no person lifts: rejected. Else it waits for a person, unless it may go by itself. */
export function judgeCandidate({ version, live, fresh, old, lost, gates, noGates, promoteTo }: Judging): Judged {
  const name = `version ${version}`;
  const rejected = (why: string): Judged => ({ state: 'rejected', promote: false, text: `${name} ${why}` });
  if (live === version) return rejected('is live already: the run made the very same model');
  if (fresh?.word === 'worse') return rejected(`is worse than version ${live} on the freshest labelled rows: ${figures(fresh)}`);
  if (old?.word === 'worse') return rejected(`has forgotten: it is worse than version ${live} on the evaluation set: ${figures(old)}`);
  if (lost.length > 0) return rejected(`has forgotten ${lost.slice(0, 5).join(', ')}: it is worse than version ${live} there`);
  const blocking = (gates?.gates ?? []).filter(({ blocks }) => blocks);
  const failed = blocking.filter(({ kind, outcome }) => outcome === 'fail' && !PEOPLES.has(kind));
  if (failed.length > 0) return rejected(`fails gates of ${gates?.environment}: ${failed.map(({ name: gate, reason }) => `${gate}: ${reason}`).join('; ')}`);
  const told = toldOf(fresh, live);
  const open = [...blocking.map(({ name: gate, reason }) => `${gate}: ${reason}`), ...(noGates === null ? [] : [noGates])];
  const promote = promoteTo !== undefined && gates !== null && open.length === 0;
  return { state: 'registered', promote, text: `${name} ${told}${promote ? '' : `; it waits for a person${open.length > 0 ? `: ${open.join('; ')}` : ''}`}` };
}

function toldOf(fresh: SideBySide | null, live: number | null): string {
  if (!fresh) return 'was not compared';
  if (live === null) return `is the first: nothing is live to hold it against (${fresh.metric} ${digits(fresh.candidate)}, ${fresh.n} rows)`;
  const word = { better: 'is better than', worse: 'is worse than', same: 'is as good as', 'cannot tell': "can't be told from" }[fresh.word] ?? `is ${fresh.word} than`;
  return `${word} version ${live} on the freshest labelled rows: ${figures(fresh)}`;
}

const digits = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(4))));
const figures = ({ metric, candidate, live, n }: SideBySide): string => `${metric} ${digits(candidate)} against ${digits(live)}, ${n} rows`;
