import { type CommandResult, run, succeed } from "../../helpers/command.ts";
import { inNamespace, makeNetwork } from "../../helpers/network.ts";
import { uniqueName } from "../../helpers/unique_name.ts";
import { BINARY } from "../../helpers/vm.ts";
import { layOver } from "../_overlay.ts";
import {
  type BootPlatform,
  startBootPlatform,
} from "../../helpers/boot_platform.ts";
import { LOGIN_RECIPE, type Recipe } from "../_recipes.ts";
import { putFiles } from "../_put_files.ts";
import { rootOf } from "../_roots.ts";
import { temporaryFolder } from "../_temporary_folder.ts";
import { BUSYBOX_PROGRAMS, busyboxThatMakesUsers } from "./_busybox.ts";
import { SSH_SERVERS, type SshServer } from "./_ssh_servers.ts";

/** The programs of shadow, and Debian's scripts over them. */
const SHADOW_PROGRAMS: readonly string[] = [
  "useradd",
  "usermod",
  "userdel",
  "groupadd",
  "groupmod",
  "groupdel",
  "adduser",
  "addgroup",
  "deluser",
  "delgroup",
  "chpasswd",
  "newusers",
];

/** What makes users on a machine. */
export type UserPrograms = "shadow" | "busybox" | "none";

/** A machine that somebody logs in to: a Debian root, which does not boot. */
export interface LoginMachine extends AsyncDisposable {
  /** Its tree. */
  readonly tree: string;
  /**
   * Starts its platform.
   *
   * @param args Options of `simulate`.
   */
  startPlatform(args: readonly string[]): Promise<BootPlatform>;
  /**
   * Runs a command of its shell as root, `$0` being the compiled program.
   *
   * @param script What to run.
   */
  run(script: string): Promise<CommandResult>;
  /**
   * Starts its sshd, and logs in.
   *
   * @param login Who, with which key, and how sshd is set.
   */
  logIn(login: Login): Promise<CommandResult>;
}

/** A try to log in. */
export interface Login {
  /** The user. */
  readonly user: string;
  /** The key's name, in /keys; the password is used without one. */
  readonly key?: string;
  /** The password. */
  readonly password?: string;
  /** What to run there; the user's name by default. */
  readonly command?: string;
  /** More for the command line of the server. */
  readonly sshd?: string;
  /** The server; `sshd` by default. */
  readonly server?: SshServer;
}

/** $0 is the tree, $1 the program, $2 what to run there. */
const ENTER = `
  mount -t proc proc "$0/proc"
  mount -t tmpfs tmpfs "$0/dev"
  for name in null zero urandom random; do
    : >"$0/dev/$name"
    mount --bind "/dev/$name" "$0/dev/$name"
  done
  mount --bind "$1" "$0/usr/local/bin/azure-provisioning"
  exec chroot "$0" /bin/sh -ec "$2" /usr/local/bin/azure-provisioning`;

const SSH = [
  "ssh",
  "StrictHostKeyChecking=no",
  "UserKnownHostsFile=/dev/null",
  "IdentitiesOnly=yes",
  "LogLevel=ERROR",
].join(" -o ");

const WITH_KEY = "-o BatchMode=yes -i /keys/";

/** ssh has the password from a program, as there is no terminal. */
const WITH_PASSWORD = "-o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1";

/**
 * Makes a machine. Its keys are in /keys, readable by root alone: `right` and `wrong`.
 *
 * @param programs What makes users there.
 * @param recipe How its root is made.
 * @returns The machine; disposing of it takes it away.
 */
export async function makeLoginMachine(
  programs: UserPrograms,
  recipe: Recipe = LOGIN_RECIPE,
): Promise<LoginMachine> {
  await using made = new AsyncDisposableStack();
  const root = await rootOf(recipe);
  const { path } = made.use(await temporaryFolder());
  const { tree } = made.use(await layOver([root], path));
  const network = made.use(await makeNetwork(uniqueName(), "static"));
  await Deno.writeTextFile(`${tree}/usr/local/bin/azure-provisioning`, "");
  // It keeps this machine's name until it gets one, and sudo looks that up.
  await Deno.writeTextFile(
    `${tree}/etc/hosts`,
    `127.0.0.1 localhost ${Deno.hostname()}\n`,
  );
  await Deno.mkdir(`${tree}/keys`, { mode: 0o700 });
  for (const name of ["right", "wrong"]) {
    await succeed("ssh-keygen", [
      "-q",
      "-t",
      "ed25519",
      "-N",
      "",
      "-C",
      name,
      "-f",
      `${tree}/keys/${name}`,
    ]);
  }
  if (programs !== "shadow") {
    for (const name of SHADOW_PROGRAMS) {
      await Deno.remove(`${tree}/usr/sbin/${name}`).catch(() => {});
    }
  }
  if (programs === "busybox") {
    await Deno.copyFile(
      await busyboxThatMakesUsers(),
      `${tree}/usr/bin/busybox`,
    );
    for (const name of BUSYBOX_PROGRAMS) {
      await Deno.symlink("/bin/busybox", `${tree}/usr/sbin/${name}`);
    }
  }
  const resources = made.move();
  const runInside = (script: string) =>
    run(
      ...split(inNamespace(network.machine, [
        "unshare",
        "--uts",
        "--mount",
        "--ipc",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-euc",
        ENTER,
        tree,
        BINARY,
        script,
      ])),
    );
  return {
    tree,
    run: runInside,
    startPlatform: (args) =>
      startBootPlatform(network, {
        vmId: "77777777-eeee-4eee-8eee-777777777777",
        computerName: "login-vm",
        args,
      }),
    async logIn(
      {
        user,
        key,
        password,
        command = "id -un",
        sshd = "",
        server = "sshd",
      },
    ) {
      const { script, ssh } = SSH_SERVERS[server];
      if (password !== undefined) {
        await putFiles(tree, [
          { path: "/keys/password", text: password, mode: 0o600 },
          {
            path: "/keys/askpass",
            text: "#!/bin/sh\ncat /keys/password\n",
            mode: 0o700,
          },
        ]);
      }
      return await runInside(`${script(sshd)}
        export SSH_ASKPASS=/keys/askpass SSH_ASKPASS_REQUIRE=force
        ${SSH} ${ssh} ${
        key === undefined ? WITH_PASSWORD : `${WITH_KEY}${key}`
      } ${user}@127.0.0.1 '${command}'`);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/**
 * A public key of a machine's.
 *
 * @param name The key's name.
 * @returns The key, with its comment.
 */
export async function publicKey(
  { tree }: LoginMachine,
  name: string,
): Promise<string> {
  return (await Deno.readTextFile(`${tree}/keys/${name}.pub`)).trimEnd();
}

function split(
  [program, ...args]: readonly [string, ...string[]],
): [string, string[]] {
  return [program, args];
}
