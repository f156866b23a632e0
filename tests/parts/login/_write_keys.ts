/**
 * Writes keys as the program does, in a process that a test can kill, or give a umask.
 *
 * @module
 */

import { writeAuthorizedKeys } from "../../../lib/parts/login/keys/write_authorized_keys.ts";

const [dir, uid, key, umask] = Deno.args as [string, string, string, string?];
const id = Number(uid);
// A tracer finds a name that it knows.
crypto.randomUUID = () => "00000000-0000-4000-8000-000000000000";
if (umask !== undefined) Deno.umask(Number.parseInt(umask, 8));
const say = (message: string) => console.error(message);
await writeAuthorizedKeys(
  {
    name: "azure",
    password: "x",
    uid: id,
    gid: id,
    home: `${dir}/home/azure`,
    shell: "/bin/sh",
  },
  [key],
  {
    homesDirs: [`${dir}/home`],
    stateDir: `${dir}/state`,
    log: { debug: say, info: say, warn: say, error: say },
  },
);
