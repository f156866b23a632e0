import { assertMatch } from "@std/assert";
import { checkLines } from "../_check.ts";
import { shellTest } from "../_shells.ts";
import { DAEMON_TREES } from "./_daemons.ts";
import { IFUPDOWN_TREES } from "./_ifupdown.ts";
import { NETPLAN_TREES } from "./_netplan.ts";
import { NETWORK_MANAGER_TREES } from "./_network_manager.ts";
import { NETWORKD_TREES } from "./_networkd.ts";
import { STARTER_TREES } from "./_starters.ts";

const TREES = [
  ...NETWORKD_TREES,
  ...NETPLAN_TREES,
  ...NETWORK_MANAGER_TREES,
  ...IFUPDOWN_TREES,
  ...DAEMON_TREES,
  ...STARTER_TREES,
];

shellTest(
  "check says what asks for an address at boot, and fails if nothing does",
  async (shell, folder) => {
    for (const [name, files, words] of TREES) {
      const { dhcp_enabled: enabled = "" } = await checkLines(
        shell,
        `${folder}/${name.replaceAll(" ", "-")}`,
        { "/etc/machine-id": "", ...files },
      );
      assertMatch(enabled, words, name);
    }
  },
);
