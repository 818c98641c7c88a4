/** The sections `evaluations:` and `slices:` of runyard.yaml. */
import { isScalar } from 'yaml';
import * as z from 'zod';
import { dataSpec, evaluationRequest, gateSpec, mapping, modelSpec, sliceSpec } from '../../protocol/evaluation/request';
import { nearest } from '../base/nearest';
import type { YamlPath } from './positions';
import { childrenOf, parsePart, parseValue, valueAt, warnOfUnknown, type Reading } from './reading';
import type { EvaluationConfig, SliceConfig } from './schema';
import { offsetsOf } from './scalar';
import { slice as wholeSlice, wholeEvaluation } from './short-forms';

/** Where a stretch of a predicate's text stands in the file; 1-based, ends past the last character. */
export interface Stretch { line: number; column: number; endLine: number; endColumn: number }
/** Of a slice: from offsets (0-based) in its predicate, or in the name of its tagger. */
export type PlaceOf = (from: number, to: number) => Stretch;
export interface Evaluating { slices: Record<string, SliceConfig>; places: Readonly<Record<string, PlaceOf>> }

const { name: _, model, data, label, ...rest } = evaluationRequest.shape;
/** The model, the data and the label may be said where the evaluation is asked for. */
const evaluationSection = z.object({ model: model.optional(), data: data.optional(), label: label.optional(), ...rest });

const { name: __, ...sliceShape } = sliceSpec.shape;
const sliceSection = z.object({ ...sliceShape, evaluations: z.union([z.array(z.string()), z.string().transform((one) => [one])], { error: 'expected names such as [car-loan]' }).optional() });

const INNER: readonly [YamlPath, readonly string[]][] = [
  ...['model', 'baseline'].flatMap((one): [YamlPath, string[]][] => [
    [[one], Object.keys(modelSpec.shape)], [[one, 'mapping'], Object.keys(mapping.shape)], [[one, 'predictions'], ['column', 'probabilities', 'data', 'id']], [[one, 'predictions', 'data'], Object.keys(dataSpec.shape)],
  ]),
  ...['data', 'training'].map((one): [YamlPath, string[]] => [[one], Object.keys(dataSpec.shape)]),
  [['gate'], Object.keys(gateSpec.shape)], [['cost'], ['tp', 'fp', 'fn', 'tn']],
];

export function readEvaluations(reading: Reading): Record<string, EvaluationConfig> {
  const found: Record<string, EvaluationConfig> = {};
  for (const name of childrenOf(reading, 'evaluations')) {
    const path = ['evaluations', name];
    for (const [inner, known] of INNER) warnOfUnknown(reading, [...path, ...inner], known);
    warnOfLimits(reading, path);
    const request = parsePart(reading, path, evaluationSection, wholeEvaluation);
    if (request) found[name] = { name, line: lineOf(reading, path), request };
  }
  return found;
}

export function readSlices(reading: Reading, { text, evaluations }: { text: string; evaluations: readonly string[] }): Evaluating {
  const slices: Record<string, SliceConfig> = {};
  const places: Record<string, PlaceOf> = {};
  for (const name of childrenOf(reading, 'slices')) {
    const path = ['slices', name];
    warnOfLimits(reading, path);
    const said = parsePart(reading, path, sliceSection, wholeSlice);
    if (!said) continue;
    const { evaluations: only, ...rest } = said;
    const spec = parseValue(reading, path, { schema: sliceSpec, value: { ...rest, name } });
    if (!spec) continue;
    for (const [i, one] of (only ?? []).entries()) warnOfNobody(reading, [...path, 'evaluations', i], { name: one, among: evaluations });
    slices[name] = { name, line: lineOf(reading, path), spec, evaluations: only ?? null };
    const place = placeIn(reading, { path: typeof valueAt(reading, path) === 'string' ? path : [...path, spec.where === undefined ? 'tagger' : 'where'], text });
    if (place) places[name] = place;
  }
  return { slices, places };
}

const lineOf = ({ document, place }: Reading, path: YamlPath): number => place.of(document, path, { severity: 'error', message: '', key: true }).line;

function warnOfLimits(reading: Reading, path: YamlPath): void {
  const limits = valueAt(reading, [...path, 'thresholds']);
  for (const metric of typeof limits === 'object' && limits !== null ? Object.keys(limits) : []) warnOfUnknown(reading, [...path, 'thresholds', metric], ['min', 'max']);
}

function warnOfNobody({ document, problems, place }: Reading, path: YamlPath, { name, among }: { name: string; among: readonly string[] }): void {
  if (among.includes(name)) return;
  const near = nearest(name, among);
  problems.push(place.of(document, path, { severity: 'warning', message: `there is no evaluation '${name}'${near ? `: did you mean '${near}'?` : ''}` }));
}

function placeIn({ document, place }: Reading, { path, text }: { path: YamlPath; text: string }): PlaceOf | null {
  const node = document.getIn(path, true);
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return null;
  const [start, end] = node.range;
  const offsets = offsetsOf(text.slice(start, end), node.value, node.type ?? 'PLAIN');
  const at = (offset: number): number => start + (offsets[Math.min(offset, offsets.length - 1)] ?? 0);
  return (from, to) => {
    const last = to > from ? at(to - 1) + 1 : at(from) + 1;
    const { line, column, endLine, endColumn } = place.at([at(from), last], 'error', '');
    return { line, column, endLine, endColumn };
  };
}
