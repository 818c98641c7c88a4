/** Markdown that shows text which a stranger may have written (names, params, notes) as the text it is. Pure. */

/** Every character that Markdown, its tables or HTML read otherwise is escaped; line ends become spaces. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_{}[\]()#+\-.!|~$>]/g, '\\$&');
}

/** "2026-11-21 14:00" that a narrow column does not break in two. */
export const unbroken = (text: string): string => text.replaceAll(' ', '\u00a0').replaceAll('-', '-\u2060');

/** A table; the cells are escaped here. `right` are the indices of columns with numbers. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  // Hovers set columns edge to edge: the space before a number keeps it off its neighbour.
  const cell = (text: string, index: number): string => `${right.includes(index) && index > 0 ? '&nbsp;&nbsp;' : ''}${escapeMarkdown(text)}`;
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const rule = `| ${head.map((_, index) => (right.includes(index) ? '---:' : ':---')).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
