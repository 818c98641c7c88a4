interface Two<A, B> extends AsyncDisposable { one: A; other: B }

/** Both at the same time, or none stays open. Throws what the first throws, else what the second does. */
export async function openTwo<A extends AsyncDisposable, B extends AsyncDisposable>(first: Promise<A>, second: Promise<B>): Promise<Two<A, B>> {
  const [one, other] = await Promise.allSettled([first, second]);
  if (one.status === 'fulfilled' && other.status === 'fulfilled') {
    const close = async (): Promise<void> => {
      await one.value[Symbol.asyncDispose]();
      await other.value[Symbol.asyncDispose]();
    };
    return { one: one.value, other: other.value, [Symbol.asyncDispose]: close };
  }
  for (const side of [one, other]) if (side.status === 'fulfilled') await side.value[Symbol.asyncDispose]();
  throw (one.status === 'rejected' ? one.reason : other.status === 'rejected' ? other.reason : new Error('neither failed')) as Error;
}
