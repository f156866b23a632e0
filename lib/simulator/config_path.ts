import type { PlatformState } from "./api.ts";
import {
  certificatesXml,
  extensionsXml,
  fullConfigXml,
  hostingEnvironmentXml,
  sharedConfigXml,
} from "./config_documents.ts";
import type { Target } from "./targets.ts";

/** A document that the goal state refers to. */
export interface ConfigType {
  /** The goal state's element. */
  readonly element: string;
  /** The link's query, up to the incarnation. */
  readonly query: string;
  readonly target: Target;
  readonly xml: (state: PlatformState) => string;
}

/** The documents that the goal state refers to, in its order. */
export const CONFIG_TYPES: readonly ConfigType[] = [
  config("HostingEnvironmentConfig", hostingEnvironmentXml),
  config("SharedConfig", sharedConfigXml),
  config("ExtensionsConfig", extensionsXml),
  config("FullConfig", fullConfigXml),
  {
    element: "Certificates",
    query: "comp=certificates",
    target: "certificates",
    xml: certificatesXml,
  },
];

function config(element: string, xml: ConfigType["xml"]): ConfigType {
  const type = `${element.slice(0, 1).toLowerCase()}${element.slice(1)}`;
  return { element, query: `comp=config&type=${type}`, target: "config", xml };
}

/**
 * The path of the documents. The hyphens and underscores of the instance id are escaped, as in
 * the goal states of afterburn's and WALinuxAgent's fixtures; those of the container id are not.
 */
export function configPath({ containerId, instanceId }: PlatformState): string {
  const instance = encodeURIComponent(instanceId).replace(
    /[-_]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `/machine/${encodeURIComponent(containerId)}/${instance}`;
}

/** Which document a path and query ask for, of whatever incarnation and VM; undefined if none. */
export function configTypeOf(target: string): ConfigType | undefined {
  const query = /^\/machine\/[^/?]+\/[^/?]+\?(.*)$/.exec(target)?.[1];
  return CONFIG_TYPES.find((type) =>
    query === type.query || query?.startsWith(`${type.query}&incarnation=`)
  );
}
