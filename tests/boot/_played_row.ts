import { TALK } from "./_agent.ts";
import { NO_DEV_NULL } from "./_inits.ts";
import type { Boot } from "./_boot.ts";
import { BOOT_MS, withBoot } from "./_boot_case.ts";
import { putEarlyScript } from "./_obstructed.ts";
import { putFiles } from "./_put_files.ts";
import type { SharedImage } from "./_shared_image.ts";
import { type FaultCase, PLAIN_START } from "../faults/_fault_case.ts";
import { IMAGE_HOSTNAME, IMAGE_HOSTS, VM } from "../faults/_machine.ts";
import { requestsOf } from "../faults/_requests.ts";
import { startBootPlatform } from "../helpers/boot_platform.ts";
import { succeed } from "../helpers/command.ts";

/** How a start of the program's unit ended. */
export interface UnitEnd {
  /** The exit status of the unit's program; over 128 for a signal. */
  readonly code: number;
  /** Likewise of the fallback's, if it ran. */
  readonly fallback?: number;
  /** What the platform was asked, as `requestsOf` says it. */
  readonly requests: string;
}

const FOLDER = "/usr/local/lib/boot-test";
const PROGRAM = "/usr/local/bin/azure-provisioning";
const DROP_IN = "/etc/systemd/system/azure-provisioning.service.d/start.conf";

/** Where Debian's faketime is, which a root does not have. */
const FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime";

/**
 * Runs a script of a case as it runs without a unit: by sh, the program being `$0`.
 *
 * @param file Where the script is.
 */
const shell = (file: string) =>
  `/bin/sh -euc "$$(cat ${FOLDER}/${file})" ${PROGRAM}`;

/** The mounts that a made-up machine has, too: faults remount them. */
const MOUNTS =
  "for folder in /etc /var/lib; do mount --bind $folder $folder; done";

const UNITS = "azure-provisioning azure-provisioning-fallback";

/**
 * Starts the unit a second time, when the test says so, with what a boot has not: its
 * files in /run are gone.
 */
const DRIVER = `#!/bin/bash
PATH=/usr/sbin:/usr/bin:/sbin:/bin
ends() {
  for unit in ${UNITS}; do
    systemctl show $unit.service -p Id -p ExecMainStartTimestampMonotonic -p ExecMainCode -p ExecMainStatus
    echo
  done
}
idle() {
  while systemctl list-jobs --no-legend | grep -q azure-provisioning; do sleep 0.1; done
}
systemctl is-failed boot-test-early.service >${TALK}/early
idle
ends >${TALK}/first.new
mv ${TALK}/first.new ${TALK}/first
until [ -e ${TALK}/go ]; do sleep 0.1; done
sh -euc "$(cat ${FOLDER}/repair)" ${PROGRAM} >${TALK}/repair 2>&1 || echo "status $?" >>${TALK}/repair
rm -rf /run/azure-provisioning /run/azure-provisioning.not-needed
systemctl reset-failed
systemctl start azure-provisioning.service
idle
ends >${TALK}/second.new
mv ${TALK}/second.new ${TALK}/second
`;

/**
 * Plays a fault of the machine through the shipped unit: a machine boots with it, and
 * then the unit is started again, as the next boot would.
 *
 * @returns How both starts ended.
 */
export async function playRow(
  image: SharedImage,
  row: FaultCase,
): Promise<readonly [UnitEnd, UnitEnd]> {
  await using machine = await image.makeMachine();
  const { tree } = machine;
  const { prepare = "", repair = "", nextIsPlain } = { ...row, ...row.booted };
  const start = row.booted?.start ?? row.start ?? PLAIN_START;
  await putEarlyScript(
    tree,
    `${MOUNTS}\nexec /bin/sh -euc "$(cat ${FOLDER}/prepare)" ${PROGRAM}\n`,
  );
  const isPlain = start === PLAIN_START;
  await putFiles(tree, [
    { path: "/etc/hostname", text: IMAGE_HOSTNAME },
    { path: "/etc/hosts", text: IMAGE_HOSTS },
    { path: "/etc/azure-provisioning.no-media", text: "" },
    { path: `${FOLDER}/prepare`, text: prepare },
    { path: `${FOLDER}/start`, text: start },
    {
      path: `${FOLDER}/repair`,
      text: `${repair || ":"}\n${
        nextIsPlain ? `rm -f ${DROP_IN}; systemctl daemon-reload` : ""
      }\n`,
    },
    { path: `${FOLDER}/driver`, text: DRIVER, mode: 0o755 },
    {
      path: "/etc/systemd/system/boot-test-driver.service",
      text:
        `[Unit]\nAfter=azure-provisioning.service azure-provisioning-fallback.service\n[Service]\n${NO_DEV_NULL}ExecStart=${FOLDER}/driver\n`,
    },
    ...isPlain ? [] : [{
      path: DROP_IN,
      // The scripts of some cases write to /run.
      text:
        `[Service]\nReadWritePaths=/run\nExecStart=\nExecStart=/bin/bash -c 'exec ${
          shell("start")
        }'\n`,
    }],
  ], [{
    path:
      "/etc/systemd/system/multi-user.target.wants/boot-test-driver.service",
    target: "../boot-test-driver.service",
  }]);
  if (start.includes(FAKETIME)) {
    await Deno.mkdir(`${tree}${FAKETIME}`, { recursive: true });
    await succeed("cp", ["-r", `${FAKETIME}/.`, `${tree}${FAKETIME}`]);
  }
  return await playBoth(
    tree,
    row,
    (nspawn, talk, platform, use) =>
      withBoot(machine, { nspawn, talk, ...platform }, use),
  );
}

async function playBoth(
  tree: string,
  { platform: faults = [], vm = [] }: FaultCase,
  boot: (
    nspawn: readonly string[],
    talk: string,
    platform: object,
    use: (boot: Boot) => Promise<readonly [UnitEnd, UnitEnd]>,
  ) => Promise<readonly [UnitEnd, UnitEnd]>,
): Promise<readonly [UnitEnd, UnitEnd]> {
  // The root may be read-only.
  const [talk, journal] = ["talk", "journal"].map((it) =>
    `${tree}/../outside/${it}`
  ) as [string, string];
  for (const folder of [talk, journal, `${tree}${TALK}`]) {
    await Deno.mkdir(folder, { recursive: true });
  }
  const nspawn = [
    `--bind=${talk}:${TALK}`,
    `--bind=${journal}:/var/log/journal`,
  ];
  const options = faults === "none" ? undefined : { ...VM, faults, args: vm };
  const platform = options === undefined ? {} : { platform: options };
  return await boot(nspawn, talk, platform, async (running) => {
    const read = async (name: string) => {
      await running.until(
        `the ${name} start is over`,
        () => isThere(`${talk}/${name}`),
        BOOT_MS,
      );
      return await Deno.readTextFile(`${talk}/${name}`);
    };
    const first = await read("first");
    const seen = await running.platform?.stop();
    await using again = options === undefined
      ? undefined
      : await startBootPlatform(running.network, options);
    await Deno.writeTextFile(`${talk}/go`, "");
    const second = await read("second");
    const early = await Deno.readTextFile(`${talk}/early`);
    if (early.trim() === "failed") throw new Error("The fault is not there");
    const repaired = await Deno.readTextFile(`${talk}/repair`);
    if (repaired !== "") throw new Error(`Cannot repair: ${repaired}`);
    const seenAgain = await again?.stop();
    // It is of no use any more, and the fault may keep systemd from shutting down.
    await running.cutPower();
    return [
      endOf(first, "", seen?.lines),
      endOf(second, first, seenAgain?.lines),
    ] as const;
  });
}

/** Reads what the driver has written; what is as it was before has not run again. */
function endOf(
  text: string,
  before: string,
  lines: readonly string[] = [],
): UnitEnd {
  const [main, fallback] = UNITS.split(" ").map((unit) => {
    const own = text.split("\n\n").find((it) =>
      it.includes(`Id=${unit}.service`)
    ) ?? "";
    const value = (key: string) =>
      Number(new RegExp(`^${key}=(\\d+)$`, "m").exec(own)?.[1] ?? "0");
    const hasRun = value("ExecMainStartTimestampMonotonic") > 0 &&
      !before.includes(own.trim());
    if (!hasRun) return undefined;
    // 1: it has exited; otherwise by a signal.
    const status = value("ExecMainStatus");
    return value("ExecMainCode") === 1 ? status : 128 + status;
  });
  return {
    code: main ?? -1,
    requests: requestsOf(lines),
    ...(fallback === undefined ? {} : { fallback }),
  };
}

function isThere(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}
