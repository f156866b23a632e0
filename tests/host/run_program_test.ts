import { assert, assertEquals, assertMatch } from "@std/assert";
import { runProgram } from "../../lib/host/run_program.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const NO_ARGS = { args: [], timeoutMs: 10_000 } as const;

Deno.test("runProgram() says that a program worked", async () => {
  assertEquals(await runProgram("true", NO_ARGS), { kind: "ok" });
});

Deno.test("runProgram() gives the exit status of a program that failed silently", async () => {
  const result = await runProgram("false", NO_ARGS);
  assert(result.kind === "failed");
  assertMatch(result.reason, /^\/(usr\/)?bin\/false: exit status 1$/);
});

Deno.test("runProgram() gives the error output of a program that failed", async () => {
  const result = await runProgram("cat", {
    ...NO_ARGS,
    args: ["/no/such/file"],
  });
  assert(result.kind === "failed");
  assertMatch(result.reason, /^\/(usr\/)?bin\/cat: .*\/no\/such\/file/);
});

Deno.test("runProgram() says that a program is not installed", async () => {
  assertEquals(await runProgram("no-such-program", NO_ARGS), {
    kind: "absent",
  });
});

Deno.test("runProgram() distinguishes a program that cannot be started from one that is not installed", async () => {
  await using dir = await tempDir();
  const program = `${dir.path}/program`;
  await Deno.writeTextFile(program, "#!/no/such/interpreter\n", {
    mode: 0o755,
  });
  const result = await runProgram(`../..${program}`, NO_ARGS);
  assert(result.kind === "failed");
  assertMatch(
    result.reason,
    /\/program: it exists, but something that it needs to start does not/,
  );
  await Deno.symlink(`${dir.path}/nowhere`, `${dir.path}/link`);
  assertEquals(
    await runProgram(`../..${dir.path}/link`, NO_ARGS),
    { kind: "absent" },
  );
});

Deno.test("runProgram() fails if it cannot tell whether a program is installed", async () => {
  await using dir = await tempDir();
  await Deno.symlink("loop", `${dir.path}/loop`);
  const result = await runProgram(`../..${dir.path}/loop`, NO_ARGS);
  assert(result.kind === "failed");
  assertMatch(result.reason, /Too many levels of symbolic links/);
});

Deno.test("runProgram() ignores PATH", async () => {
  await using dir = await tempDir();
  await Deno.symlink("/bin/true", `${dir.path}/only-on-path`);
  const path = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", `${dir.path}:${path}`);
  try {
    assertEquals(await runProgram("only-on-path", NO_ARGS), {
      kind: "absent",
    });
  } finally {
    Deno.env.set("PATH", path);
  }
});

Deno.test("runProgram() gives a program no input", async () => {
  // It would wait for ever on a terminal, or an open pipe.
  assertEquals(await runProgram("cat", NO_ARGS), { kind: "ok" });
});

Deno.test("runProgram() passes arguments on without a shell", async () => {
  const result = await runProgram("cat", {
    ...NO_ARGS,
    args: ["$(true) *; `true`\n"],
  });
  assert(result.kind === "failed");
  assert(result.reason.includes("$(true) *; `true`"), result.reason);
});

Deno.test("runProgram() clears the environment, and asks for plain English", async () => {
  Deno.env.set("AZURE_PROVISIONING_TEST", "1");
  try {
    for (
      const [name, kind] of [
        ["AZURE_PROVISIONING_TEST", "failed"],
        ["PATH", "failed"],
        ["LC_ALL", "ok"],
      ] as const
    ) {
      const result = await runProgram("printenv", { ...NO_ARGS, args: [name] });
      assertEquals(result.kind, kind, name);
    }
  } finally {
    Deno.env.delete("AZURE_PROVISIONING_TEST");
  }
});

Deno.test("runProgram() ends a program that takes too long", async () => {
  const before = performance.now();
  const result = await runProgram("sleep", { args: ["30"], timeoutMs: 100 });
  assert(performance.now() - before < 5000);
  assert(result.kind === "failed");
  assertMatch(
    result.reason,
    /^\/(usr\/)?bin\/sleep: did not end within 0\.1 s$/,
  );
});

Deno.test("runProgram() ends a program when its signal is aborted", async () => {
  const controller = new AbortController();
  const before = performance.now();
  const running = runProgram("sleep", {
    args: ["30"],
    timeoutMs: 20_000,
    signal: controller.signal,
  });
  controller.abort();
  const result = await running;
  assert(performance.now() - before < 5000);
  assertEquals(result.kind, "failed");
});

Deno.test("runProgram() keeps 300 characters of the output of a program that failed", async () => {
  const result = await runProgram("cat", {
    ...NO_ARGS,
    args: Array.from({ length: 500 }, () => "/no/such/file"),
  });
  assert(result.kind === "failed");
  const [path, words] = result.reason.split(/(?<=^\/\S*): /);
  assertMatch(path!, /^\/(usr\/)?bin\/cat$/);
  assertMatch(words!, /^(\S*\/)?cat: /);
  assertMatch(words!, /^[^]{300}\.\.\.$/);
});

Deno.test("runProgram() does not wait for processes that a program left behind", async () => {
  const startedAt = performance.now();
  // The program ends at once, and its child keeps its output open.
  const result = await runProgram("setsid", {
    ...NO_ARGS,
    args: ["--fork", "sleep", "5"],
  });
  assertEquals(result, { kind: "ok" });
  assert(performance.now() - startedAt < 3000);
});

Deno.test("runProgram() kills a program that ignores SIGTERM", async () => {
  const startedAt = performance.now();
  const result = await runProgram("env", {
    args: ["--ignore-signal=TERM", "sleep", "5"],
    timeoutMs: 100,
  });
  assertEquals(result.kind, "failed");
  assert(performance.now() - startedAt < 3000);
});

Deno.test("runProgram() lets a program with much output end", async () => {
  const result = await runProgram("dd", {
    args: ["if=/dev/zero", "of=/dev/stderr", "bs=4096", "count=200"],
    timeoutMs: 10_000,
  });
  assertEquals(result, { kind: "ok" });
});

Deno.test("runProgram() gives a program its input, and closes it", async () => {
  const run = (input?: string) =>
    runProgram("sh", {
      args: ["-c", 'read line; [ "$line" = "a:*" ] && ! read line'],
      timeoutMs: 10_000,
      input,
    });
  assertEquals(await run("a:*\n"), { kind: "ok" });
  assertEquals((await run()).kind, "failed");
});

Deno.test("runProgram() lets a program that ignores its input end", async () => {
  const result = await runProgram("true", {
    args: [],
    timeoutMs: 10_000,
    input: "x".repeat(1_000_000),
  });
  assertEquals(result, { kind: "ok" });
});

Deno.test("runProgram() accepts a program that ended in time, even if it notices late", async () => {
  for (let tries = 0; tries < 5; tries++) {
    const result = runProgram("true", { args: [], timeoutMs: 300 });
    // Blocks the event loop, as on a machine that is suspended.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    assertEquals(await result, { kind: "ok" });
  }
});
