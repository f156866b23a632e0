import { assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";

/** The UUID that a made-up machine shows. */
export const UUID = "4c4c4544-0042-3510-8052-b4c04f4d3232";

/** Each path must be there to be led away: the test must never touch this machine's. */
const LED_AWAY: Readonly<
  Record<string, (dir: string) => readonly (readonly [string, string])[]>
> = {
  "first-boot": (dir) => [
    ["program=/usr/local/bin/azure-provisioning", `program=${dir}/program`],
    ["=/usr/local/lib/azure-provisioning/", `=${dir}/`],
    ["log=/var/log/azure-provisioning.log", `log=${dir}/log`],
    ["copies=/run/azure-provisioning\n", `copies=${dir}/run/media\n`],
    ["lock=/run/azure-provisioning.lock", `lock=${dir}/run/lock`],
    ["/etc/azure-provisioning.userdata\n", `${dir}/userdata-enabled\n`],
    ["/var/log/azure-provisioning-userdata.log\n", `${dir}/userdata.log\n`],
    ["/dev/console", `${dir}/console`],
    ["/dev/log", `${dir}/no-syslog`],
    ["/run/systemd/system", `${dir}/systemd`],
    ["/proc/1/comm", `${dir}/comm`],
    ["=/run/azure-provisioning.next-boot", `=${dir}/run/next-boot`],
  ],
  "this-vm": (dir) => [
    ["=/etc/azure-provisioning.anywhere", `=${dir}/anywhere`],
    ["=/sys/class/dmi/id/chassis_asset_tag", `=${dir}/tag`],
    ["=/sys/class/dmi/id/product_uuid", `=${dir}/uuid`],
    ["=/sys/bus\n", `=${dir}/bus\n`],
    ["=/var/lib/azure-provisioning\n", `=${dir}/state\n`],
  ],
};

/**
 * Puts a script of `units/common` into a folder, with its paths led there.
 *
 * @param name The script's name.
 * @param dir The folder.
 * @param shell The shell that runs it.
 */
export async function putScript(
  name: string,
  dir: string,
  shell: readonly string[],
): Promise<void> {
  let script = await Deno.readTextFile(`${ROOT}units/common/${name}`);
  for (
    const [from, to] of [
      ["#!/bin/sh\n", `#!/usr/bin/env -S ${shell.join(" ")}\n`],
      ...LED_AWAY[name]!(dir),
    ] as const
  ) {
    assertStringIncludes(script, from);
    script = script.replaceAll(from, to);
  }
  await Deno.writeTextFile(`${dir}/${name}`, script, { mode: 0o755 });
}
