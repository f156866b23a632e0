import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { pool } from "../helpers/pool.ts";
import { RUNS_ALL } from "../helpers/runs_all.ts";
import { type InstallCase, installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

/** The programs that change the tree: each call of one is a step. */
const TOOLS = ["chmod", "cp", "ln", "mkdir", "mv", "rm", "rmdir"];

/**
 * Counts a step, and does it: where COPIES names a folder, with a copy of the tree before and after it; at the
 * step that is named, with a signal to the shell before or after it. Killed before it, the step is not done.
 */
const TOOL = `#!/bin/sh
copy() {
  [ -z "\${COPIES:-}" ] || /bin/cp -a "$TREE" "$COPIES/$1$count"
}
cut_off() {
  all=$MAIN
  # A power cut ends them all, and none sees another end; a signal that can be caught goes to the one that was started.
  if [ "$SIGNAL" = KILL ]; then
    process=$PPID
    while [ "$process" != "$MAIN" ] && [ "$process" -gt 1 ]; do
      all="$all $process"
      process=$(/bin/sed -n 's/^PPid:[^0-9]*//p' "/proc/$process/status")
    done
  fi
  kill -s "$SIGNAL" $all
}
count=$(($(cat "$COUNT") + 1))
echo "$count" >"$COUNT"
copy BEFORE
if [ "$count" = "\${BEFORE:-}" ]; then
  cut_off
  [ "$SIGNAL" = TERM ] || exit 0
fi
"/bin/\${0##*/}" "$@"
status=$?
copy AFTER
[ "$count" != "\${AFTER:-}" ] || cut_off
exit "$status"
`;

/** When a run is cut off, and how. */
interface CutOff {
  readonly signal: "KILL" | "TERM";
  readonly when: When;
  readonly step: number;
}

type When = "BEFORE" | "AFTER";

/** What every test here has a tree of. */
const TREE = [BARE, INITS["sysv"]!, INITS["busybox"]!, INITS["s6"]!] as const;

/** Fewer steps than this would mean that nothing was cut off. */
const FEWEST_STEPS = 20;

/** Runs install.sh with its steps counted. */
async function runCounted(
  { dir, binary, run }: InstallCase,
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; steps: number }> {
  const count = `${root}.count`;
  await Deno.writeTextFile(count, "0");
  const { code } = await run(
    [`${ROOT}install.sh`, "--root", root, "--binary", binary, ...args],
    { COUNT: count, PATH: `${dir}/tools:/usr/bin:/bin`, ...env },
    ["sh", "-c", 'MAIN=$$ exec "$@"', "sh"],
  );
  return { code, steps: Number(await Deno.readTextFile(count)) };
}

/** Runs install.sh up to a step. */
async function cutOff(
  given: InstallCase,
  root: string,
  { signal, when, step }: CutOff,
  args: readonly string[] = [],
): Promise<number> {
  const env = { SIGNAL: signal, [when]: `${step}` };
  return (await runCounted(given, root, args, env)).code;
}

/** Makes the programs whose calls are counted; a shell that has them built in calls none. */
async function makeTools(given: InstallCase): Promise<boolean> {
  await Deno.mkdir(`${given.dir}/tools`);
  for (const tool of TOOLS) {
    const path = `${given.dir}/tools/${tool}`;
    await Deno.writeTextFile(path, TOOL, { mode: 0o755 });
  }
  const root = `${given.dir}/probe`;
  await makeTree(root, BARE, INITS["s6"]!);
  return (await runCounted(given, root, [], {})).steps > 0;
}

/** The last step, and those before it at a distance. */
function stepsOf(steps: number, stride = 1): number[] {
  return Array.from({ length: steps }, (_, index) => index + 1)
    .filter((step) => (steps - step) % stride === 0);
}

/** Tries what each step leaves, unless another that left the same came before it: two at a time. */
async function withEachTree(
  steps: number[],
  make: (step: number) => Promise<string>,
  test: (root: string, step: number) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>();
  const tries = steps.map((step) => async () => {
    const root = await make(step);
    const content = (await snapshot(root)).join("\n");
    if (!seen.has(content)) {
      seen.add(content);
      await test(root, step);
    }
    await Deno.remove(root, { recursive: true });
  });
  await Promise.all(pool(tries, 2).map((result) => result()));
}

/**
 * Runs install.sh once, and goes on with what the tree held at each step: that is what a power cut or SIGKILL leaves.
 * Some steps are really cut off by SIGKILL, to see that they leave just that.
 */
async function killedAtEachStep(
  given: InstallCase,
  when: When,
  args: readonly string[],
  prepare: (root: string) => Promise<unknown>,
  test: (root: string, step: number) => Promise<void>,
): Promise<void> {
  if (!await makeTools(given)) return;
  const copies = `${given.dir}/copies`;
  await Deno.mkdir(copies);
  await makeTree(given.root, ...TREE);
  await prepare(given.root);
  const { code, steps } = await runCounted(given, given.root, args, {
    COPIES: copies,
    TREE: given.root,
  });
  assertEquals(code, 0);
  assertEquals(steps > FEWEST_STEPS, true, `${steps} steps`);
  const copyOf = (step: number) => `${copies}/${when}${step}`;
  for (const step of [1, Math.round(steps / 3), Math.round(steps / 1.5)]) {
    const root = `${given.dir}/killed${step}`;
    await makeTree(root, ...TREE);
    await prepare(root);
    const cut = { signal: "KILL", when, step } as const;
    assertEquals(await cutOff(given, root, cut, args), 137, `step ${step}`);
    assertEquals(
      await snapshot(root),
      await snapshot(copyOf(step)),
      `step ${step}`,
    );
  }
  await withEachTree(
    stepsOf(steps),
    (step) => Promise.resolve(copyOf(step)),
    test,
  );
}

const unfinished = (lines: readonly string[]) =>
  lines.filter((line) => line.includes("azure-provisioning-new"));

const withoutManifest = (lines: readonly string[]) =>
  lines.filter((line) => !line.includes("/azure-provisioning/manifest "));

/** What a tree holds that nothing was installed in. */
async function untouched({ dir }: InstallCase): Promise<string[]> {
  await makeTree(`${dir}/untouched`, ...TREE);
  return await snapshot(`${dir}/untouched`);
}

installTest(
  "killed at any step, it is wholly taken back",
  async (given) => {
    const before = await untouched(given);
    await killedAtEachStep(
      given,
      "BEFORE",
      [],
      () => Promise.resolve(),
      async (root, step) => {
        const undone = await given.install(["--root", root, "--uninstall"]);
        assertEquals([undone.code, undone.stderr], [0, ""], `step ${step}`);
        assertEquals(await snapshot(root), before, `step ${step}`);
      },
    );
  },
);

installTest(
  "ended by SIGTERM at any step, it leaves no half file, and the next run goes on from there",
  async (given) => {
    if (!await makeTools(given)) return;
    const before = await untouched(given);
    await makeTree(given.root, ...TREE);
    const { steps } = await runCounted(given, given.root, [], {});
    assertEquals(steps > FEWEST_STEPS, true, `${steps} steps`);
    const installed = withoutManifest(await snapshot(given.root));
    // A signal takes a run of its own at each step. Every fourth stands for all, the last one with them.
    const stride = RUNS_ALL ? 1 : 4;
    await withEachTree(
      stepsOf(steps, stride),
      async (step) => {
        const root = `${given.dir}/tree${step}`;
        await makeTree(root, ...TREE);
        const cut = { signal: "TERM", when: "AFTER", step } as const;
        assertEquals(await cutOff(given, root, cut), 143, `step ${step}`);
        assertEquals(unfinished(await snapshot(root)), [], `step ${step}`);
        return root;
      },
      async (root, step) => {
        assertEquals((await given.install(["--root", root])).code, 0);
        assertEquals(
          withoutManifest(await snapshot(root)),
          installed,
          `step ${step}`,
        );
        await given.install(["--root", root, "--uninstall"]);
        assertEquals(await snapshot(root), before, `step ${step}`);
      },
    );
  },
);

installTest(
  "killed at any step, --uninstall finishes the next time",
  async (given) => {
    const before = await untouched(given);
    await killedAtEachStep(
      given,
      "AFTER",
      ["--uninstall"],
      (root) => given.install(["--root", root]),
      async (root, step) => {
        await given.install(["--root", root, "--uninstall"]);
        assertEquals(await snapshot(root), before, `step ${step}`);
      },
    );
  },
);
