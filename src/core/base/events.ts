import { disposable, type Disposable } from './disposable';

export interface Emitter<T> { on(listener: (value: T) => void): Disposable; fire(value: T): void }

/** A list of listeners; a listener that throws doesn't keep the others from hearing, the first error is thrown at the end. */
export function emitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    on(listener) {
      listeners.add(listener);
      return disposable(() => listeners.delete(listener));
    },
    fire(value) {
      const errors: unknown[] = [];
      for (const listener of [...listeners]) {
        try { listener(value); } catch (error) { errors.push(error); }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
