import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../../helpers/program.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import { SHELLS } from "../_shells.ts";
import { makeTree, USED_IMAGE } from "../_tree.ts";
import {
  endProcessesOf,
  endsWithin,
  exists,
  halfFiles,
  SIGNALS,
  start,
  until,
} from "./_signals.ts";

/** Makes a program that waits to read from a pipe that nobody writes to. */
async function blocker(folder: string, name: string): Promise<string> {
  await makeTree(`${folder}/bin`, {
    [`/${name}`]:
      `#!/bin/sh\n: >'${folder}/started'\nread -r _ <'${folder}/pipe'\n`,
  });
  const { success } = await new Deno.Command("mkfifo", {
    args: [`${folder}/pipe`],
  }).output();
  assert(success);
  return `${folder}/bin`;
}

const BINARY = `${ROOT}dist/azure-provisioning`;
const HAS_BINARY = await exists(BINARY);
if (!HAS_BINARY) {
  console.error("Signals to install.sh are skipped: nothing is compiled");
}

const WAITING: readonly {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  /** The program that never ends. */
  readonly program: string;
}[] = [
  {
    name: "generalize.sh that makes its plan",
    script: "image/generalize.sh",
    args: ["--yes"],
    program: "grep",
  },
  {
    name: "generalize.sh in a step",
    script: "image/generalize.sh",
    args: ["--yes"],
    program: "cp",
  },
  {
    name: "generalize.sh that removes",
    script: "image/generalize.sh",
    args: ["--yes"],
    program: "rm",
  },
  {
    name: "check.sh",
    script: "image/check.sh",
    args: [],
    program: "od",
  },
  ...HAS_BINARY
    ? [
      {
        name: "install.sh",
        script: "install.sh",
        args: [`--binary=${BINARY}`],
        program: "od",
      },
      {
        name: "install.sh --generalize",
        script: "install.sh",
        args: ["--generalize", "--yes"],
        program: "grep",
      },
    ]
    : [],
];

// Busybox's shell has most programs in itself, wherever others lie.
const DASH = SHELLS.find(({ name }) => name === "dash");
for (
  const { name, script, args, program } of DASH === undefined ? [] : WAITING
) {
  for (const [signal, status] of SIGNALS) {
    Deno.test(`${signal} ends ${name} while it waits for a program`, async () => {
      await using temp = await tempDir();
      const folder = temp.path;
      await makeTree(`${folder}/tree`, USED_IMAGE);
      const path = `${await blocker(folder, program)}:${DASH!.path}`;
      const child = start(DASH!, script, folder, args, path);
      await until("it waits", () => exists(`${folder}/started`));
      const ended = endsWithin(child, signal, 1000);
      await ended.catch(() => {});
      assertEquals(await endProcessesOf(folder), []);
      assertEquals(await ended, status);
      if (program !== "rm") assertEquals(await halfFiles(folder), []);
      assertEquals(
        await Deno.readTextFile(`${folder}/tree/etc/hosts`),
        USED_IMAGE["/etc/hosts"],
      );
    });
  }
}
