/**
 * Does pieces of work side by side, a few at a time, from the first one that is asked
 * for; most of a faulty first boot is waiting.
 *
 * @param work The pieces.
 * @param width How many at a time.
 * @returns For each piece, what waits for its result.
 */
export function pool<T>(
  work: readonly (() => Promise<T>)[],
  width: number,
): (() => Promise<T>)[] {
  const results = work.map(() => Promise.withResolvers<T>());
  // A failure is thrown where its result is asked for.
  for (const { promise } of results) promise.catch(() => {});
  let next = 0;
  let started = false;
  const worker = async () => {
    while (next < work.length) {
      const index = next++;
      await work[index]!().then(
        results[index]!.resolve,
        results[index]!.reject,
      );
    }
  };
  return results.map(({ promise }) => () => {
    if (!started) {
      started = true;
      for (let i = 0; i < width; i++) worker();
    }
    return promise;
  });
}
