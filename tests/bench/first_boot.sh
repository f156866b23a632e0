#!/bin/sh
# The article's first boot in POSIX sh with curl, and nothing else.
set -eu

wireserver=http://168.63.129.16
version='x-ms-version: 2012-11-30'

get() {
  curl -s -f --noproxy '*' "$@"
}

# Prints the text of the first element with a name: value ELEMENT XML
value() {
  rest=${2#*"<$1>"}
  printf '%s' "${rest%%"</$1>"*}"
}

echo 'Retrieving goal state from the Wireserver'
goal_state=$(get -H "$version" "$wireserver/machine?comp=goalstate")
incarnation=$(value Incarnation "$goal_state")
container_id=$(value ContainerId "$goal_state")
instance_id=$(value InstanceId "$goal_state")
printf '%s: %s\n' ContainerId "$container_id" InstanceId "$instance_id" Incarnation "$incarnation"

hostname "$(get -H Metadata:true \
  'http://169.254.169.254/metadata/instance/compute/name?api-version=2019-06-01&format=text')"

report="<Health><GoalStateIncarnation>$incarnation</GoalStateIncarnation><Container><ContainerId>$container_id</ContainerId><RoleInstanceList><Role><InstanceId>$instance_id</InstanceId><Health><State>Ready</State></Health></Role></RoleInstanceList></Container></Health>"
printf '%s\n' 'Sending the following data to Wireserver:' "$report"
get -H "$version" -H 'x-ms-agent-name: custom-provisioning' -H 'Content-Type: text/xml;charset=utf-8' \
  --data-binary "$report" "$wireserver/machine?comp=health"
