# SPDX-License-Identifier: GPL-2.0
# QEMU machines of the lab: Debian's kernel, an initramfs, KVM where it works.
# shellcheck shell=bash

# qemu_initramfs: made once per kernel and content, under a lock.
qemu_initramfs() {
	local hash file
	hash=$(cat "$HERE/initramfs.sh" "$HERE/qemu-init.sh" \
		"$HERE/host-setup.sh" "$AGENT" "$STOCK/release" |
		sha256sum | cut -c1-12)
	file=$CACHE/initramfs-$hash.cpio
	if ! [ -e "$file" ]; then
		exec 7>"$CACHE/lock-initramfs"
		flock 7
		[ -e "$file" ] ||
			"$HERE/initramfs.sh" "$STOCK" "$AGENT" "$file" >&2
		exec 7>&-
	fi
	echo "$file"
}

qemu_prepare() {
	local base
	MEM=${MEM:-1G}
	QEMU=$("$HERE/../kernels.sh" get qemu)/qemu-system-x86_64
	STOCK=$("$HERE/../kernels.sh" get "stock-$KERNEL")
	base=$(qemu_initramfs)
	INITRD=$base
	if [ -n "$ADD" ]; then
		INITRD=$STATE/initrd
		mkdir "$STATE/added"
		# where the initramfs has links for directories
		(cd "$ADD" && tar -cf - .) | tar -C "$STATE/added" -xf -
		local dir
		for dir in bin sbin lib lib64; do
			if [ -d "$STATE/added/$dir" ] &&
			   ! [ -L "$STATE/added/$dir" ]; then
				mkdir -p "$STATE/added/usr/$dir"
				cp -a "$STATE/added/$dir/." "$STATE/added/usr/$dir/"
				rm -rf "${STATE:?}/added/$dir"
			fi
		done
		: >"$STATE/added/lab-added"
		cp "$base" "$INITRD"
		(
			cd "$STATE/added" || exit
			find . -mindepth 1 | cpio --quiet -o -H newc -R 0:0
		) >>"$INITRD"
		rm -rf "${STATE:?}/added"
	fi
	case $ACCEL in
	'') qemu_accel ;;
	kvm | tcg) ;;
	*) die "no such accelerator: $ACCEL (kvm or tcg)" ;;
	esac
}

# qemu_command HOST ACCEL MTU|none: into its folder.
qemu_command() {
	local host=$1 accel=$2 link=$3 dir=$STATE/$1 net=(-nic none) pre=()
	local cpu=max
	case $accel in
	# some hosts refuse the MSR with which a guest learns of CPU bugs
	kvm) cpu=max,-arch-capabilities ;;
	*) accel=tcg,thread=multi ;;
	esac
	mkdir -p "$dir"
	: >"$dir/klog"
	if [ "$link" != none ]; then
		pre=(nsenter --net="/run/netns/$NS" --)
		net=(-netdev "tap,id=link,ifname=tap-$host,script=no,downscript=no,vnet_hdr=on"
			-device "virtio-net-pci,netdev=link,mac=$(mac_of "$host"),host_mtu=$link,romfile=")
	fi
	printf '%s\0' "${pre[@]}" "$QEMU" -accel "$accel" -cpu "$cpu" -smp 2 \
		-m "$MEM" -nodefaults -no-user-config -display none \
		-no-reboot -kernel "$STOCK/vmlinuz" -initrd "$INITRD" \
		-append "console=ttyS0 loglevel=7 panic=-1 oops=panic mitigations=off lab_host=$host lab_link=$link" \
		-serial "file:$dir/klog" -device virtio-rng-pci \
		-device virtio-serial-pci \
		-chardev 'socket,id=chan,fd={chan}' \
		-device virtserialport,chardev=chan,name=org.splitio.lab \
		"${net[@]}" >"$dir/command"
}

qemu_machine() {
	qemu_command "$1" "$ACCEL" 9000
}

# /dev/kvm proves nothing: boot this kernel under it once, with a deadline,
# and remember the answer for this host kernel.
qemu_accel() {
	local file
	file=$CACHE/accel-$(uname -r)-$(basename "$STOCK")
	if [ -s "$file" ]; then
		ACCEL=$(<"$file")
		return
	fi
	ACCEL=tcg
	if [ -w /dev/kvm ]; then
		echo "lab: trying KVM" >&2
		qemu_command guest kvm none
		if start_machine guest 20; then
			ACCEL=kvm
			stop_machine guest
		fi
		rm -rf "${STATE:?}/guest"
	fi
	echo "lab: accelerator $ACCEL" >&2
	echo "$ACCEL" >"$file"
}
