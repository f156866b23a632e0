import {
  LOGIN_RECIPE,
  type Recipe,
  recipe,
  SYSV_LOGIN_RECIPE,
} from "../_recipes.ts";

const PACKAGES = ["passwd", "openssh-server", "openssh-client", "sudo"];

/** A root of trixie to log in to. */
export const TRIXIE_LOGIN_RECIPE: Recipe = {
  ...recipe("login-trixie", "systemd"),
  suite: "trixie",
  packages: PACKAGES,
};

/**
 * A root to log in to for every init that starts an SSH server in a way of its own: before
 * the program, after it, or beside it.
 */
export const EACH_LOGIN_RECIPE: readonly Recipe[] = [
  LOGIN_RECIPE, // systemd 252
  TRIXIE_LOGIN_RECIPE, // systemd 257
  { ...recipe("login-openrc", "openrc"), packages: PACKAGES },
  SYSV_LOGIN_RECIPE,
  {
    ...recipe("login-busybox", "busybox"),
    packages: PACKAGES,
    // Whoever makes such an image starts sshd by a line of their own.
    files: [{
      path: "/etc/inittab",
      text:
        `::sysinit:/etc/init.d/rcS\n::sysinit:/bin/mkdir -p /run/sshd\n::respawn:/usr/sbin/sshd -D\n::once:/usr/local/lib/boot-test/agent\n::shutdown:/bin/sync\n`,
    }],
  },
  { ...recipe("login-runit", "runit"), packages: PACKAGES },
];

/** A root with the other SSH servers, and not OpenSSH's. */
export const OTHER_SERVERS_RECIPE: Recipe = {
  ...recipe("login-other-servers", "systemd"),
  packages: ["passwd", "openssh-client", "dropbear-bin", "tinysshd", "sudo"],
};
