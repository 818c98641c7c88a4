/** Puts a slice into the text of runyard.yaml: every other character stays as it was. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isNode, isScalar, parseDocument, stringify, type Pair, type YAMLMap } from 'yaml';
import { RunyardError } from '../../base/errors';
import type { Thresholds } from '../../../protocol/evaluation/request';

/** What is undefined isn't written; where the slice is there already it stays as it is there. */
export interface SliceText { name: string; where: string; owner?: string | undefined; note?: string | undefined; minSupport?: number | undefined; thresholds?: Thresholds | undefined }

const NEW = '# What Runyard knows about this workspace beyond what it finds by itself.\nversion: 1\n';

/** Throws already_exists where one of that name is there and `replace` is false, bad_input where the text isn't YAML. */
export function withSlice(text: string, slice: SliceText, replace: boolean): string {
  const before = text.trim() === '' ? NEW : text;
  const doc = parseDocument(before);
  const [fault] = doc.errors;
  if (fault) throw new RunyardError('bad_input', `runyard.yaml is not YAML: ${fault.message.split('\n')[0]}`, 'mend it, then save the slice again');
  const there = doc.hasIn(['slices', slice.name]);
  if (there && !replace) throw new RunyardError('already_exists', `there is a slice '${slice.name}' already`, 'take another name, or say that it is to be replaced');
  const { name, ...parts } = slice;
  const said = Object.entries(parts).filter(([, value]) => value !== undefined);
  const old: unknown = there ? doc.toJS().slices[name] : {};
  const { tagger: _, ...kept } = typeof old === 'string' || typeof old !== 'object' ? { tagger: undefined } : old as Record<string, unknown>;
  const wanted = { ...kept, ...Object.fromEntries(said) };
  const after = spliced(before, { doc, name, wanted, said });
  if (after !== null && means(after, doc, { name, wanted })) return after;
  // A shape that isn't cut by hand, such as a flow map over lines: written anew by the library, comments kept.
  doc.setIn(['slices', name], doc.createNode(wanted));
  return doc.toString({ lineWidth: 0 });
}

interface Edit { doc: Document.Parsed; name: string; wanted: Record<string, unknown>; said: [string, unknown][] }

/** Whether the text says what the document said, and the slice. */
function means(text: string, doc: Document.Parsed, { name, wanted }: Pick<Edit, 'name' | 'wanted'>): boolean {
  const after = parseDocument(text);
  const root = (doc.toJS() ?? {}) as Record<string, unknown>;
  const slices = (root['slices'] ?? {}) as Record<string, unknown>;
  return after.errors.length === 0 && isDeepStrictEqual(after.toJS(), { ...root, slices: { ...slices, [name]: wanted } });
}

function spliced(text: string, { doc, name, wanted, said }: Edit): string | null {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const put = (at: number, lines: readonly string[], to = at): string => {
    const open = at > 0 && text[at - 1] !== '\n' ? end : '';
    return `${text.slice(0, at)}${open}${lines.map((line) => line + end).join('')}${text.slice(to)}`;
  };
  if (doc.contents !== null && (!isMap(doc.contents) || doc.contents.flow)) return null;
  const section = pairOf(doc.contents, 'slices');
  if (!section) return put(text.length, [...(text.trim() === '' ? [] : ['']), 'slices:', ...block(name, wanted, '  ')]);
  const { value } = section;
  if (value === null || (isScalar(value) && value.value === null && value.source === '')) return put(lineEnd(text, startOf(section.key)), block(name, wanted, '  '));
  if (!isMap(value) || value.flow) return null;
  const last = value.items.at(-1);
  if (!last) return null;
  const indent = indentAt(text, startOf(value.items[0]?.key));
  const one = pairOf(value, name);
  if (!one) return put(pastPair(text, last), block(name, wanted, indent));
  const inside = one.value;
  if (isMap(inside) && !inside.flow) return changed(text, inside, { said, end });
  const from = lineStart(text, startOf(one.key));
  return put(from, block(name, wanted, indent), pastPair(text, one));
}

/** Values of a block map changed or added, one after the other from its end, so that the places before stay true. */
function changed(text: string, map: YAMLMap, { said, end }: { said: readonly [string, unknown][]; end: string }): string | null {
  const indent = indentAt(text, startOf(map.items[0]?.key));
  const last = map.items.at(-1);
  if (!last) return null;
  const added = said.filter(([key]) => !pairOf(map, key)).flatMap(([key, value]) => [`${indent}${key}: ${inline(value)}${end}`]).join('');
  const at = pastPair(text, last);
  const edits: { from: number; to: number; text: string }[] = [{ from: at, to: at, text: (text[at - 1] === '\n' || added === '' ? '' : end) + added }];
  for (const pair of map.items as Pair[]) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const range = isNode(pair.value) ? pair.value.range : null;
    const value = said.find(([one]) => one === key);
    if (key === 'tagger') edits.push({ from: lineStart(text, startOf(pair.key)), to: pastPair(text, pair), text: '' });
    else if (value && range) {
      const [from, to] = range;
      edits.push({ from, to, text: inline(value[1]) + (text.slice(from, to).endsWith('\n') ? end : '') });
    }
  }
  return edits.sort((a, b) => b.from - a.from || b.to - a.to).reduce((now, edit) => now.slice(0, edit.from) + edit.text + now.slice(edit.to), text);
}

/** A step further in for its parts: the section's own names stand one step in. */
const block = (name: string, wanted: Record<string, unknown>, indent: string): string[] =>
  [`${indent}${inline(name)}:`, ...Object.entries(wanted).map(([key, value]) => `${indent.repeat(2)}${key}: ${inline(value)}`)];

/** A value on one line. */
function inline(value: unknown): string {
  const flow = typeof value === 'object' && value !== null;
  const style = typeof value === 'string' && /[\r\n]/.test(value) ? { defaultStringType: 'QUOTE_DOUBLE' as const } : {};
  if (!flow) return stringify(value, { lineWidth: 0, ...style }).trimEnd();
  const doc = new Document(value);
  doc.contents = doc.createNode(value, { flow: true });
  return doc.toString({ lineWidth: 0, flowCollectionPadding: true }).trimEnd();
}

const pairOf = (map: unknown, key: string): Pair | undefined => (isMap(map) ? map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key) : undefined);
const startOf = (node: unknown): number => (isNode(node) ? node.range?.[0] ?? 0 : 0);
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const lineEnd = (text: string, at: number): number => { const next = text.indexOf('\n', at); return next < 0 ? text.length : next + 1; };
const indentAt = (text: string, at: number): string => text.slice(lineStart(text, at), at).replace(/[^ ]/g, ' ');

/** Past a pair's last line, with the comment that stands behind it and those below it that are further in than its name. */
function pastPair(text: string, pair: Pair): number {
  const end = isNode(pair.value) ? pair.value.range?.[1] ?? startOf(pair.key) : startOf(pair.key);
  const indent = indentAt(text, startOf(pair.key)).length;
  let at = text[end - 1] === '\n' ? end : lineEnd(text, end);
  while ((/^ *(?=#)/.exec(text.slice(at, lineEnd(text, at)))?.[0].length ?? 0) > indent) at = lineEnd(text, at);
  return at;
}
