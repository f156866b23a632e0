/** The platforms that the program can be compiled for. */
export const targets = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
] as const;

/** One of {@linkcode targets}. */
export type Target = typeof targets[number];

/** This machine's target, if the program runs on it. */
export const ownTarget: Target | undefined = targets.find((it) =>
  it === Deno.build.target
);
