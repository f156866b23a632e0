import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { DENO_FLAGS } from "../helpers/program.ts";

/** The program's own modules that a first boot loads: whatever is not here, it must not need. */
const NEEDED = [
  "main.ts",
  "lib/clock.ts",
  "lib/escape_unprintable.ts",
  "lib/provisioning_error.ts",
  "lib/provision.ts",
  "lib/shorten.ts",
  "lib/provisioning_error.ts",
  "lib/shorten.ts",
  "lib/time_limit.ts",
  "lib/version.ts",
  "lib/vm_id.ts",
  ...[
    "command.ts",
    "commands.ts",
    "commands/provision.ts",
    "config_file.ts",
    "nearest_name.ts",
    "option_specs.ts",
    "option_values.ts",
    "options.ts",
    "output.ts",
    "parse_command_line.ts",
    "part_options.ts",
    "run.ts",
    "stop_signals.ts",
    "usage_error.ts",
  ].map((name) => `lib/cli/${name}`),
  ...["is_there.ts", "read_bounded.ts", "write_atomically.ts"]
    .map((name) => `lib/files/${name}`),
  ...[
    "host_name.ts",
    "host_name_from.ts",
    "hosts_file.ts",
    "run_program.ts",
    "set_host_name.ts",
    "system_host.ts",
  ].map((name) => `lib/host/${name}`),
  ...[
    "encode_request.ts",
    "endpoint.ts",
    "exchange.ts",
    "fault.ts",
    "message.ts",
    "response_reader.ts",
    "response_text.ts",
    "retry.ts",
    "retry_after.ts",
    "retry_policy.ts",
  ].map((name) => `lib/http/${name}`),
  ...["client.ts", "instance.ts"].map((name) => `lib/imds/${name}`),
  ...["create_log.ts", "format_line.ts"].map((name) => `lib/log/${name}`),
  ...["home.ts", "home_lock.ts", "login_machine.ts"].map((name) =>
    `lib/login/${name}`
  ),
  ...["parts.ts", "select_parts.ts", "settings.ts"].map((name) =>
    `lib/parts/${name}`
  ),
  ...[
    "forget_old_user_data.ts",
    "leave_mark.ts",
    "media.ts",
    "metadata.ts",
    "name_the_host.ts",
    "leave_elsewhere.ts",
    "report_ready.ts",
    "report_reserve.ts",
    "ask_for_goal_state.ts",
    "do_parts.ts",
    "stoppable.ts",
  ]
    .map((name) => `lib/provision/${name}`),
  ...["record.ts", "recorder.ts", "write_record.ts"].map((name) =>
    `lib/record/${name}`
  ),
  ...["lock.ts", "mark.ts", "mark_file.ts", "run_once.ts"]
    .map((name) => `lib/state/${name}`),
  ...[
    "fetch_goal_state.ts",
    "goal_state.ts",
    "health.ts",
    "health_protocol.ts",
    "health_report.ts",
    "health_report_json.ts",
    "post_report.ts",
    "report_by_json.ts",
    "report_by_xml.ts",
    "report_health.ts",
    "seek_goal_state.ts",
    "wireserver.ts",
  ].map((name) => `lib/wireserver/${name}`),
  ...["parse_xml.ts", "text_of.ts"].map((name) => `lib/xml/${name}`),
];

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier: string };
    readonly isDynamic?: boolean;
  }[];
}

Deno.test("a first boot loads no module that it does not need", async () => {
  const loaded = await loadedModules([
    "main.ts",
    "lib/cli/commands/provision.ts",
  ]);
  const own = loaded.filter((it) => it.startsWith("file:///"))
    .map((it) => it.slice(`file://${ROOT}`.length))
    .filter((it) => !it.startsWith("tools/npm/"));
  assertEquals(own.sort(), NEEDED.toSorted());
});

Deno.test("a first boot loads nothing of Node's", async () => {
  const loaded = await loadedModules([
    "main.ts",
    "lib/cli/commands/provision.ts",
  ]);
  assertEquals(loaded.filter((it) => it.startsWith("node:")), []);
});

/** Those that the first ones load when they are loaded themselves, by way of others, too. */
async function loadedModules(first: readonly string[]): Promise<string[]> {
  const modules = await moduleGraph();
  const loaded = new Set<string>();
  const open = first.map((path) => `file://${ROOT}${path}`);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (loaded.has(next)) continue;
    loaded.add(next);
    for (const { code, isDynamic } of modules.get(next) ?? []) {
      if (code !== undefined && isDynamic !== true) open.push(code.specifier);
    }
  }
  return [...loaded];
}

async function moduleGraph(): Promise<
  Map<string, NonNullable<Module["dependencies"]>>
> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", ...DENO_FLAGS, "main.ts"],
    cwd: ROOT,
    stderr: "inherit",
  }).output();
  assertEquals(success, true);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  return new Map(
    (modules as Module[]).map((it) => [it.specifier, it.dependencies ?? []]),
  );
}
