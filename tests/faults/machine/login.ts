import { DONE, type FaultCase, PROVISIONED } from "../_fault_case.ts";

const BODY = btoa(
  `\0\0\0\x0bssh-ed25519\0\0\0\x20${"k".repeat(32)}`,
);
const USER = ["--admin-username=azureuser"];
const USER_WITH_KEY = [...USER, `--public-key=ssh-ed25519 ${BODY}`];

/** Takes a program from where it may be looked for, so that it is none that can be run. */
const without = (...programs: readonly string[]) =>
  `for program in ${programs.join(" ")}; do
    for folder in /usr/bin /usr/sbin /bin /sbin; do
      [ ! -f "$folder/$program" ] || mount --bind /dev/null "$folder/$program"
    done
  done`;

/** All of a first boot but for what was to be done after the name. */
const failed = (code: number, log: RegExp) => ({
  code,
  requests: "NotReady, goal state, metadata",
  log,
  written: ["hostname", "hosts"] as const,
});

const SHOW =
  `grep -c ^azureuser: /etc/passwd; stat -c '%A %u' /home/azureuser /home/azureuser/.ssh /home/azureuser/.ssh/authorized_keys; ls -A /home`;
const SHOWN =
  "1\ndrwx------ 1000\ndrwx------ 1000\n-rw------- 1000\nazureuser\n";

/** An image whose admin user is there already. */
const ADOPTED =
  "useradd -m -d /home/azureuser azureuser; rm -rf /home/azureuser/.??*; chmod 700 /home/azureuser";
const LINKED = `${ADOPTED}
  mkdir /home/other; chown azureuser /home/other
  ln -s /home/other /home/azureuser/.ssh`;

/** Faults of the machine: what a user, keys and user data need. */
export const LOGIN_CASES: readonly FaultCase[] = [
  {
    name: "of a VM with a user and a key makes both, once",
    vm: USER_WITH_KEY,
    first: PROVISIONED,
    after: {
      script: `umask; ${SHOW.replace("/home/azureuser ", "")}`,
      prints: `0022\n${SHOWN.replace("drwx------ 1000\n", "")}`,
    },
    next: DONE,
  },
  {
    name: "without useradd warns, and reports ready",
    prepare: without("useradd", "adduser"),
    vm: USER_WITH_KEY,
    first: {
      ...PROVISIONED,
      log:
        /^Warning: user: Cannot create the admin user "azureuser": neither useradd nor busybox's adduser is installed; install one in the image; skipped\nWarning: ssh-keys: There is no user "azureuser"/m,
    },
    next: DONE,
  },
  {
    name: "without useradd, but a user that it must have, reports a failure",
    prepare: without("useradd", "adduser"),
    vm: USER_WITH_KEY,
    start: 'exec "$0" provision --with user',
    first: failed(
      78,
      /^Error: The part "user" is required and was not done: Cannot create the admin user "azureuser"/m,
    ),
    nextIsPlain: true,
    next: PROVISIONED,
  },
  {
    name: "with a useradd that fails reports why",
    prepare: `mount -t tmpfs none /mnt
      printf '#!/bin/sh\\necho "useradd: no more ids" >&2\\nexit 4\\n' >/mnt/useradd
      chmod 755 /mnt/useradd; mount --bind /mnt/useradd /usr/sbin/useradd`,
    vm: USER_WITH_KEY,
    first: failed(
      73,
      /^Error: Cannot create the admin user "azureuser": .*useradd: no more ids/m,
    ),
    repair: "umount /usr/sbin/useradd",
    next: PROVISIONED,
  },
  {
    name: "with a read-only /home reports a failure, and makes the home later",
    prepare: "mount -o remount,ro /home",
    vm: USER_WITH_KEY,
    first: failed(
      73,
      /^Error: Cannot create the home "\/home\/azureuser" of "azureuser": Read-only file system/m,
    ),
    repair: "mount -o remount,rw /home",
    next: PROVISIONED,
  },
  {
    name: "with a full /home reports that the keys could not be written",
    prepare:
      "mount -o remount,size=4k /home; head -c 4096 /dev/zero >/home/junk",
    vm: USER_WITH_KEY,
    first: failed(
      73,
      /^Error: Cannot write "\/home\/azureuser\/\.ssh\/authorized_keys": No space left on device/m,
    ),
    after: {
      script: "ls -A /home /home/azureuser",
      prints: "/home:\nazureuser\njunk\n\n/home/azureuser:\n",
    },
    repair: "rm /home/junk; mount -o remount,size=1m /home",
    next: PROVISIONED,
  },
  {
    name: "with a /home that anybody may write puts nothing there",
    prepare: "chmod 777 /home; useradd -m -d /home/azureuser azureuser",
    vm: USER_WITH_KEY,
    first: failed(
      73,
      /^Error: Cannot create the home "\/home\/azureuser" of "azureuser": "\/home": others than its owner may write to it/m,
    ),
    repair: "chmod 755 /home",
    next: PROVISIONED,
  },
  {
    name:
      "whose user's .ssh is a link writes nothing where it leads, and reports ready",
    prepare: LINKED,
    vm: USER_WITH_KEY,
    first: {
      ...PROVISIONED,
      log:
        /^Warning: ssh-keys: Cannot trust "\/home\/azureuser\/\.ssh" with keys: it is a symbolic link; fix or remove it.*; skipped$/m,
    },
    after: {
      script: `ls -A /home/other; stat -c '%A %U' /home/azureuser`,
      prints: "drwx------ azureuser\n",
    },
    next: DONE,
  },
  {
    name:
      "whose user's home an earlier run left locked gives it back, whatever this run does about logins",
    prepare: `${ADOPTED}; mkdir -p /var/lib/azure-provisioning
      chown 0 /home/azureuser
      printf '{"home":"/home/azureuser","ino":%s,"owner":%s,"uid":%s,"gid":%s,"temporary":"%s"}' \
        "$(stat -c %i /home/azureuser)" "$(id -u azureuser)" "$(id -u azureuser)" "$(id -g azureuser)" \
        .authorized_keys.00000000-0000-4000-8000-000000000000 \
        >/var/lib/azure-provisioning/locked-home.json`,
    start: 'exec "$0" provision --without user,ssh-keys',
    first: PROVISIONED,
    after: {
      script:
        "stat -c '%A %U' /home/azureuser; ls /var/lib/azure-provisioning/locked-home.json 2>/dev/null || :",
      prints: "drwx------ azureuser\n",
    },
    next: DONE,
  },
  {
    name:
      "whose user's .ssh is a link, but which must have keys, reports a failure",
    prepare: LINKED,
    vm: USER_WITH_KEY,
    start: 'exec "$0" provision --with ssh-keys',
    first: failed(
      78,
      /^Error: Cannot trust "\/home\/azureuser\/\.ssh" with keys: it is a symbolic link/m,
    ),
    after: { script: "ls -A /home/other", prints: "" },
    repair: "rm /home/azureuser/.ssh",
    next: PROVISIONED,
  },
  {
    name:
      "whose user's authorized_keys is a pipe does not wait for it, and reports ready",
    prepare: `${ADOPTED}
      mkdir -m 700 /home/azureuser/.ssh
      mkfifo -m 600 /home/azureuser/.ssh/authorized_keys
      chown -R azureuser /home/azureuser`,
    vm: USER_WITH_KEY,
    first: {
      ...PROVISIONED,
      log:
        /^Warning: ssh-keys: Cannot trust "\/home\/azureuser\/\.ssh\/authorized_keys" with keys: it is not a file/m,
    },
    next: DONE,
  },
  {
    name: "whose user lets everybody write its home reports ready without keys",
    prepare: `${ADOPTED}
      chmod 777 /home/azureuser`,
    vm: USER_WITH_KEY,
    first: {
      ...PROVISIONED,
      log:
        /^Warning: ssh-keys: Cannot trust "\/home\/azureuser" on the way to the keys of "azureuser": others than its owner may write to it/m,
    },
    after: { script: "ls -A /home/azureuser", prints: "" },
    next: DONE,
  },
  {
    name:
      "whose run for keys was killed gives the user its home back, and the keys",
    prepare: `${ADOPTED}
      mkdir -p -m 700 /home/azureuser/.ssh /var/lib/azure-provisioning
      chown root /home/azureuser
      echo "{\\"home\\":\\"/home/azureuser\\",\\"ino\\":$(stat -c %i /home/azureuser),\\"owner\\":1000,\\"uid\\":1000,\\"gid\\":1000,\\"temporary\\":\\".authorized_keys.00000000-0000-4000-8000-000000000000\\"}" >/var/lib/azure-provisioning/locked-home.json`,
    vm: USER_WITH_KEY,
    first: {
      ...PROVISIONED,
      log:
        /^Unlocked "\/home\/azureuser", which an interrupted run left locked$/m,
    },
    after: {
      script: `${SHOW}; ls /var/lib/azure-provisioning | grep -c locked || :`,
      prints: `${SHOWN}0\n`,
    },
    next: DONE,
  },
  {
    name: "whose user is there already adopts it, and keeps its keys",
    prepare: `useradd -m -d /home/azureuser -s /bin/false azureuser
      mkdir -m 700 /home/azureuser/.ssh
      echo old >/home/azureuser/.ssh/authorized_keys
      chmod 600 /home/azureuser/.ssh/authorized_keys
      chown -R azureuser /home/azureuser`,
    vm: USER_WITH_KEY,
    first: {
      ...PROVISIONED,
      log: /^user: Admin user "azureuser" already exists$/m,
    },
    after: {
      script:
        "cut -d ' ' -f 1 /home/azureuser/.ssh/authorized_keys; cut -d: -f 1,7 /etc/passwd | tail -n 1",
      prints: "old\nssh-ed25519\nazureuser:/bin/false\n",
    },
    next: DONE,
  },
  {
    name: "whose passwd is damaged reports a failure, and breaks it no more",
    prepare: "rm /etc/passwd; mkdir /etc/passwd",
    vm: USER,
    first: failed(74, /^Error: Cannot read "\/etc\/passwd": it is not a file/m),
    repair: "rmdir /etc/passwd; echo root:x:0:0::/root:/bin/sh >/etc/passwd",
    next: PROVISIONED,
  },
  {
    name: "with a folder in the place of the user data reports a failure",
    prepare: "mkdir -p /var/lib/azure-provisioning/userData/x",
    vm: ["--user-data=secret"],
    first: failed(
      73,
      /^Error: Cannot write the user data to "\/var\/lib\/azure-provisioning\/userData": /m,
    ),
    repair: "rm -r /var/lib/azure-provisioning/userData",
    next: PROVISIONED,
  },
  {
    name: "with user data keeps them for root alone, and out of its log",
    vm: ["--user-data=secret"],
    start: 'exec "$0" provision --log-level=debug',
    first: { ...PROVISIONED, log: /^(?![^]*secret)[^]*^Provisioned: /m },
    after: {
      script:
        "cd /var/lib/azure-provisioning; stat -c '%A %u' userData; cat userData; ! grep -l secret status.json provisioned.json",
      prints: "-rw------- 0\nsecret",
    },
    nextIsPlain: true,
    next: DONE,
  },
];
