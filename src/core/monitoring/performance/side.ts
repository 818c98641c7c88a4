/** The rows of a reference or of a window, with what the model said of them and what is true as far as it is known. */
import { RunyardError } from '../../base/errors';
import type { Data, Values } from '../../evaluation/data/types';
import type { SliceSpec } from '../../../protocol/evaluation/request';
import type { CustomPlace } from '../../evaluation/questions/custom/place';
import { tagRows } from '../../evaluation/questions/custom/taggers';
import { classFinder, collectLabels, type RawLabels } from '../../evaluation/run/labels';
import { inUnit, sayOf } from '../../evaluation/run/outputs';
import { taken, takenRows } from '../../evaluation/run/prepared';
import type { ScoredModel } from '../../evaluation/run/scored';
import { truthOf, type Truth } from '../../evaluation/run/truth';
import { labelColumn } from '../feedback/label-column';
import type { Asked } from './metrics';
import { gather } from './places';
import type { Labelled } from './realised';
import { withoutOutside, type Told } from './told';

/** `unit`: the model's scores are probabilities, as far as the reference tells. */
export interface Frame extends Asked { unit: boolean }
/** `why`: what nobody can use of it; '' where it is fine. */
export interface Side extends Labelled { frame: Frame; why: string; notes: string[] }

export function rawLabels(values: Values, rows: number): RawLabels {
  const labels = collectLabels(rows);
  labels.take(values, 0, rows);
  return labels.done();
}

/** Task and classes as asked for, else as predictions and labels tell. Throws bad_input as an evaluation does: not one label that fits, classes that don't. */
export function framedSide(labels: RawLabels, told: Told, asked: { label: string; task?: Asked['task'] | undefined; classes?: readonly string[] | undefined; positive?: string | undefined }): Side {
  const { raw, classes, task } = told;
  const unit = inUnit(raw);
  const truth = truthOf(labels, { task, classes, names: raw.names, width: raw.width, inUnit: unit }, { ...asked, classes: asked.classes ? [...asked.classes] : undefined });
  const outside = unit || !mostlyUnit(told) ? 0 : withoutOutside(raw);
  const frame: Frame = { task: truth.task === 'ranking' ? 'binary' : truth.task, classes: truth.classes, positive: truth.positive, unit: unit || outside > 0 };
  return sideOf({ ...truth, task: frame.task }, told, { frame, outside });
}

/** A stray value outside 0 to 1 makes probabilities no scores: fewer than one row in a hundred. */
function mostlyUnit({ raw: { scores } }: Told): boolean {
  if (!scores) return false;
  let [outside, all] = [0, 0];
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at] ?? NaN;
    if (Number.isNaN(score)) continue;
    all++;
    if (score < -1e-6 || score > 1 + 1e-6) outside++;
  }
  return outside * 100 < all;
}

/** Rows of a window: labels as texts, null where there is none yet. What can't be read as the frame has it is said in `why` and `notes`. */
export function windowSide(labels: readonly (string | null)[], told: Told | null, frame: Frame): Side {
  const rows = labels.length;
  const { codes, numbers, strange } = truthIn(labels, frame);
  const notes = strange.length === 0 ? [] : [`${strange.length} ${strange.length === 1 ? 'label is' : 'labels are'} ${frame.task === 'regression' ? 'no number' : 'none of the classes'}, such as "${strange[0] ?? ''}": left out`];
  const truth: Truth = { task: frame.task, classes: frame.classes, positive: frame.positive, codes: codes ?? (frame.task === 'regression' ? null : new Int32Array(rows).fill(-1)), numbers, unlabelled: new Map(), warnings: [] };
  const none: Side = { rows, truth: truth.codes, truthNumbers: truth.numbers, model: { predicted: null, numbers: null, probabilities: null, scores: null, unscored: new Map() }, frame, why: 'the log holds no predictions', notes };
  if (!told) return none;
  try {
    const side = sideOf(truth, told, { frame, outside: frame.unit ? withoutOutside(told.raw) : 0 });
    return { ...side, notes: [...notes, ...side.notes] };
  } catch (error) {
    if (!(error instanceof RunyardError) || error.code !== 'bad_input') throw error;
    return { ...none, why: error.message };
  }
}

function sideOf(truth: Truth, told: Told, { frame, outside }: { frame: Frame; outside: number }): Side {
  const rows = truth.codes?.length ?? truth.numbers?.length ?? 0;
  const who = 'the model';
  // Its length tells an evaluation how many rows there are.
  const { model, warnings } = sayOf(told.raw, { ...truth, codes: truth.codes ?? new Int32Array(rows) }, { classes: told.classes, threshold: null, who });
  const notes = [
    ...(outside > 0 ? [`${outside} ${outside === 1 ? 'row has a probability' : 'rows have probabilities'} outside 0 to 1: left out`] : []),
    ...warnings.flatMap(({ code, message }) => (code === 'scores_not_used' ? [message] : [])),
  ];
  return { rows, truth: truth.codes, truthNumbers: truth.numbers, model, frame, why: unusable(model, rows), notes };
}

/** Some rows of a side, in the order of the places. */
export function sideAt({ rows: _, truth, truthNumbers, model, why, ...rest }: Side, places: Int32Array): Side {
  const k = rest.frame.classes.length;
  const unscored = new Map<number, string>();
  if (model.unscored.size > 0) {
    for (let at = 0; at < places.length; at++) {
      const reason = model.unscored.get(places[at] ?? 0);
      if (reason !== undefined) unscored.set(at, reason);
    }
  }
  const own: ScoredModel = {
    predicted: model.predicted && taken(model.predicted, places, new Int32Array(places.length)), numbers: model.numbers && gather(model.numbers, places),
    probabilities: model.probabilities && takenRows(model.probabilities, places, k), scores: model.scores && gather(model.scores, places), unscored,
  };
  return { ...rest, rows: places.length, truth: truth && taken(truth, places, new Int32Array(places.length)), truthNumbers: truthNumbers && gather(truthNumbers, places), model: own, why: why || unusable(own, places.length) };
}

function unusable({ unscored }: ScoredModel, rows: number): string {
  if (rows > unscored.size) return '';
  return rows === 0 ? 'there are no rows' : `no row has a usable prediction: ${[...unscored.values()][0] ?? ''}`;
}

function truthIn(labels: readonly (string | null)[], { task, classes }: Frame): { codes: Int32Array | null; numbers: Float64Array | null; strange: string[] } {
  if (labels.every((label) => label === null)) return task === 'regression' ? { codes: null, numbers: new Float64Array(labels.length).fill(NaN), strange: [] } : { codes: new Int32Array(labels.length).fill(-1), numbers: null, strange: [] };
  const { codes, names, numbers } = rawLabels(labelColumn(labels), labels.length);
  const strange = new Set<string>();
  if (task === 'regression') {
    const values = names.map((name) => (name.trim() === '' ? NaN : Number(name)));
    const found = numbers ?? Float64Array.from(codes, (code) => (code < 0 ? NaN : (values[code] ?? NaN)));
    names.forEach((name, code) => (Number.isFinite(values[code]) ? undefined : strange.add(name)));
    return { codes: null, numbers: found.map((value) => (Number.isFinite(value) ? value : NaN)), strange: rowsOf(codes, names, strange) };
  }
  const find = classFinder(classes);
  const places = names.map(find);
  names.forEach((name, code) => ((places[code] ?? -1) < 0 ? strange.add(name) : undefined));
  return { codes: codes.map((code) => (code < 0 ? -1 : (places[code] ?? -1))), numbers: null, strange: rowsOf(codes, names, strange) };
}

/** One entry a row. */
function rowsOf(codes: Int32Array, names: readonly string[], strange: ReadonlySet<string>): string[] {
  if (strange.size === 0) return [];
  return [...codes].flatMap((code) => (code >= 0 && strange.has(names[code] ?? '') ? [names[code] ?? ''] : []));
}

/**
 * Members of the slices that these data have columns for, by name; of the others why not. A tagger is run over the rows: what it raises leaves its own slice out.
 * Throws cancelled.
 */
export async function slicesIn(data: Data, slices: readonly SliceSpec[], place: CustomPlace): Promise<{ members: Map<string, Uint8Array>; left: Map<string, string> }> {
  const found = new Map<string, Uint8Array>();
  const left = new Map<string, string>();
  const usable: { name: string; where: string }[] = [];
  const orWhy = async (name: string, work: () => Promise<unknown>): Promise<void> => work().then(() => undefined, (error: unknown) => {
    if (!(error instanceof RunyardError) || error.code === 'cancelled' || place.signal?.aborted) throw error;
    left.set(name, error.message);
  });
  for (const { name, where, tagger } of slices) {
    if (where === undefined) await orWhy(name, async () => found.set(name, await tagRows(tagger ?? '', data, place)));
    else await orWhy(name, async () => usable.push({ name, where: (await data.checkPredicate(where)).where }));
  }
  const masks = usable.length > 0 ? await data.members(usable.map(({ where }) => where), place.signal) : [];
  usable.forEach(({ name }, at) => found.set(name, masks[at] ?? new Uint8Array(data.rows)));
  // In the order of the slices.
  return { members: new Map(slices.flatMap(({ name }): [string, Uint8Array][] => { const own = found.get(name); return own ? [[name, own]] : []; })), left };
}
