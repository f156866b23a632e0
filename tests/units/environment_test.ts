import { assert, assertEquals, assertMatch } from "@std/assert";
import { namesIn as filesIn } from "../helpers/names_in.ts";
import { UNWANTED_VARIABLES } from "../helpers/environment.ts";
import { finish, type ProgramResult, ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { createVm, VM_OBSTACLE } from "../helpers/vm.ts";
import { SHELLS } from "../install/_shells.ts";

const SCRIPTS = ["first-boot", "media", "userdata"];

const HAS_BASH = await Deno.stat("/bin/bash").then(() => true, () => false);
if (!HAS_BASH) console.error("Tests with bash are skipped: it is not here");

/** Up to where a script has rid itself of its environment. */
const START = /^[^]*?\nset \+f\n/;

/** Values that split, expand, end a quotation, or look like an assignment. */
const VALUES = [
  "",
  "x",
  "a b=c * ?",
  "'",
  '"',
  "$(exit 9)",
  "`exit 9`",
  "\\",
  "-n",
  "line\nexport PATH='/run/none'\nb=c",
  "/run/none=",
  "\u00e9",
  "word=1",
];

for (const name of SCRIPTS) {
  const text = await Deno.readTextFile(`${ROOT}units/common/${name}`);
  for (const { name: shell, command } of SHELLS) {
    Deno.test(`${name} under ${shell}: nothing of the environment is left, but for a home, a language and proxies`, async () => {
      const start = START.exec(text)?.[0];
      assert(start !== undefined);
      await using dir = await tempDir();
      const script = `${dir.path}/script`;
      await Deno.writeTextFile(script, `${start}exec /usr/bin/env -0\n`);
      const kept = {
        HOME: "/home/x",
        LANG: "C.UTF-8",
        ["http_proxy"]: "http://a/?b=c d",
        NO_PROXY: "*",
      };
      for (const value of VALUES) {
        const names = [...UNWANTED_VARIABLES, ...namesIn(text)];
        const { code, stdout, stderr } = await runWith(
          [...command, script],
          {
            ...Object.fromEntries(
              names.filter((name) => !STARTS_NOTHING.test(name))
                .map((name) => [name, value]),
            ),
            ...kept,
            OPTIND: "1", // dash ends where this is unset.
          },
        );
        assertEquals({ code, stderr }, { code: 0, stderr: "" }, value);
        const left = stdout.split("\0").filter((entry) =>
          // What dash itself exports, always with this value.
          entry !== "" && !/^(OPTIND=1|_=.*)$/.test(entry)
        );
        assertEquals(
          left.filter((entry) => !/^(PWD|OLDPWD|SHLVL)=/.test(entry)).sort(),
          Object.entries(kept).map((it) => it.join("=")).sort(),
          value,
        );
      }
    });
  }
}

for (const name of SCRIPTS) {
  const text = await Deno.readTextFile(`${ROOT}units/common/${name}`);
  for (const { name: shell, command } of SHELLS) {
    Deno.test(`${name} under ${shell} runs nothing before it has set PATH`, async () => {
      await using dir = await tempDir();
      const traced = `${dir.path}/script`;
      const start = START.exec(text)?.[0];
      await Deno.writeTextFile(traced, `${start}exit 7\n`);
      const planted = `${dir.path}/planted`;
      await Deno.mkdir(planted);
      for (const program of ["compgen", "export", "unset", "sed", "cat"]) {
        await Deno.writeTextFile(
          `${planted}/${program}`,
          `#!/bin/sh\n: >${dir.path}/ran\n`,
          { mode: 0o755 },
        );
      }
      const { code } = await runWith([...command, traced], {
        PATH: `${planted}:${Deno.env.get("PATH")}`,
      });
      assertEquals(code, 7);
      assertEquals((await filesIn(dir.path)).includes("ran"), false);
    });
  }
}

for (const name of SCRIPTS) {
  Deno.test({
    name: `${name} under bash: no function of the environment is called`,
    ignore: !HAS_BASH,
    fn: async () => {
      const start = START.exec(
        await Deno.readTextFile(`${ROOT}units/common/${name}`),
      )?.[0];
      assert(start !== undefined);
      await using dir = await tempDir();
      const script = `${dir.path}/script`;
      await Deno.writeTextFile(
        script,
        `${start}PATH=/usr/bin:/bin\n[ -d / ] && dd </dev/null 2>/dev/null && exec /usr/bin/env -0\n`,
      );
      const planted = "() { echo planted; }";
      const { code, stdout, stderr } = await runWith(
        // What images have that link /bin/sh to it.
        ["/bin/bash", "-c", 'exec -a sh /bin/bash "$0"', script],
        {
          ["BASH_FUNC_dd%%"]: planted,
          ["BASH_FUNC_compgen%%"]: planted,
          ["BASH_FUNC_unset%%"]: planted,
          ["BASH_FUNC_[%%"]: planted,
          ["dd"]: "x",
          PATH: "/usr/bin:/bin",
        },
      );
      assertEquals(code, 0, stderr);
      assertEquals(/planted|BASH_FUNC/.test(stdout), false, stdout);
    },
  });
}

Deno.test("first-boot, media and userdata rid themselves of their environment in the same way", async () => {
  const ways = await Promise.all(
    SCRIPTS.map(async (name) =>
      (await Deno.readTextFile(`${ROOT}units/common/${name}`))
        .match(/\nunset IFS\n[^]*?\nset \+f\n/)?.[0]
    ),
  );
  assert(ways[0] !== undefined);
  assertEquals(ways, ways.map(() => ways[0]));
});

for (const { name: shell, command } of SHELLS) {
  Deno.test({
    name:
      `first-boot under ${shell}: the program provisions, whatever the environment says the script's variables are`,
    ignore: VM_OBSTACLE !== undefined,
    fn: async () => {
      await using vm = await createVm({ root: "machine" });
      const text = await Deno.readTextFile(`${ROOT}units/common/first-boot`);
      await Deno.writeTextFile(`${vm.etcDir}/azure-provisioning.anywhere`, "");
      const hostile = [...UNWANTED_VARIABLES, ...namesIn(text)]
        .filter((name) => !STARTS_NOTHING.test(name))
        .map((name) => `${name}=/run/none`);
      const platform = await vm.startPlatform(["--json"]);
      // This machine's own folders and devices are out of reach.
      const { code, stderr } = await vm.run(`mkdir -m 755 /run/logs /run/local
        mount --bind /run/logs /var/log && mount --bind /run/local /usr/local || exit
        for device in console log; do
          [ ! -e /dev/$device ] || mount --bind /dev/null /dev/$device || exit
        done
        mkdir -p /usr/local/bin /usr/local/lib/azure-provisioning
        : >/usr/local/bin/azure-provisioning
        mount --bind "$0" /usr/local/bin/azure-provisioning || exit
        cp ${ROOT}units/common/first-boot ${ROOT}units/common/this-vm /usr/local/lib/azure-provisioning
        env ${hostile.join(" ")} ${
        command.join(" ")
      } /usr/local/lib/azure-provisioning/first-boot
        code=$?
        cat /var/log/azure-provisioning.log >&2
        exit "$code"`);
      assertEquals(code, 0, stderr);
      assertMatch(stderr, / Provisioned: the platform knows/);
      const { stdout } = await platform.stop();
      assertMatch(stdout, /"ready":true/);
    },
  });
}

for (
  const [init, program] of [["runit", "sv"], ["s6", "s6-svc"]] as const
) {
  for (const { name: shell, command } of SHELLS) {
    Deno.test(`${init}'s finish under ${shell} runs the system's own ${program}, or else the one that the init finds`, async () => {
      await using dir = await tempDir();
      const folders = ["system", "inits"].map((name) => `${dir.path}/${name}`);
      for (const folder of folders) {
        await Deno.mkdir(folder);
        await Deno.writeTextFile(
          `${folder}/${program}`,
          `#!/bin/sh\necho "${folder} $*"\n`,
          { mode: 0o755 },
        );
      }
      const [system, inits] = folders as [string, string];
      const text = await Deno.readTextFile(`${ROOT}units/${init}/finish`);
      const script = `${dir.path}/finish`;
      await Deno.writeTextFile(
        script,
        text.replace("PATH=/usr/local/sbin:", `PATH=${system}:`),
      );
      const run = () =>
        runWith([...command, script], {
          PATH: `${inits}:${Deno.env.get("PATH")}`,
        });
      assertMatch((await run()).stdout, RegExp(`^${system} (down|-O) `));
      await Deno.remove(`${system}/${program}`);
      assertMatch((await run()).stdout, RegExp(`^${inits} (down|-O) `));
    });
  }
}

/** With these, no shell starts, or the loader says something: it is not the script that could help it. */
const STARTS_NOTHING =
  /^(LD_|OPTIND$|SHELLOPTS$|BASHOPTS$|GCONV_PATH$|LOCPATH$|PATH$|MALLOC_TOP_PAD_$|GLIBC_TUNABLES$|HOME$|LANG$)/;

/** The names of a script's variables. */
function namesIn(script: string): string[] {
  return [
    ...new Set(
      [...script.matchAll(
        /(?:^|[\s;&{])([a-z_]+)=|\b(?:for|read -r) ([a-z_]+)/gm,
      )]
        .map(([, assigned, read]) => assigned ?? read!),
    ),
  ];
}

function runWith(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProgramResult> {
  const assignments = Object.entries(env).map((it) => it.join("="));
  return finish(
    new Deno.Command("/usr/bin/env", {
      args: ["-i", ...assignments, ...command],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
}
