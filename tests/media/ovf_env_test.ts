import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { MAX_OVF_ENV_BYTES, parseOvfEnv } from "../../lib/media/ovf_env.ts";
import { Secret } from "../../lib/secret.ts";
import { FULL, ovfEnvXml, PASSWORD, sshXml } from "./_ovf_env.ts";

const WA = "http://schemas.microsoft.com/windowsazure";
const OVF = "http://schemas.dmtf.org/ovf/environment/1";

/** As {@linkcode FULL} has it. */
const INSTANCE = {
  adminPassword: new Secret(PASSWORD),
  computerName: "media-vm",
  adminUsername: "ada",
  disablePasswordAuthentication: true,
  publicKeys: ["ssh-ed25519 AAAA ada@home"],
  customData: FULL.CustomData!,
};

Deno.test("an ovf-env.xml is read, and its password is not printed", () => {
  const ovfEnv = parseOvfEnv(ovfEnvXml(FULL));
  assertEquals(ovfEnv, {
    instance: INSTANCE,
    absentKeys: [],
    isPreprovisioned: false,
    wantsProxyAgent: false,
  });
  assertEquals(ovfEnv.instance.adminPassword?.reveal(), PASSWORD);
  for (const text of [JSON.stringify(ovfEnv), Deno.inspect(ovfEnv)]) {
    assert(!text.includes(PASSWORD), text);
  }
});

Deno.test("prefixes do not matter, namespaces do", () => {
  const set =
    "<q:LinuxProvisioningConfigurationSet><q:HostName>media-vm</q:HostName></q:LinuxProvisioningConfigurationSet>";
  const document = (ovf: string, azure: string) =>
    `<p:Environment xmlns:p="${ovf}" xmlns:q="${azure}"><q:ProvisioningSection>${set}</q:ProvisioningSection></p:Environment>`;
  assertEquals(
    parseOvfEnv(document(OVF, WA)).instance,
    { computerName: "media-vm" },
  );
  // Elements without a prefix are in the default namespace only.
  const bare = document(OVF, WA).replaceAll("q:", "");
  assertMatch(refused(bare), /^It has no LinuxProvisioning/);
  assertEquals(
    parseOvfEnv(bare.replace("xmlns:q=", "xmlns=")).instance,
    { computerName: "media-vm" },
  );
  assertMatch(
    refused(document(`${OVF}0`, WA)),
    /^It has no Environment of the namespace/,
  );
  assertMatch(
    refused(document(OVF, "http://schemas.microsoft.com/2009/05/WindowsAzure")),
    /^It has no LinuxProvisioningConfigurationSet of the namespace/,
  );
});

Deno.test("a value counts at its own place, and the first one does", () => {
  const xml = ovfEnvXml({
    HostName: "first</HostName><HostName>second",
    SSH: `<UserName>nobody</UserName>${sshXml()}`,
  }).replace(
    "<wa:Version>1.0</wa:Version>",
    "<wa:Version>1.0</wa:Version><wa:UserName>root</wa:UserName>",
  );
  assertEquals(parseOvfEnv(xml).instance, { computerName: "first" });
});

Deno.test("what is empty or blank is absent, and blanks around a value go", () => {
  assertEquals(
    parseOvfEnv(ovfEnvXml({
      HostName: "\n  media-vm\n",
      UserName: "",
      DisableSshPasswordAuthentication: "perhaps",
      SSH: sshXml("  \n"),
      CustomData: " ",
    })).instance,
    { computerName: "media-vm" },
  );
  assertEquals(parseOvfEnv(ovfEnvXml({})).instance, {});
});

Deno.test("values may be CDATA, have entities, and have comments in them", () => {
  assertEquals(
    parseOvfEnv(ovfEnvXml({
      HostName: "<![CDATA[media]]><!-- no -->-vm",
      UserName: "a&#100;a",
      DisableSshPasswordAuthentication: " False ",
    })).instance,
    {
      computerName: "media-vm",
      adminUsername: "ada",
      disablePasswordAuthentication: false,
    },
  );
});

Deno.test("thousands of namespaces and of keys take no time to speak of", () => {
  const namespaces = Array.from({ length: 6000 }, (_, i) => `xmlns:a${i}="b"`);
  const keys = "<PublicKey xmlns='x'/>" + "<PublicKey/>".repeat(6000);
  const xml = ovfEnvXml({ ...FULL, SSH: `<PublicKeys>${keys}</PublicKeys>` })
    .replace("<Environment", `<Environment ${namespaces.join(" ")}`);
  const start = performance.now();
  assertEquals(parseOvfEnv(xml).absentKeys.length, 6000);
  const took = performance.now() - start;
  assert(took < 3000, `${took} ms`);
});

Deno.test("a key without its value is named by its fingerprint, and the others are taken", () => {
  const { instance, absentKeys } = parseOvfEnv(
    ovfEnvXml({ SSH: sshXml("", "ssh-rsa BBBB", "") }),
  );
  assertEquals(instance.publicKeys, ["ssh-rsa BBBB"]);
  assertEquals(
    absentKeys,
    Array(2).fill("EB0C0AB4B2D5FC35F2F0658D19F44C8283E2DD62"),
  );
});

Deno.test("a byte order mark in front does no harm", () => {
  assertEquals(parseOvfEnv(`\ufeff${ovfEnvXml(FULL)}`).instance, INSTANCE);
});

Deno.test("a VM that was started before it had an owner is told from others", () => {
  const flag = (value: string) =>
    parseOvfEnv(
      ovfEnvXml(FULL, `<PreprovisionedVm>${value}</PreprovisionedVm>`),
    ).isPreprovisioned;
  assertEquals(["true", "True", "false", ""].map(flag), [
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("a VM that was created with the Metadata Security Protocol is told from others", () => {
  const flag = (xml: string) =>
    parseOvfEnv(ovfEnvXml(FULL, xml)).wantsProxyAgent;
  const element = (value: string) =>
    `<ProvisionGuestProxyAgent>${value}</ProvisionGuestProxyAgent>`;
  assertEquals(
    ["true", "True", " TRUE ", "false", "", "yes"].map((it) =>
      flag(element(it))
    ),
    [true, true, true, false, false, false],
  );
  assertEquals(flag('<ProvisionGuestProxyAgent i:nil="true" />'), false);
  assertEquals(
    flag(`<Other>${element("true")}</Other>`),
    false,
    "only in its own place",
  );
});

const BOMB = `<!DOCTYPE a [<!ENTITY a "${"x".repeat(100)}">${
  Array.from({ length: 20 }, (_, i) =>
    `<!ENTITY a${i} "${`&a${i === 0 ? "" : i - 1};`.repeat(10)}">`).join("")
}]>`;

Deno.test("what is not well-formed is refused, and no word of it is in the error", () => {
  const xml = ovfEnvXml(FULL);
  for (
    const broken of [
      "",
      "secret",
      xml.slice(0, -20),
      xml.replace("</UserPassword>", `</${PASSWORD}>`),
      xml.replace(PASSWORD, `&${PASSWORD};`),
      xml.replace(PASSWORD, "&constructor;"),
      xml.replace(PASSWORD, `<${PASSWORD}`),
      xml.replace("<Environment", `${BOMB}<Environment`).replace(
        PASSWORD,
        "&a19;",
      ),
      xml.replace(
        "<Environment",
        '<!DOCTYPE x SYSTEM "file:///etc/shadow"><Environment',
      ),
      xml.replace(PASSWORD, "<a>".repeat(1000) + "</a>".repeat(1000)),
      xml.replace(PASSWORD, "<x:y></x:y>"),
      xml.replace(PASSWORD, "\0"),
    ]
  ) {
    const message = refused(broken);
    assertMatch(
      message,
      /^It is not well-formed XML(: see line \d+, column \d+)?$/,
    );
  }
});

Deno.test("a password is read as it is", () => {
  for (
    const [xml, password] of [
      ["  a b\t", "  a b\t"],
      [" ", " "],
      ["a\r\nb", "a\nb"],
      ["\n  a", "\n  a"],
      ["&#10;a&#13;", "\na\r"],
      ["<![CDATA[ <&]]>]]&gt;<![CDATA[ ]]>", " <&]]> "],
      ["a<!-- b -->c<?d e?>f", "acf"],
      ["&amp;amp;&quot;&apos;&lt;&#x1F600;", "&amp;\"'<\u{1F600}"],
      ["\u{feff}a", "\u{feff}a"],
      ["redacted", "redacted"],
      ["REDACTED-", "REDACTED-"],
      ["**", "**"],
      ["a".repeat(10_000), "a".repeat(10_000)],
    ] as const
  ) {
    const { instance } = parseOvfEnv(ovfEnvXml({ UserPassword: xml }));
    assertEquals(instance.adminPassword?.reveal(), password);
  }
});

Deno.test("no password is none", () => {
  for (
    const password of [
      "<UserPassword/>",
      "<UserPassword></UserPassword>",
      '<UserPassword i:nil="true" />',
      '<UserPassword xsi:nil="true"></UserPassword>',
      "<UserPassword>\n  </UserPassword>",
      "<UserPassword><![CDATA[]]></UserPassword>",
      "<UserPassword>REDACTED</UserPassword>",
      "<UserPassword>*</UserPassword>",
      "<AdminPassword>a</AdminPassword>",
      '<UserPassword xmlns="urn:other">a</UserPassword>',
      "<Other><UserPassword>a</UserPassword></Other>",
      "",
    ]
  ) {
    const xml = ovfEnvXml({ UserName: "ada", UserPassword: PASSWORD })
      .replace(/<UserPassword>.*<\/UserPassword>/, password);
    assertEquals(parseOvfEnv(xml).instance, { adminUsername: "ada" }, password);
  }
});

Deno.test("a password with elements in it is refused", () => {
  assertEquals(
    refused(ovfEnvXml({ UserPassword: `a<b>${PASSWORD}</b>c` })),
    "It has elements in its UserPassword",
  );
});

Deno.test("another document is refused", () => {
  for (
    const [xml, message] of [
      ["<GoalState/>", /no Environment/],
      [`<Environment xmlns="${OVF}"/>`, /no LinuxProvisioning/],
      [
        ovfEnvXml(FULL).replaceAll("LinuxProvisioningConf", "WindowsConf"),
        /no LinuxProvisioning/,
      ],
    ] as const
  ) assertMatch(refused(xml), message);
});

Deno.test("the largest is 256 KiB", () => {
  const xml = ovfEnvXml(FULL);
  const room = MAX_OVF_ENV_BYTES - xml.length;
  assertEquals(parseOvfEnv(xml + " ".repeat(room)).instance, INSTANCE);
  assertEquals(
    refused(xml + " ".repeat(room + 1)),
    `It is over ${MAX_OVF_ENV_BYTES} bytes`,
  );
});

function refused(xml: string): string {
  return assertThrows(() => parseOvfEnv(xml), TypeError).message;
}
