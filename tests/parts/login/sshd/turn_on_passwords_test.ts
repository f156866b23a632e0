import { assertEquals, assertRejects } from "@std/assert";
import { turnOnPasswords } from "../../../../lib/parts/login/sshd/turn_on_passwords.ts";
import { ProvisioningError } from "../../../../lib/provisioning_error.ts";
import { runProgram } from "../../../../lib/host/run_program.ts";
import { testClock } from "../../../helpers/test_clock.ts";
import { recordingLog } from "../../../helpers/recording_log.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";

const DEBIANS =
  "Include /etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\n";
const OFF = "PasswordAuthentication no\n";
const DROP_IN = "00-azure-provisioning.conf";
const MAY =
  "warn: sshd may refuse the password, although the VM was created with one: ";

/** A machine with this folder in the place of /etc. */
function machineOf(etcDir: string) {
  return {
    etcDir,
    run: runProgram,
    log: recordingLog(),
    clock: testClock(),
    deadline: 10_000,
  };
}

/** Turns passwords on for "ada" on a machine that is made up of these files of /etc/ssh. */
async function turnOn(files: Readonly<Record<string, string>>) {
  await using dir = await tempDir();
  const folder = `${dir.path}/ssh/sshd_config.d`;
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${dir.path}/ssh/${name}`, text);
  }
  const machine = machineOf(dir.path);
  const isOn = await turnOnPasswords("ada", machine);
  const written = await Deno.readTextFile(`${folder}/${DROP_IN}`)
    .catch(() => undefined);
  return { isOn, written, lines: machine.log.lines };
}

const WRITTEN =
  "# Written by azure-provisioning: the VM was made with a password.\nPasswordAuthentication yes\n";

Deno.test("turnOnPasswords() lets its own file win over what the image says", async () => {
  for (
    const files of [
      { sshd_config: DEBIANS },
      { sshd_config: `${DEBIANS}${OFF}` },
      { sshd_config: DEBIANS, "sshd_config.d/60-cloudimg.conf": OFF },
      { sshd_config: DEBIANS, [`sshd_config.d/${DROP_IN}`]: OFF },
      { sshd_config: `${DEBIANS}Match User bob,eve\n${OFF}` },
      { sshd_config: `${DEBIANS}Match all\nPasswordAuthentication yes\n` },
    ]
  ) {
    assertEquals(await turnOn(files), {
      isOn: true,
      written: WRITTEN,
      lines: [],
    });
  }
});

Deno.test("turnOnPasswords() leaves an sshd alone that takes them and reads no drop-ins", async () => {
  for (const text of ["", "UsePAM yes\n", "passwordauthentication YES\n"]) {
    assertEquals(await turnOn({ sshd_config: text }), {
      isOn: true,
      written: undefined,
      lines: [],
    });
  }
  assertEquals((await turnOn({})).isOn, false);
});

for (
  const [what, files, reason] of [
    [
      "reads no drop-ins",
      { sshd_config: OFF },
      'line 1 of "/etc/ssh/sshd_config" sets PasswordAuthentication to "no"; fix that in the image, or include /etc/ssh/sshd_config.d/*.conf at the start of its sshd_config',
    ],
    [
      "says no first",
      { sshd_config: `${OFF}${DEBIANS}` },
      'line 1 of "/etc/ssh/sshd_config" sets PasswordAuthentication to "no"; fix that in the image',
    ],
    [
      "has an earlier file",
      { sshd_config: DEBIANS, "sshd_config.d/00-a.conf": OFF },
      'line 1 of "/etc/ssh/sshd_config.d/00-a.conf" sets PasswordAuthentication to "no"; fix that in the image',
    ],
    [
      "may match the user",
      { sshd_config: `${DEBIANS}Match Group sudo\n${OFF}` },
      'line 4 of "/etc/ssh/sshd_config" sets PasswordAuthentication to "no" in "Match Group sudo"; fix that in the image',
    ],
    [
      "matches the user",
      { sshd_config: `${DEBIANS}Match User bob,ada\n${OFF}` },
      'line 4 of "/etc/ssh/sshd_config" sets PasswordAuthentication to "no" in "Match User bob,ada"; fix that in the image',
    ],
    [
      "may match the user by a pattern",
      { sshd_config: `${DEBIANS}Match User !bob,*\n${OFF}` },
      'line 4 of "/etc/ssh/sshd_config" sets PasswordAuthentication to "no" in "Match User !bob,*"; fix that in the image',
    ],
    [
      "matches everybody",
      { sshd_config: `${DEBIANS}Match all\n${OFF}` },
      'line 4 of "/etc/ssh/sshd_config" sets PasswordAuthentication to "no" in "Match all"; fix that in the image',
    ],
  ] as const
) {
  Deno.test(`turnOnPasswords() warns where sshd ${what}`, async () => {
    const { isOn, lines } = await turnOn(files);
    assertEquals([isOn, lines], [false, [`${MAY}${reason}`]]);
  });
}

Deno.test("turnOnPasswords() says what it cannot write", async () => {
  await using dir = await tempDir();
  const folder = `${dir.path}/ssh/sshd_config.d`;
  await Deno.mkdir(`${folder}/.${DROP_IN}.azure-provisioning`, {
    recursive: true,
  });
  await Deno.writeTextFile(
    `${folder}/.${DROP_IN}.azure-provisioning/file`,
    "",
  );
  await Deno.writeTextFile(`${dir.path}/ssh/sshd_config`, DEBIANS);
  const error = await assertRejects(
    () => turnOnPasswords("ada", machineOf(dir.path)),
    ProvisioningError,
  );
  assertEquals(error.key, "passwords_not_turned_on");
});
