import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  checksums,
  compileArguments,
  makeCodeCache,
  outputName,
  readTarget,
  UsageError,
} from "../../tools/compile.ts";
import { permissions } from "../../tools/permissions.ts";
import { ROOT } from "../helpers/program.ts";
import { target, temporaryFolder } from "./_fixtures.ts";

const X86 = "x86_64-unknown-linux-gnu";
const ARM = "aarch64-unknown-linux-gnu";

Deno.test("readTarget() takes this machine's target unless told otherwise", () => {
  assertEquals(readTarget([], X86), X86);
  assertEquals(readTarget(["--target", ARM], X86), ARM);
  assertEquals(readTarget([`--target=${ARM}`], X86), ARM);
});

Deno.test("readTarget() rejects what it does not know", () => {
  for (
    const args of [
      ["--target"],
      ["--target="],
      ["--target", "x86_64-unknown-linux-musl"],
      ["--target", ARM, "more"],
      ["--tarrget", ARM],
      [ARM],
    ]
  ) {
    assertThrows(() => readTarget(args, X86), UsageError, "Cannot");
  }
});

Deno.test("readTarget() rejects a machine that the program does not run on", () => {
  assertThrows(
    () => readTarget([], "aarch64-apple-darwin"),
    UsageError,
    `Cannot compile for "aarch64-apple-darwin"`,
  );
});

Deno.test("outputName() names the processor of another machine", () => {
  assertEquals(outputName(X86, X86), "azure-provisioning");
  assertEquals(outputName(ARM, X86), "azure-provisioning-aarch64");
  assertEquals(outputName(X86, ARM), "azure-provisioning-x86_64");
});

Deno.test("compileArguments() passes the import map on, and what the program may do and holds", () => {
  const args = compileArguments({
    target: X86,
    output: "dist/x",
    entry: "a.js",
    include: ["b", "c"],
    permissions: ["--allow-read"],
  }, " --import-map=a  --frozen ");
  assertEquals(args.at(-1), "a.js");
  for (
    const flag of [
      ...["--import-map=a", "--allow-read", "--include=b", "--include=c"],
      ...["--no-code-cache", `--target=${X86}`, "--output=dist/x"],
    ]
  ) {
    assert(args.includes(flag), flag);
  }
  assert(!args.includes("--frozen"));
});

Deno.test("compileArguments() passes no empty flag on", () => {
  const options = {
    target: X86,
    output: "dist/x",
    entry: "a.js",
    permissions: [],
  } as const;
  assert(!compileArguments(options, "").includes(""));
});

Deno.test("makeCodeCache() has V8 compile also what no start calls", async () => {
  await using folder = await temporaryFolder();
  const script = `${folder.path}/script.txt`;
  const text = "a text that is in the code of the function alone";
  await Deno.writeTextFile(script, `function never() { return "${text}"; }`);
  const [cache] = await makeCodeCache(script, target);
  const code = new TextDecoder("latin1").decode(await Deno.readFile(cache!));
  assert(code.includes(text));
});

Deno.test("makeCodeCache() says what may be wrong with the base where what it compiles is another program", async () => {
  await using folder = await temporaryFolder();
  const script = `${folder.path}/script.txt`;
  await Deno.writeTextFile(script, "");
  const module = JSON.stringify(new URL("tools/compile.ts", `file://${ROOT}`));
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { makeCodeCache } from ${module};
      await makeCodeCache(Deno.args[0], Deno.build.target);`,
      script,
    ],
    cwd: ROOT,
    env: { DENORT_BIN: "/bin/true", NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  assertEquals(code, 1);
  assertStringIncludes(said, `Cannot compile the code of "${script}": `);
  assertStringIncludes(said, "unset DENORT_BIN");
});

Deno.test("permissions have a reason and never allow everything", () => {
  for (const { flag, reason } of permissions) {
    assert(reason.length > 0, flag);
    assert(!["-A", "--allow-all", "--allow-ffi"].includes(flag), flag);
  }
});

Deno.test("checksums() writes lines that sha256sum reads, sorted by name", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/b`, "");
  await Deno.writeTextFile(`${folder.path}/a`, "abc");
  assertEquals(
    await checksums(folder.path, ["b", "a"]),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n" +
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n",
  );
});
