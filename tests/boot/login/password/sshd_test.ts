import {
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { PASSWORD } from "../../../media/_ovf_env.ts";
import { loginTest, USER } from "../_login_case.ts";
import { publicKey } from "../_login_machine.ts";
import { assertIsPassword, provision } from "./_password.ts";

loginTest(
  "sshd takes the password although the image says no, and not where the VM is made without",
  "shadow",
  async (machine) => {
    await Deno.writeTextFile(
      `${machine.tree}/etc/ssh/sshd_config.d/60-cloudimg-settings.conf`,
      "PasswordAuthentication no\n",
    );
    // It is of an earlier VM.
    await Deno.writeTextFile(
      `${machine.tree}/etc/ssh/sshd_config.d/00-azure-provisioning.conf`,
      "PasswordAuthentication no\nKbdInteractiveAuthentication no\n",
    );
    const on = await provision(machine, { password: PASSWORD });
    assertEquals(on.code, 0, on.said);
    const { stdout, stderr } = await machine.logIn({
      user: USER,
      password: PASSWORD,
    });
    assertEquals(stdout, `${USER}\n`, stderr);

    await Deno.remove(`${machine.tree}/var/lib/azure-provisioning`, {
      recursive: true,
    });
    const key = await publicKey(machine, "right");
    const off = await provision(machine, {
      password: PASSWORD,
      args: [`--public-key=${key}`],
    });
    assertEquals(off.code, 0, off.said);
    assertStringIncludes(off.said, `password: password of "${USER}" set\n`);
    await assertIsPassword(machine, PASSWORD);
    const refused = await machine.logIn({ user: USER, password: PASSWORD });
    assertNotEquals(refused.code, 0);
    const taken = await machine.logIn({ user: USER, key: "right" });
    assertEquals(taken.stdout, `${USER}\n`);
  },
);
