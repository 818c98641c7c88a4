/** A panel's host that a test plays: what it was asked, and what goes wrong with it. */
type Params = Record<string, unknown>;

export class FakeRefusal extends Error {
  constructor(readonly code: string, message: string, readonly hint: string) {
    super(message);
  }
}

export interface FakeHost {
  /** what the panel is told first */
  init: object;
  /** every question that came, newest last */
  asked: { method: string; params: Params }[];
  /** the next such question fails */
  failNext(method: string, code?: string, message?: string, hint?: string): void;
  /** such questions wait until they are let go */
  hold(method: string): () => void;
  answer(method: string, params: Params): Promise<unknown>;
}

export function fakeHost(init: object, compute: (method: string, params: Params) => unknown): FakeHost {
  const asked: FakeHost['asked'] = [];
  const failing: { method: string; error: FakeRefusal }[] = [];
  const held = new Map<string, Promise<void>>();
  return {
    init, asked,
    failNext: (method, code = 'internal', message = `the engine stopped while it answered ${method}`, hint = '') => void failing.push({ method, error: new FakeRefusal(code, message, hint) }),
    hold(method) {
      let letGo: () => void = () => undefined;
      held.set(method, new Promise((resolve) => { letGo = resolve; }));
      return () => {
        held.delete(method);
        letGo();
      };
    },
    async answer(method, params) {
      asked.push({ method, params });
      await held.get(method);
      const at = failing.findIndex((one) => one.method === method);
      const [failed] = at < 0 ? [] : failing.splice(at, 1);
      if (failed) throw failed.error;
      return compute(method, params);
    },
  };
}
