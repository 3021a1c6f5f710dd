#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What disks can do: block sizes, long requests, zeroes, discard, read-only.
# Deadline: 240
sio_session
queue() { cat "/sys/block/$1/queue/$2"; }

# disk NAME DEVICE OPTION...: it becomes $dev
disk()
{
	h iohyp blk create "vm7/$1" --path "$2" "${@:3}"
	wait_for 10 "the disk" is_there "$1"
	is_there "$1"	# for $dev
}
is_there()
{
	dev=$(g ioguest -j show | jq -r --arg n "$1" '.sessions[0].devices[] |
		select(.name == $n) | .disk')
	[[ -b $dev ]]
}
gone()
{
	h iohyp blk remove "vm7/$1"
	wait_for 10 "the disk to go" test ! -b "$dev"
}

# Long requests reach the device in one piece each; how many the block layer
# makes of a write depends on which of its pages are neighbours.
truncate -s 64M /tmp/disk.img
disk plain /tmp/disk.img
name=${dev#/dev/}
expect_eq "$(queue "$name" max_hw_sectors_kb)" 1024 "longest request"
expect_eq "$(queue "$name" logical_block_size)" 512 "logical block"
dd if=/dev/urandom of=/tmp/rnd bs=1M count=16 status=none
echo 1024 >"/sys/block/$name/queue/max_sectors_kb"
before=$(h iohyp -j show | jq '[.. | .writes? // empty] | add')
dd if=/tmp/rnd of="$dev" bs=4M oflag=direct status=none
writes=$(($(h iohyp -j show | jq '[.. | .writes? // empty] | add') - before))
[[ $writes -ge 16 && $writes -le 32 ]] ||
	fail "16 MiB were written in $writes pieces"
cmp -n $((16 << 20)) /tmp/rnd /tmp/disk.img || fail "other data"

# Discard gives the file's blocks back; zeroes may, and may not, and are zero
sync /tmp/disk.img
full=$(stat -c %b /tmp/disk.img)
blkdiscard -o 1M -l 8M "$dev"
sync /tmp/disk.img
now=$(stat -c %b /tmp/disk.img)
[[ $((full - now)) -ge 16384 ]] ||
	fail "discarded 16384 sectors, the file lost $((full - now))"
cmp -n 8388608 -i 1048576:0 /tmp/disk.img /dev/zero || fail "not discarded"
cmp -n 1048576 /tmp/rnd /tmp/disk.img || fail "discarded what is before"
cmp -n 1048576 -i 9437184 /tmp/rnd /tmp/disk.img ||
	fail "discarded what is behind"
blkdiscard -z -o 10M -l 2M "$dev"
cmp -n 2097152 -i 10485760:0 /tmp/disk.img /dev/zero || fail "no zeroes"
cmp -n 2097152 -i 12582912 /tmp/rnd /tmp/disk.img ||
	fail "zeroes behind the range"
disk_is h plain '.stats.discards > 0' || fail "no discard at the iohyp"
gone plain

# What cannot discard does not offer it, but still writes zeroes
null_disk 32 discard=0
disk rigid /dev/nullb0
name=${dev#/dev/}
expect_eq "$(queue "$name" discard_max_bytes)" 0 "discard"
dd if=/tmp/rnd of="$dev" bs=1M count=4 oflag=direct status=none
expect_fail 1 'not supported' blkdiscard "$dev"
cmp -n 4194304 /tmp/rnd /dev/nullb0 || fail "discarded all the same"
blkdiscard -z -o 1M -l 1M "$dev"
cmp -n 1048576 -i 1048576:0 "$dev" /dev/zero || fail "no zeroes"
gone rigid

# Blocks of 4096 bytes, the device's and chosen ones
NULLB=nullb1 null_disk 64 blocksize=4096
for how in "/dev/nullb1" "/dev/nullb0 --block-size 4096"; do
	# shellcheck disable=SC2086 # options
	disk big $how
	name=${dev#/dev/}
	expect_eq "$(queue "$name" logical_block_size)" 4096 "$how"
	expect_eq "$(queue "$name" physical_block_size)" 4096 "$how"
	expect_fail 1 'Invalid argument' dd if="$dev" of=/dev/null bs=512 \
		count=1 iflag=direct
	mkfs.ext4 -q "$dev"
	mkdir -p /mnt/big
	mount "$dev" /mnt/big
	cp /tmp/rnd /mnt/big
	umount /mnt/big
	mount "$dev" /mnt/big
	cmp /tmp/rnd /mnt/big/rnd || fail "$how: other data"
	umount /mnt/big
	gone big
done

# Blocks of 512 bytes on sectors of 4096: both sizes are passed on
modprobe brd rd_nr=1 rd_size=16384
disk sectors /dev/ram0
name=${dev#/dev/}
expect_eq "$(queue "$name" logical_block_size)" 512 "512e"
expect_eq "$(queue "$name" physical_block_size)" 4096 "512e"
dd if=/tmp/rnd of="$dev" bs=512 count=3 seek=5 oflag=direct status=none
cmp -n 1536 -i 2560:0 /dev/ram0 /tmp/rnd || fail "512e: other data"
gone sectors

# Read-only: the guest is told, and nothing gets through
cp /dev/nullb0 /tmp/before
disk safe /dev/nullb0 --read-only
expect_eq "$(blockdev --getro "$dev")" 1 "read-only"
expect_fail 1 'Operation not permitted|Read-only' \
	dd if=/tmp/rnd of="$dev" bs=4k count=1 oflag=direct
expect_fail 1 'Operation not permitted|Read-only' blkdiscard -z "$dev"
mount -o ro,noload "$dev" /mnt/big
cmp /tmp/rnd /mnt/big/rnd || fail "read-only: other data"
umount /mnt/big
gone safe
cmp /tmp/before /dev/nullb0 || fail "a read-only disk has changed"
sio_end
