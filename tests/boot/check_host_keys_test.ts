import { succeed } from "../helpers/command.ts";
import { checkTest, type Row } from "./_check_case.ts";
import { generalize } from "./_install.ts";
import { LOGIN_RECIPE, NETWORKD } from "./_recipes.ts";

async function enableNetwork(tree: string): Promise<void> {
  for (const unit of NETWORKD.enable) {
    await succeed("systemctl", [`--root=${tree}`, "enable", unit]);
  }
}

const ROWS: readonly Row[] = [
  {
    change: "no SSH host keys, and nothing that makes them",
    damage: async (tree) => {
      await enableNetwork(tree);
      for await (const { name } of Deno.readDir(`${tree}/etc/ssh`)) {
        if (name.startsWith("ssh_host_")) {
          await Deno.remove(`${tree}/etc/ssh/${name}`);
        }
      }
    },
    fails: ["host_keys"],
    // It is ready, but nobody can log in.
    failsLike: async (boot, tree) =>
      boot.platform!.seen().ready.length === 1 &&
      (await succeed("journalctl", [
        `--directory=${tree}/var/log/journal`,
        "--unit=ssh.service",
        "--output=cat",
        "--no-pager",
      ])).includes("no hostkeys available"),
  },
  {
    change: "no SSH host keys, once it is generalised",
    damage: async (tree) => {
      await enableNetwork(tree);
      await generalize(tree);
    },
  },
];

for (const row of ROWS) {
  checkTest({ ...row, recipe: LOGIN_RECIPE, files: NETWORKD.files });
}
