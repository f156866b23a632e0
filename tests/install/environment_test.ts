import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { RUNS_ALL } from "../helpers/runs_all.ts";
import { type InstallCase, installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";
import { variableNames } from "./_variables.ts";

type Environment = Readonly<Record<string, string>>;

/** The variables that the scripts may take from whoever starts them, and those of the system that they set or unset. */
const DOCUMENTED = ["DESTDIR", "PREFIX", "S6_SCANDIR"];
const SYSTEM = [
  "PATH",
  "LC_ALL",
  "IFS",
  "CDPATH",
  "OPTIND",
  "ENVIRON",
  "PWD",
  // Which shell this is: another value only has it look more closely.
  "BASH_VERSION",
  "KSH_VERSION",
  "ZSH_VERSION",
  "YASH_VERSION",
  "POSH_VERSION",
  // Who is logged in, for --user.
  "SUDO_USER",
  "DOAS_USER",
  "LOGNAME",
  "USER",
];
/** Words in texts and programs of awk that only look like a variable. */
const LOOKALIKES =
  /^(NF|NR|OFS|DHCP|BOOTPROTO|DEVICE|Driver|ONBOOT|RoutesToDNS|STARTMODE|SSHD_AUTO_KEYGEN|AUTOCREATE_SERVER_KEYS|DROPBEAR_EXTRA_ARGS|Type|ExecStart|ExecStartPre|Description|Before|WantedBy|ConditionFileNotEmpty|Name|Azure|Linux|SSH)$/;

const NAMES = [...await variableNames()].sort();
const OWN = NAMES.filter((name) => /^[a-z]/.test(name));

Deno.test("the scripts' own variables have names in lower case, and the others are documented", () => {
  assert(OWN.length > 150, OWN.join(" "));
  for (const name of ["dry_run", "prefix", "root", "phase", "told_folders"]) {
    assert(OWN.includes(name), name);
  }
  assertEquals(
    NAMES.filter((name) =>
      !/^[a-z_]/.test(name) && !LOOKALIKES.test(name) &&
      !DOCUMENTED.includes(name) && !SYSTEM.includes(name)
    ),
    [],
  );
});

/** What is done one after another, and has to come out alike. */
const STEPS: readonly ((given: InstallCase) => readonly string[])[] = [
  (given) => [...install(given), "--dry-run"],
  (given) => install(given),
  (given) => [`${ROOT}image/check.sh`, "--root", given.root],
  (given) => [
    `${ROOT}image/generalize.sh`,
    "--root",
    given.root,
    "--dry-run",
  ],
  (given) => [...install(given), "--uninstall", "--dry-run"],
  (given) => [...install(given), "--uninstall"],
];

function install({ root, binary }: InstallCase): string[] {
  return [`${ROOT}install.sh`, "--root", root, "--binary", binary];
}

/** Does all steps on a new tree. */
async function outcome(
  given: InstallCase,
  env: Environment,
  wrapper: readonly string[] = [],
): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  await makeTree(given.root, BARE, INITS["s6"]!, INITS["sysv"]!, {
    "var/lib/azure-provisioning/provisioned.json": "{}",
    "var/lib/dhcp/dhclient.leases": "lease",
  });
  for (const step of STEPS) {
    const { code, stdout, stderr } = await given.run(
      step(given),
      env,
      wrapper,
    );
    outcomes.push({
      code,
      // Others write to the same disk.
      stdout: stdout.replace(/has \d+ MiB free/, "has room"),
      stderr,
      tree: await snapshot(given.root),
    });
  }
  await Deno.remove(given.root, { recursive: true });
  return outcomes;
}

/** Each one runs the scripts six times. */
const VALUES = RUNS_ALL
  ? ["1", "yes", "no", "", "/evil", "plan", "* -x"]
  : ["yes", "", "* -x"];
/** Variables of the system that are tried alone too, as one may hide what another does. */
const ALONE = RUNS_ALL
  ? ["IFS", "GREP_OPTIONS", "POSIXLY_CORRECT", "TMPDIR"]
  : ["IFS"];

const all = (value: string): Environment =>
  Object.fromEntries(OWN.map((name) => [name, value]));

installTest(
  "no variable of the scripts' own is taken from the environment",
  async (given) => {
    const clean = await outcome(given, {});
    for (const value of VALUES) {
      assertEquals(await outcome(given, all(value)), clean, `"${value}"`);
    }
  },
);

installTest(
  "nor is one handed on to the programs that are started, where a list that grows would be too long",
  async ({ run }) => {
    const { code, stdout } = await run(
      [
        "-euc",
        'here=$1; . "$here/image/environment.sh"; env',
        "sh",
        ROOT,
      ],
      { ...all("x"), PREFIX: "/opt", LD_LIBRARY_PATH: "/lib" },
    );
    assertEquals(code, 0);
    const names = stdout.split("\n").map((line) => line.split("=")[0]!);
    assertEquals(names.filter((name) => OWN.includes(name)), []);
    // Those of the builder's own tools stay.
    for (const name of ["PREFIX", "LD_LIBRARY_PATH", "PATH", "LC_ALL"]) {
      assert(names.includes(name), name);
    }
  },
);

installTest(
  "nor does one of the system's decide",
  async (given) => {
    const folder = `${given.dir}/evil`;
    await Deno.mkdir(folder);
    const ran = `${given.dir}/ran`;
    for (const name of ["sed", "grep", "rm", "stat", "sha256sum", "awk"]) {
      await Deno.writeTextFile(
        `${folder}/${name}`,
        `#!/bin/sh\n: >"$RAN"\nexit 1\n`,
        { mode: 0o755 },
      );
    }
    await Deno.writeTextFile(`${folder}/env`, `: >"$RAN"\ndry_run=yes\n`);
    const clean = await outcome(given, {});
    const path = "/usr/sbin:/usr/bin:/sbin:/bin";
    const odd: Environment = {
      IFS: "/.-",
      CDPATH: `${folder}:/`,
      ENV: `${folder}/env`,
      BASH_ENV: `${folder}/env`,
      GREP_OPTIONS: "-v",
      GREP_COLOR: "1",
      POSIXLY_CORRECT: "1",
      _POSIX2_VERSION: "199209",
      LC_ALL: "C.UTF-8",
      LANG: "tr_TR.UTF-8",
      LC_CTYPE: "C.UTF-8",
      TMPDIR: "/nonexistent",
      QUOTING_STYLE: "escape",
      BLOCK_SIZE: "1",
      BLOCKSIZE: "1",
      DF_BLOCK_SIZE: "1",
      OPTIND: "9",
      PS4: '$(: >"$RAN")',
      HOME: "/nonexistent",
      PWD: "/evil",
      OLDPWD: "/evil",
      TERM: "xterm",
      LINES: "1",
      COLUMNS: "1",
      AWKPATH: folder,
      PERL5OPT: "-Mevil",
      OPENSSL_CONF: "/evil",
      VERSION_CONTROL: "numbered",
      RANDOM: "1",
      PPID: "1",
      UID: "1000",
      EUID: "1000",
      _: "x",
    };
    const inEvil = ["sh", "-c", 'cd "$EVIL" && exec "$@"', "sh"];
    const cases: Environment[] = [
      odd,
      ...ALONE.map((name) => ({ [name]: odd[name]! })),
    ];
    for (const env of cases) {
      assertEquals(
        await outcome(given, { ...env, RAN: ran }),
        clean,
        Object.keys(env).join(),
      );
    }
    for (
      const PATH of [`:${path}`, `.:../evil::${path}::`]
    ) {
      assertEquals(
        await outcome(given, { PATH, RAN: ran, EVIL: folder }, inEvil),
        clean,
        PATH,
      );
    }
    assertEquals(
      (await Array.fromAsync(Deno.readDir(given.dir))).map(({ name }) => name)
        .sort(),
      ["SHA256SUMS", "azure-provisioning", "evil"],
    );
  },
);

const BASH = await hasBash();
if (!BASH) {
  console.error("Tests with exported functions are skipped: bash is not here");
}

async function hasBash(): Promise<boolean> {
  try {
    return (await new Deno.Command("bash", { args: ["-c", ":"] }).output())
      .success;
  } catch {
    return false;
  }
}

if (BASH) {
  installTest("nor does a function that bash exports", async (given) => {
    const clean = await outcome(given, {});
    const names = [
      "sed",
      "grep",
      "rm",
      "mv",
      "cat",
      "chmod",
      "readlink",
      "stat",
      "awk",
      "compgen",
      "say",
      "load_init",
      "resolve",
      "init_detect",
      "record",
      "sum",
    ];
    const functions = Object.fromEntries(
      names.map((name) => [`BASH_FUNC_${name}%%`, "() { echo evil; }"]),
    );
    // Bash in place of the shell of the test, which would not hand them on.
    const bash =
      'until [ "$1" = -- ]; do shift; done; shift; exec bash --posix "$@"';
    assertEquals(
      await outcome({
        ...given,
        run: (args, env) =>
          given.run(["--", ...args], env, ["bash", "-c", bash, "bash"]),
      }, functions),
      clean,
    );
  });
}
