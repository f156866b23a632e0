import { quote, Refusal } from "./refusal.ts";
import { jsonReply, type Reply } from "./reply.ts";

/** The newest api-version that platforms such as Azure Stack know. */
export const OLD_API_VERSION = "2019-06-01";

/** The api-versions of IMDS, oldest first: the list of Microsoft's documentation. */
export const API_VERSIONS: readonly string[] = [
  "2017-03-01",
  "2017-04-02",
  "2017-08-01",
  "2017-10-01",
  "2017-12-01",
  "2018-02-01",
  "2018-04-02",
  "2018-10-01",
  "2019-02-01",
  "2019-03-11",
  "2019-04-30",
  OLD_API_VERSION,
  "2019-06-04",
  "2019-08-01",
  "2019-08-15",
  "2019-11-01",
  "2020-06-01",
  "2020-07-15",
  "2020-09-01",
  "2020-10-01",
  "2020-12-01",
  "2021-01-01",
  "2021-02-01",
  "2021-03-01",
  "2021-05-01",
  "2021-08-01",
  "2021-10-01",
  "2021-11-01",
  "2021-11-15",
  "2021-12-13",
  "2023-07-01",
  "2023-11-15",
  "2024-03-15",
  "2024-07-17",
  "2025-04-07",
];

/** The answer to an unknown version, which lists the newest known ones. */
export function unknownVersionReply(
  newest: string | undefined = API_VERSIONS.at(-1),
): Reply {
  const known = API_VERSIONS.filter((version) =>
    newest === undefined || version <= newest
  );
  return jsonReply(400, {
    error:
      "Bad request. api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds",
    "newest-versions": known.slice(-3).reverse(),
  });
}

/** Refuses a version that is missing or unknown, and returns any other. */
export function requireVersion(version: string | null): string {
  if (version !== null && API_VERSIONS.includes(version)) return version;
  throw new Refusal(
    400,
    version === null
      ? `Parameter "api-version" is missing`
      : `Parameter "api-version" is ${quote(version)}, which is unknown`,
    unknownVersionReply(),
  );
}
