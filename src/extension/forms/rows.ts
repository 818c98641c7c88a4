/** The rows of the params form, and what is typed in it. Pure. */
import { shorten } from '../base/format';

export interface FormState {
  /** as they would be without an edit */
  original: Readonly<Record<string, string>>;
  params: Readonly<Record<string, string>>;
  seeds: number;
  /** other fields, such as the run's name */
  texts: Readonly<Record<string, string>>;
}

export type FormRow =
  | { kind: 'separator'; label: string; key?: undefined }
  | { kind: 'run' | 'add' | 'seeds'; label: string; description: string; detail?: string; key?: undefined }
  | { kind: 'param' | 'text'; key: string; label: string; description: string; detail?: string }
  | { kind: 'set'; key: string; value: string; label?: undefined };

export const newForm = (params: Readonly<Record<string, string>>, texts: Readonly<Record<string, string>> = {}): FormState =>
  ({ original: params, params, seeds: 1, texts });

/** "lr = 0.05" and "--lr=0.05" as a param; nothing where it isn't one. */
export function readAssignment(typed: string): { key: string; value: string } | undefined {
  const match = /^\s*(?:--)?([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$/.exec(typed);
  return match ? { key: (match[1] ?? '').replaceAll('-', '_'), value: match[2] ?? '' } : undefined;
}

/** The params that differ from what they were. */
export function changedParams(state: FormState): Record<string, string> {
  return Object.fromEntries(Object.entries(state.params).filter(([key, value]) => state.original[key] !== value));
}

export function formRows(state: FormState, { action, preview }: { action: string; preview: string }): Exclude<FormRow, { kind: 'set' }>[] {
  const changes = Object.entries(changedParams(state)).map(([key, value]) => `${key} ${value}`);
  const words = [...changes, ...(state.seeds > 1 ? [`${state.seeds} seeds`] : [])];
  return [
    { kind: 'run', label: `$(play) ${action}`, description: words.join(', ') || 'nothing changed', ...(preview ? { detail: shorten(preview, 160) } : {}) },
    ...Object.entries(state.texts).map(([key, value]) => ({ kind: 'text' as const, key, label: key, description: value })),
    { kind: 'separator', label: 'params' },
    ...Object.entries(state.params).map(([key, value]) => ({ kind: 'param' as const, key, label: key, description: paramWords(state, key, value) })),
    { kind: 'add', label: '$(add) Add a Param…', description: '' },
    { kind: 'separator', label: 'repeat' },
    { kind: 'seeds', label: '$(layers) Seeds', description: state.seeds === 1 ? '1' : `${state.seeds} runs that differ in the seed only` },
  ];
}

function paramWords(state: FormState, key: string, value: string): string {
  const before = state.original[key];
  if (before === undefined) return `${value}  (new)`;
  return before === value ? value : `${value}  (was ${before})`;
}

/** The param that makes runs of one group differ: "seed", or the one whose name says so ("random_state", "random_seed"). */
export function seedParam(params: Readonly<Record<string, string>>): string {
  const names = Object.keys(params);
  return names.find((name) => name === 'seed') ?? names.find((name) => /(^|_)seed$|^random_state$/i.test(name)) ?? 'seed';
}

/** Params of each further seed: whole numbers that follow the one that was. */
export function seedChanges(params: Readonly<Record<string, string>>, count: number): Record<string, string>[] {
  const name = seedParam(params);
  const last = /^\d+$/.test(params[name] ?? '') ? Number(params[name]) : -1;
  return Array.from({ length: count }, (_, index) => ({ [name]: String(last + 1 + index) }));
}
