/** The SSH servers that a machine may have. */
export type SshServer = "sshd" | "dropbear" | "tinysshd";

/** How a server of a machine's is started, and reached by ssh. */
interface Start {
  /** A script that starts it, with more of its options; it listens at last. */
  readonly script: (options: string) => string;
  /** Options of ssh. */
  readonly ssh: string;
}

const UNTIL_IT_LISTENS = `
  tries=100
  until ssh-keyscan 127.0.0.1 2>/dev/null | grep -q . || [ $((tries -= 1)) = 0 ]
  do sleep 0.1; done`;

/** How each is started; all write what they say to /tmp/sshd.log. */
export const SSH_SERVERS: Readonly<Record<SshServer, Start>> = {
  sshd: {
    script: (options) =>
      `mkdir -p /run/sshd
  /usr/sbin/sshd -D -e ${options} 2>/tmp/sshd.log &${UNTIL_IT_LISTENS}`,
    ssh: "",
  },
  dropbear: {
    script: (options) =>
      `[ -e /keys/host ] ||
    dropbearkey -t ed25519 -f /keys/host >/dev/null 2>&1
  dropbear -F -E -r /keys/host -p 127.0.0.1:22 ${options} 2>/tmp/sshd.log &${UNTIL_IT_LISTENS}`,
    ssh: "",
  },
  tinysshd: {
    // It serves one connection, at its standard input and output.
    script: (options) =>
      `[ -d /keys/host ] ||
    tinysshd-makekey /keys/host 2>/dev/null
  printf '#!/bin/sh\\nexec tinysshd -v ${options} /keys/host 2>/tmp/sshd.log\\n' >/keys/serve
  chmod 700 /keys/serve`,
    ssh: "-o ProxyCommand=/keys/serve",
  },
};
