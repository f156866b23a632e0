/** What became of a request: it was served, refused as one too many, or never answered. */
export type RequestFate = "served" | "throttled" | "lost";

/** How many requests there were in each second since the first VM started. */
export interface Load {
  readonly arrived: readonly number[];
  readonly served: readonly number[];
  readonly throttled: readonly number[];
}

/** Counts requests by the second. */
export class LoadMeter {
  readonly #counts = {
    arrived: [] as number[],
    served: [] as number[],
    throttled: [] as number[],
  };

  /**
   * Counts one request.
   *
   * @param atMs When it arrived, in milliseconds since the first VM started.
   * @param fate What became of it.
   */
  add(atMs: number, fate: RequestFate): void {
    const { arrived, served, throttled } = this.#counts;
    const second = Math.max(0, Math.floor(atMs / 1000));
    while (arrived.length <= second) {
      for (const counts of [arrived, served, throttled]) counts.push(0);
    }
    arrived[second]!++;
    if (fate !== "lost") this.#counts[fate][second]!++;
  }

  /** What was counted so far. */
  get load(): Load {
    return this.#counts;
  }
}
