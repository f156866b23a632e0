import { assert, assertEquals } from "@std/assert";
import { finish } from "../../helpers/program.ts";
import {
  assertHas,
  type MachineOptions,
  PROGRAM,
  until,
  UUID,
  within,
} from "../_machine.ts";
import {
  boot,
  COPIES,
  FIRST_BOOT,
  firstBootTest,
  FLAG,
  LOG,
  MEDIA,
  USER_DATA_ENABLED,
} from "./_first_boot.ts";

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  firstBootTest(
    `${signal} at any moment: it ends in time, leaves nothing behind, and the next boot provisions`,
    async (machine) => {
      await machine.put(PROGRAM, "#!/bin/sh\nsleep 0.1; echo done >&2\n");
      await machine.put(
        MEDIA,
        `#!/bin/sh\nmkdir -p ${COPIES}\necho secret >${COPIES}/ovf-env.xml\nsleep 0.1\n`,
      );
      await machine.put(USER_DATA_ENABLED, "");
      for (let round = 0; round < 8; round++) {
        const running = machine.start(FIRST_BOOT);
        await new Promise((resolve) => setTimeout(resolve, round * 60));
        await within(5_000, () => {
          try {
            running.kill(signal);
          } catch {
            // It has ended.
          }
          return finish(running);
        });
        await machine.idle();
        if (signal === "SIGTERM") {
          assertEquals(
            (await machine.names("/run")).filter((name) =>
              name !== "azure-provisioning"
            ),
            [],
            `round ${round}`,
          );
          assertEquals(await machine.names(COPIES), [], `round ${round}`);
        }
        assertEquals((await boot(machine)).code, 0, `round ${round}`);
        assertEquals(await machine.read(FLAG), `${UUID}\n`, `round ${round}`);
        assertEquals(await machine.names(COPIES), []);
        await machine.remove(FLAG);
      }
    },
  );
}

/** A program that waits until it is told to end. */
function waiting(atEnd: string, mark = "began"): string {
  return `#!/bin/sh
sleep 100 >/dev/null 2>&1 &
trap "kill $!; ${atEnd}" TERM
: >/${mark}
wait
`;
}

/** A signal while something runs. */
interface Stop {
  readonly name: string;
  readonly signals?: readonly Deno.Signal[];
  readonly args?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly code?: number;
  readonly mostMs: number;
  /** What the log has, in the end. */
  readonly log?: readonly string[];
  /** What is left in /run. */
  readonly run?: readonly string[];
  readonly options?: MachineOptions;
}

const STOPS: readonly Stop[] = [
  {
    name: "is passed on to the program, whose last words are in the log",
    signals: ["SIGTERM", "SIGINT", "SIGHUP"],
    files: { [PROGRAM]: waiting("sleep 0.5; echo Stopped >&2; exit 143") },
    mostMs: 3_000,
    log: [" Stopped\n", "with exit status 143"],
  },
  {
    name: "kills a program that does not end when it is told",
    files: {
      [PROGRAM]: "#!/bin/sh\ntrap '' TERM; : >/began; exec sleep 100\n",
    },
    code: 137,
    mostMs: 5_000,
    options: { numbers: { grace: 1 } },
  },
  {
    name: "ends what looks for the media, too",
    files: {
      [MEDIA]: waiting(": >/told; exit 143", "looks"),
      [PROGRAM]: waiting(": >/told; exit 143"),
    },
    mostMs: 3_000,
    run: ["azure-provisioning"],
  },
  {
    name: "while it waits for the work in the background ends both",
    args: ["--wait", "60"],
    files: { [PROGRAM]: waiting("echo Stopped >&2; exit 143") },
    mostMs: 1_000,
    log: [" Stopped\n"],
  },
];

for (const stop of STOPS) {
  for (const signal of stop.signals ?? ["SIGTERM"]) {
    firstBootTest(`${signal} ${stop.name}`, async (machine) => {
      for (const [path, text] of Object.entries(stop.files)) {
        await machine.put(path, text);
      }
      const running = machine.start(FIRST_BOOT, ...stop.args ?? []);
      await until(() => machine.has("/began"));
      const { code } = await within(stop.mostMs, () => {
        running.kill(signal);
        return finish(running);
      });
      assertEquals(code, stop.code ?? 143);
      await machine.idle();
      const log = await machine.read(LOG);
      assertHas(log, ...stop.log ?? []);
      assert(!log.includes("started"), log);
      assertEquals(await machine.read(FLAG), "");
      assertEquals(await machine.names("/run"), [...stop.run ?? []]);
      assertEquals(await machine.names(COPIES), []);
    }, stop.options);
  }
}
