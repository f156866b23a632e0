import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  assertLogsIn,
  lineOf,
  loginTest,
  mustRun,
  runWith,
} from "./_login_case.ts";
import type { LoginMachine } from "./_login_machine.ts";

const BOTH = '"$0" user; "$0" ssh-keys';

/** Has the C library look for accounts and groups in a source of files elsewhere as well. */
async function addSource(
  machine: LoginMachine,
  files: Readonly<Record<"passwd" | "shadow" | "group", string>>,
): Promise<void> {
  await machine.run(
    `sed -Ei 's/^(passwd|group|shadow):.*/\\1: files extrausers/' /etc/nsswitch.conf
    mkdir -p /var/lib/extrausers`,
  );
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(
      `${machine.tree}/var/lib/extrausers/${name}`,
      text,
    );
  }
}

const FILES = {
  passwd: "azure:x:1500:1500::/home/azure:/bin/bash\n",
  shadow: "azure:*:19000:0:99999:7:::\n",
  group: "azure:x:1500:\nwheel:x:1600:keeper\nadm2:x:1700:\n",
};

loginTest(
  "a user that another source has is adopted, with a home and groups, and logs in",
  "shadow",
  async (machine) => {
    await addSource(machine, FILES);
    const passwd = await Deno.readTextFile(`${machine.tree}/etc/passwd`);
    assertStringIncludes(
      await mustRun(machine, BOTH),
      'Admin user "azure" already exists\n',
    );
    assertEquals(
      await Deno.readTextFile(`${machine.tree}/etc/passwd`),
      passwd,
    );
    const { stdout } = await machine.run(
      "id -Gn azure; stat -c '%a %U' /home/azure",
    );
    assertEquals(stdout, "azure adm sudo wheel\n700 azure\n");
    await assertLogsIn(machine);
  },
);

loginTest(
  "a system account that another source has is refused",
  "shadow",
  async (machine) => {
    await addSource(machine, {
      ...FILES,
      passwd: "azure:x:900:900::/srv/azure:/usr/sbin/nologin\n",
    });
    const { code, stderr } = await runWith(machine, '"$0" user');
    assertEquals(code, 65, stderr);
    assertStringIncludes(stderr, "the system has an account of that name");
  },
);

loginTest(
  "a group that another source has is copied with its members, and the user is in it",
  "shadow",
  async (machine) => {
    await addSource(machine, { ...FILES, passwd: "", shadow: "" });
    await machine.run("useradd -m keeper");
    await mustRun(machine, '"$0" user --admin-groups=wheel,adm2,none');
    assertEquals(
      await lineOf(machine, "group", "wheel"),
      "wheel:x:1600:keeper,azure",
    );
    assertEquals(await lineOf(machine, "group", "adm2"), "adm2:x:1700:azure");
    // The user got the group of the same name, which only the other source has.
    const { stdout } = await machine.run("id -Gn azure; id -Gn keeper");
    assertEquals(stdout, "azure wheel adm2\nkeeper wheel\n");
  },
);

loginTest(
  "a group that cannot be copied is named in a warning, and the user is there",
  "shadow",
  async (machine) => {
    await addSource(machine, { ...FILES, passwd: "", shadow: "" });
    await Deno.remove(`${machine.tree}/usr/sbin/groupadd`);
    const { code, stderr } = await runWith(machine, '"$0" user');
    assertEquals(code, 0, stderr);
    assertStringIncludes(
      stderr,
      'The admin user "azure" is not in the group "wheel": only a source other than /etc/group has it, and "groupadd" is not installed; add the user in the image',
    );
  },
);

loginTest(
  "getent is not started where /etc has all that there is",
  "shadow",
  async (machine) => {
    await machine.run("mv /usr/bin/getent /usr/bin/getent.real");
    await Deno.writeTextFile(
      `${machine.tree}/usr/bin/getent`,
      "#!/bin/sh\necho >>/tmp/getent\n",
      { mode: 0o755 },
    );
    await mustRun(machine, BOTH);
    const { stdout } = await machine.run("ls /tmp");
    assertEquals(stdout, "");
  },
);
