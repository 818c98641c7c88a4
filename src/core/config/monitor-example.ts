/** A monitor put into the text of runyard.yaml: every other character stays as it was. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, parseDocument, stringify } from 'yaml';
import { RunyardError } from '../base/errors';
import type { WatchedSource } from '../../protocol/monitoring';

/** On one line. */
const yamlValue = (value: unknown): string => stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trimEnd();

const NEW = '# What Runyard knows about this workspace beyond what it finds by itself.\nversion: 1\n';

/** The entry's lines without its indentation, with what else can be said as comments. */
export function monitorLines(name: string, watched: WatchedSource): string[] {
  const source = 'model' in watched ? [`model: ${yamlValue(watched.model)}`] : [`log: {data: ${yamlValue(watched.files.length === 1 ? watched.files[0] : watched.files)}, time: ${yamlValue(watched.time)}}`];
  const predictions = 'model' in watched ? ['    - predictions'] : ['    # - predictions   # say under log: which column is the prediction'];
  return [
    `${yamlValue(name)}:`, ...source.map((line) => `  ${line}`),
    '  window: 1d', '  # What each window is compared with: the one before, or a file such as data/train.csv.', '  reference: previous', '  schedule: {every: 1d}',
    '  checks:', '    - drift', ...predictions, '    - schema', '    # - {estimated: roc_auc, drop: 0.05, severity: critical}',
    '  severity: warning',
    '  # Shown with each alert; Markdown.',
    '  runbook: |', '    Look at the drift panel: which columns, since when, which slices do they hit?', '    Then roll back, retrain, or tell whoever owns the data.',
  ];
}

/** @throws RunyardError bad_input where the text is no YAML, already_exists, refused where the section isn't written as a block */
export function withMonitor(text: string, name: string, watched: WatchedSource): string {
  const before = text.trim() === '' ? NEW : text;
  const doc = parseDocument(before);
  const [fault] = doc.errors;
  if (fault) throw new RunyardError('bad_input', `runyard.yaml is not YAML: ${fault.message.split('\n')[0]}`, 'mend it, then add the monitor again');
  if (doc.hasIn(['monitors', name])) throw new RunyardError('already_exists', `there is a monitor '${name}' already`, 'take another name');
  const after = put(before, monitorLines(name, watched));
  if (after !== null && means(before, after, name)) return after;
  throw new RunyardError('refused', 'monitors: in runyard.yaml is not written as a block', `put each monitor on lines of its own, then add ${name}`);
}

function put(text: string, lines: readonly string[]): string | null {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const all = text.split(/\r?\n/);
  const block = (indent: string): string[] => lines.map((line) => `${indent}${line}`);
  const head = all.findIndex((line) => /^monitors\s*:/.test(line));
  if (head < 0) {
    while (all.at(-1) === '') all.pop();
    return [...all, '', 'monitors:', ...block('  '), ''].join(end);
  }
  if (!/^monitors\s*:\s*(?:#.*)?$/.test(all[head] ?? '')) return null;
  // Right below the heading: no need to know where the last entry and its comments end.
  const next = all.slice(head + 1).find((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const indent = /^\s+/.exec(next ?? '')?.[0] ?? '  ';
  return [...all.slice(0, head + 1), ...block(indent), ...all.slice(head + 1)].join(end);
}

/** Whether the text says what it said, and the monitor besides. */
function means(before: string, after: string, name: string): boolean {
  const doc = parseDocument(after);
  if (doc.errors.length > 0 || !isMap(doc.contents) || !doc.hasIn(['monitors', name])) return false;
  doc.deleteIn(['monitors', name]);
  const plain = (value: unknown): Record<string, unknown> => {
    const { monitors, ...rest } = (value ?? {}) as Record<string, unknown>;
    return { ...rest, monitors: monitors ?? {} };
  };
  return isDeepStrictEqual(plain(doc.toJS()), plain(parseDocument(before).toJS()));
}
