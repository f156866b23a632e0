import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../../helpers/program.ts";
import { target, temporaryFolder } from "../_fixtures.ts";
import { makeCodeCache } from "../../../tools/build/compile_program.ts";

Deno.test("makeCodeCache() has V8 compile also what no start calls", async () => {
  await using folder = await temporaryFolder();
  const script = `${folder.path}/script.txt`;
  const text = "a text that is in the code of the function alone";
  await Deno.writeTextFile(script, `function never() { return "${text}"; }`);
  const codeCache = `${folder.path}/code`;
  await makeCodeCache({ script, codeCache }, target);
  const code = new TextDecoder("latin1").decode(await Deno.readFile(codeCache));
  assert(code.includes(text));
});

Deno.test("makeCodeCache() says what may be wrong with the base where what it compiles is another program", async () => {
  await using folder = await temporaryFolder();
  const script = `${folder.path}/script.txt`;
  await Deno.writeTextFile(script, "");
  const module = JSON.stringify(
    new URL("tools/build/compile_program.ts", `file://${ROOT}`),
  );
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { makeCodeCache } from ${module};
      const script = Deno.args[0];
      await makeCodeCache({ script, codeCache: script + ".code" }, Deno.build.target);`,
      script,
    ],
    cwd: ROOT,
    env: { DENORT_BIN: "/bin/true", NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  assertEquals(code, 1);
  assertStringIncludes(said, `Cannot make the code cache of "${script}": `);
  assertStringIncludes(said, "unset DENORT_BIN");
});
