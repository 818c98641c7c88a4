/** Texts as DuckDB sees them: letters one by one. */

/** Each letter by itself, where it has one counterpart; `odd`: those for which SQL has another than JavaScript. */
const each = (change: (sign: string) => string, odd: (sign: string) => string | undefined) => (text: string): string => {
  if (/^[\x00-\x7f]*$/.test(text)) return change(text);
  let out = '';
  for (const sign of text) {
    const other = odd(sign) ?? change(sign);
    out += [...other].length === 1 ? other : sign;
  }
  return out;
};
export const lower = each((text) => text.toLowerCase(), (sign) => (sign === '\u0130' ? 'i' : undefined));
/** Greek letters with an iota below have a capital of one letter, eight places on or nine. */
export const upper = each((text) => text.toUpperCase(), (sign) => {
  if (sign === '\u00df') return '\u1e9e';
  if (/[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7]/.test(sign)) return String.fromCharCode(sign.charCodeAt(0) + 8);
  return /[\u1fb3\u1fc3\u1ff3]/.test(sign) ? String.fromCharCode(sign.charCodeAt(0) + 9) : undefined;
});
export const reversed = (text: string): string => [...text].reverse().join('');

/** LIKE's pattern: % stands for any signs, _ for one; all of the text has to fit. */
export function likePattern(pattern: string): RegExp {
  const parts = [...pattern].map((sign) => (sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')));
  return new RegExp(`^${parts.join('')}$`, 'su');
}
