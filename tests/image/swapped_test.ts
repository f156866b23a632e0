import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { find, run, type Shell, shellTest } from "./_shells.ts";
import { generalizeAtTerminal, SCRIPT } from "./_terminal.ts";
import { type Files, makeTree, readTree } from "./_tree.ts";

// What somebody may do who can write to a folder on the way, while root works below it.
const GCC = await find("gcc");
const IS_ROOT = Deno.uid() === 0;
if (SCRIPT === undefined) {
  console.error("Swaps before the answer are skipped: script is not installed");
}
if (GCC === undefined || !IS_ROOT) {
  console.error("Swaps meanwhile are skipped: they need gcc and root");
}

/** Somebody who has a folder of their own in the image. */
const STRANGER = 1000;

const TREE: Files = {
  "/etc/passwd":
    "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n",
  "/etc/shadow": "root:$6$x:1::::::\n",
  "/etc/hosts":
    "127.0.0.1 localhost\n127.0.1.1 x # Added by azure-provisioning\n",
  "/etc/hostname": "vm-1\n",
  "/etc/init.d/.depend.start": "TARGETS = ssh\nssh:\n",
  "/home/ann/.profile": "umask 022\n",
  "/home/ann/a/b/c/file": "text\n",
  "/home/ann/a/b/other": "text\n",
  "/root/.bash_history": "ls\n",
  "/var/lib/azure-provisioning/provisioned.json": "{}",
  "/var/lib/dhcp/dhclient.eth0.leases": "lease {}\n",
  "/var/log/app/app.log": "a line\n",
  "/var/log/app/app.log.1": "a line\n",
  "/var/log/app/sub/sub.log": "a line\n",
  "/var/log/app/sub/sub.log.1": "a line\n",
};

/** Makes an image, and beside it the same files once more, which are nobody's to change. */
async function makeBoth(folder: string): Promise<void> {
  await makeTree(`${folder}/tree`, TREE);
  await makeTree(`${folder}/outside`, TREE);
  if (!IS_ROOT) return;
  for (const path of ["/home/ann", "/var/log/app", "/var/log/app/sub"]) {
    await Deno.chown(`${folder}/tree${path}`, STRANGER, STRANGER);
  }
}

const ARGS = IS_ROOT ? ["--logs", "--user=ann"] : ["--logs"];

if (SCRIPT !== undefined) {
  /** Runs generalize.sh on a terminal, and does something before it says yes. */
  const answerAfter = async (
    shell: Shell,
    root: string,
    meanwhile: () => Promise<void>,
  ): Promise<{ code: number; output: string }> => {
    const child = generalizeAtTerminal({ shell, root, args: ARGS });
    const writer = child.stdin.getWriter();
    let output = "";
    for await (
      const text of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      output += text;
      if (!output.includes('Type "yes"') || output.includes("\u0000")) continue;
      // Once only.
      output = output.replace('Type "yes"', "\u0000");
      await meanwhile();
      await writer.write(new TextEncoder().encode("yes\n"));
    }
    await writer.close().catch(() => {});
    return { code: (await child.status).code, output };
  };

  /** Puts a link to what is outside in a path's place. */
  const link = (path: string) => async (folder: string): Promise<void> => {
    await Deno.rename(`${folder}/tree${path}`, `${folder}/aside`);
    await Deno.symlink(`${folder}/outside${path}`, `${folder}/tree${path}`);
  };

  const swaps: readonly {
    readonly name: string;
    readonly swap: (folder: string) => Promise<void>;
    readonly refused: readonly string[];
  }[] = [
    {
      name: "the folder of a log",
      swap: link("/var/log/app"),
      refused: [
        "empty TREE/var/log/app/app.log",
        "remove TREE/var/log/app/app.log.1",
      ],
    },
    {
      name: "a folder further up",
      swap: link("/var"),
      refused: [
        "empty TREE/var/log/app/sub/sub.log",
        "remove TREE/var/lib/azure-provisioning",
        "remove TREE/var/lib/dhcp/dhclient.eth0.leases",
      ],
    },
    {
      name: "a log",
      swap: link("/var/log/app/app.log"),
      refused: ["empty TREE/var/log/app/app.log"],
    },
    {
      name: "a log, with a hard link,",
      swap: async (folder) => {
        await Deno.remove(`${folder}/tree/var/log/app/app.log`);
        await Deno.link(
          `${folder}/outside/var/log/app/app.log`,
          `${folder}/tree/var/log/app/app.log`,
        );
      },
      refused: ["empty TREE/var/log/app/app.log"],
    },
    {
      name: "the folder of a history",
      swap: link("/root"),
      refused: ["remove TREE/root/.bash_history"],
    },
    {
      name: "a file that is edited",
      swap: link("/etc/hosts"),
      refused: ["edit TREE/etc/hosts"],
    },
    {
      name: "the folder of a file that is edited",
      swap: link("/etc"),
      refused: ["edit TREE/etc/hosts", "write TREE/etc/hostname"],
    },
    {
      name: "the folder of a file that is edited, with another folder,",
      swap: async (folder: string) => {
        await makeTree(`${folder}/other`, TREE);
        await Deno.rename(`${folder}/tree/etc`, `${folder}/aside`);
        await Deno.rename(`${folder}/other/etc`, `${folder}/tree/etc`);
      },
      refused: ["edit TREE/etc/hosts", "write TREE/etc/hostname"],
    },
    ...IS_ROOT
      ? [
        {
          name: "the folder of a home",
          swap: link("/home"),
          refused: ["remove TREE/home/ann"],
        },
        {
          name: "a home",
          swap: link("/home/ann"),
          refused: ["remove TREE/home/ann"],
        },
        {
          name: "a home, with another folder,",
          swap: async (folder: string) => {
            await Deno.rename(`${folder}/tree/home/ann`, `${folder}/aside`);
            await Deno.mkdir(`${folder}/tree/home/ann`);
            await Deno.writeTextFile(`${folder}/tree/home/ann/new`, "");
          },
          refused: ["remove TREE/home/ann"],
        },
      ]
      : [],
  ];
  for (const { name, swap, refused } of swaps) {
    shellTest(
      `${name} that was swapped before the answer is left alone, and so is what it leads to`,
      async (shell, folder) => {
        const root = `${folder}/tree`;
        await makeBoth(folder);
        const before = await readTree(`${folder}/outside`);
        const { code, output } = await answerAfter(
          shell,
          root,
          () => swap(folder),
        );
        assertEquals(await readTree(`${folder}/outside`), before);
        assertEquals(code, 73, output);
        for (const step of refused) {
          assertStringIncludes(
            output,
            `Error: Cannot ${step.replace("TREE", root)}: it `,
          );
        }
      },
    );
  }

  shellTest(
    "a log that was removed before the answer is no failure, nor is one that was written to",
    async (shell, folder) => {
      const root = `${folder}/tree`;
      await makeBoth(folder);
      const { code, output } = await answerAfter(shell, root, async () => {
        await Deno.remove(`${root}/var/log/app/app.log.1`);
        await Deno.writeTextFile(`${root}/var/log/app/app.log`, "another\n", {
          append: true,
        });
      });
      assertEquals(code, 0, output);
      assertEquals(
        await Deno.readTextFile(`${root}/var/log/app/app.log`),
        "",
      );
    },
  );
}

if (GCC !== undefined && IS_ROOT) {
  const races: readonly {
    readonly name: string;
    /** The path that is one moment itself, the next a link to what is outside. */
    readonly path: string;
    /** Folders that the stranger can write to. */
    readonly theirs: readonly string[];
  }[] = [
    { name: "the folder of logs", path: "/var/log/app", theirs: ["/var/log"] },
    {
      name: "a folder of logs in one of theirs",
      path: "/var/log/app/sub",
      theirs: [],
    },
    { name: "a log", path: "/var/log/app/app.log", theirs: [] },
    { name: "a folder in a home", path: "/home/ann/a", theirs: ["/home/ann"] },
    {
      name: "a deeper folder in a home",
      path: "/home/ann/a/b",
      theirs: ["/home/ann/a"],
    },
    { name: "a home", path: "/home/ann", theirs: ["/home"] },
    { name: "a file that is edited", path: "/etc/hosts", theirs: ["/etc"] },
    { name: "the folder of it", path: "/etc", theirs: ["", "/etc"] },
  ];
  for (const { name, path, theirs } of races) {
    shellTest(
      `${name} that is swapped over and over leads to no change elsewhere`,
      async (shell, folder) => {
        await using tools = await tempDir();
        const built = await run([
          GCC,
          "-O1",
          "-o",
          `${tools.path}/swapper`,
          new URL("./_swapper.c", import.meta.url).pathname,
        ]);
        assertEquals(built, { code: 0, stdout: "", stderr: "" });
        for (let round = 0; round < 8; round++) {
          const both = `${folder}/${round}`;
          const root = `${both}/tree`;
          await makeBoth(both);
          for (const their of theirs) {
            await Deno.chown(`${root}${their}`, STRANGER, STRANGER);
          }
          const before = await readTree(`${both}/outside`);
          const slash = path.lastIndexOf("/") + 1;
          const other = `${root}${path.slice(0, slash)}.swap`;
          await Deno.symlink(`${both}/outside${path}`, other);
          const swapper = new Deno.Command(`${tools.path}/swapper`, {
            args: [`${root}${path}`, other],
          }).spawn();
          try {
            const { code, stderr } = await run([
              "/usr/bin/timeout",
              "30",
              ...shell.command,
              `${ROOT}image/generalize.sh`,
              `--root=${root}`,
              "--yes",
              ...ARGS,
            ], { PATH: shell.path });
            // Whether it finds a moment in which all is as it was, is luck.
            assertEquals([0, 64, 73, 78].includes(code), true, stderr);
          } finally {
            try {
              swapper.kill("SIGKILL");
            } catch {
              // It ended, as what it swaps was removed.
            }
            await swapper.status;
          }
          assertEquals(await readTree(`${both}/outside`), before);
        }
      },
    );
  }

  shellTest(
    "of 300 folders that are removed while one in them is swapped for a link, none leads out",
    async (shell, folder) => {
      await using tools = await tempDir();
      assertEquals(
        (await run([
          GCC,
          "-o",
          `${tools.path}/swapper`,
          new URL("./_swapper.c", import.meta.url).pathname,
        ])).code,
        0,
      );
      const outcome = await run([
        ...shell.command,
        "-c",
        `cd "$2"
        for part in words printable messages tools paths inside remove; do . "$1/image/$part.sh"; done
        round=0 lost=0
        while [ "$round" -lt 300 ]; do
          round=$((round + 1))
          mkdir -p home/a/b/c outside/b/c
          : >outside/file
          : >outside/b/c/file
          ln -s "$2/outside" home/.swap
          "$3" home/a home/.swap 2>/dev/null &
          remove_all ./home 2>/dev/null
          kill -s KILL "$!" 2>/dev/null
          wait "$!" 2>/dev/null
          if [ ! -e outside/file ] || [ ! -e outside/b/c/file ]; then lost=$((lost + 1)); fi
          rm -rf home
        done
        echo "$lost"`,
        "sh",
        ROOT,
        folder,
        `${tools.path}/swapper`,
      ], { PATH: shell.path });
      assertEquals(outcome.stdout, "0\n");
    },
  );
}
