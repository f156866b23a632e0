/** What {@linkcode parseArgs} is told about the options. */
export interface ParseOptions<
  B extends string,
  S extends string,
  C extends string,
> {
  /** Options that are true or false. */
  boolean?: B | readonly B[];
  /** Options that have a text; `_` keeps positionals texts. */
  string?: S | readonly S[];
  /** Options that may come more than once: their values are kept as a list. */
  collect?: C | readonly C[];
  /** Other names of an option. */
  alias?: Record<string, string | readonly string[]>;
  /** Values of options that do not come. */
  default?: Record<string, unknown>;
  /** Ends the options at the first positional. */
  stopEarly?: boolean;
  /** Called for unknown options and for positionals; `false` leaves them out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** What {@linkcode parseArgs} returns. */
export type Args<B extends string, S extends string, C extends string> =
  & { [Name in Exclude<S, C>]?: string }
  & { [Name in Extract<S, C>]: string[] }
  & { [Name in Exclude<C, S>]: unknown[] }
  & { [Name in B]: boolean }
  & { _: (string | number)[] }
  & Record<string, unknown>;

/** Sorts arguments into options and positionals. */
export declare function parseArgs<
  B extends string = never,
  S extends string = never,
  C extends string = never,
>(
  args: readonly string[],
  options?: ParseOptions<B, S, C>,
): Args<B, S, C>;
