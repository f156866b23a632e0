/**
 * The article's script in TypeScript for Deno: three requests, two of them at the same
 * time, and nothing else.
 *
 * @module
 */

const WIRESERVER = "168.63.129.16";
const IMDS = "169.254.169.254";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Sends a request on its own connection, and returns the body of the answer. */
async function call(
  hostname: string,
  head: string,
  body = "",
): Promise<string> {
  const connection = await Deno.connect({ hostname, port: 80 });
  const request = encoder.encode(
    `${head} HTTP/1.1\r\nHost: ${hostname}\r\nx-ms-version: 2012-11-30\r\nx-ms-agent-name: custom-provisioning\r\nMetadata: true\r\nContent-Type: text/xml;charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  for (let sent = 0; sent < request.length;) {
    sent += await connection.write(request.subarray(sent));
  }
  let answer = "";
  const part = new Uint8Array(16_384);
  for (;;) {
    const length = await connection.read(part);
    if (length === null) break;
    answer += decoder.decode(part.subarray(0, length));
  }
  connection.close();
  const at = answer.indexOf("\r\n\r\n");
  if (!answer.startsWith("HTTP/1.1 200") || at < 0) throw new Error(answer);
  return answer.slice(at + 4);
}

/** Returns the text of the first element with a name. */
function value(name: string, xml: string): string {
  const from = xml.indexOf(`<${name}>`) + name.length + 2;
  return xml.slice(from, xml.indexOf("<", from));
}

console.log("Retrieving goal state from the Wireserver");
const [goalState, name] = await Promise.all([
  call(WIRESERVER, "GET /machine?comp=goalstate"),
  call(
    IMDS,
    "GET /metadata/instance/compute/name?api-version=2019-06-01&format=text",
  ),
]);
const incarnation = value("Incarnation", goalState);
const containerId = value("ContainerId", goalState);
const instanceId = value("InstanceId", goalState);
console.log(`ContainerId: ${containerId}
InstanceId: ${instanceId}
Incarnation: ${incarnation}
Name: ${name}`);
const report =
  `<Health><GoalStateIncarnation>${incarnation}</GoalStateIncarnation><Container><ContainerId>${containerId}</ContainerId><RoleInstanceList><Role><InstanceId>${instanceId}</InstanceId><Health><State>Ready</State></Health></Role></RoleInstanceList></Container></Health>`;
console.log(`Sending the following data to Wireserver:\n${report}`);
await call(WIRESERVER, "POST /machine?comp=health", report);
Deno.exit(0);
