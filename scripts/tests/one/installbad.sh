#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 240
# What the installers refuse: a sentence with the cure, and nothing is put here.
#
# modules_disabled is the kernel's own refusal. Secure Boot cannot be had here:
# a modprobe that says what the real one says then, and a file in place of
# securityfs, stand for it.
kver=$(uname -r)
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p /tmp/built /tmp/other
rm -rf /usr/local/sbin/* "/lib/modules/$kver/build"
cp "$MODDIR"/splitio{,_be,_fe}.ko "$SIO_TOOLS"/{iohyp,ioguest} /tmp/built/
two_ns

be=(h iohyp-tools/install-backend)
fe=(g guest-tools/install-frontend)

no()
{
	expect_fail "$@"
	if [[ -e /var/lib/splitio || -e /usr/local/sbin/iohyp ]]; then
		fail "a refusal left something: $*"
	fi
}

no 2 'unknown option --nonsense; see install-backend --help' \
	"${be[@]}" --nonsense
no 2 'unknown option --join' "${be[@]}" eth1 --join /tmp/x
no 2 'unknown option --port' "${fe[@]}" eth1 --port 7000
no 2 '"eth2" is one word too many' "${be[@]}" eth1 eth2
no 2 '--port needs a value' "${be[@]}" eth1 --port
no 2 '--from needs a value' "${be[@]}" --from ''
no 2 'need a LINK' "${be[@]}" --port 7000
no 2 '--join FILE is needed' "${fe[@]}" eth1
no 2 'prefix length, as /24' "${be[@]}" eth1 --address 10.0.0.1
no 1 'no net device eth9 here' "${be[@]}" eth9 --from /tmp/built
no 1 'no folder /nonexistent' "${be[@]}" --from /nonexistent
no 1 'cannot read the join file /nonexistent' \
	"${fe[@]}" eth1 --join /nonexistent
no 1 'this needs root' h setpriv --reuid nobody --clear-groups \
	iohyp-tools/install-backend
no 2 'call this install-backend or install-frontend' \
	sh proto/user/install
no 1 '/tmp/other does not hold splitio.ko and splitio_be.ko' \
	"${be[@]}" --from /tmp/other
no 1 "no headers to build them: .* linux-headers-$kver," \
	"${be[@]}"

# Modules of another kernel, whose name is as long as that of this one.
for mod in splitio splitio_be; do
	LC_ALL=C sed "s/vermagic=$kver/vermagic=9${kver:1}/" \
		"/tmp/built/$mod.ko" >"/tmp/other/$mod.ko"
done
no 1 "/tmp/other/splitio_be.ko is for kernel 9.*, but $kver runs" \
	"${be[@]}" --from /tmp/other
echo CONFIG_MODULES=y >"/lib/modules/$kver/config"
no 1 'built without CONFIG_NETFILTER_INGRESS' "${be[@]}" --from /tmp/built
rm "/lib/modules/$kver/config"

# From here on files are put here before the kernel refuses: they stay, and
# --uninstall takes them.
load()
{
	expect_fail 1 "$1" "${be[@]}" --from /tmp/built
	h install-backend --uninstall
	[[ ! -e /var/lib/splitio ]] || fail "a refusal left something: $1"
}

# modprobe_says TEXT: the words of the real one for an error of the kernel.
modprobe_says()
{
	cat >/usr/local/sbin/modprobe <<-EOT
		#!/bin/sh
		echo "modprobe: ERROR: could not insert 'splitio_be': $1" >&2
		exit 1
	EOT
	chmod +x /usr/local/sbin/modprobe
}

modprobe_says 'Key was rejected by service'
load 'loads signed modules only .*Secure Boot.*mokutil --import'
modprobe_says 'Required key not available'
load 'loads signed modules only .*Secure Boot.*mokutil --import'
modprobe_says 'Operation not permitted'
load 'container, or kernel.modules_disabled is 1'
mount -t tmpfs tmpfs /sys/kernel
mkdir /sys/kernel/security
echo 'none [integrity] confidentiality' >/sys/kernel/security/lockdown
load 'is locked down .Secure Boot. and loads signed .*mokutil --import'
umount /sys/kernel
modprobe_says 'Unknown symbol in module, or unknown parameter (see dmesg)'
load "kernel $kver lacks something the modules need; dmesg names it"
modprobe_says 'Exec format error'
load "built for another kernel than $kver"
modprobe_says 'Cannot allocate memory'
load 'loading splitio_be failed: .*Cannot allocate memory'
rm /usr/local/sbin/modprobe

# A refusal of the tool is passed on, with its exit status.
expect_fail 2 'not a number from 1 to 65535' \
	"${be[@]}" eth1 --port 70000 --from /tmp/built
h install-backend --uninstall
echo 1 >/proc/sys/kernel/modules_disabled
load 'container, or kernel.modules_disabled is 1'
