import type { CommandResult } from "../../helpers/command.ts";
import { type OvfEnvValues, ovfEnvXml } from "../../media/_ovf_env.ts";
import { USER } from "./_login_case.ts";
import type { LoginMachine } from "./_login_machine.ts";

/** What a first boot is given, and how the image is arranged. */
export interface Given {
  /** What the provisioning media say beside the name of {@linkcode USER}. */
  readonly media?: OvfEnvValues;
  /** Options of `simulate` beside that name. */
  readonly platform?: readonly string[];
  /** Options of `provision`. */
  readonly options?: string;
  /** A script that is run before; `$0` is the program. */
  readonly before?: string;
}

/** How a first boot ended. */
export interface PlayedBoot extends CommandResult {
  /** How often the platform was told that the VM is ready. */
  readonly ready: number;
  /** Every request that carries a health report. */
  readonly reports: readonly string[];
  /** What the log says of who can log in. */
  readonly warnings: readonly string[];
  /** All that the program and the platform said. */
  readonly said: string;
}

/**
 * Plays a first boot beside a platform, with provisioning media.
 *
 * @param given What it is given.
 * @returns How it ended.
 */
export async function playFirstBoot(
  machine: LoginMachine,
  { media = {}, platform = [], options = "", before = ":" }: Given,
): Promise<PlayedBoot> {
  await Deno.writeTextFile(
    `${machine.tree}/run/media.xml`,
    ovfEnvXml({ UserName: USER, ...media }),
  );
  await using served = await machine.startPlatform([
    `--admin-username=${USER}`,
    ...platform,
  ]);
  const result = await machine.run(
    `${before}\n"$0" --ovf-env /run/media.xml provision ${options}`,
  );
  const { ready, reports, lines } = await served.stop();
  const { stdout, stderr } = result;
  return {
    ...result,
    ready: ready.length,
    reports,
    warnings: stderr.split("\n").filter((line) => /log in: /.test(line)),
    said: [stdout, stderr, ...lines].join("\n"),
  };
}
