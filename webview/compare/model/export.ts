/** The table as text for other programs. */

/** RFC 4180: CRLF after every record, fields with a comma, a quote or a line break in quotes, quotes doubled. */
export function toCsv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const field = (value: string | number | null): string => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** A table of GitHub's Markdown; numeric columns are aligned right. Pipes and line breaks in cells are made harmless. */
export function toMarkdown(header: readonly string[], rows: readonly (readonly string[])[], numeric: readonly boolean[]): string {
  const cell = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\s*[\r\n]+\s*/g, ' ').trim();
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(header.map(cell)) + line(header.map((_, at) => (numeric[at] ? '---:' : '---'))) + rows.map((row) => line(row.map(cell))).join('');
}

/** A name that every file system takes, from a title. */
export function fileName(title: string, ending: string): string {
  const safe = title.normalize('NFKD').replace(/[^\w.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '').slice(0, 80);
  return `${safe || 'runyard'}.${ending}`;
}
