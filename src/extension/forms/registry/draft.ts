/** A version that is going to be registered, as it is put together in the form. Pure. */
import type { MethodParams } from '../../../protocol/engine';
import { readTags } from '../../base/tags';

/** One of: a file or a folder, relative to the workspace; a run's artifact; an evaluation's model. */
export type Source = { file: string } | { run: string; artifact: string; runName: string } | { evaluation: string; what: string };
export interface Draft { source: Source | undefined; model: string; description: string; licence: string; tags: string }
export type Field = 'model' | 'description' | 'licence' | 'tags';

export const emptyDraft = (over: Partial<Draft> = {}): Draft => ({ source: undefined, model: '', description: '', licence: '', tags: '', ...over });

export function sourceWords(source: Source | undefined): string {
  if (source === undefined) return '';
  if ('file' in source) return source.file;
  return 'artifact' in source ? `${source.artifact} of ${source.runName}` : `the model of ${source.what}`;
}

/** A name to begin with: the file's, without its end and without what names can't have; 'model' where that says nothing. */
export function suggestedName(source: Source | undefined): string {
  const text = source === undefined || 'evaluation' in source ? '' : 'file' in source ? source.file : source.artifact;
  const base = (text.split(/[\\/]/).filter(Boolean).at(-1) ?? '').replace(/\.(onnx|pkl|joblib|pt|pth|bin|json|safetensors|txt)$/i, '');
  // "net_v2" is a version of "net".
  return base.replace(/[-_. ]?v?\d+$/i, '').replace(/[^A-Za-z0-9 ._+-]+/g, '-').replace(/^[^A-Za-z0-9]+|[-_. ]+$/g, '') || 'model';
}

/** What the engine is asked; nothing as long as something is missing. */
export function registerArgs({ source, model, description, licence, tags }: Draft): MethodParams<'registry.register'> | undefined {
  const read = tags === '' ? {} : readTags(tags);
  if (source === undefined || model === '' || read === undefined) return undefined;
  const from = 'file' in source ? { file: source.file } : 'artifact' in source ? { run: source.run, artifact: source.artifact } : { evaluation: source.evaluation };
  return { model, ...from, description, licence, tags: read };
}

/** `latest`: the newest number of that model; null where it would be its first version. */
export function registerRows(draft: Draft, latest: number | null): { label: string; description: string; detail?: string; value: Field | 'save' }[] {
  return [
    { label: '$(package) Register', description: latest === null ? `${draft.model}, a new model` : `${draft.model} version ${latest + 1}, or the one that has these bytes already`, detail: sourceWords(draft.source), value: 'save' },
    { label: '$(symbol-key) Model', description: draft.model, value: 'model' },
    { label: '$(note) Description', description: draft.description || 'none', value: 'description' },
    { label: '$(law) Licence', description: draft.licence || 'not said', value: 'licence' },
    { label: '$(tag) Tags', description: draft.tags || 'none', value: 'tags' },
  ];
}
