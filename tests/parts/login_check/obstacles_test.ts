import { assertEquals } from "@std/assert";
import {
  isRequired,
  mayAskMore,
  readPamStack,
} from "../../../lib/parts/login_check/pam_stack.ts";
import {
  accountObstacle,
  findShadowEntry,
} from "../../../lib/parts/login_check/shadow_obstacle.ts";
import { shellObstacle } from "../../../lib/parts/login_check/shell_obstacle.ts";
import {
  searchObstacle,
  strictObstacle,
} from "../../../lib/parts/login_check/way_obstacle.ts";

const TODAY = 20_000;

for (
  const [fields, withPam, withoutPam] of [
    ["*:19000:0:99999:7:::", "", ""],
    ["!:19000:0:99999:7:::", "", "locked"],
    ["!$6$x:19000:0:99999:7:::", "", "locked"],
    ["*:0:0:99999:7:::", "changed", ""],
    ["*::0:99999:7:::", "", ""],
    ["*", "", ""],
    ["*:19000:0:99999:7::19999:", "expired", "expired"],
    ["*:19000:0:99999:7::20000:", "expired", ""],
    ["*:19000:0:99999:7::20001:", "", ""],
    ["*:19000:0:99999:7::0:", "expired", "expired"],
    ["*:19900:0:99:7:::", "changed", ""],
    ["*:19900:0:100:7:::", "", ""],
    ["*:19000:0:100:7:30::", "old", ""],
    ["*:20001:0:0:7:::", "", ""],
    ["*:x:y:z:::-1:", "", ""],
  ] as const
) {
  Deno.test(`accountObstacle() judges "${fields}"`, () => {
    const entry = findShadowEntry(`bob:!:0\nazure:${fields}\n`, "azure")!;
    const said = (usesPam: boolean, ignoresOldPasswords = false) =>
      / is (locked|too old)| has (expired)| to be (changed) at/.exec(
        accountObstacle(entry, {
          name: "azure",
          today: TODAY,
          usesPam,
          ignoresOldPasswords,
        })?.problem ?? "",
      )?.slice(1).find((it) => it !== undefined)?.replace("too ", "") ?? "";
    assertEquals([said(true), said(false)], [withPam, withoutPam]);
    assertEquals(said(true, true), withPam === "expired" ? "expired" : "");
  });
}

Deno.test("accountObstacle() believes no clock that cannot be right", () => {
  const entry = findShadowEntry("azure:*:19000:0:1:7::1:", "azure")!;
  const facts = { name: "azure", today: undefined, ignoresOldPasswords: false };
  for (const usesPam of [true, false]) {
    assertEquals(accountObstacle(entry, { ...facts, usesPam }), undefined);
  }
});

const PAM: Record<string, string> = {
  sshd:
    "# account required pam_shells.so\n@include common\naccount  required /lib/security/pam_nologin.so # x\nauth substack other\n",
  common:
    "auth\t[success=1 default=ignore]\tpam_unix.so nullok\naccount include other\n-session optional pam_systemd.so\n",
  other:
    "account required pam_shells.so\nauth required \\\n pam_google_authenticator.so\n",
  endless: "@include endless\n",
  broken: "@include missing\n",
};
const readPam = (name: string) => PAM[name];

Deno.test("readPamStack() follows what a service includes, by type", () => {
  const stack = readPamStack("sshd", readPam)!;
  assertEquals(
    stack.map(({ type, module }) => `${type} ${module}`),
    [
      "auth pam_unix.so",
      "account pam_shells.so",
      "session pam_systemd.so",
      "account pam_nologin.so",
      "auth pam_google_authenticator.so",
    ],
  );
  assertEquals(stack[0]!.args, ["nullok"]);
  assertEquals(isRequired("pam_shells.so", "account", stack), true);
  assertEquals(isRequired("pam_shells.so", "auth", stack), false);
  assertEquals(mayAskMore(stack), true);
  assertEquals(mayAskMore(stack.slice(0, 4)), false);
  for (const name of ["endless", "broken", "missing"]) {
    assertEquals(readPamStack(name, readPam), undefined);
  }
});

Deno.test("shellObstacle() names what is wrong with a shell, and only that", () => {
  const said = (shell: string, isExecutable = true, shells?: string[]) =>
    shellObstacle({
      name: "azure",
      shell,
      isExecutable,
      shells,
      wantedBy: "pam_shells",
    })?.problem.replace(/^.*? of "azure" /, "");
  assertEquals(said(""), undefined);
  assertEquals(said("/bin/bash"), undefined);
  assertEquals(said("/bin/bash", false), "is not a program that exists");
  assertEquals(said("/bin/false"), "lets nobody log in");
  assertEquals(said("/opt/falsehood"), undefined);
  assertEquals(said("/bin/sh", true, ["# x", "/bin/sh"]), undefined);
  assertEquals(
    said("/bin/sh", true, ["#/bin/sh", "/bin/sh2"]),
    'is not in "/etc/shells", as pam_shells wants',
  );
});

const WALKER = { name: "azure", uid: 1000, gids: [1000, 4], server: "sshd" };

/** A step with an owner, a group and a mode. */
function step(path: string, uid: number, gid: number, mode: number) {
  const isFile = path.endsWith("keys");
  const info = { uid, gid, mode, isFile, isDirectory: !isFile };
  return { path, info: info as Deno.FileInfo };
}

for (
  const [uid, gid, mode, canSearch] of [
    [0, 0, 0o755, true],
    [0, 0, 0o711, true],
    [0, 0, 0o750, false],
    [0, 4, 0o750, true],
    [0, 4, 0o705, false],
    [1000, 0, 0o700, true],
    [1000, 0, 0o077, false],
    [0, 0, 0o744, false],
  ] as const
) {
  Deno.test(`searchObstacle() knows whether a folder of ${uid}:${gid} with the mode ${mode.toString(8)} can be searched`, () => {
    const steps = [step("/", uid, gid, mode)];
    assertEquals(searchObstacle(steps, WALKER) === undefined, canSearch);
  });
}

Deno.test("searchObstacle() does not guess about groups that are not known", () => {
  const walker = { ...WALKER, gids: undefined };
  assertEquals(searchObstacle([step("/", 0, 7, 0o710)], walker), undefined);
  assertEquals(searchObstacle([step("/", 0, 7, 0o701)], walker), undefined);
  assertEquals(
    searchObstacle([step("/", 0, 7, 0o700)], walker) !== undefined,
    true,
  );
});

Deno.test("strictObstacle() names the first that a server refuses, and nothing above where it stops", () => {
  const said = (
    home: [number, number],
    keys: [number, number],
    shared = false,
    file = "/h/a/keys",
  ) =>
    strictObstacle(
      [
        step("/", 0, 0, 0o755),
        step("/h", 0, 0, 0o777),
        step("/h/a", home[0], 7, home[1]),
        step(file, keys[0], 7, keys[1]),
      ],
      WALKER,
      {
        top: file.startsWith("/h/a/") ? "/h/a" : "/",
        isSharedGroup: () => shared,
        remedy: "",
      },
    )
      ?.problem.match(/"(\/[^"]*)"/)?.[1];
  assertEquals(said([1000, 0o755], [1000, 0o600]), undefined);
  assertEquals(said([0, 0o755], [0, 0o644]), undefined);
  assertEquals(said([1001, 0o755], [1000, 0o600]), "/h/a");
  assertEquals(said([1000, 0o757], [1000, 0o600]), "/h/a");
  assertEquals(said([1000, 0o775], [1000, 0o600]), undefined);
  assertEquals(said([1000, 0o775], [1000, 0o600], true), "/h/a");
  assertEquals(said([1000, 0o755], [1001, 0o600]), "/h/a/keys");
  assertEquals(said([1000, 0o755], [0, 0o644], false, "/h/keys"), "/h");
});
