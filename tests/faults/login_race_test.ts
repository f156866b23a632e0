import { assert, assertEquals } from "@std/assert";
import { C_OBSTACLE, compileC } from "../helpers/c_program.ts";
import { SSH_KEYS } from "../helpers/ssh_keys.ts";
import { makeMachine } from "./_machine.ts";
import { faultTest } from "./_register.ts";

const ROUNDS = 10;

/** A round's machine as an image with an admin user has it, and the user at work. */
const ATTACK = `
  rm -rf /home/azureuser /home/.??* /var/lib/azure-provisioning
  mkdir -m 700 /home/azureuser
  mkdir -m 700 /home/azureuser/.ssh
  ln -s /run/motd /home/azureuser/bait
  chown -hR azureuser /home/azureuser
  mkfifo /run/ready
  /run/attacker "$(id -u azureuser)" /home/azureuser "$@" >/run/ready &
  attacker=$!
  read -r _ </run/ready
  code=0
  "$program" provision || code=$?
  kill -9 "$attacker" || :
  wait "$attacker" 2>/dev/null || :
  rm /run/ready
  exit "$code"`;

for (
  const [what, args, mayBeRefused] of [
    ["at the first sign of root", "watch mine bait", false],
    ["all the time", "exchange .ssh bait", true],
  ] as const
) {
  faultTest(
    `the user of an image who swaps .ssh for a link ${what} changes nothing outside its home, and the VM is ready`,
    { obstacle: C_OBSTACLE },
    async () => {
      await using machine = await makeMachine();
      const source = new URL("../parts/login/race/attacker.c", import.meta.url);
      await compileC(source.pathname, `${machine.dir}/attacker`);
      await using _platform = await machine.startPlatform([], [
        "--admin-username=azureuser",
        `--public-key=${SSH_KEYS.ed25519}`,
      ]);
      await machine.succeed(
        `cp "${machine.dir}/attacker" /run/attacker; chmod 755 /run/attacker
         useradd -m -d /home/azureuser azureuser; mkdir /run/motd; echo : >/run/motd/10-help`,
      );
      const outside = "ls -lAi --time-style=full-iso /run/motd";
      const before = await machine.succeed(outside);
      for (let round = 0; round < ROUNDS; round++) {
        const { code, stderr } = await machine.run(
          `program=$0; set -- ${args}${ATTACK}`,
        );
        assertEquals(code, 0, stderr);
        assertEquals(await machine.succeed(outside), before, stderr);
        const isRefused = stderr.includes("Warning: ssh-keys: ");
        assert(mayBeRefused || !isRefused, stderr);
        assertEquals(
          await machine.succeed(
            "stat -c '%U %a' /home/azureuser; ls -A /home",
          ),
          "azureuser 700\nazureuser\n",
        );
      }
    },
  );
}
