/* The article's first boot in C: three requests and sethostname, nothing else. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WIRESERVER "168.63.129.16"
#define IMDS "169.254.169.254"

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Sends a request on a connection of its own, and gives the answer's body. */
static char *call(const char *address, const char *request) {
  static char answer[1 << 20];
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(80)};
  inet_pton(AF_INET, address, &to.sin_addr);
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(connection, (struct sockaddr *)&to, sizeof to) != 0) fail(address);
  size_t length = strlen(request), done = 0;
  while (done < length) {
    ssize_t count = write(connection, request + done, length - done);
    if (count < 0) fail("write");
    done += (size_t)count;
  }
  size_t used = 0;
  for (ssize_t count; used < sizeof answer - 1; used += (size_t)count) {
    count = read(connection, answer + used, sizeof answer - 1 - used);
    if (count < 0) fail("read");
    if (count == 0) break;
  }
  close(connection);
  answer[used] = 0;
  char *body = strstr(answer, "\r\n\r\n");
  if (strncmp(answer, "HTTP/1.1 200", 12) != 0 || body == NULL) fail(address);
  return body + 4;
}

/* The text between two marks. */
static char *between(const char *text, const char *start, const char *end) {
  char *from = strstr(text, start);
  char *to = from == NULL ? NULL : strstr(from += strlen(start), end);
  if (to == NULL) fail(start);
  return strndup(from, (size_t)(to - from));
}

int main(void) {
  puts("Retrieving goal state from the Wireserver");
  char *answer = call(WIRESERVER, "GET /machine?comp=goalstate HTTP/1.1\r\nHost: " WIRESERVER
                                  "\r\nx-ms-version: 2012-11-30\r\nConnection: close\r\n\r\n");
  char *incarnation = between(answer, "<Incarnation>", "</");
  char *container = between(answer, "<ContainerId>", "</");
  char *instance = between(answer, "<InstanceId>", "</");
  printf("ContainerId: %s\nInstanceId: %s\nIncarnation: %s\n", container, instance, incarnation);

  char *name = call(IMDS, "GET /metadata/instance/compute/name?api-version=2019-06-01&format=text HTTP/1.1\r\nHost: " IMDS
                          "\r\nMetadata: true\r\nConnection: close\r\n\r\n");
  if (sethostname(name, strlen(name)) != 0) fail("sethostname");

  char report[4096], request[8192];
  snprintf(report, sizeof report,
           "<Health><GoalStateIncarnation>%s</GoalStateIncarnation><Container><ContainerId>%s</ContainerId><RoleInstanceList>"
           "<Role><InstanceId>%s</InstanceId><Health><State>Ready</State></Health></Role></RoleInstanceList></Container></Health>",
           incarnation, container, instance);
  snprintf(request, sizeof request,
           "POST /machine?comp=health HTTP/1.1\r\nHost: " WIRESERVER
           "\r\nx-ms-version: 2012-11-30\r\nx-ms-agent-name: custom-provisioning\r\nContent-Type: text/xml;charset=utf-8"
           "\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
           strlen(report), report);
  printf("Sending the following data to Wireserver:\n%s\n", report);
  call(WIRESERVER, request);
  return 0;
}
