/** What a key says. Pure. */

export type KeyAction =
  | { kind: 'right' | 'wrong' | 'unsure' | 'next' | 'previous' | 'undo' | 'comment' | 'help' }
  /** the answer is this class */
  | { kind: 'answer'; name: string };

/** Of no other use: j and k go, u, c and ? do. */
const LETTERS = 'abdefghilmnopqrstvwxyz';

/** Of each class the letter that stands for it; the first of its own name where that is free. Beyond the letters there is none. */
export function lettersOf(classes: readonly string[]): Map<string, string> {
  const free = new Set(LETTERS);
  const letters = new Map<string, string>();
  for (const name of classes) {
    const own = [...name.toLowerCase()].find((letter) => free.has(letter));
    if (own === undefined || classes.length > LETTERS.length) continue;
    letters.set(name, own);
    free.delete(own);
  }
  for (const name of classes) {
    const [next] = free;
    if (letters.has(name) || next === undefined) continue;
    letters.set(name, next);
    free.delete(next);
  }
  return letters;
}

export interface Pressed { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }

/** Null where a key means nothing here, or is held together with Ctrl, Alt or Meta: those are the editor's. */
export function actionOf({ key, ctrlKey, metaKey, altKey }: Pressed, letters: ReadonlyMap<string, string>): KeyAction | null {
  if (ctrlKey || metaKey || altKey) return null;
  switch (key) {
    case '1': return { kind: 'right' };
    case '2': return { kind: 'wrong' };
    case '3': return { kind: 'unsure' };
    case 'j': case 'ArrowDown': case 'ArrowRight': return { kind: 'next' };
    case 'k': case 'ArrowUp': case 'ArrowLeft': return { kind: 'previous' };
    case 'u': return { kind: 'undo' };
    case 'c': return { kind: 'comment' };
    case '?': return { kind: 'help' };
    default: {
      const name = [...letters].find(([, letter]) => letter === key.toLowerCase())?.[0];
      return name === undefined ? null : { kind: 'answer', name };
    }
  }
}
