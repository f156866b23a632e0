import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { VERSION } from "../../lib/version.ts";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

installTest(
  "says what is missing where it is alone, and where it looked",
  async ({ dir, root, run }) => {
    const folder = `${dir}/alone`;
    await makeTree(root, BARE, INITS["systemd"]!);
    await Deno.mkdir(folder);
    await Deno.copyFile(`${ROOT}install.sh`, `${folder}/install.sh`);
    const inFolder = (args: string) =>
      run(["-c", `cd "$1" && exec ${args}`, "sh", folder]);
    for (
      const how of [
        () => run([`${folder}/install.sh`, "--root", root]),
        () => inFolder("sh install.sh --check"),
        () => inFolder("sh ./install.sh --help"),
        () => run(["-c", 'cd / && exec sh "$1"', "sh", `${folder}/install.sh`]),
      ]
    ) {
      const { code, stderr } = await how();
      assertEquals(code, 78, stderr);
      assertStringIncludes(
        stderr,
        `Error: Not found beside install.sh, in ${folder}: image units. Copy the whole release folder`,
      );
    }
    await Deno.mkdir(`${folder}/image`);
    await Deno.mkdir(`${folder}/units`);
    const { code, stderr } = await run([`${folder}/install.sh`]);
    assertEquals(code, 78);
    assertStringIncludes(stderr, "image/environment.sh image/words.sh");
  },
);

installTest(
  "refuses to be piped, whatever folder it is in",
  async ({ run }) => {
    for (const args of ["", "-s -- --check"]) {
      const { code, stderr } = await run([
        "-c",
        `cd "$1" && exec sh ${args} <install.sh`,
        "sh",
        ROOT,
      ]);
      assertEquals(code, 64, stderr);
      assertStringIncludes(stderr, "it was read from a pipe: run it by its");
    }
  },
);

installTest(
  "finds its parts by a relative path and through links",
  async ({ dir, root, run }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    await Deno.symlink(ROOT, `${dir}/release`);
    await Deno.symlink("release/install.sh", `${dir}/first`);
    await Deno.symlink("first", `${dir}/second`);
    for (
      const command of [
        "sh ./first --version",
        "sh second --version",
        "cd release && sh install.sh --version",
        "sh release/install.sh --version",
      ]
    ) {
      const { code, stdout, stderr } = await run(
        ["-c", `cd "$1" && ${command}`, "sh", dir],
      );
      assertEquals({ code, stdout, stderr }, {
        code: 0,
        stdout: `azure-provisioning ${VERSION}\n`,
        stderr: "",
      });
    }
  },
);

installTest(
  "takes its options in any order, also those of --check and --generalize",
  async ({ root, binary, run }) => {
    await makeTree(root, BARE, INITS["systemd"]!, { "etc/machine-id": "" });
    const before = await snapshot(root);
    const outcome = async (...args: string[]) => {
      const { code, stdout } = await run([`${ROOT}install.sh`, ...args]);
      // Others write to this disk meanwhile.
      return { code, stdout: stdout.replace(/has \d+ MiB free/g, "has room") };
    };
    const inRoot = ["--root", root];
    const check = await outcome("--check", ...inRoot, "--json");
    assertEquals(check.code, 1);
    assertEquals(await outcome(...inRoot, "--check", "--json"), check);
    assertEquals(await outcome("--json", `--root=${root}`, "--check"), check);
    assertEquals(
      await outcome("--dry-run", "--json", "--check", ...inRoot),
      check,
    );
    const plan = await outcome("--generalize", "--dry-run", ...inRoot);
    assertEquals(plan.code, 0);
    assertEquals(await outcome("--dry-run", ...inRoot, "--generalize"), plan);
    const install = await outcome("--dry-run", ...inRoot, "--binary", binary);
    assertEquals(install.code, 0);
    assertEquals(
      await outcome("--binary", binary, ...inRoot, "--dry-run"),
      install,
    );
    assertEquals(await snapshot(root), before);
    // A value is not an action.
    const value = await run([`${ROOT}install.sh`, "--root", "--check"]);
    assertEquals(value.code, 64);
    assertStringIncludes(value.stderr, "--check is an option");
  },
);

installTest(
  "--quiet leaves out what is in order",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    const { code, stdout, stderr } = await install(["--quiet"]);
    assertEquals({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" });
    const again = await install(["--uninstall", "--quiet"]);
    assertEquals([again.code, again.stdout, again.stderr], [0, "", ""]);
  },
);

installTest(
  "says where it looked for the program",
  async ({ root, dir, run }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    await makeTree(`${dir}/release`, { "dist/x": "" });
    for (const name of ["install.sh", "image", "units"]) {
      const { code } = await run(
        ["-c", 'cp -R "$1" "$2"', "sh", `${ROOT}${name}`, `${dir}/release/`],
      );
      assertEquals(code, 0);
    }
    const { code, stderr } = await run(
      [`${dir}/release/install.sh`, "--root", root],
    );
    assertEquals(code, 64);
    assertStringIncludes(
      stderr,
      `the compiled program is missing: it is neither in ${dir}/release/dist nor in ${dir}/release`,
    );
  },
);
