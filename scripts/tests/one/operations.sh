#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 180
# Every command of docs/operations.md does what it is there for, as it stands.
sio_load
two_ns
null_disk 32
mkdir -p /etc/splitio "/lib/modules/$(uname -r)/updates"
cp "$MODDIR"/splitio*.ko "/lib/modules/$(uname -r)/updates/"
depmod
truncate -s 16M /root/disk9.img
h ip link add eth2 type veth peer name eth2 netns guest
h ip addr add 10.78.0.1/24 dev eth2
g ip addr add 10.78.0.2/24 dev eth2
h ip link set eth2 up
g ip link set eth2 up
h iohyp link create eth1
h iohyp guest create vm7 --join-file /etc/splitio/vm7.join
h iohyp nic create vm7/web --uplink eth0
h iohyp blk create vm7/data --path /dev/nullb0
g ioguest connect --join /etc/splitio/vm7.join --link eth1 --wait 20
g ioguest wait vm7/data --timeout 20

n=0
grown=''
ended=''
while IFS= read -r line; do
	n=$((n + 1))
	echo "$line"
	case $line in
	iohyp\#*) side=h ;;
	guest\#*) side=g ;;
	*) fail "no prompt: $line" ;;
	esac
	rc=0
	"$side" bash -o pipefail -c "${line#*\# }" </dev/null || rc=$?
	case $line in
	# it speaks of the module's source, and of this machine's CPU
	*' check '*) [[ $rc -le 1 ]] || fail "exit status $rc: $line" ;;
	*) [[ $rc -eq 0 ]] || fail "exit status $rc: $line" ;;
	esac
	case $line in
	*'losetup -c'*)
		disk=$(g ioguest -j blk show vm9/disk9 | jq -r '.devices[0].disk')
		wait_for 10 "the disk to grow" holds \
			"[[ \$(blockdev --getsize64 $disk) -eq 33554432 ]]"
		grown=1
		;;
	*'disconnect vm9') ended=1 ;;
	'guest# ioguest save')
		[[ -z $ended ]] || ! grep vm9 /etc/splitio/ioguest.conf ||
			fail "a session that ended is saved"
		;;
	esac
done < <(awk '/^```console/ { on = 1; next } /^```/ { on = 0 } on' \
	docs/operations.md)
[[ $grown && $ended ]] || fail "no disk has grown, or no session ended"
[[ $n -ge 30 ]] || fail "only $n commands in docs/operations.md"
expect_out 'session vm7 .*up .*with 10.78.0.1 on eth2' g ioguest show
g ioguest stop
h iohyp stop
sio_unload
