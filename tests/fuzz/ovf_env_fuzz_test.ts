import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ovfEnvXml, PASSWORD, sshXml } from "../media/_ovf_env.ts";
import { checkOvfEnv } from "./_check_ovf_env.ts";
import { fuzz } from "./_fuzz.ts";
import { NASTY_XML } from "./_goal_states.ts";
import { mutate, mutatedBytes, mutations } from "./_mutations.ts";
import { text, word } from "./_texts.ts";

const room = "provisioning media";

const value = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/);

/** What the platform could say, and its document, under some prefix. */
const ovfEnv = fc.record({
  values: fc.record({
    HostName: value,
    UserName: value,
    CustomData: fc.base64String({ minLength: 1, maxLength: 200 }),
  }),
  keys: fc.array(value, { minLength: 1, maxLength: 3 }),
  flag: fc.boolean(),
  prefix: fc.constantFrom("", "wa", "q"),
}).map(({ values, keys, flag, prefix }) => {
  const xml = ovfEnvXml({
    ...values,
    UserPassword: PASSWORD,
    DisableSshPasswordAuthentication: String(flag),
    SSH: sshXml(...keys),
  });
  return {
    instance: {
      computerName: values.HostName,
      adminUsername: values.UserName,
      disablePasswordAuthentication: flag,
      publicKeys: keys,
      customData: values.CustomData,
    },
    xml: prefix === "" ? xml : xml.replaceAll("wa:", `${prefix}:`).replaceAll(
      "xmlns:wa",
      `xmlns:${prefix}`,
    ),
  };
});

fuzz("parseOvfEnv() finds the values, whatever the prefix", {
  room,
  runs: 300,
  input: ovfEnv,
  check: ({ instance, xml }) => {
    const read = checkOvfEnv(xml);
    const { adminPassword, ...others } = read!.instance;
    assertEquals(others, instance);
    assertEquals(adminPassword?.reveal(), PASSWORD);
    assert(!JSON.stringify(read).includes(PASSWORD));
    assert(!Deno.inspect(read).includes(PASSWORD));
  },
});

fuzz("parseOvfEnv() reads a password as it is", {
  room,
  runs: 400,
  input: fc.oneof(
    text,
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.stringMatching(/^[ \t&<>'":;$\\]{1,20}$/),
  ).map((text) =>
    // What XML cannot have.
    // deno-lint-ignore no-control-regex
    text.toWellFormed().replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "")
  ),
  check: (password) => {
    const escaped = password.replace(
      /[&<>\r\n\t]/g,
      (it) => `&#${it.charCodeAt(0)};`,
    );
    const read = checkOvfEnv(ovfEnvXml({ UserPassword: escaped }));
    const isNone = ["", "*", "REDACTED"].includes(password) ||
      (password.trim() === "" && password.includes("\n"));
    assertEquals(
      read!.instance.adminPassword?.reveal(),
      isNone ? undefined : password,
    );
  },
});

fuzz(
  "parseOvfEnv() gives values that are there, or an error without a word of the document",
  {
    room,
    runs: 1000,
    input: fc.tuple(
      ovfEnv,
      mutations(fc.oneof(fc.constantFrom(...NASTY_XML, PASSWORD), word), 70),
    ),
    check: ([{ xml }, changes]) =>
      checkOvfEnv(mutate(xml.match(/<[^>]*>|[^<]+/g) ?? [], changes).join("")),
  },
);

fuzz("parseOvfEnv() holds its own against changed bytes", {
  room,
  runs: 400,
  input: mutatedBytes(ovfEnv.map(({ xml }) => new TextEncoder().encode(xml))),
  check: (bytes) => checkOvfEnv(new TextDecoder().decode(bytes)),
});

fuzz("parseOvfEnv() takes no text that is not XML", {
  room,
  runs: 200,
  input: fc.oneof(text, fc.json(), fc.constantFrom(...NASTY_XML)),
  check: (input) => assertEquals(checkOvfEnv(input), undefined),
});
