import { assertEquals } from "@std/assert";
import { finish } from "../../helpers/program.ts";
import {
  type Machine,
  type MachineOptions,
  until,
  within,
} from "../_machine.ts";
import {
  COPY,
  DRIVE_OBSTACLE,
  driveTest,
  FOLDER,
  MEDIA,
  mediaTest,
  type PutMedium,
  runIt,
} from "./_media.ts";

/** Busybox's takes busybox's programs, whatever is in PATH. */
const PLAIN_TIMEOUT = `#!/bin/sh
limit=$1
shift
"$@" &
command=$!
(sleep "$limit"; kill "$command") >/dev/null 2>&1 &
guard=$!
trap 'kill "$command" "$guard"; exit 143' TERM
result=0
wait "$command" || result=$?
kill "$guard" 2>/dev/null
exit "$result"
`;

driveTest(
  "an unmount that hangs is ended, and the medium let go of all the same",
  async (machine, medium) => {
    await medium("<a/>");
    await machine.put(
      "/usr/local/bin/umount",
      '#!/bin/sh\n[ "$1" != -l ] || exec /bin/umount "$@"\n: >/hangs\nexec sleep 60\n',
    );
    await machine.put("/usr/local/bin/timeout", PLAIN_TIMEOUT);
    const { code, stdout } = await within(30_000, () => runIt(machine));
    assertEquals([code, stdout.split("\n").length], [0, 2], stdout);
    assertEquals(await machine.has("/hangs"), true);
    assertEquals(await machine.read(COPY), "<a/>");
  },
  { only: "dash", numbers: { patience: 1 } },
);

/** SIGTERM while something is waited for; no medium of this machine can be made to hang, so a program does. */
const STOPS: Readonly<
  Record<
    string,
    {
      readonly furnish?: (machine: Machine, medium: PutMedium) => Promise<void>;
      readonly options: MachineOptions;
    }
  >
> = {
  "it waits for a drive": { options: {} },
  "a mount hangs": {
    furnish: async (machine, medium) => {
      await medium("<a/>");
      await machine.put(
        "/usr/local/bin/mount",
        "#!/bin/sh\n: >/hangs\nexec sleep 100\n",
      );
      await machine.put("/usr/local/bin/timeout", PLAIN_TIMEOUT);
    },
    options: { obstacle: DRIVE_OBSTACLE, only: "dash" },
  },
  // The script leaves it to another shell to look at what is mounted.
  "a drive hangs": {
    furnish: async (machine, medium) => {
      await medium("<a/>");
      await machine.run("mv", "/bin/sh", "/bin/real-sh");
      await machine.put(
        "/bin/sh",
        "#!/tools/busybox sh\n: >/hangs\nexec sleep 100\n",
      );
    },
    options: { obstacle: DRIVE_OBSTACLE },
  },
};

for (const [what, { furnish, options }] of Object.entries(STOPS)) {
  mediaTest(
    `told to end while ${what}, it does so within a second, and leaves nothing`,
    async (machine, medium) => {
      await furnish?.(machine, medium);
      const shell = await machine.has("/bin/real-sh")
        ? machine.shell === "dash" ? ["/bin/real-sh"] : ["/tools/busybox", "sh"]
        : [];
      const running = machine.start(...shell, MEDIA, "--wait", "60");
      await until(() =>
        machine.has(furnish === undefined ? `${FOLDER}/media` : "/hangs")
      );
      const { code } = await within(1_000, () => {
        running.kill("SIGTERM");
        return finish(running);
      });
      assertEquals(code, 143);
      await machine.idle();
      assertEquals(await machine.names(FOLDER), []);
    },
    options,
  );
}
