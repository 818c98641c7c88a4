/** GitHub's Markdown from texts that may hold anything. */

/**
 * A text as it is on one line: nothing in it is taken for Markdown, HTML, a mention or a reference, and it may stand in a table.
 * Line breaks become spaces; other control characters are left out.
 */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/[\u0000-\u001f\u007f-\u009f]/g, '')
    .replace(/[\\`*[\]<>|~&]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : `\\${c}`))
    .replace(/(^|\W)_|_(?=\W|$)/g, (found) => found.replace('_', '\\_'))
    // A comment between keeps GitHub from telling a person, or from linking an issue.
    .replace(/(^|[^\w&])([@#])(?=\w)/g, '$1$2<!-- -->')
    .replace(/^([-+=]|\d+[.)])(?=\s)/, '\\$1');
}

/** At most so many characters, and an ellipsis where more there were. */
export const clipped = (text: string, most: number): string => (text.length > most ? `${[...text].slice(0, most - 1).join('').trimEnd()}…` : text);

/** Columns of cells that are Markdown already. */
export function markdownTable(columns: readonly { title: string; right?: boolean }[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(columns.map(({ title }) => title)) + line(columns.map(({ right }) => (right ? '---:' : '---'))) + rows.map(line).join('');
}

/** In a code span, which knows no escapes: backticks are left out, and a bar is escaped for tables; backslashes before one would undo that, and are left out, too. */
export const code = (text: string): string => `\`${text.replace(/\s+/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f`]/g, '').replace(/\\*\|/g, '\\|')}\``;
