/** Tags as a person types them. Pure. */

/** "a=1, keep" → {a: '1', keep: 'true'}; nothing where a part has no name. Pure. */
export function readTags(typed: string): Record<string, string> | undefined {
  const parts = typed.split(',').map((part) => part.trim()).filter(Boolean);
  const pairs = parts.map((part) => /^([^=\s][^=]*?)\s*(?:=\s*(.*))?$/.exec(part));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1] ?? '', pair[2] ?? 'true']] : [])));
}
