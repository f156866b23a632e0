import { assert, assertEquals } from "@std/assert";
import { cleanSshKey } from "../../../../lib/parts/login/keys/ssh_key.ts";
import { succeed } from "../../../helpers/command.ts";
import { missingProgram } from "../../../helpers/missing_program.ts";
import { rsaKey, SSH_KEYS, sshKeyBody } from "../../../helpers/ssh_keys.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";

const KEY = SSH_KEYS.ed25519!;
const RSA = SSH_KEYS.rsa2048!;
const [TYPE, BODY] = RSA.split(" ") as [string, string];

for (const [name, key] of Object.entries(SSH_KEYS)) {
  Deno.test(`cleanSshKey() takes ${name} as it is, with a comment or without`, () => {
    assertEquals(cleanSshKey(key), { ok: true, line: key });
    const line = `${key} somebody@somewhere over there`;
    assertEquals(cleanSshKey(line), { ok: true, line });
  });
}

const wrapped = BODY.replace(/.{64}/g, "$&\r\n");

for (
  const [what, given, line] of [
    ["a line end after it", `${RSA} me\n`, `${RSA} me`],
    ["line ends around it", `\r\n\r\n${RSA} me\r\n`, `${RSA} me`],
    ["a body that is wrapped", `${TYPE} ${wrapped}`, RSA],
    [
      "a body that is wrapped, and a comment",
      `${TYPE} ${wrapped} me@there\r\n`,
      `${RSA} me@there`,
    ],
    [
      "a body of single lines",
      `${TYPE}\n${BODY.replace(/.{4}/g, "$&\n").slice(0, 400)}${
        BODY.slice(320)
      }`,
      RSA,
    ],
    ["a line end after the type", `${TYPE}\r\n${BODY}`, RSA],
    ["a line end in front of the comment", `${RSA}\nme`, `${RSA} me`],
    ["a line end in the comment", `${RSA} me\nthere`, `${RSA} me there`],
    ["a comment that looks like base64", `${RSA}\nAAAA`, `${RSA} AAAA`],
    ["tabs and blanks", `  ${TYPE}\t  ${BODY}\t me `, `${RSA} me`],
    [
      "control characters in the comment",
      `${RSA} \x1b[31mme\0\u202e`,
      `${RSA} [31mme`,
    ],
    [
      "a long comment",
      `${RSA} ${"x".repeat(999)}`,
      `${RSA} ${"x".repeat(256)}`,
    ],
  ] as const
) {
  Deno.test(`cleanSshKey() mends ${what}`, () => {
    assertEquals(cleanSshKey(given), { ok: true, line });
  });
}

const CUT_OFF = "its body is cut off, or too long";

for (
  const [what, given, reason] of [
    ["nothing", " \r\n", "it is empty"],
    ["a type alone", "ssh-ed25519", "it has no body"],
    [
      "a word",
      "password1",
      "it does not start with the type of a key, such as ssh-ed25519",
    ],
    [
      "options in front",
      `command="id" ${KEY}`,
      "it has options in front of the key",
    ],
    [
      "an option without a value in front",
      `restrict ${KEY}`,
      "it has options in front of the key",
    ],
    ["a comment line", `# ${KEY}`, "it has options in front of the key"],
    ["two keys", `${KEY} a\n${RSA} b`, "it contains more than one key"],
    [
      "a second line with options",
      `${KEY}\n`.repeat(2),
      "it contains more than one key",
    ],
    ["a body that is cut off", RSA.slice(0, -8), CUT_OFF],
    [
      "a body with more behind it",
      `ssh-ed25519 ${sshKeyBody("ssh-ed25519", "x".repeat(32), "x")}`,
      CUT_OFF,
    ],
    [
      "a body of another type",
      `ssh-rsa ${KEY.split(" ")[1]}`,
      "its body is of another type than it says",
    ],
    ["a body that is no base64", "ssh-rsa AAAA%%%%", "its body is not base64"],
    [
      "a point that is too short",
      `ssh-ed25519 ${sshKeyBody("ssh-ed25519", "x")}`,
      "its body is not a key",
    ],
    [
      "a curve of another name",
      `ecdsa-sha2-nistp256 ${
        sshKeyBody("ecdsa-sha2-nistp256", "nistp384", "\x04" + "x".repeat(64))
      }`,
      "its body is not a key",
    ],
    ["a small RSA key", rsaKey(1016), "it has under 1024 bits"],
    [
      "a DSA key",
      "ssh-dss AAAAB3NzaC1kc3M=",
      "OpenSSH no longer accepts DSA keys",
    ],
    [
      "a certificate",
      "ssh-rsa-cert-v01@openssh.com AAAA",
      "it is a certificate; give the key that it certifies",
    ],
    [
      "a private key",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz",
      "it is a private key",
    ],
    [
      "another format",
      "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA",
      'it is not in OpenSSH\'s format; "ssh-keygen -i" converts it',
    ],
    ["too long a text", "x".repeat(20_000), "it is over 16384 characters long"],
    [
      "too many lines",
      `ssh-rsa ${"AA\n".repeat(200)}`,
      "it has over 128 lines",
    ],
  ] as const
) {
  Deno.test(`cleanSshKey() refuses ${what}`, () => {
    assertEquals(cleanSshKey(given), { ok: false, reason });
  });
}

Deno.test("cleanSshKey() takes an RSA key of 1024 bits", () => {
  assert(cleanSshKey(rsaKey(1024)).ok);
});

const OBSTACLE = missingProgram(["ssh-keygen"]);

Deno.test({
  name: "cleanSshKey() takes what ssh-keygen makes",
  ignore: OBSTACLE !== undefined,
  fn: async () => {
    await using dir = await tempDir();
    for (
      const [type, bits] of [
        ["ed25519", "256"],
        ["rsa", "2048"],
        ["ecdsa", "256"],
        ["ecdsa", "384"],
        ["ecdsa", "521"],
      ] as const
    ) {
      const path = `${dir.path}/${type}${bits}`;
      await succeed("ssh-keygen", [
        "-q",
        "-t",
        type,
        "-b",
        bits,
        "-N",
        "",
        "-C",
        "me@here",
        "-f",
        path,
      ]);
      const key = await Deno.readTextFile(`${path}.pub`);
      assertEquals(cleanSshKey(key), { ok: true, line: key.trimEnd() });
    }
  },
});
