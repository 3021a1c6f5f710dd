#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A device that grows, has bad blocks, shrinks, or vanishes under its export.
# Deadline: 240
sio_session
null_disk 96
export DM_DISABLE_UDEV=1
# resize MIB: the device under the export gets another size
resize()
{
	dmsetup reload back --table "0 $(($1 * 2048)) linear /dev/nullb0 0"
	dmsetup resume back
}
dmsetup create back --table "0 $((32 * 2048)) linear /dev/nullb0 0"
h iohyp blk create vm7/data --path /dev/mapper/back
wait_for 10 "the disk" test -b /dev/sio0
mib() { echo "$(($(blockdev --getsize64 /dev/sio0) >> 20)) MiB"; [[ $(blockdev --getsize64 /dev/sio0) -eq $(($1 << 20)) ]]; }

# It grows while it is mounted and written to
mkfs.ext4 -q /dev/sio0
mkdir /mnt/x
mount /dev/sio0 /mnt/x
dd if=/dev/urandom of=/tmp/rnd bs=1M count=40 status=none
(while [[ ! -e /tmp/stop ]]; do
	dd if=/tmp/rnd of=/mnt/x/busy bs=64k count=64 conv=fsync status=none ||
		exit 1
done) &
busy=$!
resize 96
wait_for 10 "the guest's disk to grow" mib 96
resize2fs /dev/sio0 >/dev/null 2>&1 || fail "resize2fs"
cp /tmp/rnd /mnt/x/rnd || fail "no room after growth"
touch /tmp/stop
wait "$busy" || fail "writing while it grew"
umount /mnt/x
e2fsck -fn /dev/sio0 >/tmp/fsck 2>&1 || { cat /tmp/fsck; fail "damage"; }
mount /dev/sio0 /mnt/x
cmp /tmp/rnd /mnt/x/rnd || fail "other data after growth"
umount /mnt/x

# It shrinks: said at both ends' tools, and nothing beyond its end is touched
resize 64
wait_for 10 "the sentence" expect_out 'smaller than it was' h iohyp blk show
mib 96 || fail "the guest's disk has shrunk"
sum=$(tail -c +$((64 * 1048576 + 1)) /dev/nullb0 | sha256sum)
expect_fail 1 'Input/output error' dd if=/dev/zero of=/dev/sio0 bs=1M count=1 \
	seek=80 oflag=direct conv=notrunc
expect_fail 1 'Input/output error' dd if=/dev/zero of=/dev/sio0 bs=1M count=1 \
	seek=$((127 * 524288)) oflag=direct,seek_bytes conv=notrunc
expect_eq "$(tail -c +$((64 * 1048576 + 1)) /dev/nullb0 | sha256sum)" "$sum" \
	"what is beyond the end"
dd if=/dev/sio0 of=/dev/null bs=1M count=64 iflag=direct status=none ||
	fail "what is left cannot be read"
resize 96
wait_for 10 "the sentence to go" disk_is h data '.wrong == "ok"'
dd if=/dev/sio0 of=/dev/null bs=1M skip=80 count=1 iflag=direct status=none ||
	fail "what is back cannot be read"

# Bad blocks: their own requests fail, until they are written
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0
dmsetup remove back
dmsetup create back --table "0 $((96 * 2048)) dust /dev/nullb0 0 512"
for block in 2048 2049 4096; do
	dmsetup message back 0 addbadblock "$block"
done
dmsetup message back 0 enable
h iohyp blk create vm7/data --path /dev/mapper/back
wait_for 10 "the disk" test -b /dev/sio0
read_at() { dd if=/dev/sio0 of=/dev/null bs=512 count=8 skip="$1" iflag=direct status=none; }
for block in 2048 4096; do
	expect_fail 1 'Input/output error' read_at "$block"
done
read_at 2056
read_at 2040
dd if=/dev/zero of=/dev/sio0 bs=512 count=8 seek=2048 oflag=direct \
	conv=notrunc status=none
read_at 2048 || fail "a block that was written is bad still"
expect_fail 1 'Input/output error' read_at 4096
disk_is g data '.stats.errors == 3' || fail "errors of the guest's disk"

# It vanishes: requests fail, all else works, and it can be taken away
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0
dmsetup remove back
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0
(while [[ ! -e /tmp/end ]]; do
	dd if=/dev/sio0 of=/dev/null bs=64k count=16 iflag=direct 2>/dev/null ||
		true
done) &
busy=$!
echo 0 >/sys/kernel/config/nullb/nullb0/power
wait_for 10 "the sentence" expect_out 'gone' h iohyp blk show
expect_fail 1 'Input/output error' read_at 0
touch /tmp/end
wait "$busy"
wait_for 10 "an idle disk" idle_disk
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0
rmdir /sys/kernel/config/nullb/nullb0
sio_end
