import { lookAt } from "../login/home/look_at.ts";
import type { Account } from "../login/account/accounts.ts";
import type { Obstacle } from "../login/obstacle.ts";

/** Says so if a home is there and is root's: its user can log in, and write nothing. */
export function homeOfRoot(
  { name, uid, home }: Pick<Account, "name" | "uid" | "home">,
): Obstacle | undefined {
  const info = home.startsWith("/") ? lookAt(home) : undefined;
  return typeof info === "object" && info.isDirectory && info.uid === 0 &&
      uid !== 0
    ? {
      problem: `the home "${home}" of "${name}" belongs to root`,
      remedy: `run "chown ${name} ${home}" in the image`,
    }
    : undefined;
}
