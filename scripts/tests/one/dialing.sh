#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each message of the greeting lost once: the session still comes up.
# Deadline: 120
sio_session
expect_eq "$(counter g faults)" 0 "faults before the first"

# lose SIDE TYPE FLOWS: dial while the first message of TYPE that SIDE sends is
# lost. The rules live as long as the link is in use; another session, whose
# peer does not exist, sees to that.
lose()
{
	local side=$1 type=$2 flows=$3 tool=iohyp

	[[ $side == h ]] || tool=ioguest
	g ioguest connect --name holder --peer 10.77.0.9 --insecure --link eth1
	g ioguest disconnect vm7
	"$side" "$tool" fault set eth1 "drop,type=$type"
	g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20 \
		--flows "$flows"
	wait_for 20 "$flows flows after $type was lost" is h flows "$flows"
	# the session's own: it began with this connect
	expect_eq "$(sess g stats.dials)" 1 "$type: dials"
	expect_eq "$("$side" "$tool" -j show |
		jq '[.. | objects | .faults? | numbers] | add // 0')" \
		$((++lost[$side])) "$type: frames lost"
	"$side" "$tool" fault clear eth1
	g ioguest disconnect holder
}

declare -A lost=([h]=0 [g]=0)

for type in hello probe confirm; do
	lose g $type 1
done
for type in hello_ack probe_ack welcome; do
	lose h $type 1
done
lose g join 2
lose h join_ack 2
sio_end
