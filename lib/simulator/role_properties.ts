import type { Answer, PlatformState } from "./api.ts";
import { emptyReply } from "./reply.ts";
import type { Request } from "./request.ts";
import {
  requireHeader,
  requireProtocol,
  requireSame,
  requireType,
  requireUtf8,
  XML_TYPE,
} from "./require.ts";
import { XmlCursor } from "./xml_cursor.ts";

/**
 * Answers the properties of a role, such as the thumbprint of its SSH host key's certificate,
 * with 202: WALinuxAgent takes no other status. The elements are those that it sends.
 *
 * @throws {Refusal} If it is invalid, or of another VM.
 */
export function answerRoleProperties(
  request: Request,
  state: PlatformState,
): Answer {
  requireProtocol(request);
  requireHeader(request, "x-ms-agent-name");
  requireType(request, XML_TYPE, "text/xml;charset=utf-8", 415);
  const cursor = new XmlCursor(requireUtf8(request));
  cursor.declaration();
  cursor.openRoot("RoleProperties");
  cursor.open("Container");
  const containerId = cursor.leaf("ContainerId");
  cursor.open("RoleInstances");
  cursor.open("RoleInstance");
  const id = cursor.leaf("Id");
  cursor.open("Properties");
  cursor.empty("Property", ["name", "value"]);
  for (
    const name of [
      "Properties",
      "RoleInstance",
      "RoleInstances",
      "Container",
      "RoleProperties",
    ]
  ) cursor.close(name);
  cursor.end();
  requireSame("ContainerId", containerId, state.containerId);
  requireSame("Id", id, state.instanceId);
  return { reply: emptyReply(202) };
}
