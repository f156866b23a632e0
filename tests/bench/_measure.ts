import { run } from "../helpers/command.ts";
import { inNamespace, makeNetwork } from "../helpers/network.ts";
import { DENO_FLAGS, ROOT } from "../helpers/program.ts";
import { uniqueName } from "../helpers/unique_name.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { NAMESPACES, type Plan } from "./_inside.ts";
import type { Sample } from "./_samples.ts";

/** Returns why nothing can be measured here, or `undefined` if it can. */
export function measuringObstacle(): string | undefined {
  if (Deno.uid() !== 0) return "it needs root, for namespaces";
  const missing = missingProgram([
    "ip",
    "nsenter",
    "unshare",
    "chroot",
    "mount",
    "ldd",
    "tar",
    "find",
    "sync",
    "sh",
  ]);
  return missing && `it needs the program "${missing}"`;
}

/** Measures programs, in namespaces of their own beside a platform in another. */
export async function measure(
  plan: Omit<Plan, "outside">,
  onSample: (sample: Sample) => void = () => {},
): Promise<Sample[]> {
  await using network = await makeNetwork(uniqueName(), "static");
  await using _platform = await startPlatform(network.platform);
  const outside = await Promise.all(
    NAMESPACES.map((name) => Deno.readLink(`/proc/self/ns/${name}`)),
  );
  const samples: Sample[] = [];
  await using inside = spawn([
    ...inNamespace(network.machine, ["unshare", "--uts", "--mount", "--ipc"]),
    ...denoRun("_inside.ts"),
    JSON.stringify({ ...plan, outside }),
  ]);
  for await (const line of linesOf(inside.process.stdout)) {
    const sample: Sample = JSON.parse(line);
    samples.push(sample);
    onSample(sample);
  }
  const { success } = await inside.process.status;
  if (!success) throw new Error("Cannot measure: see above");
  return samples;
}

async function startPlatform(namespace: string): Promise<AsyncDisposable> {
  const [program, ...args] = inNamespace(namespace, denoRun("_platform.ts"));
  const platform = spawn([program, ...args]);
  const first = await linesOf(platform.process.stdout).next();
  if (!first.done) return platform;
  await platform[Symbol.asyncDispose]();
  throw new Error("Cannot start the platform: see above");
}

function denoRun(file: string): string[] {
  return [
    Deno.execPath(),
    "run",
    "-A",
    "--cached-only",
    ...DENO_FLAGS,
    `${ROOT}tests/bench/${file}`,
  ];
}

function spawn([program, ...args]: readonly [string, ...string[]]) {
  const process = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return {
    process,
    async [Symbol.asyncDispose]() {
      try {
        process.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await process.status;
    },
  };
}

async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** What is measured, in words. */
export async function machineWords(): Promise<string[]> {
  const first = async (program: string, args: readonly string[]) =>
    (await run(program, args).catch(() => undefined))?.stdout.split("\n")[0] ??
      "";
  const cpu = /^model name\s*: (.*)$/m.exec(
    await Deno.readTextFile("/proc/cpuinfo"),
  )?.[1];
  const { total } = Deno.systemMemoryInfo();
  return [
    `${cpu ?? Deno.build.arch}, ${navigator.hardwareConcurrency} processors, ${
      Math.round(total / 2 ** 30)
    } GiB`,
    `Linux ${Deno.osRelease()}`,
    `Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`,
    await first("/usr/bin/python3", ["--version"]),
    (await first("curl", ["--version"])).split(" (")[0]!,
  ].filter((words) => words !== "");
}
