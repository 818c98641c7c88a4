/** Reads what rows are ordered by: "metrics.acc DESC", "params.lr", "start_time ASC". */
import type { OrderTerm } from './ast';
import { readKey } from './keys';
import { badFilter, tokens } from './lexer';

const HINT = 'an order looks like: metrics.acc DESC';

/** Each text is one term; DESC or ASC may follow the key (ASC where neither does). Throws bad_input. */
export function parseOrder(terms: readonly string[]): OrderTerm[] {
  return terms.map((text) => {
    const all = tokens(text);
    const { key, next } = readKey(text, all, 0);
    if (key.entity === 'dataset') throw badFilter(text, 0, 'runs can\'t be ordered by a dataset', HINT);
    const word = all[next];
    const way = word?.kind === 'word' ? word.text.toUpperCase() : '';
    if (word && way !== 'ASC' && way !== 'DESC') throw badFilter(text, word.at, `'${word.text}' is neither ASC nor DESC`, HINT);
    const extra = all[next + 1];
    if (extra) throw badFilter(text, extra.at, `'${extra.text}' stands after the end of the order`, HINT);
    return { key, descending: way === 'DESC' };
  });
}
