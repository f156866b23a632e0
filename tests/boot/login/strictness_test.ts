import { assertEquals } from "@std/assert";
import {
  type StrictnessFacts,
  strictnessOf,
} from "../../../lib/parts/login_check/strictness.ts";
import {
  searchObstacle,
  strictObstacle,
} from "../../../lib/parts/login_check/way_obstacle.ts";
import { LOGIN_RECIPE, type Recipe } from "../_recipes.ts";
import { lineOf, loginTest, mustRun, USER } from "./_login_case.ts";
import type { LoginMachine } from "./_login_machine.ts";
import { OTHER_SERVERS_RECIPE } from "./_login_recipes.ts";
import type { SshServer } from "./_ssh_servers.ts";

const HOME = `/home/${USER}`;
const FILE = `${HOME}/.ssh/authorized_keys`;

/** The way to the keys, from `/` on. */
const WAY = ["/", "/home", HOME, `${HOME}/.ssh`, FILE];

/** What is done to the way, and what puts it right again. */
const CHANGES = [
  ...["/", "/home", HOME, `${HOME}/.ssh`].flatMap((path) => [
    [`chmod g+w ${path}`, `chmod g-w ${path}`],
    [`chmod o+w ${path}`, `chmod o-w ${path}`],
  ]),
  [`chmod g+w ${FILE}`, `chmod g-w ${FILE}`],
  [`chmod o+w ${FILE}`, `chmod o-w ${FILE}`],
  ["chown 65534 /home", "chown 0 /home"],
  [`chown 65534 ${HOME}`, `chown ${USER} ${HOME}`],
  [`chown 0 ${HOME} ${HOME}/.ssh`, `chown ${USER} ${HOME} ${HOME}/.ssh`],
  [`chown 65534 ${FILE}; chmod 644 ${FILE}`, `chown ${USER} ${FILE}`],
  [
    `chmod g+w ${HOME}; usermod -aG ${USER} nobody`,
    `chmod g-w ${HOME}; gpasswd -d nobody ${USER}`,
  ],
] as const;

for (
  const [server, recipe] of [
    ["sshd", LOGIN_RECIPE],
    ["dropbear", OTHER_SERVERS_RECIPE],
    ["tinysshd", OTHER_SERVERS_RECIPE],
  ] as [SshServer, Recipe][]
) {
  loginTest(
    `${server} is as strict with the way to the keys as the last look says`,
    "shadow",
    async (machine) => {
      await mustRun(machine, '"$0" provision; chmod 755 /home/azure');
      for (const [change, back] of CHANGES) {
        await machine.run(change);
        const said = await judge(machine, server);
        const { stdout, stderr } = await machine.logIn({
          user: USER,
          key: "right",
          server,
        });
        assertEquals(
          stdout === "",
          said !== undefined,
          `${change}: ${said} ${stderr}`,
        );
        await machine.run(back);
      }
      assertEquals(await judge(machine, server), undefined);
    },
    recipe,
  );
}

/** What the last look says of the way, with the machine's tree for its `/`. */
async function judge(
  machine: LoginMachine,
  only: SshServer,
): Promise<string | undefined> {
  const { tree } = machine;
  const uid = Number((await lineOf(machine, "passwd"))!.split(":")[2]);
  const facts: StrictnessFacts = {
    only,
    sshd: undefined,
    home: HOME,
    file: FILE,
    group: await Deno.readTextFile(`${tree}/etc/group`),
    etcDir: `${tree}/etc`,
  };
  const strictness = strictnessOf({ name: USER }, facts)!;
  const steps = WAY.map((path) => ({
    path,
    info: Deno.lstatSync(`${tree}${path}`),
  }));
  const walker = { name: USER, uid, gids: [uid], server: only };
  return (searchObstacle(steps, walker) ??
    strictObstacle(steps, walker, strictness))?.problem;
}
