/** The little of Markdown that a runbook needs, as data. Pure. */

export interface Span { text: string; kind: 'text' | 'code' | 'strong' | 'em' }
export interface Block { kind: 'heading' | 'list' | 'numbers' | 'code' | 'paragraph'; lines: Span[][] }

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|(?<![\w*])[*_]([^*_\s][^*_]*)[*_](?![\w*])/g;

export function parseSpans(text: string): Span[] {
  const found: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), kind: 'text' });
    const [whole, code, strong, em] = match;
    found.push(code !== undefined ? { text: code, kind: 'code' } : strong !== undefined ? { text: strong, kind: 'strong' } : { text: em ?? '', kind: 'em' });
    from = match.index + whole.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), kind: 'text' });
  return found;
}

/** Every character but the marks comes back in some block. */
export function parseMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  let fenced: Block | null = null;
  let open = false;
  const add = (kind: Block['kind'], line: Span[], joins: boolean): void => {
    const last = blocks.at(-1);
    if (joins && open && last?.kind === kind) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
    open = true;
  };
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*```/.test(line)) {
      if (fenced) fenced = null;
      else blocks.push((fenced = { kind: 'code', lines: [] }));
      open = false;
    } else if (fenced) fenced.lines.push([{ text: line, kind: 'text' }]);
    else if (line.trim() === '') open = false;
    else {
      const heading = /^#{1,6}\s+(.*)$/.exec(line);
      const item = /^\s*[-*+]\s+(.*)$/.exec(line);
      const number = /^\s*\d+[.)]\s+(.*)$/.exec(line);
      if (heading) add('heading', parseSpans(heading[1] ?? ''), false);
      else if (item) add('list', parseSpans(item[1] ?? ''), true);
      else if (number) add('numbers', parseSpans(number[1] ?? ''), true);
      else {
        const last = blocks.at(-1);
        // A line that goes on from the item above it.
        if (open && last && (last.kind === 'list' || last.kind === 'numbers')) last.lines.at(-1)?.push({ text: ' ', kind: 'text' }, ...parseSpans(line.trim()));
        else add('paragraph', parseSpans(line.trim()), true);
      }
    }
  }
  return blocks;
}
