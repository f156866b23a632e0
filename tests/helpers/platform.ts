import {
  type Fault,
  parseFault,
  type Platform,
  type PlatformOptions,
  startPlatform,
} from "../../lib/simulator/mod.ts";

/** A simulated platform on free ports of 127.0.0.1 that ends with its scope. */
export interface TestPlatform extends AsyncDisposable {
  /** The platform. */
  readonly platform: Platform;
  /** The options that make the program use it. */
  readonly args: readonly string[];
}

/**
 * Starts a platform on 127.0.0.1.
 *
 * @param options The VM's data.
 * @param faults What goes wrong, such as `503@health=2`.
 * @returns The platform.
 */
export async function testPlatform(
  options: Partial<PlatformOptions> = {},
  faults: readonly string[] = [],
): Promise<TestPlatform> {
  const platform = await startPlatform({
    wireserver: { hostname: "127.0.0.1", port: 0 },
    imds: { hostname: "127.0.0.1", port: 0 },
    faults: faults.map((text): Fault => parseFault(text)),
    ...options,
  });
  return {
    platform,
    args: [
      "--wireserver",
      `127.0.0.1:${platform.wireserver.port}`,
      "--imds",
      `127.0.0.1:${platform.imds.port}`,
    ],
    [Symbol.asyncDispose]: () => platform.shutdown(),
  };
}
