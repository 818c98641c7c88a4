/** Short forms of an evaluation's parts, made whole: `model: out/model.onnx`, `data: [a.csv, b.csv]`, `accuracy: 0.8`. Pure. */
import type { ModelSpec } from '../../protocol/evaluation/request';
import { goalOf } from './goals';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `NAME@ALIAS` and `NAME/VERSION` are the registry's; whatever ends in .onnx, or begins like a path or an address, is a file. */
export function modelFromText(text: string): Pick<ModelSpec, 'file' | 'registered'> {
  const address = /^models:\/+(?!m-)(.+)$/i.exec(text)?.[1];
  if (address !== undefined) return { registered: address };
  const path = /^(?:\.{0,2}[\\/]|~|[A-Za-z]:|[a-z]+:)/.test(text) || /\.onnx$/i.test(text);
  return !path && (/^[^@/\\]+@[^@/\\]+$/.test(text) || /^[^@/\\]+\/\d{1,15}$/.test(text)) ? { registered: text } : { file: text };
}

const model = (value: unknown): unknown => (typeof value === 'string' ? modelFromText(value) : isRecord(value) && 'predictions' in value ? { ...value, predictions: predictions(value['predictions']) } : value);
const predictions = (value: unknown): unknown => (typeof value === 'string' ? { column: value } : isRecord(value) && 'data' in value ? { ...value, data: data(value['data']) } : value);
const data = (value: unknown): unknown => (typeof value === 'string' ? { files: [value] } : Array.isArray(value) ? { files: value } : isRecord(value) && typeof value['files'] === 'string' ? { ...value, files: [value['files']] } : value);

/** A number alone is the least that is good enough; the most, where less is better. */
export function limits(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const whole = (metric: string, limit: unknown): unknown => (typeof limit === 'number' ? (goalOf(metric) === 'minimize' ? { max: limit } : { min: limit }) : limit);
  return Object.fromEntries(Object.entries(value).map(([metric, limit]) => [metric, whole(metric, limit)]));
}

export function slice(value: unknown): unknown {
  if (typeof value === 'string') return { where: value };
  return isRecord(value) && 'thresholds' in value ? { ...value, thresholds: limits(value['thresholds']) } : value;
}

const PARTS: Readonly<Record<string, (value: unknown) => unknown>> = {
  model, baseline: model, data, training: data, thresholds: limits,
  slices: (value) => (Array.isArray(value) ? value.map(slice) : value),
  bins: (value) => (typeof value === 'number' ? [value] : value),
};

/** An evaluation's parts made whole; what is in no short form stays as it is. */
export function wholeEvaluation(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, PARTS[name]?.(part) ?? part]));
}
