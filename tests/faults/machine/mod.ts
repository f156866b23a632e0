/**
 * What may be wrong with the machine, and what has to come of its first two boots: data,
 * no code.
 *
 * @module
 */

import type { FaultCase } from "../_fault_case.ts";
import { CLOCK_CASES } from "./clock.ts";
import { CONFIGURATION_CASES } from "./configuration.ts";
import { DISK_CASES } from "./disk.ts";
import { DNS_CASES } from "./dns.ts";
import { ELSEWHERE_CASES } from "./elsewhere.ts";
import { ENVIRONMENT_CASES } from "./environment.ts";
import { ETC_HOSTNAME_CASES } from "./etc_hostname.ts";
import { HOST_NAME_PROGRAM_CASES } from "./host_name_program.ts";
import { LIMITS_CASES } from "./limits.ts";
import { LOGIN_CASES } from "./login.ts";
import { MISSING_FILES_CASES } from "./missing_files.ts";
import { NETWORK_CASES } from "./network.ts";
import { STREAMS_CASES } from "./streams.ts";
import { TELEMETRY_CASES } from "./telemetry.ts";

/** A chapter of faults. */
export interface MachineChapter {
  /** What they have in common. */
  readonly title: string;
  /** Whether they are played through the unit for systemd, too, on a machine that boots. */
  readonly isBooted?: true;
  /** The faults. */
  readonly cases: readonly FaultCase[];
}

/** All of them. */
export const MACHINE_CHAPTERS: readonly MachineChapter[] = [
  { title: "Disk", isBooted: true, cases: DISK_CASES },
  { title: "The host name's file", isBooted: true, cases: ETC_HOSTNAME_CASES },
  {
    title: "The program that sets the host name",
    isBooted: true,
    cases: HOST_NAME_PROGRAM_CASES,
  },
  { title: "Missing files", isBooted: true, cases: MISSING_FILES_CASES },
  { title: "Standard streams", isBooted: true, cases: STREAMS_CASES },
  { title: "Limits", isBooted: true, cases: LIMITS_CASES },
  { title: "Environment", isBooted: true, cases: ENVIRONMENT_CASES },
  { title: "Network", cases: NETWORK_CASES },
  { title: "Another platform", cases: ELSEWHERE_CASES },
  { title: "Clock", isBooted: true, cases: CLOCK_CASES },
  { title: "User, keys and user data", cases: LOGIN_CASES },
  { title: "Name in DNS", cases: DNS_CASES },
  { title: "Telemetry", cases: TELEMETRY_CASES },
  { title: "Configuration", isBooted: true, cases: CONFIGURATION_CASES },
];
