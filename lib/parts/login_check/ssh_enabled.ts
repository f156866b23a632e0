import { isThere } from "../../files/is_there.ts";
import { readBounded } from "../../files/read_bounded.ts";
import type { Obstacle } from "../login/obstacle.ts";

/** Where systemd has links to the units that it starts. */
const UNIT_FOLDERS: readonly string[] = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
  "/run/systemd/generator",
  "/run/systemd/generator.late",
];

/** Links of most images, which are looked at first. */
const USUAL_LINKS: readonly string[] = [
  "multi-user.target.wants/ssh.service",
  "multi-user.target.wants/sshd.service",
  "sockets.target.wants/ssh.socket",
  "sockets.target.wants/sshd.socket",
].map((name) => `/etc/systemd/system/${name}`);

const SSH_REGEXP = /ssh|dropbear|telnet/i;

/** The largest unit that is read, in bytes, and the most of them. */
const MAX_BYTES = 64 * 1024;
const MAX_UNITS = 2000;

/**
 * Says so if a machine with systemd starts nothing that has to do with SSH. Of other inits
 * it says nothing.
 *
 * @param servers The SSH servers that are installed.
 */
export function notServed(servers: readonly string[]): Obstacle | undefined {
  if (!isThere("/run/systemd/system")) return undefined;
  if (USUAL_LINKS.some(isThere) || isSshStarted()) return undefined;
  return servers.length === 0
    ? {
      problem: "there is no SSH server",
      remedy: "install one in the image",
    }
    : {
      problem: `nothing starts "${servers[0]}"`,
      remedy: "enable it in the image",
    };
}

/** Looks at the names of all units that are started, and then at what is in them. */
function isSshStarted(): boolean {
  const units = UNIT_FOLDERS.flatMap((folder) =>
    namesIn(folder).filter((name) => /\.(?:wants|requires|upholds)$/.test(name))
      .flatMap((links) =>
        namesIn(`${folder}/${links}`).map((name) =>
          `${folder}/${links}/${name}`
        )
      )
  ).slice(0, MAX_UNITS);
  // Units that are part of every start; systemd's own sockets do not reach the network.
  const others = units.filter((path) =>
    !/\/(?:systemd-|sshd-unix-local|sshd-vsock|azure-provisioning)[^/]*$/.test(
      path,
    )
  );
  return others.some((path) =>
    SSH_REGEXP.test(path.slice(path.lastIndexOf("/")))
  ) || others.some((path) => SSH_REGEXP.test(read(path)));
}

function namesIn(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name);
  } catch {
    return [];
  }
}

/** A unit that cannot be read may start anything. */
function read(path: string): string {
  try {
    return new TextDecoder().decode(readBounded(path, MAX_BYTES));
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "" : "ssh";
  }
}
