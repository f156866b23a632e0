import type { BootPlatform } from "../helpers/boot_platform.ts";

/**
 * Runs a part of a test, and prints what the machine and the platform said if that
 * fails.
 *
 * @param boot The machine.
 * @param use The part of the test.
 * @returns What it gave.
 */
export async function tellIfItFails<Result>(
  boot: {
    console(): string;
    readonly platform: BootPlatform | undefined;
  },
  use: () => Promise<Result>,
): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    console.error(
      `--- The machine's console\n${withoutProgress(boot.console())}`,
    );
    const lines = boot.platform?.seen().lines ?? [];
    console.error(`--- The platform's log\n${lines.join("\n")}`);
    throw error;
  }
}

/** Leaves out what systemd says twice a second of a job that takes long. */
function withoutProgress(console: string): string {
  return console.split("\n").filter((line) =>
    !/\*.*\] .*Job .* running \(/.test(line)
  ).join("\n");
}
