/** JSON as Python writes it: NaN, Infinity and -Infinity are numbers there. */
import { badRequest } from './refusal';

const TOKENS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
/** As JavaScript's JSON has no word for it; the smallest text that is beyond a double. */
const WORDS: Readonly<Record<string, string>> = { NaN: 'null', Infinity: '1e999', '-Infinity': '-1e999' };

/** NaN is null. Throws a refusal that says where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (/NaN|Infinity/.test(text)) {
      try {
        return JSON.parse(text.replace(TOKENS, (token) => WORDS[token] ?? token));
      } catch (second) {
        throw broken(second);
      }
    }
    throw broken(error);
  }
}

const broken = (error: unknown): Error => badRequest(`the body is no JSON: ${error instanceof Error ? error.message.replace(/, ".*/s, '').slice(0, 200) : String(error)}`);
