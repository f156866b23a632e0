import type { PlatformState } from "./api.ts";

/** The goal state as WireServer writes it, with a byte order mark. */
export function goalStateXml(state: PlatformState): string {
  return document(state, roleInstanceList(state));
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

function roleInstanceList(state: PlatformState): string {
  const config = `http://168.63.129.16:80/machine/${
    encodeURIComponent(state.containerId)
  }/${encodeURIComponent(state.instanceId)}?comp=config`;
  const link = (type: string) =>
    escapeText(`${config}&type=${type}&incarnation=${state.incarnation}`);
  return `
    <RoleInstanceList>
      <RoleInstance>
        <InstanceId>${escapeText(state.instanceId)}</InstanceId>
        <State>Started</State>
        <Configuration>
          <HostingEnvironmentConfig>${
    link("hostingEnvironmentConfig")
  }</HostingEnvironmentConfig>
          <SharedConfig>${link("sharedConfig")}</SharedConfig>
          <ConfigName>${
    escapeText(`${state.instanceId}.config.xml`)
  }</ConfigName>
        </Configuration>
      </RoleInstance>
    </RoleInstanceList>`;
}

/** Escapes a text for XML. Characters that XML cannot hold stay. */
function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  ).replace(
    /[\t\n\r\x7F-\x9F]/g,
    (control) => `&#${control.codePointAt(0)};`,
  );
}
