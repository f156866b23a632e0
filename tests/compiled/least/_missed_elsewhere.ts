import { DNS_PROGRAMS } from "../../../lib/parts/dns/dns_needs.ts";
import { FOLDERS } from "./_folders.ts";

const FOLDER = `(?:${FOLDERS.join("|")})`;

/**
 * Permissions that only whole machines need, for a login or a DHCP client, and the tests
 * that would fail without them. That was not tried for each folder.
 */
export const MISSED_ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^\/home$/, "tests/boot/login/login_test.ts"],
  [
    /^\/((var|usr|usr\/local|export|data)\/home|users|srv)$/,
    "tests/boot/login/homes_test.ts",
  ],
  [/^statfs$/, "tests/boot/login/homes_test.ts"],
  [
    /^\/etc\/((passwd|g?shadow|group)(\+|\.lock)|sub[ug]id\.lock)$/,
    "tests/boot/login/cut_off_test.ts",
  ],
  [/^\/etc\/ssh\/sshd_config\.d\//, "tests/boot/login/login_test.ts"],
  [
    /^\/etc\/ssh\/authorized_keys(\.d)?$/,
    "tests/boot/login/last_look_test.ts",
  ],
  [/^\/etc\/sudoers\.d\//, "tests/boot/login/admin_rights_test.ts"],
  [/^\/etc\/\.?doas\.conf/, "tests/boot/login/admin_rights_test.ts"],
  [
    new RegExp(
      `^${FOLDER}/(useradd|usermod|adduser|addgroup|chpasswd|visudo|restorecon)$`,
    ),
    "tests/boot/login/login_test.ts",
  ],
  [
    new RegExp(`^${FOLDER}/(getent|groupadd)$`),
    "tests/boot/login/other_sources_test.ts",
  ],
  [new RegExp(`^${FOLDER}/kill$`), "tests/boot/login/reload_sshd_test.ts"],
  [
    new RegExp(`^${FOLDER}/mkdir$`),
    "tests/boot/login/missing_folders_test.ts",
  ],
  [
    new RegExp(
      `^${FOLDER}/(${DNS_PROGRAMS.join("|")})$`,
    ),
    "tests/boot/name_in_dns_test.ts",
  ],
];

/** Whether a permission is one that only whole machines need. */
export function isMissedElsewhere(permission: string): boolean {
  return MISSED_ELSEWHERE.some(([pattern]) => pattern.test(permission));
}
