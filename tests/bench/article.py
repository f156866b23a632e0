#!/usr/bin/python3
"""Reports ready as the "no agent" article describes it: http.client and ElementTree."""

import http.client
import sys
from xml.etree import ElementTree

WIRESERVER = "168.63.129.16"
VERSION = "2012-11-30"

HEALTH = """<?xml version="1.0" encoding="utf-8"?>
<Health>
  <GoalStateIncarnation>{incarnation}</GoalStateIncarnation>
  <Container>
    <ContainerId>{container_id}</ContainerId>
    <RoleInstanceList>
      <Role>
        <InstanceId>{instance_id}</InstanceId>
        <Health>
          <State>Ready</State>
        </Health>
      </Role>
    </RoleInstanceList>
  </Container>
</Health>
"""

connection = http.client.HTTPConnection(WIRESERVER)

print("Retrieving goal state from the Wireserver")
connection.request("GET", "/machine?comp=goalstate", headers={"x-ms-version": VERSION})
response = connection.getresponse()
if response.status != 200:
    sys.exit("Cannot get the goal state")
goal_state = ElementTree.fromstring(response.read().decode("utf-8-sig"))
connection.close()

container_id = goal_state.find("Container/ContainerId").text
instance_id = goal_state.find("Container/RoleInstanceList/RoleInstance/InstanceId").text
incarnation = goal_state.find("Incarnation").text
print("ContainerId: " + container_id)
print("InstanceId: " + instance_id)
print("Incarnation: " + incarnation)

report = HEALTH.format(
    incarnation=incarnation, container_id=container_id, instance_id=instance_id
)
print("Sending the following data to Wireserver:")
print(report)
connection = http.client.HTTPConnection(WIRESERVER)
connection.request(
    "POST",
    "/machine?comp=health",
    headers={
        "x-ms-version": VERSION,
        "x-ms-agent-name": "custom-provisioning",
        "Content-Type": "text/xml;charset=utf-8",
    },
    body=report,
)
response = connection.getresponse()
print("Response: {} {}".format(response.status, response.reason))
sys.exit(0 if response.status == 200 else 1)
