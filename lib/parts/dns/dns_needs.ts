import { DHCP_CLIENTS } from "../../dhcp/clients.ts";
import { SYSTEMD_RUN } from "./by_systemd.ts";

/** The programs that the dns part runs. */
export const DNS_PROGRAMS: readonly string[] = [
  ...new Set([
    ...DHCP_CLIENTS.flatMap(({ programs }) => programs),
    SYSTEMD_RUN,
  ]),
];

/** What the dns part needs of the image, in one line. */
export const DNS_NEEDS: string = `${
  anyOf(DHCP_CLIENTS.map(({ name }) => name))
}, with its own program; under systemd, \`${SYSTEMD_RUN}\` for ${
  anyOf(
    DHCP_CLIENTS.filter(({ outsideSandbox }) => outsideSandbox)
      .map(({ name }) => name),
  )
}`;

function anyOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
