import { assert, assertEquals } from "@std/assert";
import { vmTest } from "../helpers/vm_case.ts";

/** Takes the route away, and gives it back after a while. */
const LATE_ROUTE = `
ip route flush dev eth0
ip addr flush dev eth0
(sleep 3; ip addr add 10.77.0.5/24 dev eth0; ip route add default via 10.77.0.1; cat /proc/uptime >"$TMPDIR/route") &
"$0" provision
status=$?
cat /proc/uptime >"$TMPDIR/end"
cat "$TMPDIR/route" "$TMPDIR/end"
exit "$status"`;

vmTest(
  "where the network comes late, the program reports Ready as soon as there is a route, and says once why it waited",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform(["--computer-name", "late-vm"]);
    const { code, stdout, stderr } = await vm.run(
      `TMPDIR=$(mktemp -d); ${LATE_ROUTE}`,
    );
    assertEquals(code, 0, stderr);
    const [route, end] = stdout.trim().split("\n").map(parseFloat);
    const { stdout: verdict } = await platform.stop();
    // With the usual waits, it would sleep for up to four seconds by then.
    assert(end! - route! < 1.5, `${stdout}\n${stderr}`);
    assert(/Ready/.test(verdict), verdict);
    const tries = stderr.split("\n").filter((line) => / failed: /.test(line));
    // One for the metadata, and one for the goal state.
    assertEquals(tries.length, 2, stderr);
    assertEquals(stderr.match(/^Retrieving goal state/gm)?.length, 2, stderr);
  },
);
