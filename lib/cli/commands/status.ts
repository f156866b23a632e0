import type { Invocation } from "../command.ts";
import { print } from "../output.ts";
import { CUSTOM_DATA, USER_DATA } from "../../parts/user_data/data_kind.ts";
import { readUserDataResult } from "../../parts/user_data/user_data_result.ts";
import { ExitCode } from "../../provisioning_error.ts";
import { readRecord, runState } from "../../record/read_record.ts";
import { formatReport, type Report } from "../../status/format_status.ts";

/**
 * `report`: says how the last run went, from the record that it left.
 *
 * @param invocation The command line.
 * @returns The exit status: 0, however the run went.
 */
export async function run({ options }: Invocation): Promise<ExitCode> {
  const record = readRecord(options.stateDir);
  const userData = readUserDataResult(options.stateDir, record.vmId, USER_DATA);
  const customData = readUserDataResult(
    options.stateDir,
    record.vmId,
    CUSTOM_DATA,
  );
  const report: Report = {
    ...record,
    ...(userData === undefined ? {} : { userData }),
    ...(customData === undefined ? {} : { customData }),
    outcome: record.outcome === "running"
      ? await runState(options.stateDir)
      : record.outcome,
  };
  print(options.json ? `${JSON.stringify(report)}\n` : formatReport(report));
  return ExitCode.ok;
}
