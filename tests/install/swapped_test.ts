import { assertEquals } from "@std/assert";
import { finish, ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { SHELLS } from "./_shells.ts";
import { BARE, elf, type Files, INITS, makeTree, snapshot } from "./_tree.ts";

// What somebody may do who owns a folder of the tree while root installs there.
const GCC = isHere("gcc");
const IS_ROOT = Deno.uid() === 0;
if (!GCC || !IS_ROOT) {
  console.error("Swaps while installing are skipped: they need gcc and root");
}

const STRANGER = 1000;
const ROUNDS = 4;

function isHere(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"] }).outputSync()
      .success;
  } catch {
    return false;
  }
}

/** The inits whose files differ most in kind: units, lines, links, a list. */
const TREE: Files = {
  ...BARE,
  ...INITS["sysv"],
  ...INITS["busybox"],
  "etc/inittab": "id:2:initdefault:\n",
};
const ARGS = ["--init", "systemd,sysv,busybox", "--force"];

type Action = "install" | "uninstall" | "generalize";

interface Race {
  readonly name: string;
  /** The path that is itself one moment, and a link to its twin outside the next. */
  readonly path: string;
  /** Folders that the stranger owns. */
  readonly theirs: readonly string[];
  readonly actions: readonly Action[];
}

const RACES: readonly Race[] = [
  {
    name: "/etc",
    path: "etc",
    theirs: ["", "etc"],
    actions: ["install", "uninstall"],
  },
  {
    name: "the folder of scripts",
    path: "etc/init.d",
    theirs: ["etc"],
    actions: ["install", "generalize"],
  },
  {
    name: "a folder of links",
    path: "etc/rc2.d",
    theirs: ["etc"],
    actions: ["install"],
  },
  {
    name: "the file that gets lines",
    path: "etc/inittab",
    theirs: ["etc"],
    actions: ["install", "uninstall"],
  },
  {
    name: "the list of targets",
    path: "etc/init.d/.depend.start",
    theirs: ["etc/init.d"],
    actions: ["install", "generalize"],
  },
  {
    name: "the prefix",
    path: "usr/local",
    theirs: ["usr"],
    actions: ["install", "uninstall"],
  },
  {
    name: "the folder of the manifest",
    path: "usr/local/lib/azure-provisioning",
    theirs: ["usr/local/lib"],
    actions: ["install", "uninstall"],
  },
  {
    name: "the manifest",
    path: "usr/local/lib/azure-provisioning/manifest",
    theirs: ["usr/local/lib/azure-provisioning"],
    actions: ["install"],
  },
];

async function run(
  [program, ...args]: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  return await finish(
    new Deno.Command(program!, {
      args,
      clearEnv: true,
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
}

async function buildSwapper(folder: string): Promise<string> {
  const swapper = `${folder}/swapper`;
  const source = new URL("../image/_swapper.c", import.meta.url).pathname;
  assertEquals(
    await run(["gcc", "-O1", "-o", swapper, source]),
    { code: 0, stdout: "", stderr: "" },
  );
  return swapper;
}

for (const { name, path, theirs, actions } of GCC && IS_ROOT ? RACES : []) {
  for (const action of actions) {
    for (const shell of SHELLS) {
      Deno.test(`${action} under ${shell.name}: ${name}, swapped over and over, leads to no change elsewhere`, async () => {
        await using temp = await tempDir();
        const folder = temp.path;
        const swapper = await buildSwapper(folder);
        const binary = `${folder}/azure-provisioning`;
        await Deno.writeFile(binary, elf("x86_64", "the program"));
        const command = (tree: string, ...args: string[]) => [
          "timeout",
          "-s",
          "KILL",
          "60",
          ...shell.command,
          `${ROOT}install.sh`,
          ...args,
          `--root=${tree}`,
        ];
        const install = ["--binary", binary, ...ARGS];
        // An image that an earlier version was installed into, so that there is something to swap, and to replace.
        const first = `${folder}/first`;
        await makeTree(first, TREE);
        const { code, stderr } = await run(command(first, ...install));
        assertEquals(code, 0, stderr);
        for (const part of ["this-vm", "first-boot"]) {
          await Deno.writeTextFile(
            `${first}/usr/local/lib/azure-provisioning/${part}`,
            "old\n",
          );
        }
        await Deno.remove(`${first}/etc/rc2.d/S01azure-provisioning`);
        await Deno.writeTextFile(
          `${first}/etc/init.d/.depend.start`,
          "TARGETS = ssh\nssh:\n",
        );
        for (let round = 0; round < ROUNDS; round++) {
          const tree = `${folder}/${round}/tree`;
          const outside = `${folder}/${round}/outside`;
          await Deno.mkdir(`${folder}/${round}`);
          for (const copy of [tree, outside]) {
            await run(["cp", "-a", first, copy]);
          }
          for (const their of theirs) {
            await Deno.chown(`${tree}/${their}`, STRANGER, STRANGER);
          }
          const before = await snapshot(outside);
          const slash = path.lastIndexOf("/") + 1;
          const other = `${tree}/${path.slice(0, slash)}.swap`;
          await Deno.symlink(`${outside}/${path}`, other);
          const process = new Deno.Command(swapper, {
            args: [`${tree}/${path}`, other],
          }).spawn();
          try {
            const args = {
              install,
              uninstall: ["--uninstall"],
              generalize: ["--generalize", "--yes"],
            }[action];
            const result = await run(command(tree, ...args));
            // Whether it finds a moment in which all is as it was, is luck.
            assertEquals(
              [0, 64, 65, 73, 78].includes(result.code),
              true,
              `${result.code}: ${result.stderr}`,
            );
          } finally {
            try {
              process.kill("SIGKILL");
            } catch {
              // It ended, because what it swaps was removed.
            }
            await process.status;
          }
          assertEquals(await snapshot(outside), before);
        }
      });
    }
  }
}
