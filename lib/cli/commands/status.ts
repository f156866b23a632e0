import type { Invocation } from "../command.ts";
import { print, terminalColumns } from "../output.ts";
import { CUSTOM_DATA, USER_DATA } from "../../parts/user_data/data_kind.ts";
import { readUserDataResult } from "../../parts/user_data/user_data_result.ts";
import { ExitCode } from "../../provisioning_error.ts";
import { readRecord } from "../../record/read_record.ts";
import { type LockState, lockState } from "../../state/lock.ts";
import {
  formatStatus,
  type Outcome,
  type Status,
} from "../../status/format_status.ts";
import { pageWidth } from "../../status/layout.ts";

/** A run holds the lock while it is under way. */
const OUTCOME_BY_LOCK: Readonly<Record<LockState, Outcome>> = {
  held: "running",
  free: "interrupted",
  unknown: "running or interrupted",
};

/** `status`: summarises the last run, from the record that it left. */
export function run(
  { options: { stateDir, json } }: Invocation<"stateDir" | "json">,
): ExitCode {
  const record = readRecord(stateDir);
  const { vmId, outcome } = record;
  const status: Status = {
    ...record,
    userData: readUserDataResult(stateDir, vmId, USER_DATA),
    customData: readUserDataResult(stateDir, vmId, CUSTOM_DATA),
    outcome: outcome === "running"
      ? OUTCOME_BY_LOCK[lockState(stateDir)]
      : outcome,
  };
  print(
    json
      ? `${JSON.stringify(status)}\n`
      : formatStatus(status, pageWidth(terminalColumns())),
  );
  return ExitCode.ok;
}
