/** Texts of DuckDB's vectors: most columns of text have few values, so that one which was read a moment ago isn't read again. */

/** A vector of texts. `dataView`: its entries of 16 bytes, a length, then the text itself where it has at most 12 bytes, filled up with zeros, else its first four and where it lies. */
export interface Texts { getItem(at: number): string | null; validity: { itemValid(at: number): boolean }; dataView?: unknown }
/** Of the same rows: 64 bits of hash each. */
export interface Hashes { items: BigUint64Array }

const ENTRY = 16;
const INLINE = 12;
const SLOTS = 1024;

/**
 * Reads one text after another. What was read last is kept by what tells it: a short text by itself, a long one by its length, beginning and hash (that two texts agree in these
 * 128 bits and differ is not to be expected in 10^18 rows); a slot each, which the next one with the same remainder takes. Without hashes a long one is read each time.
 */
export function createTexts(): { of(vector: Texts, hashes?: Hashes): (at: number) => string | null } {
  const words = new Uint32Array(SLOTS * 4);
  const texts = new Array<string | null>(SLOTS).fill(null);
  return {
    of(vector, hashes) {
      const { dataView: view, validity } = vector;
      if (!(view instanceof DataView)) return (at) => vector.getItem(at);
      const marks = hashes && new Uint32Array(hashes.items.buffer, hashes.items.byteOffset, hashes.items.length * 2);
      return (at) => {
        if (!validity.itemValid(at)) return null;
        const place = at * ENTRY;
        const length = view.getUint32(place, true);
        if (length > INLINE && !marks) return vector.getItem(at);
        const a = view.getUint32(place + 4, true);
        const b = length > INLINE ? marks?.[2 * at] ?? 0 : view.getUint32(place + 8, true);
        const c = length > INLINE ? marks?.[2 * at + 1] ?? 0 : view.getUint32(place + 12, true);
        const slot = slotOf(length, a, b, c);
        const word = slot * 4;
        const found = texts[slot];
        if (found !== null && found !== undefined && words[word] === length && words[word + 1] === a && words[word + 2] === b && words[word + 3] === c) return found;
        const text = vector.getItem(at);
        words[word] = length;
        words[word + 1] = a;
        words[word + 2] = b;
        words[word + 3] = c;
        texts[slot] = text;
        return text;
      };
    },
  };
}

function slotOf(length: number, a: number, b: number, c: number): number {
  let hash = Math.imul(a ^ length, 0x9e37_79b1) ^ Math.imul(b, 0x85eb_ca6b) ^ Math.imul(c, 0xc2b2_ae35);
  hash ^= hash >>> 15;
  return (hash ^ (hash >>> 7)) & (SLOTS - 1);
}
