import { quote, Refusal } from "./refusal.ts";
import { XmlCursor } from "./xml_cursor.ts";

/** What a health report says. */
export interface Report {
  readonly incarnation: string;
  readonly containerId: string;
  readonly instanceId: string;
  readonly health: Health;
}

/** The state of the VM in a health report. */
export interface Health {
  readonly state: "Ready" | "NotReady";
  /** Only for NotReady. */
  readonly subStatus?: string;
  /** Only for NotReady. */
  readonly description?: string;
}

/**
 * Parses a health report in XML, which must have exactly the elements that the platform
 * knows, in their order.
 *
 * @throws {Refusal} If it is invalid. The message names the first mistake.
 */
export function checkReport(text: string): Report {
  const cursor = new XmlCursor(text);
  cursor.declaration();
  cursor.openRoot("Health");
  const incarnation = cursor.leaf("GoalStateIncarnation");
  cursor.open("Container");
  const containerId = cursor.leaf("ContainerId");
  cursor.open("RoleInstanceList");
  cursor.open("Role");
  const instanceId = cursor.leaf("InstanceId");
  cursor.open("Health");
  const health = checkHealth(cursor);
  cursor.close("Health");
  cursor.close("Role");
  cursor.close("RoleInstanceList");
  cursor.close("Container");
  cursor.close("Health");
  cursor.end();
  if (!/^\d+$/.test(incarnation)) {
    throw new Refusal(
      400,
      `Element "GoalStateIncarnation" is ${quote(incarnation)}, not a number`,
    );
  }
  return { incarnation, containerId, instanceId, health };
}

function checkHealth(cursor: XmlCursor): Health {
  const state = cursor.leaf("State");
  if (state === "Ready") return { state };
  if (state !== "NotReady") {
    throw new Refusal(
      400,
      `Element "State" is ${quote(state)}, not "Ready" or "NotReady"`,
    );
  }
  cursor.open("Details");
  const subStatus = cursor.leaf("SubStatus");
  if (subStatus !== "ProvisioningFailed" && subStatus !== "Provisioning") {
    throw new Refusal(
      400,
      `Element "SubStatus" is ${
        quote(subStatus)
      }, not "ProvisioningFailed" or "Provisioning"`,
    );
  }
  const description = cursor.leaf("Description");
  cursor.close("Details");
  return { state, subStatus, description };
}
