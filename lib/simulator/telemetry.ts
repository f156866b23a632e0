import type { Answer } from "./api.ts";
import { quote, Refusal } from "./refusal.ts";
import { emptyReply } from "./reply.ts";
import type { Request } from "./request.ts";
import {
  requireHeader,
  requireProtocol,
  requireType,
  requireUtf8,
  XML_TYPE,
} from "./require.ts";

/**
 * Answers telemetry, whose events are not looked into: WALinuxAgent puts text of its own into
 * them, and says that some of Azure's nodes take nothing but UTF-8.
 *
 * @throws {Refusal} If it is not an XML document of telemetry.
 */
export function answerTelemetry(request: Request): Answer {
  requireProtocol(request);
  requireHeader(request, "x-ms-agent-name");
  requireType(request, XML_TYPE, "text/xml;charset=utf-8", 415);
  const text = requireUtf8(request);
  if (
    !/^(?:<\?xml[^>]*\?>)?\s*<TelemetryData version="1\.0">.*<\/TelemetryData>\s*$/s
      .test(text)
  ) {
    throw new Refusal(400, `Telemetry ${quote(text)} is not "TelemetryData"`);
  }
  return { reply: emptyReply(200) };
}
