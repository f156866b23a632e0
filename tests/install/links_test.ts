import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { C_OBSTACLE, compileC } from "../helpers/c_program.ts";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { BARE, elf, INITS, makeTree, snapshot } from "./_tree.ts";

// Links in the places of files that install.sh puts into an image, or that a VM leaves there.
const IS_ROOT = Deno.uid() === 0;

installTest(
  "--uninstall removes no file that a link in the place of a VM's file leads to",
  async (given) => {
    const { root } = given;
    await makeTree(root, BARE, INITS["runit"]!, {
      "etc/shadow": "root:x:::\n",
    });
    assertEquals((await given.install()).code, 0);
    const places = [
      // A group may write to this folder on some distributions.
      "var/log/azure-provisioning-userdata.log",
      "var/lib/azure-provisioning/userData",
      "var/lib/azure-provisioning/customdata.result",
      "etc/sv/azure-provisioning/down",
    ];
    for (const place of places) {
      await makeTree(root, { [place]: "-> /etc/shadow" });
    }
    assertEquals((await given.install(["--uninstall"])).code, 0);
    assertEquals(await Deno.readTextFile(`${root}/etc/shadow`), "root:x:::\n");
    for (const place of places) {
      const there = await Deno.lstat(`${root}/${place}`).catch(() => undefined);
      assertEquals(there, undefined, place);
    }
  },
);

installTest(
  "--uninstall leaves a link in the place of a file of its own, and what that leads to",
  async (given) => {
    const { root } = given;
    await makeTree(root, BARE, INITS["openrc"]!);
    assertEquals((await given.install()).code, 0);
    const place = `${root}/etc/init.d/azure-provisioning`;
    await Deno.rename(place, `${root}/etc/other`);
    await Deno.symlink("/etc/other", place);
    const { code, stderr } = await given.install(["--uninstall"]);
    assertEquals(code, 0);
    assertStringIncludes(
      stderr,
      "has changed since it was installed, and stays",
    );
    assertEquals((await Deno.lstat(place)).isSymlink, true);
    assertMatch(await Deno.readTextFile(`${root}/etc/other`), /openrc-run/);
  },
);

if (C_OBSTACLE !== undefined || !IS_ROOT) {
  console.error("Races for links are skipped: they need gcc and root");
}

installTest(
  "a file that is swapped for a link after the plan is not followed inside the tree",
  async (given) => {
    if (C_OBSTACLE !== undefined || !IS_ROOT) return;
    const { dir, root } = given;
    await makeTree(root, BARE, INITS["openrc"]!, { "etc/shadow": "secret\n" });
    assertEquals((await given.install()).code, 0);
    const swapper = `${dir}/swapper`;
    await compileC(
      new URL("../image/_swapper.c", import.meta.url).pathname,
      swapper,
    );
    const folder = `${root}/usr/local/lib/azure-provisioning`;
    await Deno.symlink("/etc/shadow", `${folder}/.swap`);
    await Deno.chown(folder, 1000, 1000);
    let tries = 0;
    const deadline = performance.now() + 20_000;
    while (tries < 12 && performance.now() < deadline) {
      // An earlier version's, so that it is replaced.
      await Deno.writeTextFile(`${folder}/this-vm`, "old\n");
      const process = new Deno.Command(swapper, {
        args: [`${folder}/this-vm`, `${folder}/.swap`],
      }).spawn();
      const { code } = await given.install(["--force"]);
      process.kill("SIGKILL");
      await process.status;
      if (code === 0) tries++;
      assertEquals(await Deno.readTextFile(`${root}/etc/shadow`), "secret\n");
      // Whichever state it was stopped in.
      for (const name of ["this-vm", ".swap"]) {
        await Deno.remove(`${folder}/${name}`).catch(() => {});
      }
      await Deno.symlink("/etc/shadow", `${folder}/.swap`);
    }
  },
);

installTest(
  "a link goes nowhere else, whatever is in its place for a moment",
  async (given) => {
    if (C_OBSTACLE !== undefined || !IS_ROOT) return;
    const { binary, dir, root, run } = given;
    const race = `${dir}/race`;
    await compileC(new URL("_link_race.c", import.meta.url).pathname, race);
    // busybox's ln looks at a path, and makes the link afterwards.
    const tools = `${dir}/tools`;
    await Deno.mkdir(tools);
    assertEquals(
      (await run(["-c", `busybox --install -s "$0"`, tools])).code,
      0,
    );
    await Deno.mkdir(`${dir}/outside`);
    await makeTree(root, BARE, INITS["systemd"]!);
    const env = { PATH: `${tools}:/usr/sbin:/usr/bin:/sbin:/bin` };
    const args = [`${ROOT}install.sh`, "--root", root, "--binary", binary];
    assertEquals((await run(args, env)).code, 0);
    const wants = `${root}/etc/systemd/system/multi-user.target.wants`;
    await Deno.chown(wants, 1000, 1000);
    const link = `${wants}/azure-provisioning.service`;
    const process = new Deno.Command(race, {
      args: [link, `${dir}/outside`],
    }).spawn();
    try {
      const functions =
        "words printable messages tools paths tree mounts inside remove replace files";
      await run([
        "-c",
        `set -euf; cd "$0"
        for part in ${functions}; do . "image/$part.sh"; done
        root=$1 phase=act dry_run=no
        record() { :; }
        for round in $(seq 600); do
          (put_link ../azure-provisioning.service "$2") >/dev/null 2>&1 || :
        done`,
        ROOT,
        root,
        link.slice(root.length),
      ], env);
    } finally {
      process.kill("SIGKILL");
      await process.status;
    }
    assertEquals(await snapshot(`${dir}/outside`), []);
  },
);

installTest("no remedy names a part of a path", async ({ root, run }) => {
  await makeTree(root, BARE, INITS["openrc"]!, {
    "etc/passwd\n/azure-init": "-> x",
    "etc/runlevels/default": "-> /etc/passwd\n",
    "usr/bin/azure-init": elf("x86_64"),
  });
  for (const json of [[], ["--json"]]) {
    const { stdout } = await run([
      `${ROOT}image/check.sh`,
      "--root",
      root,
      ...json,
    ]);
    const line = stdout.split("\n").find((it) => it.includes("reporters"))!;
    assertStringIncludes(line, "enabled by /etc/passwd");
    assertStringIncludes(line, "no command is given");
    assertEquals(line.includes("rm --"), false, line);
  }
});
