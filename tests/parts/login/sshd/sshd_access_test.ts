import { assertEquals } from "@std/assert";
import {
  keyFileOutside,
  keyFilesOf,
} from "../../../../lib/parts/login/sshd/key_files.ts";
import { sshdRefusals } from "../../../../lib/parts/login/sshd/sshd_access.ts";
import { readSshdLines } from "../../../../lib/parts/login/sshd/sshd_lines.ts";

// tests/boot/login/last_look_test.ts compares this with sshd itself.

const USER = {
  name: "azure",
  uid: 1000,
  home: "/home/azure",
  groups: ["azure", "adm"],
};
const KEY = {
  keys: [{ type: "ssh-ed25519" }],
  password: false,
  pamAsksMore: false,
};
const PASSWORD = { keys: [], password: true, pamAsksMore: false };

const linesOf = (text: string) =>
  readSshdLines("/a", { glob: () => [], read: () => text }).lines;

for (
  const [text, refused] of [
    ["", []],
    ["AllowUsers azure", []],
    ["AllowUsers bob\nAllowUsers azure", []],
    ["AllowUsers bob", ["1 AllowUsers"]],
    ["AllowUsers azure@10.*", []],
    ["AllowUsers bob@10.*", ["1 AllowUsers"]],
    ["AllowUsers azure\nMatch User azure\nAllowUsers bob", ["3 AllowUsers"]],
    ["AllowUsers bob\nMatch Address ::1\nAllowUsers azure", []],
    ["AllowUsers bob\nMatch Address ::1\nAllowUsers eve", ["1 AllowUsers"]],
    ["Match Address ::1\nAllowUsers bob", []],
    ["DenyUsers azure@10.*", []],
    ["DenyUsers azure", ["1 DenyUsers"]],
    ["DenyUsers azure\nMatch User azure\nDenyUsers bob", []],
    ["DenyUsers azure\nMatch Address ::1\nDenyUsers bob", []],
    ["Match Group adm\nDenyUsers *", ["2 DenyUsers"]],
    ["DenyGroups adm\nAllowGroups wheel", ["1 DenyGroups", "2 AllowGroups"]],
    ["AllowGroups a?m", []],
    ["PubkeyAuthentication no", ["1 PubkeyAuthentication"]],
    ["PubkeyAuthentication NO", ["1 PubkeyAuthentication"]],
    ["PubkeyAuthentication yes\nPubkeyAuthentication no", []],
    ["Match Address ::1\nPubkeyAuthentication no", []],
    ["PubkeyAuthentication no\nMatch Host x\nPubkeyAuthentication yes", []],
    ["PubkeyAuthentication yes\nMatch User azure\nPubkeyAuthentication no", [
      "3 PubkeyAuthentication",
    ]],
    ["PubkeyAuthentication no\nMatch User a*\nPubkeyAuthentication yes", []],
    ["PubkeyAcceptedAlgorithms +ssh-rsa", []],
    ["PubkeyAcceptedAlgorithms ssh-rsa", ["1 PubkeyAcceptedAlgorithms"]],
    ["AuthenticationMethods any", []],
    ["AuthenticationMethods publickey", []],
    ["AuthenticationMethods password", ["1 AuthenticationMethods"]],
    ["AuthenticationMethods publickey,hostbased", []],
    [
      "AuthenticationMethods publickey,keyboard-interactive:pam",
      ["1 AuthenticationMethods"],
    ],
    ["AuthenticationMethods password publickey", []],
  ] as const
) {
  Deno.test(`sshdRefusals() names ${refused.join(" and ") || "nothing"} of ${JSON.stringify(text)}`, () => {
    assertEquals(
      sshdRefusals(linesOf(text), USER, KEY).map(({ problem }) =>
        problem.replace(/^line (\d+) .* sets (\w+) .*$/, "$1 $2")
      ),
      [...refused],
    );
  });
}

Deno.test("sshdRefusals() knows what a password is good for", () => {
  const refusals = (text: string) =>
    sshdRefusals(linesOf(text), USER, PASSWORD).length;
  assertEquals(refusals(""), 0);
  assertEquals(refusals("PasswordAuthentication no"), 0);
  assertEquals(
    refusals("PasswordAuthentication no\nKbdInteractiveAuthentication no"),
    1,
  );
  assertEquals(refusals("PubkeyAuthentication no"), 0);
  assertEquals(refusals("AuthenticationMethods publickey"), 1);
  assertEquals(refusals("AuthenticationMethods keyboard-interactive"), 0);
});

for (
  const [text, paths, outside] of [
    ["", [
      "/home/azure/.ssh/authorized_keys",
      "/home/azure/.ssh/authorized_keys2",
    ], undefined],
    ["AuthorizedKeysFile none", [], undefined],
    ["AuthorizedKeysFile %h/.ssh/authorized_keys /etc/ssh/authorized_keys/%u", [
      "/home/azure/.ssh/authorized_keys",
      "/etc/ssh/authorized_keys/azure",
    ], undefined],
    ["AuthorizedKeysFile /k/%U/100%%", ["/k/1000/100%"], undefined],
    ["AuthorizedKeysFile /etc//ssh/authorized_keys.d/%u", [
      "/etc/ssh/authorized_keys.d/azure",
    ], "/etc/ssh/authorized_keys.d/azure"],
    ["AuthorizedKeysFile /etc/ssh/authorized_keys/%u/keys", [
      "/etc/ssh/authorized_keys/azure/keys",
    ], undefined],
    ["AuthorizedKeysFile /etc/ssh/authorized_keys", [
      "/etc/ssh/authorized_keys",
    ], undefined],
    ["AuthorizedKeysFile /etc/ssh/authorized_keys/../x", [
      "/etc/ssh/authorized_keys/../x",
    ], undefined],
    [
      "AuthorizedKeysFile a\nAuthorizedKeysFile b",
      ["/home/azure/a"],
      undefined,
    ],
    ["AuthorizedKeysFile %k", undefined, undefined],
    ["AuthorizedKeysFile ~/x", undefined, undefined],
    ["Match Host x\nAuthorizedKeysFile a", undefined, undefined],
    ["Match User bob\nAuthorizedKeysFile a", [
      "/home/azure/.ssh/authorized_keys",
      "/home/azure/.ssh/authorized_keys2",
    ], undefined],
  ] as const
) {
  Deno.test(`keyFilesOf() finds the files of ${JSON.stringify(text)}`, () => {
    const files = keyFilesOf(linesOf(text), USER);
    assertEquals(files?.paths, paths && [...paths]);
    assertEquals(files && keyFileOutside(files, USER), outside);
  });
}
