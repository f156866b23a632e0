import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";

const UNIT = `${ROOT}units/systemd/azure-provisioning.service`;
const ANALYZE = await usable("systemd-analyze");
const SYSTEM_UNITS = "/lib/systemd/system";

if (!ANALYZE) {
  console.error("Tests of the unit are skipped: systemd-analyze is not here");
}

Deno.test({
  name: "systemd-analyze verify finds nothing wrong with the unit",
  ignore: !ANALYZE,
  fn: async () => {
    assertEquals(await verify(await Deno.readTextFile(UNIT)), {
      code: 0,
      stderr: "",
    });
  },
});

Deno.test({
  name: "systemd-analyze verify would find a misspelt key in the unit",
  ignore: !ANALYZE,
  fn: async () => {
    const unit = await Deno.readTextFile(UNIT);
    const { stderr } = await verify(
      unit.replace("ExecStartPost", "ExecStartPast"),
    );
    assertEquals(stderr.includes("ExecStartPast"), true);
  },
});

Deno.test("the unit starts after the network, within bounds, and disables itself after success only", async () => {
  const lines = (await Deno.readTextFile(UNIT)).split("\n");
  for (
    const line of [
      "Wants=network-online.target",
      "After=network-online.target",
      "Type=oneshot",
      "ExecStart=/usr/local/bin/azure-provisioning",
      // systemd runs it only if ExecStart succeeded.
      "ExecStartPost=/bin/systemctl disable azure-provisioning.service",
      "TimeoutStartSec=22min",
      "WantedBy=multi-user.target",
    ]
  ) assertEquals(lines.includes(line), true, line);
});

/** Verifies in a root of its own, where the programs that the unit names are there. */
async function verify(unit: string): Promise<{ code: number; stderr: string }> {
  const root = await Deno.makeTempDir();
  try {
    const programs = ["/usr/local/bin/azure-provisioning", "/bin/systemctl"];
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
    await write(`${root}/etc/systemd/system/azure-provisioning.service`, unit);
    const { code, stderr } = await new Deno.Command("systemd-analyze", {
      args: ["verify", `--root=${root}`, "azure-provisioning.service"],
    }).output();
    return { code, stderr: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(root, { recursive: true });
  }
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
