import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { type InstallCase, installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

const MANIFEST = "usr/local/lib/azure-provisioning/manifest";
const SUM = "0".repeat(64);

/** What can be asked of install.sh for a tree that has a manifest. */
const ACTIONS: readonly (readonly string[])[] = [
  ["--uninstall"],
  ["--uninstall", "--dry-run"],
  ["--init", "s6"],
  ["--init", "s6", "--dry-run"],
];

/** Ends install.sh, if it does not end by itself. */
const SOON = ["timeout", "-s", "KILL", "60"];

/** Runs install.sh for the tree with a limit of time. */
async function act(
  { binary, root, run }: InstallCase,
  args: readonly string[],
) {
  return await run(
    [`${ROOT}install.sh`, "--root", root, "--binary", binary, ...args],
    {},
    SOON,
  );
}

/** Lines that install.sh never writes, each of them a line of a manifest by its form. */
const FOREIGN: readonly string[] = [
  "init - nothing",
  "init - ",
  "init - systemd extra",
  "init - systemd/",
  "init - ./systemd",
  "init - SYSTEMD",
  "init - *",
  "init x systemd",
  "init",
  "init -",
  "",
  " ",
  "-",
  "run - /bin/true",
  "File x /usr/local/bin/azure-provisioning",
  `file ${SUM} usr/local/bin/azure-provisioning`,
  `file ${SUM} /usr/../etc/azure-provisioning`,
  `file ${SUM} /usr/./azure-provisioning`,
  `file ${SUM} //azure-provisioning`,
  `file ${SUM} /azure-provisioning/`,
  `file ${SUM} /azure-provisioning/..`,
  `file ${SUM} /etc/shadow`,
  `file ${SUM} /usr/local/bin/azure provisioning`,
  `file ${SUM}  /usr/local/bin/azure-provisioning`,
  `file ${SUM} /usr/local/bin/azure-provisioning*`,
  `file ${SUM} /usr/local/bin/azure-provisioning\u001b[2J`,
  `file ${SUM} /usr/local/bin/azure-provisioning\r`,
  `file ${SUM} /usr/local/bin/azure-provisioning\u0000`,
  `file ${SUM} /usr/local/bin/azure-provisioning\u00e9`,
  `file ${SUM.slice(1)} /usr/local/bin/azure-provisioning`,
  `file ${SUM.slice(1)}g /usr/local/bin/azure-provisioning`,
  "file cksum: /usr/local/bin/azure-provisioning",
  "file cksum:1x /usr/local/bin/azure-provisioning",
  "file - /usr/local/bin/azure-provisioning",
  "link /x /usr/bin/sh",
  "link /x /azure-provisioning/sh",
  "link /x\t /etc/azure-provisioning",
  "link /etc/s6/sv/azure-provisioning x/azure-provisioning",
  "link /etc/s6/sv/azure-provisioning azure-provisioning",
  "link /run/azure-provisioning.supervise /etc/azure-provisioning/event",
  "link /run/azure-provisioning.supervise /etc/supervise",
  "link /run/elsewhere /etc/sv/azure-provisioning/supervise",
  "dir - home",
  "dir - /home",
  "dir - /",
  "dir x /usr",
  "dir - /usr/local/lib/../lib",
  `lines ${SUM} /etc/passwd`,
  "lines - /etc/inittab",
  "made - /etc/passwd",
  "made x /etc/inittab",
  "newline - /etc/profile",
  "# \u001b]0;title\u0007",
];

installTest(
  "a manifest with a line that install.sh does not write is refused by name, and nothing is changed",
  async (given) => {
    await makeTree(given.root, BARE, INITS["s6"]!);
    assertEquals((await given.install()).code, 0);
    const manifest = `${given.root}/${MANIFEST}`;
    const sound = await Deno.readTextFile(manifest);
    const number = sound.split("\n").length;
    for (const [index, line] of FOREIGN.entries()) {
      await Deno.writeTextFile(
        manifest,
        `${sound}${line}\ninit - systemd\n`,
      );
      const before = await snapshot(given.root);
      const args = ACTIONS[index % ACTIONS.length]!;
      const { code, stdout, stderr } = await act(given, args);
      assertEquals(code, 65, `${JSON.stringify(line)}: ${stdout}${stderr}`);
      assertEquals(await snapshot(given.root), before, line);
      assertEquals(stdout, "", line);
      assertMatch(stderr, /^Error: The manifest \P{C}+\n$/u, line);
      assertStringIncludes(stderr, MANIFEST);
      if (line.includes("\0") || line.startsWith("dir - /home")) continue;
      if (line !== "dir - /") {
        assertStringIncludes(stderr, `line ${number}: "`, line);
      }
    }
  },
);

installTest(
  "runs nothing of a tree, whatever its manifest names as an init",
  async (given) => {
    const marker = `${given.dir}/ran`;
    const evil = `echo >'${marker.replaceAll("'", "'\\''")}'\n`;
    const up = "../".repeat(20);
    const inside = `${given.root}/evil`.slice(1);
    await makeTree(given.root, BARE, INITS["s6"]!, {
      "evil/init.sh": evil,
      // A name without blanks, too.
      [MANIFEST]: "",
    });
    const short = await Deno.makeTempDir({
      prefix: "azure-provisioning-evil-",
    });
    try {
      await Deno.writeTextFile(`${short}/init.sh`, evil);
      for (const name of [`${up}${inside}`, `${up}${short.slice(1)}`]) {
        await Deno.writeTextFile(
          `${given.root}/${MANIFEST}`,
          `init - ${name}\n`,
        );
        const before = await snapshot(given.root);
        for (const args of ACTIONS) {
          const { code } = await act(given, args);
          assertEquals(code, 65, args.join(" "));
          assertEquals(await snapshot(given.root), before);
          await assertMissing(marker);
        }
        await given.run([
          `${ROOT}image/generalize.sh`,
          "--root",
          given.root,
          "--yes",
        ]);
        await given.run([
          `${ROOT}image/check.sh`,
          "--root",
          given.root,
        ]);
        await assertMissing(marker);
      }
    } finally {
      await Deno.remove(short, { recursive: true });
    }
  },
);

async function assertMissing(path: string): Promise<void> {
  try {
    await Deno.lstat(path);
  } catch {
    return;
  }
  throw new Error(`${path} is there`);
}

installTest(
  "a manifest that is no regular file, or too large, is refused by name, at once",
  async (given) => {
    await makeTree(given.root, BARE, INITS["s6"]!, {
      "usr/local/lib/azure-provisioning/x": "",
    });
    const manifest = `${given.root}/${MANIFEST}`;
    const outside = `${given.dir}/outside`;
    await Deno.writeTextFile(outside, "init - s6\n");
    const kinds: Readonly<Record<string, () => Promise<void>>> = {
      "a pipe": () => makePipe(manifest),
      "a folder": () => Deno.mkdir(manifest),
      "a link to a device": () => Deno.symlink("/dev/zero", manifest),
      "a link out of the tree": () => Deno.symlink(outside, manifest),
      "a link in the tree": () => Deno.symlink("x", manifest),
      "a sparse file without end": async () => {
        using file = await Deno.open(manifest, { write: true, create: true });
        await file.truncate(2 ** 42);
      },
      "a file of a megabyte": () =>
        Deno.writeTextFile(manifest, "init - s6\n".repeat(100_000)),
    };
    for (const [name, make] of Object.entries(kinds)) {
      await make();
      for (const args of ACTIONS) {
        const { code, stdout, stderr } = await act(given, args);
        assertEquals([code, stdout], [65, ""], `${name}: ${stderr}`);
        assertStringIncludes(stderr, MANIFEST);
      }
      const check = await given.run(
        [`${ROOT}image/check.sh`, "--root", given.root],
        {},
        SOON,
      );
      assertEquals(check.code, 1, name);
      assertStringIncludes(check.stdout, "failure manifest: The manifest ");
      await Deno.remove(manifest);
    }
    assertEquals(await Deno.readTextFile(outside), "init - s6\n");
  },
);

installTest(
  "a manifest of the largest size is read in time",
  async (given) => {
    await makeTree(given.root, BARE, INITS["s6"]!, {
      [MANIFEST]: `dir - /usr/local/lib\n`.repeat(12_000),
    });
    const { code, stderr } = await act(given, ["--dry-run"]);
    assertEquals([code, stderr], [0, ""]);
  },
);

installTest(
  "a line that a power cut left unfinished is not acted upon, and the next run goes on from there",
  async (given) => {
    await makeTree(given.root, BARE, INITS["s6"]!);
    const before = await snapshot(given.root);
    await given.install();
    const after = await snapshot(given.root);
    const manifest = `${given.root}/${MANIFEST}`;
    const sound = await Deno.readTextFile(manifest);
    for (const rest of ["f", "init - ../x", `file ${SUM} /usr`]) {
      await Deno.writeTextFile(manifest, sound + rest);
      assertEquals((await given.install()).code, 0);
      assertEquals(await snapshot(given.root), after);
    }
    await Deno.writeTextFile(manifest, `${sound}link /x`);
    const { code, stderr } = await given.install(["--uninstall"]);
    assertEquals([code, stderr], [0, ""]);
    assertEquals(await snapshot(given.root), before);
  },
);

/** Sources the rooms of install.sh, and runs a script that has `$dir`, a folder. */
async function inRooms(
  { dir, run }: InstallCase,
  script: string,
) {
  return await run(
    [
      "-c",
      `set -euf
      here=$1 dir=$2
      for room in words printable messages tools supervise checksums user_data_files paths tree mounts inside remove replace \\
        inits options manifest_format manifest writable files lines uninstall; do
        . "$here/image/$room.sh"
      done
      use_units "$here/units"
      ${script}`,
      "sh",
      ROOT.replace(/\/$/, ""),
      dir,
    ],
    {},
    SOON,
  );
}

installTest(
  "a path without a slash ends every walk to the top",
  async (given) => {
    await Deno.mkdir(`${given.dir}/empty`);
    for (
      const walk of [
        "nearest_folder x",
        "nearest_folder x/y",
        "nearest_folder ''",
        "dry_run=yes; put_folder_of x",
        "dry_run=yes; put_folder_of x/y",
        "can_write_beside x",
        "resolve_link x; resolve_link ''; has_link x || :",
        "manifest() { echo x; }; begin_manifest",
        "manifest() { echo y/z; }; begin_manifest",
        "manifest() { echo x; }; drop_begun_manifest",
        "manifest() { echo x/y; }; drop_begun_manifest",
      ]
    ) {
      const { code, stderr } = await inRooms(
        given,
        `root=$dir/empty
        ${walk}`,
      );
      assertEquals([code, stderr], [0, ""], walk);
    }
  },
);

installTest(
  "no name but a known one becomes a script that is run",
  async (given) => {
    await makeTree(`${given.dir}/units`, { "evil/init.sh": "echo ran\n" });
    for (const name of ["evil", "../units/evil", "", ".", "systemd "]) {
      const { code, stdout } = await inRooms(
        given,
        `units=$dir/units; load_init "${name}"`,
      );
      assertEquals([code, stdout], [70, ""], name);
    }
  },
);

installTest(
  "on the running machine a manifest that others may write is refused",
  async (given) => {
    const manifest = `${given.dir}/lib/azure-provisioning/manifest`;
    await makeTree(`${given.dir}/lib/azure-provisioning`, {
      manifest: "init - s6\n",
    });
    // Only looked at: nothing is written where the tree is this machine.
    const read = async (root: string) =>
      await inRooms(
        given,
        `${root}
        if read_manifest; then printf '%s' "$manifest_lines"; else say "$manifest_problem"; fi`,
      );
    const here = "prefix=$dir";
    await Deno.chmod(manifest, 0o644);
    assertEquals((await read(here)).stdout, "init - s6\n");
    for (const mode of [0o666, 0o664, 0o646]) {
      await Deno.chmod(manifest, mode);
      assertMatch((await read(here)).stdout, /written by others than root\n$/);
      assertEquals((await read("root=$dir prefix=")).stdout, "init - s6\n");
    }
    await Deno.chmod(manifest, 0o644);
    if (Deno.uid() !== 0) return;
    await Deno.chown(manifest, 65534, 65534);
    assertMatch((await read(here)).stdout, /written by others than root\n$/);
  },
);
