/* Swaps two names, such as those of a folder and of a link, over and over. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 3) return 64;
  for (unsigned long round = 0;; round++) {
    /* RENAME_EXCHANGE: neither name is ever missing. */
    if (syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD, argv[2], 2) != 0 && round == 0) {
      perror(argv[1]);
      return 1;
    }
    /* Each state lasts for about as long as a program needs to start. */
    usleep(round % 7 * 150);
  }
}
