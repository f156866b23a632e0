import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { type InstallCase, installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

/** The programs that change the tree: each call of one is a step. */
const TOOLS = ["chmod", "cp", "ln", "mkdir", "mv", "rm", "rmdir"];

/** Ends the shell before or after a step; killed before it, the step is not done. */
const TOOL = `#!/bin/sh
cut_off() {
  # A power cut ends them all; a signal that can be caught goes to the one that was started.
  if [ "$SIGNAL" = KILL ]; then
    process=$PPID
    while [ "$process" != "$MAIN" ] && [ "$process" -gt 1 ]; do
      above=$(/bin/sed -n 's/^PPid:[^0-9]*//p' "/proc/$process/status")
      kill -s KILL "$process"
      process=$above
    done
  fi
  kill -s "$SIGNAL" "$MAIN"
}
count=$(($(cat "$COUNT") + 1))
echo "$count" >"$COUNT"
if [ "$count" = "$BEFORE" ]; then
  cut_off
  [ "$SIGNAL" = TERM ] || exit 0
fi
"/bin/\${0##*/}" "$@"
status=$?
[ "$count" != "$AFTER" ] || cut_off
exit "$status"
`;

interface CutOff {
  readonly signal: "KILL" | "TERM";
  readonly when: "BEFORE" | "AFTER";
  readonly step: number;
}

/** Runs install.sh up to a step. */
async function cutOff(
  { dir, binary, run }: InstallCase,
  root: string,
  { signal, when, step }: CutOff,
  args: readonly string[] = [],
): Promise<number> {
  await Deno.writeTextFile(`${root}.count`, "0");
  const { code } = await run(
    [`${ROOT}install.sh`, "--root", root, "--binary", binary, ...args],
    {
      COUNT: `${root}.count`,
      SIGNAL: signal,
      [when]: `${step}`,
      PATH: `${dir}/tools:/usr/bin:/bin`,
    },
    ["sh", "-c", 'MAIN=$$ exec "$@"', "sh"],
  );
  return code;
}

/** Cuts a run off at each of its steps; two trees at a time. */
async function atEachStep(
  given: InstallCase,
  how: Omit<CutOff, "step">,
  test: (root: string, cut: CutOff) => Promise<number>,
): Promise<void> {
  await Deno.mkdir(`${given.dir}/tools`);
  for (const tool of TOOLS) {
    const path = `${given.dir}/tools/${tool}`;
    await Deno.writeTextFile(path, TOOL, { mode: 0o755 });
  }
  // A shell that has them built in cannot be cut off like that.
  if (await isBuiltIn(given)) return;
  let next = 1;
  let last = Infinity;
  const work = async (): Promise<void> => {
    while (next <= last) {
      const step = next++;
      const root = `${given.dir}/tree${step}`;
      await makeTree(
        root,
        BARE,
        INITS["sysv"]!,
        INITS["busybox"]!,
        INITS["s6"]!,
      );
      if (await test(root, { ...how, step }) === 0) last = Math.min(last, step);
      await Deno.remove(root, { recursive: true });
    }
  };
  await Promise.all([work(), work()]);
  // Else nothing was cut off.
  assertEquals(last > 20, true, `${last} steps`);
}

async function isBuiltIn(given: InstallCase): Promise<boolean> {
  const root = `${given.dir}/probe`;
  await makeTree(root, BARE, INITS["s6"]!);
  await cutOff(given, root, { signal: "TERM", when: "AFTER", step: -1 });
  return await Deno.readTextFile(`${root}.count`) === "0";
}

const unfinished = (lines: readonly string[]) =>
  lines.filter((line) => line.includes("azure-provisioning-new"));

const withoutManifest = (lines: readonly string[]) =>
  lines.filter((line) => !line.includes("/azure-provisioning/manifest "));

installTest(
  "killed at any step, it is wholly taken back",
  async (given) => {
    await atEachStep(
      given,
      { signal: "KILL", when: "BEFORE" },
      async (root, cut) => {
        const before = await snapshot(root);
        const code = await cutOff(given, root, cut);
        const undone = await given.install(["--root", root, "--uninstall"]);
        assertEquals([undone.code, undone.stderr], [0, ""]);
        assertEquals(await snapshot(root), before, `step ${cut.step}`);
        return code;
      },
    );
  },
);

installTest(
  "ended by SIGTERM at any step, it leaves no half file, and the next run goes on from there",
  async (given) => {
    await makeTree(
      given.root,
      BARE,
      INITS["sysv"]!,
      INITS["busybox"]!,
      INITS["s6"]!,
    );
    await given.install();
    const installed = withoutManifest(await snapshot(given.root));
    await atEachStep(
      given,
      { signal: "TERM", when: "AFTER" },
      async (root, cut) => {
        const before = await snapshot(root);
        const code = await cutOff(given, root, cut);
        if (code !== 0) assertEquals(code, 143);
        assertEquals(unfinished(await snapshot(root)), [], `step ${cut.step}`);
        assertEquals((await given.install(["--root", root])).code, 0);
        assertEquals(
          withoutManifest(await snapshot(root)),
          installed,
          `step ${cut.step}`,
        );
        await given.install(["--root", root, "--uninstall"]);
        assertEquals(await snapshot(root), before, `step ${cut.step}`);
        return code;
      },
    );
  },
);

installTest(
  "killed at any step, --uninstall finishes the next time",
  async (given) => {
    await atEachStep(
      given,
      { signal: "KILL", when: "AFTER" },
      async (root, cut) => {
        const before = await snapshot(root);
        await given.install(["--root", root]);
        const code = await cutOff(given, root, cut, ["--uninstall"]);
        await given.install(["--root", root, "--uninstall"]);
        assertEquals(await snapshot(root), before, `step ${cut.step}`);
        return code;
      },
    );
  },
);
