/** Waits for a state instead of a time: calls `check` until it gives something truthy, or fails after `ms` naming what it waited for. Less and less often, for to look costs as well, most of all in a page. */
export async function until<T>(what: string, check: () => T | Promise<T>, ms = 30_000, every = 100): Promise<Exclude<NonNullable<T>, false>> {
  const end = Date.now() + ms;
  for (let pause = Math.min(20, every); ; pause = Math.min(every, pause * 1.5)) {
    const value = await check();
    if (value) return value as Exclude<NonNullable<T>, false>;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
