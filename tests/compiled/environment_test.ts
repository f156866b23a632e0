import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { succeed } from "../helpers/command.ts";
import {
  HARMLESS_VARIABLES,
  LIBC_VARIABLES,
  RUNTIME_VARIABLES,
  UNWANTED_VARIABLES,
} from "../helpers/environment.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { plantCode, PLANTED_SIGN } from "../helpers/planted_code.ts";
import type { ProgramResult } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import type { Vm } from "../helpers/vm.ts";
import { vmTest } from "../helpers/vm_case.ts";

const READY = /^Provisioned: the platform knows that this VM is ready$/m;
// deno-lint-ignore no-control-regex
const ESCAPE = /\x1b/;

const GCC = missingProgram(["gcc"]) === undefined;
if (!GCC) {
  console.error(
    "The test of the variables that the program reads is skipped: it needs gcc",
  );
}

/** Values of TMPDIR, quoted for sh. The runtime looks for code in some of these folders. */
const FOLDERS = [
  "/run/a/x/..",
  "/run/a/.",
  "/run/a/../a",
  "//run/a",
  "/run/a/",
  "/run/a",
  ..."/dev/shm /dev /proc /proc/self/cwd /sys /run/missing / //".split(" "),
  "/run/a/\u00e9",
  "'/run/a b?c#d%41'",
  '"$(printf "/run/a/\\377")"',
  '"$(printf "/run/a/\\n")"',
];

vmTest(
  "the compiled program runs its own code and no other, whatever TMPDIR is",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform([]);
    await using planted = await tempDir();
    await plantCode(planted.path);
    // A path that is not UTF-8 gets U+FFFD, and there may be a folder of that name.
    const plant =
      `mkdir -p /run/a/x "/run/a/\uFFFD" /run/a/\u00e9 "/run/a b?c#d%41"
      for folder in /run/a/* /run/a "/run/a b?c#d%41" "$(printf '/run/a/\\377')"; do
        mkdir -p "$folder"; cp -r ${planted.path}/. "$folder"
      done;`;
    for (const folder of FOLDERS) {
      const { code, stderr } = await vm.run(
        `${plant} TMPDIR=${folder} "$0" provision --force`,
      );
      assertEquals(code, 0, `TMPDIR=${folder}: ${stderr}`);
      assertMatch(stderr, READY);
      assertNotMatch(stderr, ESCAPE);
      const { stdout } = await vm.run(`ls ${PLANTED_SIGN} 2>&1 || :`);
      assertMatch(stdout, /No such file/, folder);
    }
    assertStringIncludes(
      (await vm.run("TMPDIR=/run/a/x/.. $0 --version")).stdout,
      "@std/xml ",
    );
    await platform.stop();
  },
);

/** The runtime fails before our code begins, so only the unit or script can help. */
vmTest(
  "the runtime ends the compiled program if TMPDIR is not an absolute path",
  { root: "machine" },
  async (vm) => {
    for (const folder of ["", ".", "a/b"]) {
      const { code, stderr } = await vm.run(
        `NO_COLOR=1 TMPDIR=${folder} "$0" --version`,
      );
      assertEquals(code, 1);
      assertMatch(
        stderr,
        /^error: Could not convert path to URL\.\n {2}Path: .*deno-compile-/,
      );
    }
  },
);

/** The values to try for every variable of {@linkcode UNWANTED_VARIABLES}. */
const USUAL_VALUES = ["", "1", "/run/none"];

/** Worse values for some variables, and further variables, which nothing reads or which are harmless. */
const MORE_VALUES: Readonly<Record<string, readonly string[]>> = {
  DENO_LOG: ["off"],
  GLIBC_TUNABLES: ["glibc.malloc.check=3:glibc.malloc.tcache_count=0"],
  NODE_OPTIONS: ["--require /run/evil.js", "--inspect", '"'],
  NODE_DEBUG: ["*", "vm,fs,net"],
  ["OPENSSL_ia32cap"]: ["~0x200000200000000"],
  TZ: ["America/St_Johns", ":/etc/passwd", "UTC+99", ""],
  LANG: ["tr_TR.UTF-8", "../../run"],
  LC_ALL: ["ja_JP.eucJP", "tr_TR.UTF-8"],
  LC_MESSAGES: ["de_DE.UTF-8"],
  LANGUAGE: ["de"],
  NO_COLOR: ["1", ""],
  TERM: ["dumb", "xterm-256color", ""],
  JOURNAL_STREAM: ["1:2", ""],
  PATH: ["", "/run/none"],
  HOME: ["", "/run/none"],
  ...Object.fromEntries(
    [
      "HTTP_PROXY",
      "http_proxy",
      "HTTPS_PROXY",
      "ALL_PROXY",
      "NO_PROXY",
      "NODE_PATH",
      "NODE_V8_COVERAGE",
      "NODE_EXTRA_CA_CERTS",
      "NODE_CHANNEL_FD",
      "NODE_UNIQUE_ID",
      "NODE_ENV",
      "NODE_REDIRECT_WARNINGS",
      "NODE_DISABLE_COLORS",
      "DENO_DIR",
      "DENO_V8_FLAGS",
      "DENO_COVERAGE_DIR",
      "DENO_INSPECT",
      "DENO_AUDIT_PERMISSIONS",
      "DENO_AUTO_SERVE",
      "DENO_SERVE_ADDRESS",
      "DENO_COMPAT",
      "DENO_CERT",
      "DENO_TLS_CA_STORE",
      "DENO_CONDITIONS",
      "DENO_JOBS",
      "DENO_CPU_PROF",
      "DENO_UNSTABLE_SLOPPY_IMPORTS",
      "DENO_UNSTABLE_BARE_NODE_BUILTINS",
      "DENO_NO_PROMPT",
      "DENO_INTERNAL_RT_USE_FILE_FALLBACK",
      "DENO_KV_DEFAULT_PATH",
      "OTEL_DENO",
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "OTEL_DENO_VSOCK",
      "OTEL_EXPORTER_OTLP_PROTOCOL",
      "OTEL_METRIC_EXPORT_INTERVAL",
      "SSL_CERT_FILE",
      "SSL_CERT_DIR",
      "OPENSSL_CONF",
      "SQLITE_TMPDIR",
      "ICU_ENABLE_TENTATIVE_ERA",
      "XDG_CACHE_HOME",
      "XDG_DATA_HOME",
      "RUST_LOG",
      "NOTIFY_SOCKET",
      "LISTEN_FDS",
      "WATCHDOG_USEC",
      "azureProvisioning",
      "source",
      "codeCache",
      "__proto__",
    ].map((name) => [name, ["1", "/run/none"]]),
  ),
};

/** Variables whose effect the program cannot prevent, and that effect: the units unset them. */
const EFFECTS: readonly (readonly [RegExp, RegExp])[] = [
  [/^TMPDIR=(|1)$/, /Could not convert path to URL/],
  [/^DENO_LOG=(1|off|\/run\/none)?$/, READY],
  [
    /^DENO_TOKIO_(EVENT|GLOBAL_QUEUE)_INTERVAL=(|\/run\/none)$/,
    /panicked/,
  ],
  [/^DENO_TOKIO_MAX_IO_EVENTS_PER_TICK=(|\/run\/none)$/, /panicked/],
  [/^DENO_TOKIO_METRICS=/, /RuntimeMetrics/],
  [/^OPENSSL_ia32cap=/, /HW capability|Provisioned/],
  [/^SIMDUTF_FORCE_IMPLEMENTATION=/, /attribute is not supported/],
  [/^LD_(PRELOAD|AUDIT)=(1|\/run\/none)$/, /from LD_|audit interface/],
  [/^LD_TRACE_LOADED_OBJECTS=/, /libc\.so/],
  [/^LD_SHOW_AUXV=/, /AT_SYSINFO/],
  [/^LD_DEBUG=./, /warning: debug option/],
];

vmTest(
  "no variable changes what the compiled program does, except those that are known to",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform([]);
    await vm.provision();
    const usual = outcomeOf(await provisionWith(vm, "UNUSED=1"));
    assertMatch(usual, READY);
    const unlike: string[] = [];
    for (const assignment of assignments()) {
      const result = await provisionWith(vm, assignment);
      const outcome = outcomeOf(result);
      const effect = EFFECTS.find(([which]) => which.test(assignment));
      if (effect === undefined) {
        if (outcome !== usual) {
          unlike.push(`${assignment}: ${outcome.slice(0, 300)}`);
        }
      } else assertMatch(outcome, effect[1], assignment);
    }
    assertEquals(unlike, []);
    await platform.stop();
  },
);

vmTest(
  "the compiled program reads no variable that is not on the lists",
  { root: "machine" },
  async (vm) => {
    if (!GCC) return;
    await using dir = await tempDir();
    const library = await recorder(dir.path);
    const platform = await vm.startPlatform([]);
    for (const args of ["provision --force", "--version", "status --json"]) {
      const { code, stderr } = await vm.run(
        `LD_PRELOAD=${library} "$0" ${args}`,
      );
      assertEquals(code, 0, stderr);
    }
    await platform.stop();
    const names = (await Deno.readTextFile(`${dir.path}/names`)).split("\n");
    assert(names.includes("TMPDIR"), "the recorder works");
    const known = new Set([
      "",
      ...HARMLESS_VARIABLES,
      ...LIBC_VARIABLES,
      ...RUNTIME_VARIABLES,
    ]);
    assertEquals(
      [...new Set(names)].filter((name) => !known.has(name)),
      [],
      "name them in tests/helpers/environment.ts, try them, and have the units unset them",
    );
  },
);

/** Returns every name with every value, as an argument of env(1). */
function assignments(): string[] {
  const names = new Set([...UNWANTED_VARIABLES, ...HARMLESS_VARIABLES]);
  return [
    ...[...names].flatMap((name) =>
      USUAL_VALUES.map((value) => `${name}=${value}`)
    ),
    ...Object.entries(MORE_VALUES).flatMap(([name, values]) =>
      values.map((value) => `${name}=${value}`)
    ),
  ];
}

function provisionWith(vm: Vm, assignment: string): Promise<ProgramResult> {
  const quoted = `'${assignment.replaceAll("'", "'\\''")}'`;
  return vm.run(
    `exec timeout -s KILL 20 env ${quoted} "$0" provision --force`,
  );
}

/** Returns the exit status and output of a run, without the times. */
function outcomeOf({ code, stdout, stderr }: ProgramResult): string {
  return `${code}\n${stdout}${stderr}`.replace(
    /\d{4}-\S+Z/g,
    "WHEN",
  );
}

/** Builds a library that records the name of each variable that is read. */
async function recorder(dir: string): Promise<string> {
  await Deno.writeTextFile(
    `${dir}/recorder.c`,
    `#include <fcntl.h>
#include <string.h>
#include <unistd.h>
extern char **environ;
char *getenv(const char *name) {
  static int fd = -1;
  size_t length = strlen(name);
  char line[256];
  if (fd < 0) fd = open("${dir}/names", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (length < sizeof line) {
    memcpy(line, name, length);
    line[length] = '\\n';
    if (write(fd, line, length + 1) < 0) return 0;
  }
  for (char **entry = environ; entry && *entry; entry++)
    if (!strncmp(*entry, name, length) && (*entry)[length] == '=') return *entry + length + 1;
  return 0;
}
`,
  );
  await succeed("gcc", [
    "-shared",
    "-fPIC",
    "-o",
    `${dir}/recorder.so`,
    `${dir}/recorder.c`,
  ]);
  return `${dir}/recorder.so`;
}
