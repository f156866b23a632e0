import { assertEquals, assertMatch } from "@std/assert";
import { readDisk, writtenOn } from "./_disk.ts";
import { DONE, PLAIN_START, PROVISIONED } from "./_fault_case.ts";
import { makeMachine } from "./_machine.ts";
import { makeMemoryGroup, MEMORY_OBSTACLE } from "./_memory_group.ts";
import { faultTest } from "./_register.ts";

/**
 * The least memory, in MiB, with which a first boot works without waiting for the
 * disk, the pages of the program's own file among it. With less, the kernel reads
 * those again and again; a third of it is what the program cannot do without.
 */
const LEAST_MIB = 64;

/** What is too little for the program whatever the kernel lets go of. */
const TOO_LITTLE_MIB = 14;

/** A copy that nobody has read yet, so that its pages count as the group's. */
const UNREAD_COPY = `cat "$0" >/var/lib/program; chmod 755 /var/lib/program
  sync -f /var/lib
  dd of=/var/lib/program oflag=nocache conv=notrunc,fdatasync count=0 status=none`;

const inGroup = (entrance: string, program: string) =>
  `echo $$ >${entrance}; exec ${program} provision --timeout 60`;

faultTest(
  `a first boot with ${LEAST_MIB * 1.25} MiB of memory works`,
  { slow: true, obstacle: MEMORY_OBSTACLE },
  async () => {
    await using machine = await makeMachine();
    await using group = await makeMemoryGroup(LEAST_MIB * 1.25);
    await machine.succeed(UNREAD_COPY);
    await using _platform = await machine.startPlatform();
    const start = inGroup(group.entrance, "/var/lib/program");
    const first = await machine.run(start);
    assertEquals(first.code, 0, first.stderr);
    assertMatch(first.stderr, PROVISIONED.log!);
    assertEquals(writtenOn(await readDisk(machine)), PROVISIONED.written);
    assertMatch((await machine.run(start)).stderr, DONE.log!);
  },
);

faultTest(
  "a first boot that runs out of memory is killed, and the next one works",
  { obstacle: MEMORY_OBSTACLE },
  async () => {
    await using machine = await makeMachine();
    await using group = await makeMemoryGroup(TOO_LITTLE_MIB);
    await using platform = await machine.startPlatform();
    const first = await machine.run(inGroup(group.entrance, '"$0"'));
    assertEquals(first.code, 137, first.stderr);
    assertEquals(platform.seen().reports, []);
    assertEquals(writtenOn(await readDisk(machine)), []);
    const next = await machine.run(PLAIN_START);
    assertEquals(next.code, 0, next.stderr);
    const disk = await readDisk(machine);
    assertEquals(writtenOn(disk), PROVISIONED.written);
    assertEquals(disk.temporary, []);
  },
);
