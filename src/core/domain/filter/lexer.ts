/** Cuts a filter or an order into words. */
import { RunyardError } from '../../base/errors';

/** word: bare text (a key, a keyword, a number); string: in single or double quotes; name: in backticks; at: 0-based position. */
export interface Token { kind: 'word' | 'string' | 'name' | 'op' | 'punct'; text: string; at: number; end: number; double: boolean }

const OPERATORS = ['<=', '>=', '!=', '<>', '==', '=', '<', '>'];

export function badFilter(text: string, at: number, what: string, hint = ''): RunyardError {
  return new RunyardError('bad_input', `${what} at character ${at + 1} of '${text}'`, hint || "a filter looks like: metrics.acc > 0.9 and params.lr = '0.1'");
}

/** Throws bad_input where a quote isn't closed or a character belongs nowhere. A quote inside quotes is written twice. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const c = text.charAt(at);
    if (/\s/.test(c)) { at += 1; continue; }
    const token = quoted(text, at) ?? operator(text, at) ?? punctuation(text, at) ?? word(text, at);
    found.push(token);
    at = token.end;
  }
  return found;
}

function quoted(text: string, at: number): Token | null {
  const quote = text.charAt(at);
  if (quote !== "'" && quote !== '"' && quote !== '`') return null;
  let content = '';
  for (let i = at + 1; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (c !== quote) { content += c; continue; }
    if (text.charAt(i + 1) !== quote) return { kind: quote === '`' ? 'name' : 'string', text: content, at, end: i + 1, double: quote === '"' };
    content += quote;
    i += 1;
  }
  throw badFilter(text, at, `a quote (${quote}) is opened and not closed`);
}

function operator(text: string, at: number): Token | null {
  const op = OPERATORS.find((candidate) => text.startsWith(candidate, at));
  if (!op) return null;
  const meaning = op === '<>' ? '!=' : op === '==' ? '=' : op;
  return { kind: 'op', text: meaning, at, end: at + op.length, double: false };
}

function punctuation(text: string, at: number): Token | null {
  return /[(),]/.test(text.charAt(at)) ? { kind: 'punct', text: text.charAt(at), at, end: at + 1, double: false } : null;
}

/** Everything up to white space, a quote, an operator, a comma or a parenthesis. */
function word(text: string, at: number): Token {
  const match = /^[^\s'"`=<>!(),;]+/.exec(text.slice(at));
  if (!match) throw badFilter(text, at, `'${text.charAt(at)}' means nothing here`);
  return { kind: 'word', text: match[0], at, end: at + match[0].length, double: false };
}
