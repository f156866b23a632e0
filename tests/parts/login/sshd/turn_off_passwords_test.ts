import { assertEquals } from "@std/assert";
import { turnOffPasswords } from "../../../../lib/parts/login/sshd/turn_off_passwords.ts";
import { runProgram } from "../../../../lib/host/run_program.ts";
import { testClock } from "../../../helpers/test_clock.ts";
import { makePipe } from "../../../helpers/make_pipe.ts";
import { recordingLog } from "../../../helpers/recording_log.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";

const DEBIANS =
  "Include /etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\n";
const ON = "PasswordAuthentication yes\n";
const DROP_IN = "00-azure-provisioning.conf";
const MAY =
  "warn: sshd may accept passwords, although the VM was created without: ";

/**
 * Turns passwords off on a machine that is made up.
 *
 * @param files The files of /etc/ssh, by their path in it; `null` is a pipe.
 * @returns What is said of it, and whether the drop-in is there.
 */
async function turnOff(files: Readonly<Record<string, string | null>>) {
  await using dir = await tempDir();
  const folder = `${dir.path}/ssh/sshd_config.d`;
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = `${dir.path}/ssh/${name}`;
    if (text === null) await makePipe(path);
    else await Deno.writeTextFile(path, text);
  }
  const log = recordingLog();
  const isOff = await turnOffPasswords({
    etcDir: dir.path,
    run: runProgram,
    log,
    clock: testClock(),
    deadline: 10_000,
  });
  const names = await Array.fromAsync(Deno.readDir(folder), (it) => it.name);
  return { isOff, isWritten: names.includes(DROP_IN), lines: log.lines };
}

Deno.test("turnOffPasswords() reports them off if its own file comes first", async () => {
  for (
    const files of [
      { sshd_config: DEBIANS },
      { sshd_config: DEBIANS, "sshd_config.d/10-x.conf": ON },
      { sshd_config: `Include sshd_config.d/*\n${ON}` },
      // sshd opens the folder, and reads nothing.
      { sshd_config: `${DEBIANS}Include ../ssh/sshd_config.d\n` },
      { sshd_config: DEBIANS, [`sshd_config.d/${DROP_IN}`]: ON },
    ]
  ) {
    assertEquals(await turnOff(files), {
      isOff: true,
      isWritten: true,
      lines: [],
    });
  }
});

Deno.test("turnOffPasswords() leaves an sshd alone that accepts none, and reads no drop-ins", async () => {
  assertEquals(
    await turnOff({
      sshd_config:
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\n",
    }),
    { isOff: true, isWritten: false, lines: [] },
  );
});

for (
  const [what, files, isWritten, why] of [
    [
      "an earlier drop-in turns them on",
      { sshd_config: DEBIANS, "sshd_config.d/00-aaa.conf": `\n${ON}` },
      true,
      'line 2 of "/etc/ssh/sshd_config.d/00-aaa.conf" sets PasswordAuthentication to "yes"; fix that in the image',
    ],
    [
      "a drop-in with capitals asks PAM",
      {
        sshd_config: DEBIANS,
        "sshd_config.d/00-AAA.conf": "challengeresponseauthentication=YES\n",
      },
      true,
      'line 1 of "/etc/ssh/sshd_config.d/00-AAA.conf" sets KbdInteractiveAuthentication to "YES"; fix that in the image',
    ],
    [
      "a Match turns them on, wherever it is",
      { sshd_config: `${DEBIANS}Match User x\n${ON}` },
      true,
      'line 4 of "/etc/ssh/sshd_config" sets PasswordAuthentication to "yes" in "Match User x"; fix that in the image',
    ],
    [
      "drop-ins are read within a Match only",
      { sshd_config: `Match User x\n${DEBIANS}` },
      false,
      "nothing sets PasswordAuthentication, which is on by default; nothing sets KbdInteractiveAuthentication, which is on by default; fix that in the image, or include /etc/ssh/sshd_config.d/*.conf at the start of its sshd_config",
    ],
    [
      "a keyword has quotes inside",
      { sshd_config: `Password"Authentication" yes\n${DEBIANS}` },
      true,
      'line 1 of "/etc/ssh/sshd_config" sets PasswordAuthentication to "yes"; fix that in the image',
    ],
    [
      "a set in a pattern holds ^",
      { sshd_config: `Include [^a].conf\n${DEBIANS}`, "a.conf": ON },
      true,
      'line 1 of "/etc/ssh/a.conf" sets PasswordAuthentication to "yes"; fix that in the image',
    ],
    [
      "a pattern asks for two bytes, which are one character",
      { sshd_config: `Include ??.conf\n${DEBIANS}`, "\u00e9.conf": ON },
      true,
      'line 1 of "/etc/ssh/\u00e9.conf" sets PasswordAuthentication to "yes"; fix that in the image',
    ],
    [
      "a pattern escapes a dot",
      { sshd_config: `Include \\.h*\n${DEBIANS}`, ".h": ON },
      true,
      'line 1 of "/etc/ssh/.h" sets PasswordAuthentication to "yes"; fix that in the image',
    ],
    [
      "a set in a pattern has an escape",
      { sshd_config: `${DEBIANS}Include [\\]a]\n` },
      true,
      'cannot tell: "[\\]a]" is a pattern with a class of characters, or an escape in a set; fix that in the image',
    ],
    [
      "a pattern has an escape before a slash",
      { sshd_config: `${DEBIANS}Include a\\/b\n` },
      true,
      'cannot tell: "/etc/ssh/a\\/b" is a pattern with an escape before a slash; fix that in the image',
    ],
    [
      "a pattern is not UTF-8",
      { sshd_config: `${DEBIANS}Include \ufffd*\n` },
      true,
      'cannot tell: "/etc/ssh/\ufffd*" is a pattern that is not UTF-8; fix that in the image',
    ],
    [
      "a drop-in is a pipe",
      { sshd_config: DEBIANS, "sshd_config.d/50-x.conf": null },
      true,
      'cannot tell: "/etc/ssh/sshd_config.d/50-x.conf": it is not a file; fix that in the image',
    ],
    [
      "a drop-in is larger than any",
      {
        sshd_config: DEBIANS,
        "sshd_config.d/50-x.conf": "#".repeat(1024 * 1024 + 1),
      },
      true,
      'cannot tell: "/etc/ssh/sshd_config.d/50-x.conf": it is over 1048576 bytes; fix that in the image',
    ],
    [
      "a pattern would be all of the disk",
      { sshd_config: `${DEBIANS}Include /*/*/*/*/*/*/*\n` },
      true,
      'cannot tell: "/*/*/*/*/*/*/*" is a pattern that matches too many files; fix that in the image',
    ],
  ] as const
) {
  Deno.test(`turnOffPasswords() warns where ${what}`, async () => {
    assertEquals(await turnOff(files), {
      isOff: false,
      isWritten,
      lines: [`${MAY}${why}`],
    });
  });
}
