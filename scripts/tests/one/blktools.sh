#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 240
# The commands for disks: bad input is refused with a reason and leaves nothing behind; files; removal.
sio_session
null_disk 64
mkdir -p /mnt/n /mnt/x

loops() { losetup -nO NAME,BACK-FILE | sort; }
no_loops() { [[ -z $(loops) ]]; }

# What is there, without the counters and ages that move.
state()
{
	loops
	h iohyp -j show |
		jq -c '[.. | objects | select(.type?) | .guest, .name, .disk]'
	h iohyp -j show | jq -c '[.guests[].name]'
}

known=$(state)
no()
{
	expect_fail "$@"
	expect_eq "$(state)" "$known" "state after a refusal"
}
blk=(h iohyp blk create)

# Words
no 2 'path FILE is missing' "${blk[@]}" vm7/data
no 2 'not of the form GUEST/DEVICE' "${blk[@]}" data --path /dev/nullb0
no 2 '"fast" is neither writeback' \
	"${blk[@]}" vm7/data --path /dev/nullb0 --cache fast
no 2 'not a number from 512 to 4096' \
	"${blk[@]}" vm7/data --path /dev/nullb0 --block-size 256
no 1 'block has 512, 1024, 2048 or 4096' \
	"${blk[@]}" vm7/data --path /dev/nullb0 --block-size 1000
no 2 'not a number from 1 to 7' \
	"${blk[@]}" vm7/data --path /dev/nullb0 --queues 8
no 2 'not a UUID' "${blk[@]}" vm7/data --path /dev/nullb0 --uuid 12
no 1 'no such guest' "${blk[@]}" vm8/data --path /dev/nullb0
no 1 "device's name is 1 to 15" \
	"${blk[@]}" vm7/abcdefghijklmnop --path /dev/nullb0

# Paths
no 1 '/nonexistent: No such file' "${blk[@]}" vm7/data --path /nonexistent
no 1 'neither a block device nor a file' "${blk[@]}" vm7/data --path /tmp
no 1 'neither a block device nor a file' "${blk[@]}" vm7/data --path /dev/null
: >/tmp/empty.img
no 1 'is empty; first: truncate' "${blk[@]}" vm7/data --path /tmp/empty.img
truncate -s 1000 /tmp/odd.img
no 1 'not a multiple of 512 bytes; first: truncate' \
	"${blk[@]}" vm7/data --path /tmp/odd.img
truncate -s $((1024 * 1024 + 512)) /tmp/odd.img
no 1 'not a multiple of 4096' \
	"${blk[@]}" vm7/data --path /tmp/odd.img --block-size 4096
no 1 'no such guest' "${blk[@]}" vm8/data --path /tmp/odd.img

# Holders
mkfs.ext4 -q /dev/nullb0
mount /dev/nullb0 /mnt/n
no 1 'nullb0 is mounted on /mnt/n; first: umount /mnt/n' \
	"${blk[@]}" vm7/data --path /dev/nullb0
umount /mnt/n
mkdir "/mnt/it's a \\ folder"
mount /dev/nullb0 "/mnt/it's a \\ folder"
no 1 'nullb0 is mounted on /mnt/it.s a \\ folder; first: umount .+' \
	"${blk[@]}" vm7/data --path /dev/nullb0
said=$(h iohyp blk create vm7/data --path /dev/nullb0 2>&1) || true
bash -c "${said#*first: }"
! mountpoint -q "/mnt/it's a \\ folder" || fail "as typed: ${said#*first: }"
dmsetup create --noudevsync holder --table '0 65536 linear /dev/nullb0 0'
no 1 'nullb0 is held by holder' "${blk[@]}" vm7/data --path /dev/nullb0
dmsetup remove --noudevsync holder
truncate -s 64M /tmp/disk.img
loop=$(losetup -f --show -b 4096 /tmp/disk.img)
known=$(state)
no 1 "disk.img is under $loop already; .*losetup -d $loop" \
	"${blk[@]}" vm7/data --path /tmp/disk.img
no 1 'has blocks of 4096 bytes; --block-size cannot be smaller' \
	"${blk[@]}" vm7/data --path "$loop" --block-size 512
losetup -d "$loop"
wait_for 10 "the loop device to go" no_loops

# A block device by another name, a name twice, a device twice
ln -s /dev/nullb0 /tmp/other
expect_out '^blk vm7/data .*, /tmp/other \(/dev/nullb0\), 64 MiB' \
	"${blk[@]}" vm7/data --path /tmp/other
known=$(state)
no 1 'device of this name already' "${blk[@]}" vm7/data --path /tmp/disk.img
no 1 'nullb0 is exported already, as vm7/data' \
	"${blk[@]}" vm7/two --path /dev/nullb0
no 1 'vm7/data is no nic; its commands begin with: iohyp blk' \
	h iohyp nic remove vm7/data
no 1 'no device' h iohyp blk remove vm7/two
expect_out 'no NICs' h iohyp nic show
expect_out '^blk vm7/data' h iohyp blk show vm7/data --stats
no 1 'vm7 has no blk two' h iohyp blk show vm7/two

# The name udev makes may be that of another session's disk, called the same.
wait_for 10 "the disk" test -b /dev/sio0
mkdir -p /dev/splitio
for node in null nullb0 sio0; do
	ln -sfn "../$node" /dev/splitio/data
	expect_eq "$(g ioguest -j blk show data | jq -r '.devices[0].link')" \
		"$([[ $node != sio0 ]] && echo null || echo /dev/splitio/data)" \
		"link of the disk when it leads to $node"
done
rm -r /dev/splitio

# What the guest decides
policy() { g ioguest -j blk show data | jq -r '.devices[0] | "\(.on_loss):\(.on_loss_s)"'; }
expect_eq "$(policy)" wait:0 "policy at first"
g ioguest blk set data --on-loss fail:30
expect_eq "$(policy)" fail:30 "policy"
expect_out 'on loss fail:30' g ioguest show
g ioguest blk set data --on-loss fail:86400s
expect_eq "$(policy)" fail:86400 "policy with a unit"
g ioguest blk set vm7/data --on-loss fail
expect_eq "$(policy)" fail:0 "policy"
no 2 'none of wait, fail, fail:SECONDS' g ioguest blk set data --on-loss soon
for time in x s 5m 5ss s5 86401s; do
	no 2 'not a number from 0 to 86400' \
		g ioguest blk set data --on-loss "fail:$time"
done
no 2 'nothing to set' g ioguest blk set data
no 1 'no disk of this name' g ioguest blk abort two
no 1 'no session of this name' g ioguest blk abort vm9/data
expect_eq "$(policy)" fail:0 "policy after refusals"
h iohyp guest create vm8 --insecure
g ioguest connect --name vm8 --peer 10.77.0.1 --insecure --link eth1 --wait 20
known=$(state)
no 1 'which of the sessions vm7, vm8\?' g ioguest blk set data --on-loss wait
g ioguest blk set vm7/data --on-loss wait
g ioguest disconnect vm8
h iohyp guest remove vm8
known=$(state)

# In use in the guest
mkfs.ext4 -q /dev/sio0
mount /dev/sio0 /mnt/x
no 1 'guest is using this disk; unmount it there first' \
	h iohyp blk remove vm7/data
no 1 'data is in use; unmount it first' g ioguest disconnect vm7
umount /mnt/x
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0

# A file: its loop device comes and goes with the disk
"${blk[@]}" vm7/file --path /tmp/disk.img --digest
expect_eq "$(losetup -nO BACK-FILE,DIO,AUTOCLEAR | tr -s ' ')" \
	"/tmp/disk.img 1 0" "loop device"
expect_out '/dev/loop[0-9]+ on /tmp/disk.img, 64 MiB, .*digest' \
	h iohyp blk show
known=$(state)
no 1 'disk.img is exported already, as vm7/file' \
	"${blk[@]}" vm7/two --path /tmp/disk.img
ln /tmp/disk.img /tmp/link.img
mount --bind /tmp /mnt/n
for other in /tmp/link.img /mnt/n/disk.img; do
	no 1 "$other is exported or in use already; see: losetup -j $other" \
		"${blk[@]}" vm7/two --path "$other"
done
no 1 'link.img is exported or in use already' \
	"${blk[@]}" vm7/two --path /tmp/link.img --read-only
umount /mnt/n
wait_for 10 "the disk" test -b /dev/sio0
mkfs.ext4 -q /dev/sio0
rm /tmp/disk.img /tmp/link.img
mount /dev/sio0 /mnt/x
known=$(state)
no 1 'using this disk' h iohyp blk remove vm7/file
h iohyp blk remove vm7/file --force
expect_eq "$(loops)" "" "loop devices after a forced removal"
umount /mnt/x
wait_for 10 "the disk to go" test ! -b /dev/sio0
truncate -s 16M /tmp/disk.img
"${blk[@]}" vm7/file --path /tmp/disk.img --read-only
wait_for 10 "the disk" test -b /dev/sio0
known=$(state)
no 1 'has 1 devices; remove them first' h iohyp guest remove vm7
expect_fail 1 . dd if=/dev/zero of=/dev/sio0 count=1
ln /tmp/disk.img /tmp/link.img
no 1 'link.img is exported or in use already' \
	"${blk[@]}" vm7/two --path /tmp/link.img
"${blk[@]}" vm7/two --path /tmp/link.img --read-only
h iohyp blk remove vm7/two
h iohyp blk remove vm7/file
wait_for 10 "the disk to go" test ! -b /dev/sio0

# Two that want one file at the same time: one gets it, and once that is gone
# the next has it at once
pids=()
for name in one two; do
	nsenter --net=/run/netns/iohyp -- iohyp blk create "vm7/$name" \
		--path /tmp/disk.img 2>"/tmp/$name.said" &
	pids+=($!)
done
refused=0
for pid in "${pids[@]}"; do
	wait "$pid" || refused=$((refused + 1))
done
expect_eq "$refused" 1 "creations refused: $(cat /tmp/one.said /tmp/two.said)"
expect_eq "$(loops | wc -l)" 1 "loop devices of one file"
taken=$(h iohyp -j blk show | jq -r '.devices[0].name')
for path in /tmp/link.img /tmp/disk.img; do
	h iohyp blk remove "vm7/$taken"
	"${blk[@]}" "vm7/$taken" --path "$path"
done
h iohyp blk remove "vm7/$taken"
wait_for 10 "the disk to go" test ! -b /dev/sio0
rm /tmp/link.img

# A file that got another name, and even one that took its place: the loop
# device goes all the same
for other in no yes; do
	"${blk[@]}" vm7/file --path /tmp/disk.img
	mv /tmp/disk.img /tmp/moved.img
	[[ $other == no ]] || truncate -s 16M /tmp/disk.img
	h iohyp blk remove vm7/file
	wait_for 10 "the loop device to go" no_loops
	mv /tmp/moved.img /tmp/disk.img
done

# Removal waits for requests, and says so; who gives up waiting, or is
# interrupted, leaves no loop device behind
dmsetup create --noudevsync slow --table '0 131072 linear /dev/nullb0 0'
dmsetup mknodes
mkfs.ext4 -q /dev/mapper/slow
mount /dev/mapper/slow /mnt/n
truncate -s 16M /mnt/n/disk.img /tmp/two.img
for way in timeout interrupt; do
	"${blk[@]}" vm7/slow --path /mnt/n/disk.img
	wait_for 10 "the disk" test -b /dev/sio0
	dmsetup suspend --nolockfs --noudevsync slow
	dd if=/dev/zero of=/dev/sio0 bs=4k count=1 oflag=direct 2>/dev/null &
	writer=$!
	waits()
	{
		h iohyp blk show |
			grep -E '; waiting for /dev/loop0: 1 request, oldest' &&
			g ioguest blk show | grep -E \
				'in use.*; 1 request without an answer, oldest'
	}
	wait_for 10 "a request that is seen to wait" waits
	if [[ $way == timeout ]]; then
		expect_fail 1 'slow is not gone after 2.0 s: removing' \
			h iohyp blk remove vm7/slow --force --timeout 2
	else
		nsenter --net=/run/netns/iohyp -- \
			iohyp blk remove vm7/slow --force 2>/tmp/removal &
		removal=$!
		wait_for 10 "the removal to say what it waits for" grep -E \
			'waiting for vm7/slow: removing, /dev/loop0 on .*; waiting for /dev/loop0' \
			/tmp/removal
		kill -TERM "$removal"
		! wait "$removal" || fail "an interrupted removal succeeded"
	fi
	expect_fail 1 'no device of this name' h iohyp blk remove vm7/slow
	expect_fail 1 'of this name is still being removed' \
		"${blk[@]}" vm7/slow --path /tmp/two.img
	expect_eq "$(loops)" "/dev/loop0 /mnt/n/disk.img" "loop device in use"
	dmsetup resume --noudevsync slow
	! wait "$writer" || fail "a write to a disk that was taken away succeeded"
	h iohyp wait vm7/slow --state gone --timeout 10
	wait_for 10 "the loop device to go" no_loops
	wait_for 10 "the disk to go" test ! -b /dev/sio0
done
umount /mnt/n
dmsetup remove --noudevsync slow

# A guest goes with its disks and their loop devices
"${blk[@]}" vm7/file --path /tmp/disk.img
wait_for 10 "the disk" test -b /dev/sio0

# Without a session requests wait, or are aborted
h ip link set eth1 down
dd if=/dev/sio0 of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null &
reader=$!
shows() { g ioguest blk show file | grep -E "$1"; }
wait_for 20 "a request that is held" shows \
	'paused, .*; [0-9]+ requests? held until the session is up, oldest'
g ioguest blk abort file
! wait "$reader" || fail "an aborted read succeeded"
expect_out 'paused, .*; all requests fail until the session is up' \
	g ioguest blk show
h ip link set eth1 up
g ioguest wait vm7/file --timeout "$BACK"
! shows 'requests? fail' || fail "the disk fails still"
dd if=/dev/sio0 of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null

# Disconnecting takes a disk that is in use only by force
exec 9</dev/sio0
expect_fail 1 'disk file is in use; unmount it first' \
	g ioguest disconnect vm7
g ioguest disconnect vm7 --force
exec 9<&-
h iohyp guest remove vm7 --force
wait_for 10 "the loop device to go" no_loops
h iohyp link remove eth1
sio_unload
