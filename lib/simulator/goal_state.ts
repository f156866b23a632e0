import type { PlatformState } from "./api.ts";
import { CONFIG_TYPES, configPath } from "./config_path.ts";
import { deploymentOf } from "./deployment.ts";
import { escapeText } from "./xml_text.ts";

/** Where the goal state's links lead on Azure. */
export const REAL_HOST = "168.63.129.16:80";

/**
 * The goal state as WireServer writes it, with a byte order mark.
 *
 * @param host The host and port of its links.
 */
export function goalStateXml(state: PlatformState, host = REAL_HOST): string {
  return document(state, roleInstanceList(state, host));
}

/** A goal state without a RoleInstanceList, as while the VM is being set up. */
export function goalStateWithoutRoleXml(state: PlatformState): string {
  return document(state, "");
}

function document(state: PlatformState, roles: string): string {
  return `\uFEFF<?xml version="1.0" encoding="utf-8"?>
<GoalState xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="goalstate10.xsd">
  <Version>2012-11-30</Version>
  <Incarnation>${state.incarnation}</Incarnation>
  <Machine>
    <ExpectedState>Started</ExpectedState>
    <StopRolesDeadlineHint>300000</StopRolesDeadlineHint>
    <LBProbePorts>
      <Port>16001</Port>
    </LBProbePorts>
    <ExpectHealthReport>FALSE</ExpectHealthReport>
  </Machine>
  <Container>
    <ContainerId>${escapeText(state.containerId)}</ContainerId>${roles}
  </Container>
</GoalState>
`;
}

function roleInstanceList(state: PlatformState, host: string): string {
  const links = CONFIG_TYPES.map(({ element, query }) => {
    const link = `http://${host}${configPath(state)}?${query}`;
    const current = `${link}&incarnation=${state.incarnation}`;
    return `<${element}>${escapeText(current)}</${element}>`;
  });
  return `
    <RoleInstanceList>
      <RoleInstance>
        <InstanceId>${escapeText(state.instanceId)}</InstanceId>
        <State>Started</State>
        <Configuration>
          ${links.join("\n          ")}
          <ConfigName>${escapeText(deploymentOf(state).configName)}</ConfigName>
        </Configuration>
      </RoleInstance>
    </RoleInstanceList>`;
}
