import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { PARTS } from "../../lib/parts/parts.ts";
import { provision } from "../../lib/provision.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { readMark } from "../../lib/state/mark.ts";
import {
  FULL,
  type OvfEnvValues,
  ovfEnvXml,
  PASSWORD,
  sshXml,
} from "../media/_ovf_env.ts";
import { markText } from "./_marks.ts";
import {
  madeUpVm,
  METADATA_AWAY,
  NAME_REQUIRED,
  story,
  type Vm,
  type VmOptions,
} from "./_vm.ts";

const SCRIPT = "#!/bin/sh\necho secret\n";

/** A VM with the part `customdata` whose media say something. */
async function vmWithMedia(
  xml: string | OvfEnvValues,
  { removeAtEnd = true, ...more }: VmOptions & { removeAtEnd?: boolean } = {},
): Promise<Vm & { readonly path: string }> {
  const vm = await madeUpVm({
    ...more,
    options: {
      parts: PARTS,
      selection: new Map([
        ["hostname", "selected"],
        ["customdata", "selected"],
      ]),
      ...more.options,
    },
  });
  const path = `${vm.stateDir}/ovf-env.xml`;
  await Deno.writeTextFile(
    path,
    typeof xml === "string" ? xml : ovfEnvXml(xml),
  );
  const options = { ...vm.options, media: { path, removeAtEnd } };
  // What the VM holds is taken away with it.
  return Object.assign(vm, { path, options });
}

async function dataOf({ stateDir }: Vm): Promise<string | undefined> {
  return await Deno.readTextFile(`${stateDir}/customData`)
    .catch(() => undefined);
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

async function phaseOf(vm: Vm, name: string): Promise<unknown> {
  const record = await recordOf(vm);
  const { phases } = JSON.parse(record);
  const { outcome, what } =
    phases.find((it: { name: string }) => it.name === name) ?? {};
  return [outcome, what];
}

async function recordOf({ stateDir }: Vm): Promise<string> {
  return await Deno.readTextFile(`${stateDir}/status.json`);
}

Deno.test("provision() takes custom data from the media, all else from the metadata, and the copy away", async () => {
  await using vm = await vmWithMedia(FULL);
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(await dataOf(vm), SCRIPT);
  assertEquals(vm.host.currentName(), "vm");
  assertEquals(await isThere(vm.path), false);
  assertEquals(await phaseOf(vm, "media"), [
    "done",
    "user, keys, password, custom data",
  ]);
  for (const text of [vm.log.lines.join("\n"), await recordOf(vm)]) {
    assert(!/secret|c2VjcmV0/.test(text) && !text.includes(PASSWORD), text);
  }
});

Deno.test("provision() takes no password for another user than the metadata names, and says so", async () => {
  await using vm = await vmWithMedia(FULL, {
    platform: { adminUsername: "bob" },
  });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(await phaseOf(vm, "media"), ["done", "custom data"]);
  const log = vm.log.lines.join("\n");
  assertStringIncludes(
    log,
    "warn: The provisioning media give a password for another user than the metadata names: it is not set",
  );
  assert(!log.includes(PASSWORD));
});

Deno.test("provision() names the host as the media say where there are no metadata, and marks the VM by its instance", async () => {
  await using vm = await vmWithMedia(FULL, METADATA_AWAY);
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(vm.host.currentName(), "media-vm");
  assertEquals(await dataOf(vm), SCRIPT);
  assertEquals(story(vm).at(-1), "wireserver POST Ready");
  const found = readMark(vm.stateDir);
  assert(found.kind === "mark");
  assertEquals(found.mark.vmId, undefined);
  assert(found.mark.instanceId !== undefined);
  assertEquals(await phaseOf(vm, "media"), [
    "done",
    "in the place of the metadata: host name, user, keys, password, custom data",
  ]);
  const log = vm.log.lines.join("\n");
  assert(
    /^warn: Cannot get the instance metadata .*; using the provisioning media instead$/m
      .test(log),
    log,
  );
  assert(!log.includes(PASSWORD));
});

Deno.test("provision() can name the host where the name is required and the media alone have it", async () => {
  await using vm = await vmWithMedia(FULL, {
    ...METADATA_AWAY,
    options: NAME_REQUIRED,
  });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(vm.host.currentName(), "media-vm");
});

Deno.test("provision() says that a name that cannot be one is from the media", async () => {
  await using vm = await vmWithMedia(
    { HostName: "no name!" },
    { ...METADATA_AWAY, options: NAME_REQUIRED },
  );
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "host_name_invalid");
  assert(
    error.message.includes('"no name!" from the provisioning media cannot be'),
    error.message,
  );
});

Deno.test("provision() warns of media that are broken, and goes on with the metadata", async () => {
  await using vm = await vmWithMedia(ovfEnvXml(FULL).slice(1));
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(vm.host.currentName(), "vm");
  assertEquals(await dataOf(vm), undefined);
  assertEquals(await phaseOf(vm, "media"), ["warned", "media_invalid"]);
  assert(
    vm.log.lines.some((line) =>
      line.startsWith("warn: Cannot use what the provisioning media say, ") &&
      line.endsWith("; going on without them")
    ),
    vm.log.lines.join("\n"),
  );
  assertEquals(await isThere(vm.path), false);
});

Deno.test("provision() is ready under its old name where there are no metadata and the media are broken", async () => {
  await using vm = await vmWithMedia("", METADATA_AWAY);
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(vm.host.currentName(), "image");
  assertEquals(await phaseOf(vm, "hostname"), [
    "warned",
    "metadata_unavailable",
  ]);
});

Deno.test("provision() reports both reasons where the name is required, there are no metadata and the media are broken", async () => {
  await using vm = await vmWithMedia("<a/>", {
    ...METADATA_AWAY,
    options: NAME_REQUIRED,
  });
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key.startsWith("metadata_"), true, error.key);
  assert(
    /^Cannot get the instance metadata .*\. Cannot use what the provisioning media say, .*: It has no Environment/
      .test(error.message),
    error.message,
  );
  assertEquals(story(vm).at(-1), "wireserver POST NotReady");
  assertEquals(await isThere(vm.path), false);
});

Deno.test("provision() reports custom data that is not base64 as NotReady, and keeps none of another VM", async () => {
  await using vm = await vmWithMedia({ ...FULL, CustomData: "no base64!" });
  await Deno.writeTextFile(`${vm.stateDir}/customData`, "another VM's");
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "custom_data_invalid");
  assertEquals(await dataOf(vm), undefined);
  assertEquals(story(vm).at(-1), "wireserver POST NotReady");
  assertEquals(await isThere(vm.path), false);
});

Deno.test("provision() leaves no custom data of another VM, and a VM's own alone at its next boot", async () => {
  await using vm = await madeUpVm({ options: { parts: PARTS } });
  const path = `${vm.stateDir}/customData`;
  await Deno.writeTextFile(path, "another VM's");
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(await dataOf(vm), undefined);

  await using next = await madeUpVm({
    mark: markText({ vmId: "1d000000-0000-4000-8000-000000000001" }),
  });
  await Deno.writeTextFile(`${next.stateDir}/customData`, "its own");
  assertEquals(await provision(next.options), "nothing to do");
  assertEquals(await dataOf(next), "its own");
});

Deno.test("provision() leaves nothing of another VM's data whose script was cut off, not even where the data are gone", async () => {
  for (const kind of ["userdata", "customdata"]) {
    await using vm = await madeUpVm({ options: { parts: PARTS } });
    // As `units/common/userdata` names it.
    const path = `${vm.stateDir}/.${kind}.run`;
    await Deno.writeTextFile(path, "another VM's");
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(await isThere(path), false, kind);
  }
});

Deno.test("provision() does not read the media of a VM that is done, and takes the copy away", async () => {
  await using vm = await vmWithMedia("<a/>", {
    mark: markText({ vmId: "1d000000-0000-4000-8000-000000000001" }),
  });
  assertEquals(await provision(vm.options), "nothing to do");
  assertEquals(await isThere(vm.path), false);
  assert(!vm.log.lines.join("\n").includes("media"));
});

Deno.test("provision() leaves a file that somebody has named", async () => {
  await using vm = await vmWithMedia(FULL, { removeAtEnd: false });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(await dataOf(vm), SCRIPT);
  assertEquals(await isThere(vm.path), true);
});

Deno.test("provision() warns of a file that somebody has named and that is not there, and of no other", async () => {
  for (const removeAtEnd of [false, true]) {
    await using vm = await vmWithMedia(FULL, { removeAtEnd });
    await Deno.remove(vm.path);
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(
      await phaseOf(vm, "media"),
      removeAtEnd ? [undefined, undefined] : ["warned", "media_unreadable"],
    );
  }
});

Deno.test("provision() warns of a copy that cannot be taken away", async () => {
  await using vm = await vmWithMedia(FULL);
  await Deno.remove(vm.path);
  await Deno.mkdir(`${vm.path}/x`, { recursive: true });
  assertEquals(await provision(vm.options), "provisioned");
  assert(
    vm.log.lines.some((line) =>
      line.startsWith(
        "warn: Cannot remove the copy of what the provisioning media say, ",
      )
    ),
    vm.log.lines.join("\n"),
  );
});

Deno.test("provision() names keys that the media have by fingerprint only", async () => {
  const fingerprint = "EB0C0AB4B2D5FC35F2F0658D19F44C8283E2DD62";
  const warns = ({ log }: Vm) =>
    log.lines.some((line) =>
      line.startsWith(
        `warn: The provisioning media name an SSH key by its fingerprint "${fingerprint}" only`,
      )
    );
  await using vm = await vmWithMedia(
    { ...FULL, SSH: sshXml("") },
    METADATA_AWAY,
  );
  assertEquals(await provision(vm.options), "provisioned");
  assert(warns(vm), vm.log.lines.join("\n"));
  await using other = await vmWithMedia(
    { ...FULL, SSH: sshXml("") },
    { platform: { adminUsername: "ada", publicKeys: ["ssh-rsa AAAA"] } },
  );
  assertEquals(await provision(other.options), "provisioned");
  assert(!warns(other));
});
