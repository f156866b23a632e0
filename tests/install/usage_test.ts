import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

/** Command lines that are not understood, and the word that has to be named. */
const MISTAKES: readonly {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly says: string;
}[] = [
  { args: ["--purge"], says: "Unknown option --purge" },
  { args: ["now"], says: "Unknown argument now" },
  { args: ["--uninstal"], says: "did you mean --uninstall?" },
  { args: ["--dryrun"], says: "did you mean --dry-run?" },
  { args: ["--cehck"], says: "did you mean --check?" },
  { args: ["--root=/tmp"], says: "The option --root is given twice" },
  { args: ["--force", "--force"], says: "The option --force is given twice" },
  { args: ["--check", "--check"], says: "The option --check is given twice" },
  { args: ["--check", "--generalize"], says: "exclude each other" },
  { args: ["--uninstall", "--check"], says: "exclude each other" },
  { args: ["--init", "upstart"], says: 'Unknown init "upstart"; known are' },
  { args: ["--init", "sytemd"], says: "did you mean systemd?" },
  { args: ["--json"], says: "The option --json belongs to --check" },
  { args: ["--user=azure"], says: "--user belongs to --generalize" },
  { args: ["--uninstall", "--logs"], says: "--logs belongs to --generalize" },
  { args: ["--init", "systemd,"], says: 'Unknown init ""' },
  { args: ["--init"], says: "--init needs a value" },
  { args: ["--root="], says: "--root needs a value" },
  { args: ["--init", "openrc,sysv"], says: "choose one" },
  { args: [], env: { S6_SCANDIR: "s6" }, says: "S6_SCANDIR s6 does not start" },
  { args: [], env: { S6_SCANDIR: "/run/service" }, says: "empty after a boot" },
  { args: ["--root", "--force"], says: "--root needs a value" },
  { args: ["--force=yes"], says: "The option --force takes no value" },
  { args: [], env: { PREFIX: "usr" }, says: "usr does not start with /" },
  { args: [], env: { PREFIX: "/a b" }, says: "PREFIX '/a b' has" },
  { args: [], env: { PREFIX: "/a/../b" }, says: "PREFIX /a/../b contains" },
  { args: ["--prefix", "/"], says: "PREFIX" },
  { args: ["--prefix", "/root/az"], says: "PREFIX /root/az is in a folder" },
  { args: ["--prefix", "/tmp"], says: "PREFIX /tmp is in a folder" },
];

for (const { args, env, says } of MISTAKES) {
  installTest(
    `refuses "${args.join(" ")}" ${JSON.stringify(env ?? {})}`,
    async ({ root, install }) => {
      await makeTree(root, BARE, INITS["systemd"]!);
      const before = await snapshot(root);
      const { code, stderr } = await install(args, env);
      assertEquals(code, 64, stderr);
      assertStringIncludes(stderr, says);
      assertEquals(await snapshot(root), before);
    },
  );
}

installTest("prints help", async ({ run }) => {
  const { code, stdout, stderr } = await run([`${ROOT}install.sh`, "--help"]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertStringIncludes(stdout, "Usage: install.sh");
});

installTest(
  "names the nearest option of --check and --generalize",
  async ({ root, run }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    const before = await snapshot(root);
    for (
      const [args, says] of [
        [["--check", "--jsno"], "Unknown option --jsno; did you mean --json?"],
        [
          ["--log", "--generalize"],
          "Unknown option --log; did you mean --logs?",
        ],
        [["--generalize", "--quiet"], "--quiet requires --yes"],
        [["--check", "--force"], "--force belongs to an installation"],
        [["--check", "--yes"], "--yes belongs to --generalize"],
        [["--check", "--binary=x"], "--binary belongs to an installation"],
        [["--generalize", "--json"], "--json belongs to --check"],
        [["--check", "--genralize"], "did you mean --generalize?"],
        [["--chekc", "--generalize"], "did you mean --check?"],
      ] as const
    ) {
      const { code, stderr } = await run(
        [`${ROOT}install.sh`, "--root", root, ...args],
      );
      assertEquals(code, 64, stderr);
      assertStringIncludes(stderr, says);
    }
    assertEquals(await snapshot(root), before);
  },
);

installTest(
  "knows the options of every action that its help names",
  async ({ root, run }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    const actions = [[], ["--check"], ["--generalize"]];
    const helps = await Promise.all(actions.map(async (action) => {
      const { stdout } = await run([
        `${ROOT}install.sh`,
        ...action,
        "--help",
      ]);
      return [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, it]) => it!);
    }));
    for (const [index, action] of actions.entries()) {
      for (const option of helps.flat()) {
        // A preview of what changes nothing is no mistake.
        if (helps[index]!.includes(option) || option === "--dry-run") continue;
        const { code, stderr } = await run(
          [`${ROOT}install.sh`, ...action, "--root", root, `${option}=x`],
        );
        assertEquals(code, 64, stderr);
        assertStringIncludes(stderr, `The option ${option} belongs to `);
      }
    }
  },
);
