import { assertEquals, assertStringIncludes } from "@std/assert";
import pins from "../../tools/build/denort/pins.json" with { type: "json" };
import { ROOT } from "../helpers/program.ts";
import { temporaryFolder } from "./_fixtures.ts";

const FILES = ["tools/dev", "tools/build/denort/pins.json"];
const NPM_FLAGS =
  "--import-map=tools/npm/import_map.json --lock=tools/npm/deno.lock --frozen";

/** A Deno that prints how it was called; JSR answers it or not. */
function fakeDeno({ version = pins.deno, jsr = true } = {}): string {
  return `case $1 in
--version) echo "deno ${version} (stable, release)" ;;
info) ${jsr ? "exit 0" : "echo noise; echo noise >&2; exit 1"} ;;
*) echo "$PWD|\${DENO_FLAGS-unset}|$DENO_TLS_CA_STORE"; printf '<%s>' "$@" ;;
esac`;
}

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** A copy of the script in a repository of its own, with only a test's programs on PATH. */
class Repository implements AsyncDisposable {
  readonly root: string;
  readonly #folder: AsyncDisposable & { path: string };

  constructor(folder: AsyncDisposable & { path: string }) {
    this.#folder = folder;
    this.root = `${folder.path}/the repository`;
  }

  static async create(programs: Record<string, string>): Promise<Repository> {
    const repository = new Repository(await temporaryFolder());
    await Deno.mkdir(`${repository.root}/tools/build/denort`, {
      recursive: true,
    });
    for (const file of FILES) {
      await Deno.copyFile(`${ROOT}${file}`, `${repository.root}/${file}`);
    }
    for (const [name, body] of Object.entries(programs)) {
      await repository.install(`bin/${name}`, body);
    }
    return repository;
  }

  async install(path: string, body: string): Promise<void> {
    const file = `${this.#folder.path}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }

  path(path: string): string {
    return `${this.#folder.path}/${path}`;
  }

  async run(
    args: string[],
    env: Record<string, string> = {},
    cwd = "/",
    script = `${this.root}/tools/dev`,
  ): Promise<Outcome> {
    const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
      args: [script, ...args],
      cwd,
      clearEnv: true,
      env: { PATH: this.path("bin"), ...env },
    }).output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: decode(stdout), stderr: decode(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

Deno.test("tools/dev runs a task in the root of the repository, with its arguments", async () => {
  await using repository = await Repository.create({ deno: fakeDeno() });
  assertEquals(await repository.run(["test", "--filter", "a b", ""]), {
    code: 0,
    stdout:
      `${repository.root}|unset|mozilla,system\n<task><test><--filter><a b><>`,
    stderr: "",
  });
});

Deno.test("tools/dev can be called from inside the repository", async () => {
  await using repository = await Repository.create({ deno: fakeDeno() });
  for (
    const [cwd, script] of [
      [repository.root, "tools/dev"],
      [`${repository.root}/tools`, "./dev"],
      [`${repository.root}/tools`, "dev"],
    ] as const
  ) {
    const { stdout } = await repository.run(["lint"], {}, cwd, script);
    assertStringIncludes(stdout, `${repository.root}|`);
  }
});

Deno.test("tools/dev uses the npm stand-ins where JSR does not answer", async () => {
  await using repository = await Repository.create({
    deno: fakeDeno({ jsr: false }),
  });
  const { stdout, stderr } = await repository.run(["test"]);
  assertStringIncludes(stdout, `|${NPM_FLAGS}|`);
  assertEquals(
    stderr,
    "JSR does not answer: using the npm stand-ins of tools/npm\n",
  );
});

Deno.test("tools/dev asks JSR for a bounded time where it can", async () => {
  await using repository = await Repository.create({
    deno: fakeDeno(),
    timeout: `echo "$*" >&2; exit 124`,
  });
  const { stdout, stderr } = await repository.run(["test"]);
  assertStringIncludes(stdout, `|${NPM_FLAGS}|`);
  assertEquals(
    stderr,
    "JSR does not answer: using the npm stand-ins of tools/npm\n",
  );
});

Deno.test("tools/dev leaves its caller's DENO_FLAGS and DENO_TLS_CA_STORE alone", async () => {
  await using repository = await Repository.create({
    deno: fakeDeno({ jsr: false }),
  });
  for (const flags of ["", "--cached-only"]) {
    const env = { DENO_FLAGS: flags, DENO_TLS_CA_STORE: "system" };
    const { stdout, stderr } = await repository.run(["test"], env);
    assertStringIncludes(stdout, `|${flags}|system\n`);
    assertEquals(stderr, "");
  }
});

Deno.test("tools/dev without a task lists the tasks", async () => {
  await using repository = await Repository.create({
    deno: fakeDeno({ jsr: false }),
  });
  const { stdout, stderr } = await repository.run([]);
  assertStringIncludes(stdout, "|unset|mozilla,system\n<task>");
  assertEquals(stderr, "");
});

Deno.test("tools/dev exits with the task's exit status", async () => {
  const deno =
    `case $1 in --version) echo "deno 2.9.0" ;; task) exit 42 ;; esac`;
  await using repository = await Repository.create({ deno });
  assertEquals((await repository.run(["test"])).code, 42);
});

Deno.test("tools/dev gets Deno through npx when PATH has none", async () => {
  await using repository = await Repository.create({
    npx: `echo "npx $*" >&2; echo "\${0%/*}/../npm packages/deno"`,
  });
  await repository.install("npm packages/deno", fakeDeno());
  const { code, stdout, stderr } = await repository.run(["test"]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "<task><test>");
  assertStringIncludes(stderr, `--package deno@${pins.deno} -- deno eval`);
});

Deno.test("tools/dev puts the Deno from npx on the task's PATH", async () => {
  await using repository = await Repository.create({
    npx: `echo "\${0%/*}/../npm packages/deno"`,
  });
  const deno = `[ "$1" = info ] || { command -v deno; }`;
  await repository.install("npm packages/deno", deno);
  const { stdout } = await repository.run(["test"]);
  assertStringIncludes(stdout, "npm packages/deno");
});

Deno.test("tools/dev gets Deno through npx when the one on PATH is too old or broken", async () => {
  for (const version of ["1.46.3", "2.6.10", "unknown", ""]) {
    await using repository = await Repository.create({
      deno: fakeDeno({ version }),
      npx: `echo "\${0%/*}/../npm/deno"`,
    });
    await repository.install("npm/deno", "echo from npx");
    const { stdout } = await repository.run(["test"]);
    assertEquals(stdout, "from npx\n", version);
  }
});

Deno.test("tools/dev takes any later Deno", async () => {
  for (const version of ["2.7.0", "2.10.1", "3.0.0"]) {
    await using repository = await Repository.create({
      deno: fakeDeno({ version }),
    });
    assertEquals((await repository.run(["test"])).code, 0, version);
  }
});

Deno.test("tools/dev says how to install Deno when it cannot get it", async () => {
  for (
    const programs of [
      {},
      { deno: fakeDeno({ version: "2.6.10" }) },
      { npx: "exit 1" },
    ]
  ) {
    await using repository = await Repository.create(programs);
    const { code, stdout, stderr } = await repository.run(["test"]);
    assertEquals([code, stdout], [69, ""]);
    assertStringIncludes(stderr, "Cannot find Deno 2.7 or later");
    assertStringIncludes(stderr, "https://docs.deno.com/");
  }
});
