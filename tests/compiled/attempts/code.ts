import { type Attempt, refused, STATE, works } from "./attempt.ts";

/** An address that answers, and is not the platform's. */
const OTHER_HOST = "10.77.0.1";

/** Runs a piece of source in a worker. */
async function inWorker(
  source: string,
  options: WorkerOptions = {},
): Promise<void> {
  const code = `try { ${source}; postMessage("works"); }
    catch (error) { postMessage(error.name); }`;
  const worker = new Worker(
    `data:application/javascript,${encodeURIComponent(code)}`,
    { ...options, type: "module" },
  );
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  const answer = await promise;
  worker.terminate();
  if (answer === "NotCapable") throw new Deno.errors.NotCapable("in a worker");
  if (answer !== "works") throw new Error(answer);
}

/** Code from elsewhere. */
export const CODE: readonly Attempt[] = [
  works("run a worker", () => inWorker("void 0")),
  refused(
    "open a library",
    () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}),
  ),
  ...[
    `http://${OTHER_HOST}/module.ts`,
    // Deno itself needs no permission for this host.
    "https://jsr.io/module.ts",
  ].map((from) => ({
    what: `import ${from}`,
    ends: `TypeError: Module not found: ${from}`,
    run: () => import(from),
  })),
  // It is read like any file, and has no more permissions than the program.
  works(
    "import a module from a file",
    () => import(`file://${STATE}/module.ts`),
  ),
  refused(
    "write elsewhere in a module from a file",
    () => import(`file://${STATE}/writes.ts`),
  ),
  refused("write elsewhere in a module made of text", () =>
    import(
      `data:application/javascript,${
        encodeURIComponent('Deno.writeTextFileSync("/etc/passwd", "x")')
      }`
    )),
  {
    what: "run a text as code",
    ends: "EvalError: Code generation from strings disallowed for this context",
    run: () => (0, eval)("1"),
  },
  refused(
    "write elsewhere in a worker",
    () => inWorker('Deno.writeTextFileSync("/etc/passwd", "x")'),
  ),
  refused("ask for a permission", async () => {
    const { state } = await Deno.permissions.request({ name: "run" });
    if (state !== "granted") throw new Deno.errors.NotCapable(state);
  }),
  {
    what: "compile machine code",
    ends: "ReferenceError: WebAssembly is not defined",
    run: () =>
      new WebAssembly.Module(
        Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
      ),
  },
];

/** Ends the program, so it is made on its own. */
export const MORE_FOR_A_WORKER: Attempt = {
  what: "give a worker more",
  ends: "70",
  run: () =>
    inWorker(
      "void 0",
      { deno: { permissions: { write: true } } } as WorkerOptions,
    ),
};
