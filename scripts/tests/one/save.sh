#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 180
# What is saved is restored: all away and made again it is the same, at both
# ends; what cannot be is said, and a bad line is named.
sio_load
two_ns
null_disk 32
truncate -s 16M '/root/disk "a" b.img'
mkdir -p /etc/splitio
(umask 077 && openssl rand -base64 32 >/etc/splitio/vm8.key)
h ip addr add 10.77.0.9/24 dev eth1
h ip link add p0 mtu 1400 type veth peer name p1 mtu 1400
h ip link add eth3 type veth peer name eth4
h ip link set eth3 up
g ip addr add 10.77.0.3/24 dev eth1

# Every option there is, and none
cd /etc/splitio || fail "no folder"
h iohyp link create eth1
h iohyp guest create vm7 --join-file vm7.join
h iohyp guest create vm8 --key-file /etc/splitio/vm8.key
h iohyp guest create vm9 --insecure
h iohyp nic create vm7/web --uplink eth0
h iohyp nic create vm7/any --uplink eth3 --mode passthru --port-name first \
	--mac 52:54:00:12:34:56 --mtu 1300 --any-mac \
	--uuid 01234567-89ab-cdef-0123-456789abcdef
h iohyp nic create vm8/other --uplink eth0 --mode private
h iohyp nic create vm8/own --port p0
h iohyp blk create vm7/data --path /dev/nullb0
h iohyp blk create vm7/file --path '/root/disk "a" b.img' --read-only \
	--cache writethrough --digest --block-size 4096 --queues 2
h iohyp link remove eth1
h iohyp link create eth1 --local 10.77.0.9 --port 999
g ioguest connect --name vm8 --peer 10.77.0.9:999 --link eth1 --flows 3 \
	--local 10.77.0.3 --key-file /etc/splitio/vm8.key --wait 20
g ioguest connect --name vm9 --peer 10.77.0.9:999 --link eth1 --insecure \
	--wait 20
sed -i 's/^port=.*/port=999/; s/^address=.*/address=10.77.0.9/' \
	/etc/splitio/vm7.join
g ioguest connect --join vm7.join --link eth1 --wait 20
g ioguest wait vm7/data --timeout 20
g ioguest wait vm7/file --timeout 20
g ioguest blk set vm7/data --on-loss fail:77
expect_fail 1 'no disk of this name' g ioguest blk set vm8/later --on-loss fail
g ioguest blk set vm8/later --on-loss fail:5 --ahead
expect_fail 2 'either a disk or --all' g ioguest blk set --on-loss wait

# What does not depend on when it was made, or where
same()
{
	jq -S 'walk(if type == "object" then del(.since_ms, .stats, .epoch,
		.id, .gen, .ifindex, .local_port, .peer_port, .instance, .boot,
		.peer_instance, .peer_boot, .srtt_us, .dials, .served_us,
		.bdev_us, .round_trip_us,
		.oldest_ms, .fence_ms, .disk, .next_ms, .held) else . end)'
}
settled()
{
	[[ $(g ioguest -j show | jq '[.. | .state? // empty] |
		map(select(. != "ready" and . != "up")) | length') -eq 0 &&
		$(g ioguest -j show | jq '[.sessions[].devices[]] | length') \
			-eq 6 ]]
}
wait_for 20 "all devices" settled
umask 022
h iohyp save
g ioguest save
cat /etc/splitio/*.conf
expect_eq "$(stat -c %a /etc/splitio/iohyp.conf /etc/splitio/ioguest.conf |
	xargs)" "600 600" "modes"
expect_eq "$(h iohyp save -)" "$(</etc/splitio/iohyp.conf)" "standard output"
! grep -f <(sed -n 's/^key=//p' /etc/splitio/vm7.join) /etc/splitio/*.conf ||
	fail "a key was saved"
h iohyp -j show | same >/tmp/iohyp.before
g ioguest -j show | same >/tmp/ioguest.before

# Away, and again. Once more changes nothing.
g ioguest stop
h iohyp stop
expect_out 'nothing is set up' h iohyp show
expect_out 'not connected' g ioguest show
no_loops() { [[ -z $(losetup -n) ]]; }
wait_for 10 "the loop device to go" no_loops
[[ ! -e /sys/class/net/first ]] || fail "a port is left"
for again in first second; do
	h iohyp restore >/tmp/said || fail "the $again restore failed"
	g ioguest restore >>/tmp/said || fail "the $again restore failed"
done
expect_out 'guest vm7 is there already and stays as it is' cat /tmp/said
expect_out 'device vm8/own is there already' cat /tmp/said
expect_out 'link eth1 is there already' cat /tmp/said
expect_out 'session vm9 is there already' cat /tmp/said
wait_for "$BACK" "all devices" settled
h iohyp save /tmp/iohyp.conf
g ioguest save /tmp/ioguest.conf
diff /etc/splitio/iohyp.conf /tmp/iohyp.conf || fail "the iohyp's differ"
diff /etc/splitio/ioguest.conf /tmp/ioguest.conf || fail "the guest's differ"
diff /tmp/iohyp.before <(h iohyp -j show | same) || fail "iohyp show differs"
diff /tmp/ioguest.before <(g ioguest -j show | same) ||
	fail "ioguest show differs"

# A policy is for the name: it comes with the disk, before it and after it
NULLB=nullb1 null_disk 16
h iohyp blk create vm8/later --path /dev/nullb1
g ioguest wait vm8/later --timeout 20
expect_eq "$(g ioguest -j blk show vm8/later |
	jq -r '.devices[0] | "\(.on_loss):\(.on_loss_s)"')" fail:5 "policy"
h iohyp blk remove vm8/later
g ioguest wait vm8/later --state gone --timeout 20
g ioguest blk set vm8/later --on-loss wait --ahead
! g ioguest save - | grep later || fail "a policy of none was saved"
g ioguest blk set --all --on-loss fail:9
expect_eq "$(g ioguest save - | grep -c 'on-loss fail:9')" 2 "policies of all"

# Guests keep their devices while their iohyp is taken down for a while
index() { g ip -j link show web | jq '.[0].ifindex'; }
before=$(index)
h iohyp stop
wait_for 5 "the goodbye" is g state 'waiting|dialing'
h iohyp restore >/dev/null
wait_for "$BACK" "all devices" settled
expect_eq "$(index)" "$before" "the guest's NIC"

# Keys that nobody can read again
mv /etc/splitio/vm8.key /etc/splitio/vm8.away
h iohyp guest create vm6 --join-file - >/tmp/vm6.join
h iohyp nic create vm6/web --uplink eth0
expect_fail 1 'vm6: no file is known that holds its key.* iohyp guest set vm6 --key-file FILE' \
	h iohyp save
expect_fail 1 'vm8.key, which held its key: No such file.*put it back' \
	h iohyp save
expect_out '^# guest create vm6 --key-file FILE$' cat /etc/splitio/iohyp.conf
expect_out '^# nic create vm6/web --uplink' cat /etc/splitio/iohyp.conf
expect_out '^guest create vm7 --key-file' cat /etc/splitio/iohyp.conf
expect_fail 1 'vm8: .*ioguest connect --join FILE --link eth1$' g ioguest save
chmod 600 /tmp/vm6.join
mv /tmp/vm6.join /etc/splitio/
h iohyp guest set vm6 --key-file /etc/splitio/vm6.join
mv /etc/splitio/vm8.away /etc/splitio/vm8.key
h iohyp save
g ioguest save
expect_out '^guest create vm6 --key-file /etc/splitio/vm6.join$' \
	cat /etc/splitio/iohyp.conf

# A key from a pipe is in the join file that was written
for from in - /proc/self/fd/0; do
	h iohyp guest create vm5 --key-file "$from" --join-file vm5.join \
		< <(cat vm8.key)
	expect_out '^guest create vm5 --key-file /etc/splitio/vm5.join$' \
		h iohyp save -
	h iohyp guest remove vm5
	rm vm5.join
done

# No name of a file becomes a command, and no pipe is read again
evil=$'/etc/splitio/x\nguest create evil --insecure #'
cp /etc/splitio/vm8.key "$evil"
h iohyp guest set vm8 --key-file "$evil"
expect_fail 1 'vm8: a line break is in the name of .*rename the file' \
	h iohyp save /tmp/gap.conf
expect_eq "$(grep -c '^[^#]*evil' /tmp/gap.conf)" 0 "commands of a name"
expect_out '^# nic create vm8/other' cat /tmp/gap.conf
cp /dev/null $'/root/a\nb.img'
expect_fail 1 'a line break is in the name; rename the file' \
	h iohyp blk create vm7/two --path $'/root/a\nb.img'
h iohyp guest set vm8 --key-file <(cat /etc/splitio/vm8.key)
expect_fail 1 'vm8: no file is known that holds its key' \
	h iohyp save /tmp/gap.conf
h iohyp guest set vm8 --key-file /etc/splitio/vm8.key

# A port that is gone takes the name of its uplink along
h ip link del sio-other
expect_fail 1 'vm8/other: its port sio-other is gone' h iohyp save /tmp/gap.conf
expect_out '^# nic create vm8/other --uplink IFNAME' cat /tmp/gap.conf

# A name moves no terminal, whoever chose it
red=$'\e[31m\xc2\x9b1m\xffred'
h ip link add "$red" type veth peer name blue
h ip link set "$red" up
h ip addr add 10.78.0.1/24 dev "$red"
{
	h iohyp link create "$red"
	h iohyp show
	h iohyp guest create vm5 --insecure
	h iohyp nic create vm5/web --port blue
	h iohyp restore <(h iohyp save - | grep -a link)
} >/tmp/said 2>&1
expect_out 'on \?\[31m\?\?1m\?red, 10.78.0.1:7423' cat /tmp/said
expect_out 'link \?\[31m.* is there already' cat /tmp/said
! LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f-\xff]' /tmp/said ||
	fail "control characters"
h iohyp link remove "$red"
h iohyp guest remove vm5 --force
h ip link del "$red"

# One bad line stops it there, with a reason; or the rest follows
h iohyp stop
g ioguest stop
sed -i 's|^nic create vm7/any .*|nic create vm7/any --uplink eth9|' \
	/etc/splitio/iohyp.conf
line=$(grep -n eth9 /etc/splitio/iohyp.conf | cut -d : -f 1)
expect_fail 1 "iohyp.conf line $line: .*eth9" h iohyp restore
expect_fail 1 'no guest|no such guest' h iohyp show vm8
expect_fail 1 "iohyp.conf line $line: .*eth9" h iohyp restore --keep-going
expect_out '^guest vm8' h iohyp show vm8
expect_out '^link eth1' h iohyp show
echo nonsense >>/etc/splitio/iohyp.conf
expect_fail 1 'line [0-9]*: unknown command "nonsense"' \
	h iohyp restore --keep-going

# No file, no file of ours, no file at all
chmod 666 /etc/splitio/iohyp.conf
expect_fail 1 'others can write to .*; chown root .*, chmod go-w' \
	h iohyp restore
expect_fail 1 'no configuration /tmp/none; "iohyp save /tmp/none" writes it' \
	h iohyp restore /tmp/none
expect_fail 1 '/dev/null is no file' h iohyp save /dev/null
expect_fail 1 'cannot write /nonexistent/x.*No such file' \
	h iohyp save /nonexistent/x
expect_fail 2 'belongs to -b and to restore' h iohyp save --keep-going
expect_fail 2 'cannot stand in one' h iohyp -b <(echo restore)
[[ -z $(ls /etc/splitio/*.conf.*) ]] 2>/dev/null || fail "a file was left"
h iohyp stop
sio_unload
