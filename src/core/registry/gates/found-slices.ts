/** No slice worse than what is live, where nobody defined any: those that a search finds. */
import { NO_GROUPS } from '../../evaluation/slices/column';
import type { GateOf } from '../../config/registry';
import { discoverSettings, type DiscoverSettings } from '../../../protocol/evaluation/request';
import type { DiscoveryDoc, EvaluationDoc, FoundSlice } from '../../../protocol/evaluation/result';
import type { GateEvidence, GateResult } from '../../../protocol/registry';
import { nothingToCompare, type Against } from './change';
import { counted, listed, shown, shownP } from './figures';
import { cannotTell, resultOf } from './result';

/** What a search came to, or why there was none. */
export type Search = { found: DiscoveryDoc } | { failed: string };

/** Whether slices have to be searched: none is defined, and the gate names none. */
export const searches = (config: GateOf<'slices'>, against: Against): boolean =>
  config.slices === undefined && against.doc.slices.length === 0 && against.doc.overall.compared !== null && nothingToCompare(config, against) === null;

/** Where the candidate's loss rose, of conjunctions of two columns: searched on one half of the rows, held against the other (Benjamini and Hochberg at the gate's alpha). */
export const searchSettings = ({ alpha, minSupport }: GateOf<'slices'>, { overall: { figures: { n } } }: EvaluationDoc): DiscoverSettings =>
  discoverSettings.parse({ mode: 'worsening', minSupport: Math.max(minSupport, 30, Math.ceil(n / 100)), level: alpha });

const WAY = 'define the groups that matter under slices: in runyard.yaml (NAME: "predicate over the columns"), or cannotTell: pass at the gate';

/**
 * Fails where a found slice is worse by more than `maxWorsening` on the half of the rows that the search didn't see, beyond noise. Passes where none is; that is no proof for a
 * small group, which its reason says. Where nothing could be searched nobody can tell; data without a column that makes groups have no slices.
 */
export function foundSlicesGate(config: GateOf<'slices'>, against: Against, search: Search): GateResult {
  const { doc, live } = against;
  if ('failed' in search) {
    return search.failed.startsWith(NO_GROUPS) ? resultOf(config, { outcome: 'pass', reason: `the evaluation ${doc.name} has no slices, and its data no column that makes groups` })
      : cannotTell(config, `the evaluation ${doc.name} has no slices, and none could be searched: ${search.failed}`, WAY);
  }
  const { found } = search;
  const worse = found.slices.filter((slice) => isWorse(slice, config.maxWorsening));
  // Of those that overlap the first, which weighs most.
  const first = worse.filter((slice, at) => slice.family < 0 || worse.findIndex(({ family }) => family === slice.family) === at);
  const evidence = first.map((slice) => evidenceOf(slice, found, doc));
  const room = config.maxWorsening > 0 ? ` by more than ${shown(config.maxWorsening)}` : '';
  if (evidence.length > 0) {
    return resultOf(config, {
      outcome: 'fail', evidence, hint: `look at these rows; train with more like them, or keep what is live. To keep watch over a group, define it under slices: in runyard.yaml: NAME: ${JSON.stringify(first[0]?.where ?? '')}`,
      reason: `no slices are defined, and a search found ${counted(evidence.length, 'group')} worse${room} than version ${live ?? ''}, which is live: ${listed(evidence.map(({ text }) => text))}`,
    });
  }
  return resultOf(config, { outcome: 'pass', reason: `no slices are defined; a search of groups of ${found.settings.minSupport ?? 0} rows and more found none worse${room} than version ${live ?? ''}, which is live` });
}

/** `interval`: of the mean worsening, candidate minus live, where the search didn't look. */
const isWorse = ({ holds, checked }: FoundSlice, most: number): boolean => holds === true && (checked?.effect ?? 0) > most && (most <= 0 || (checked?.interval?.[0] ?? -Infinity) > most);

function evidenceOf({ label, where, checked }: FoundSlice, { loss }: DiscoveryDoc, doc: EvaluationDoc): GateEvidence {
  const [rows, effect, p] = [checked?.rows ?? 0, checked?.effect ?? 0, checked?.p_bh ?? null];
  const metric = loss === 'zero_one' ? 'accuracy' : loss === 'absolute' ? 'mae' : loss;
  const range = checked?.interval ? `, worsening ${shown(checked.interval[0])} to ${shown(checked.interval[1])}` : '';
  return {
    outcome: 'fail', evaluation: doc.id, slice: label, metric, n: rows, difference: metric === 'accuracy' ? -effect : effect,
    text: `${where} is worse by ${shown(effect)} in ${metric} over ${rows} rows that the search didn't see${range}${p === null ? '' : `, p ${shownP(p)}`}`,
  };
}
