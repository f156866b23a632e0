import { assert } from "@std/assert";
import { tempDir } from "../../helpers/temp_dir.ts";

/** Whether systemd-analyze is here. */
export const ANALYZE = await usable("systemd-analyze");
const SYSTEM_UNITS = "/lib/systemd/system";

if (!ANALYZE) {
  console.error("Tests of the unit are skipped: systemd-analyze is not here");
}

/**
 * Rates a unit with `systemd-analyze security`.
 *
 * @param unit Its text.
 * @returns How exposed it is, from 0 (safe) to 10.
 */
export async function exposure(unit: string): Promise<number> {
  await using dir = await tempDir();
  const path = `${dir.path}/azure-provisioning.service`;
  await Deno.writeTextFile(path, unit);
  const { stdout } = await new Deno.Command("systemd-analyze", {
    args: ["security", "--offline=true", "--threshold=20", path],
  }).output();
  const words = /exposure level for \S+: ([0-9.]+)/.exec(
    new TextDecoder().decode(stdout),
  );
  assert(words !== null, "systemd-analyze security names no exposure level");
  return Number(words[1]);
}

/**
 * Verifies a unit with `systemd-analyze verify`, in a root of its own that has the programs that the units name.
 *
 * @param unit Its text.
 * @returns How that ended, and what it found.
 */
export async function verify(
  unit: string,
  unitName = "azure-provisioning.service",
): Promise<{ code: number; stderr: string }> {
  await using dir = await tempDir();
  const root = dir.path;
  const programs = [
    "/usr/local/bin/azure-provisioning",
    "/usr/local/lib/azure-provisioning/homes",
    "/usr/local/lib/azure-provisioning/media",
    "/usr/local/lib/azure-provisioning/userdata",
    "/usr/local/lib/azure-provisioning/this-vm",
    "/bin/systemctl",
    "/bin/echo",
    "/bin/sh",
    "/usr/bin/timeout",
  ];
  for (const file of programs) {
    await write(`${root}${file}`, "#!/bin/sh\n");
    await Deno.chmod(`${root}${file}`, 0o755);
  }
  for await (const { name } of Deno.readDir(SYSTEM_UNITS)) {
    if (!name.endsWith(".target")) continue;
    await write(
      `${root}${SYSTEM_UNITS}/${name}`,
      await Deno.readTextFile(`${SYSTEM_UNITS}/${name}`),
    );
  }
  await write(`${root}/etc/systemd/system/${unitName}`, unit);
  const { code, stderr } = await new Deno.Command("systemd-analyze", {
    args: ["verify", `--root=${root}`, unitName],
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
}

async function usable(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"] }).output())
      .success;
  } catch {
    return false;
  }
}
