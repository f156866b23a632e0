import { assert } from "@std/assert";
import { parseRetryAfter } from "../../lib/http/failure.ts";
import { attempt } from "./_attempt.ts";
import { checkCommandLine } from "./_check_command_line.ts";
import { checkGoalState } from "./_check_goal_state.ts";
import { checkHealthReport } from "./_check_health_report.ts";
import { checkHostName } from "./_check_host_name.ts";
import { checkHostsFile } from "./_check_hosts_file.ts";
import { checkInstance } from "./_check_instance.ts";
import { checkLine } from "./_check_line.ts";
import {
  checkAnyUserName,
  checkKey,
  checkKeysFile,
  checkSystemFiles,
} from "./_check_login.ts";
import { checkMark } from "./_check_mark.ts";
import { checkOvfEnv } from "./_check_ovf_env.ts";
import { bytesOf, checkResponse } from "./_check_response.ts";

/** What the kernel lets one argument have, in bytes. */
const MAX_ARGUMENT = 128 * 1024;

const GOAL_STATE = { incarnation: "1", containerId: "c", instanceId: "i" };

/** Every part of the program that takes others' words, with what must hold there. */
export const ROOMS: Readonly<Record<string, (bytes: Uint8Array) => void>> = {
  "the goal state's parser": onText(checkGoalState),
  "the provisioning media's parser": onText(checkOvfEnv),
  "the metadata's parser": onText(checkInstance),
  "the host name's rules": onText(checkHostName),
  "the hosts file": onText((text) =>
    checkHostsFile(text.slice(0, 65_536), "vm-1.example")
  ),
  "the admin user's name": onText(checkAnyUserName),
  "an SSH key": onText(checkKey),
  "authorized_keys": (bytes) =>
    checkKeysFile(Uint8Array.from(bytes.subarray(0, 65_536)), []),
  "the files of users and of sshd": onText(checkSystemFiles),
  "the log": onText(checkLine),
  "the report": onText((text) =>
    checkHealthReport(GOAL_STATE, {
      state: "NotReady",
      description: text.slice(0, MAX_ARGUMENT),
    })
  ),
  "the mark": onText((text) => checkMark(text.slice(0, 65_536))),
  "the command line": onText((text) => {
    const argument = text.slice(0, MAX_ARGUMENT);
    checkCommandLine([argument]);
    checkCommandLine([`--${argument}`]);
    checkCommandLine(["simulate", `--vm-name=${argument}`]);
    checkCommandLine([`--wireserver=${argument}`]);
  }),
  "the HTTP reader": (bytes) => void checkResponse(bytes),
  "the HTTP reader, as a header": (bytes) => {
    checkResponse(joined("HTTP/1.1 200 OK\r\nA: ", bytes));
  },
  "the HTTP reader, as an error's body": (bytes) => {
    checkResponse(joined("HTTP/1.1 503 Busy\r\n\r\n", bytes));
  },
  "the HTTP reader, as chunks": (bytes) => {
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    checkResponse(joined(head, bytes), [1000, 1]);
  },
  "the wait that a server asks for": onText((text) => {
    const headers = new Map([["retry-after", text], ["date", text]]);
    assert(attempt(() => parseRetryAfter(headers)).ok);
  }),
};

function onText(check: (text: string) => unknown): (bytes: Uint8Array) => void {
  return (bytes) => {
    check(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  };
}

function joined(head: string, bytes: Uint8Array): Uint8Array {
  const start = bytesOf(head);
  const all = new Uint8Array(start.length + bytes.length);
  all.set(start);
  all.set(bytes, start.length);
  return all;
}
