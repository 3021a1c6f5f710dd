#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A disk: data, partitions, xfs with sectors of 512 bytes, ext4, removal.
# Deadline: 300
sio_session
null_disk 512
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0
dd if=/dev/urandom of=/tmp/rnd bs=1M count=8 status=none
dd if=/tmp/rnd of=/dev/sio0 bs=1M oflag=direct status=none
dd if=/dev/sio0 of=/tmp/back bs=64k count=128 iflag=direct status=none
cmp /tmp/rnd /tmp/back || fail "what was read is not what was written"

# Partitions come, go, and are looked for again when the disk is added
sfdisk -q /dev/sio0 <<<$'label: gpt\n,320M\n,64M\n,16M'
wait_for 10 "three partitions" test -b /dev/sio0p3
sfdisk -q --delete /dev/sio0 3
wait_for 10 "the third to go" test ! -b /dev/sio0p3
blockdev --rereadpt /dev/sio0
expect_eq "$(cat /sys/block/sio0/sio0p2/size)" 131072 "size of a partition"

# Buffers smaller than a page are of the slab: not to be referred to
mkfs.xfs -q -s size=512 -b size=1024 /dev/sio0p1
mkfs.ext4 -q -b 1024 /dev/sio0p2
mkdir -p /mnt/xfs /mnt/ext4
mount /dev/sio0p1 /mnt/xfs
mount /dev/sio0p2 /mnt/ext4
load()
{
	cp -a proto frontend backend "$1"
	for i in {1..5}; do
		cp -a "$1/proto" "$1/again$i"
		rm -r "$1/again$((i - 1))" 2>/dev/null || true
	done
	timeout 120 fio --name=x --directory="$1" --ioengine=libaio \
		--iodepth=8 --rw=randwrite --bsrange=1k-128k --size=12m \
		--fsync=64 --verify=crc32c --verify_fatal=1 \
		--output-format=terse >/tmp/fio.log 2>&1 ||
		{ cat /tmp/fio.log; fail "$1: damage"; }
}
load /mnt/xfs &
xfs=$!
load /mnt/ext4
wait "$xfs" || fail "load on xfs"
umount /mnt/xfs /mnt/ext4
xfs_repair -n /dev/sio0p1 >/tmp/repair 2>&1 ||
	{ cat /tmp/repair; fail "xfs is damaged"; }
e2fsck -fn /dev/sio0p2 >/tmp/repair 2>&1 ||
	{ cat /tmp/repair; fail "ext4 is damaged"; }
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0p1 -a ! -b /dev/sio0

# A disk that comes with partitions has them at once
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "its partitions" test -b /dev/sio0p2
mount /dev/sio0p1 /mnt/xfs
mount /dev/sio0p2 /mnt/ext4
for dir in proto frontend backend; do
	diff -r "$dir" "/mnt/xfs/$dir" || fail "xfs: other files than before"
	diff -r "$dir" "/mnt/ext4/$dir" || fail "ext4: other files than before"
done
umount /mnt/xfs /mnt/ext4
expect_eq "$(counter g req_answered)" "$(counter g req_sent)" \
	"requests answered and sent"
disk_is h data '.stats.errors == 0' || fail "requests failed"
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0

# A file on tmpfs has no zero ranges: known when the first was asked for.
head -c 1M <(yes) >/tmp/file
h iohyp blk create vm7/file --path /tmp/file
wait_for 10 "the disk on a file" test -b /dev/sio0
limit=/sys/block/sio0/queue/write_zeroes_max_bytes
[[ $(cat "$limit") -gt 0 ]] || fail "no zeroes at once"
blkdiscard -z -o 4096 -l 65536 /dev/sio0
cmp -n 65536 -i 4096:0 /tmp/file /dev/zero || fail "zeroes were not written"
cmp -n 4096 -i 0 /tmp/file <(yes) || fail "more was written than zeroes"
expect_eq "$(cat "$limit")" 0 "bytes of zeroes at once, afterwards"
! dmesg | grep "dev sio0" || fail "the fallback was not quiet"
h iohyp blk remove vm7/file
wait_for 10 "the disk to go" test ! -b /dev/sio0
sio_end
