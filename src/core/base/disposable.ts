/** Something that was started and can be ended. Ending twice is harmless. */
export interface Disposable { dispose(): void }

/** A disposable that runs `end` once. */
export function disposable(end: () => void): Disposable {
  let done = false;
  return { dispose() { if (!done) { done = true; end(); } } };
}

/** Collects disposables and ends them in reverse order; what is added after the end is ended at once. */
export function disposables(): Disposable & { add<T extends Disposable>(item: T): T } {
  const items: Disposable[] = [];
  let done = false;
  return {
    add(item) {
      if (done) item.dispose(); else items.push(item);
      return item;
    },
    dispose() {
      done = true;
      for (const item of items.splice(0).reverse()) item.dispose();
    },
  };
}
