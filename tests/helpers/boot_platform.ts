import { BINARY } from "./vm.ts";
import { startInBackground } from "./background.ts";
import { inNamespace, type Network } from "./network.ts";
import { waitUntil } from "./wait_until.ts";

/** The VM that a platform knows, and what goes wrong. */
export interface PlatformOptions {
  /** The VM's id. */
  readonly vmId: string;
  /** The VM's name. */
  readonly computerName: string;
  /** Faults, such as `503=2`. */
  readonly faults?: readonly string[];
  /** The VM's user data; none by default. */
  readonly userData?: string;
  /** More options of `simulate`. */
  readonly args?: readonly string[];
  /** Gets its log, as it is read. */
  readonly onLog?: (text: string) => void;
}

/** What a platform has seen of a boot. */
export interface PlatformView {
  /** How many requests there were. */
  readonly requests: number;
  /** Why requests were refused, in their order. */
  readonly refusals: readonly string[];
  /** The requests, a line each. */
  readonly lines: readonly string[];
  /** The accepted reports that say Ready, as they stand among the requests. */
  readonly ready: readonly string[];
  /** Every request that carries a health report, accepted or not. */
  readonly reports: readonly string[];
}

/** A platform that runs as a process of its own. */
export interface BootPlatform extends AsyncDisposable {
  /** What it has seen so far; its verdict is in it only once it was stopped. */
  seen(): Pick<PlatformView, "lines" | "ready" | "reports">;
  /** Ends it, and says what it has seen. */
  stop(): Promise<PlatformView>;
}

/**
 * Starts the compiled program's simulated platform at the real addresses, which
 * are the ones of the platform's own network namespace.
 *
 * @param options The VM, and what goes wrong.
 * @returns The platform, which listens; disposing of it kills it.
 */
export async function startBootPlatform(
  network: Network,
  options: PlatformOptions,
): Promise<BootPlatform> {
  const process = startInBackground(
    inNamespace(network.platform, [
      BINARY,
      "simulate",
      "--json",
      "--vm-id",
      options.vmId,
      "--computer-name",
      options.computerName,
      ...(options.faults ?? []).flatMap((fault) => ["--fault", fault]),
      ...(options.userData === undefined
        ? []
        : ["--user-data", options.userData]),
      ...(options.args ?? []),
    ]),
    options.onLog,
  );
  const { output } = process;
  const seen = () => {
    const lines = output.stderr.split("\n").filter((line) => line !== "");
    const reports = lines.filter((line) => /\?comp=health\b/.test(line));
    return {
      lines,
      reports,
      ready: reports.filter((line) => /-> 200 \(Ready\b/.test(line)),
    };
  };
  try {
    await waitUntil(
      "the platform listens",
      () => {
        if (process.ended) {
          throw new Error(`The platform ended: ${output.stderr}`);
        }
        return output.stdout.includes("\n");
      },
      60_000,
    );
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
  return {
    seen,
    async stop() {
      await process.stop("SIGINT");
      const verdict = JSON.parse(output.stdout.trim().split("\n").at(-1)!);
      return {
        ...seen(),
        requests: verdict.requests,
        refusals: verdict.refusals,
      };
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}
