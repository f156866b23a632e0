import { hostnamePart } from "../../lib/parts/hostname/hostname_part.ts";
import { DEFAULT_SETTINGS } from "../../lib/parts/part.ts";
import type { ProvisionOptions } from "../../lib/provision/options.ts";
import { madeUpHost, type MadeUpHostOptions } from "../helpers/made_up_host.ts";
import { type TestPlatform, testPlatform } from "../helpers/platform.ts";
import { type RecordingLog, recordingLog } from "../helpers/recording_log.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { testClock } from "../helpers/test_clock.ts";

/** A VM that a test makes up, and the platform that it reports to. */
export interface Vm extends AsyncDisposable {
  readonly test: TestPlatform;
  readonly host: Awaited<ReturnType<typeof madeUpHost>>;
  readonly log: RecordingLog;
  readonly stateDir: string;
  readonly options: ProvisionOptions;
}

/** What a test wants of its VM. */
export interface VmOptions {
  readonly platform?: Parameters<typeof testPlatform>[0];
  readonly faults?: readonly string[];
  readonly host?: MadeUpHostOptions;
  /** The text of a mark that is there before. */
  readonly mark?: string;
  readonly options?: Partial<ProvisionOptions>;
}

/**
 * Makes up a VM with its platform.
 *
 * @param vm What the test wants of it.
 * @returns The VM, not provisioned yet.
 */
export async function madeUpVm(vm: VmOptions = {}): Promise<Vm> {
  const stack = new AsyncDisposableStack();
  const test = stack.use(
    await testPlatform({
      computerName: "vm",
      vmId: "1D000000-0000-4000-8000-000000000001",
      ...vm.platform,
    }, vm.faults),
  );
  const host = stack.use(
    await madeUpHost({ programs: { hostnamectl: "works" }, ...vm.host }),
  );
  const stateDir = stack.use(await tempDir()).path;
  if (vm.mark !== undefined) {
    await Deno.writeTextFile(`${stateDir}/provisioned.json`, vm.mark);
  }
  const log = recordingLog();
  return {
    test,
    host,
    log,
    stateDir,
    options: {
      wireserver: { endpoint: test.platform.wireserver, agentName: "test" },
      healthProtocol: "auto",
      imds: test.platform.imds,
      timeoutMs: 4000,
      stateDir,
      force: false,
      selection: new Map([["hostname", "selected"]]),
      parts: [hostnamePart],
      settings: DEFAULT_SETTINGS,
      host,
      clock: testClock(),
      log,
      ...vm.options,
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/**
 * What the platform was asked.
 *
 * @param vm The VM that asked.
 * @returns Such as `wireserver POST Ready`, for every request so far.
 */
export function story({ test }: Vm): string[] {
  return test.platform.events.map(({ service, method, health, status }) =>
    `${service} ${method} ${health?.state ?? status ?? "none"}`
  );
}

/** The story's start, in either order. */
export const GET_BOTH = ["imds GET 200", "wireserver GET 200"];

/** A VM whose metadata never come. */
export const METADATA_AWAY = { faults: ["404@metadata"] };

/** A VM whose metadata do not tell its id. */
export const METADATA_WITHOUT_ID = { platform: { vmId: "" } };

/** A run that fails without the host name. */
export const NAME_REQUIRED = {
  selection: new Map([["hostname", "required"]] as const),
};
