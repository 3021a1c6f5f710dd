# SPDX-License-Identifier: GPL-2.0
# The "up" of lab: the namespace with its bridge, and the UML machines; QEMU's are in lab-qemu.sh.
# shellcheck shell=bash

# shellcheck source-path=SCRIPTDIR source=lab-qemu.sh disable=SC1091
. "$HERE/lab-qemu.sh"

# The agent, static so that it runs in an initramfs too; made once per source.
agent_binary() {
	local hash file
	hash=$(cat "$HERE/agent.c" "$HERE/frame.h" | sha256sum | cut -c1-12)
	file=$CACHE/agent-$hash
	if ! [ -x "$file" ]; then
		mkdir -p "$CACHE"
		gcc -O2 -Wall -static -I "$HERE" -o "$file.$$" "$HERE/agent.c"
		mv "$file.$$" "$file"
	fi
	echo "$file"
}

# The namespace in the middle: a bridge, and a tap for every machine.
make_middle() {
	local host
	ip netns add "$NS"
	ip -n "$NS" link set lo up
	nsenter --net="/run/netns/$NS" sysctl -qw \
		net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
	ip -n "$NS" link add br0 mtu 9000 type bridge \
		forward_delay 0 stp_state 0 mcast_snooping 0
	ip -n "$NS" link set br0 up
	for host in $HOSTS; do
		ip -n "$NS" tuntap add "tap-$host" mode tap vnet_hdr
		ip -n "$NS" link set "tap-$host" mtu 9000 master br0 up
	done
}

# mac_of HOST: stable, unicast, locally administered; distinct per lab.
mac_of() {
	local sum
	sum=$(sha256sum <<<"$NAME $1" | cut -c1-8)
	echo "52:54:${sum:0:2}:${sum:2:2}:${sum:4:2}:${sum:6:2}"
}

# uml_machine HOST: its folder, its job, its command line.
uml_machine() {
	local host=$1 dir=$STATE/$1 kdir
	kdir=$KDIR
	mkdir -p "$dir/lab" "$dir/uml"
	echo "$host" >"$dir/lab/hostname"
	echo "$kdir" >"$dir/lab/kdir"
	printf '%s\n' "$TOP" "$AGENT" "$kdir" ${MODS:+"$MODS"} \
		${ADD:+"$ADD"} >"$dir/lab/paths"
	{
		printf 'cd %q\nexport KDIR=%q MODDIR=%q LAB_HOST=%q\n' \
			"$TOP" "$kdir" "$MODS" "$host"
		if [ -n "$OUT" ]; then
			printf 'mkdir /run/out\nexport OUT=/run/out\n'
			printf 'mount -t hostfs -o %q none /run/out\n' "$OUT"
		fi
		if [ -n "$ADD" ]; then
			printf 'tar -C %q -cf - . | %s\ndepmod\n' "$ADD" \
				'tar -C / --keep-directory-symlink -xf -'
		fi
		printf 'bash %q %q vec0 8900\n' "$HERE/host-setup.sh" "$host"
		printf 'trap - EXIT\nexec %q /dev/ttyS0\n' "$AGENT"
	} >"$dir/lab/job"
	printf '%s\0' nsenter --net="/run/netns/$NS" -- \
		"$kdir/linux" "mem=$MEM" "${UML_ARGS[@]}" \
		"labdir=$dir/lab" "uml_dir=$dir/uml/" "umid=$NAME-$host" \
		con0=null,fd:1 'con1=null,fd:{klog}' ssl=null 'ssl0=fd:{chan}' \
		"vec0:transport=tap,ifname=tap-$host,depth=128,gro=1,vec=1,mtu=8900,mac=$(mac_of "$host")" \
		>"$dir/command"
	: >"$dir/klog"
}

# What every later command has to know.
write_conf() {
	local v
	for v in ENGINE KERNEL HOSTS ACCEL VARIANT; do
		printf '%s=%q\n' "$v" "${!v}"
	done >"$STATE/conf"
}

up_options() {
	ENGINE=uml KERNEL=6.12 MODS='' ADD='' OUT='' MEM='' ACCEL='' VARIANT=''
	local guests=1
	while [ $# -gt 0 ]; do
		case $1 in
		--debug) VARIANT=-debug ;;
		--gcov) VARIANT=-gcov ;;
		--engine | --kernel | --guests | --name | --mods | --add | \
		--out | --mem | --accel)
			[ $# -ge 2 ] || { usage >&2; exit 2; }
			case $1 in
			--engine) ENGINE=$2 ;;
			--kernel) KERNEL=$2 ;;
			--guests) guests=$2 ;;
			--name) set_name "$2" ;;
			--mods) MODS=$(realpath -e "$2") ;;
			--add) ADD=$(realpath -e "$2") ;;
			--out) mkdir -p "$2"; OUT=$(realpath "$2") ;;
			--mem) MEM=$2 ;;
			--accel) ACCEL=$2 ;;
			esac
			shift
			;;
		*) usage >&2; exit 2 ;;
		esac
		shift
	done
	case $ENGINE in
	uml | qemu) ;;
	*) die "no such engine: $ENGINE (uml or qemu)" ;;
	esac
	[[ $guests =~ ^[1-4]$ ]] || die "1 to 4 guests, not $guests"
	HOSTS='iohyp guest'
	for ((i = 2; i <= guests; i++)); do
		HOSTS+=" guest$i"
	done
}

# Machines being started, as PROCESS:HOST; INT does not reach those processes.
STARTING=()

# Undo a half-made lab; the files that tell why have been printed by then.
up_failed() {
	local host

	trap - EXIT
	trap '' INT TERM HUP
	: >"$STATE/ending" || :
	for host in "${STARTING[@]}"; do
		wait "${host%%:*}" || :
	done
	cmd_down
}

cmd_up() {
	local host tool

	up_options "$@"
	[ -c /dev/net/tun ] || die "needs /dev/net/tun (modprobe tun)"
	for tool in ip nsenter gcc jq python3; do
		command -v "$tool" >/dev/null ||
			die "$tool is missing: run scripts/packages.sh build lab"
	done
	if ! mkdir -p "${STATE%/*}" || ! mkdir "$STATE" 2>/dev/null; then
		die "lab $NAME is up already (lab --name $NAME down)"
	fi
	trap up_failed EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	AGENT=$(agent_binary)
	case $ENGINE in
	uml)
		MEM=${MEM:-512M}
		KDIR=$("$HERE/../kernels.sh" get "um-$KERNEL$VARIANT")
		;;
	qemu) qemu_prepare ;;
	esac
	make_middle
	write_conf
	for host in $HOSTS; do
		"${ENGINE}_machine" "$host"
	done
	for host in $HOSTS; do
		start_machine "$host" &
		STARTING+=("$!:$host")
	done
	for host in "${STARTING[@]}"; do
		if ! wait "${host%%:*}"; then
			dump_machine "${host#*:}"
			die "${host#*:} does not boot"
		fi
	done
	trap - EXIT INT TERM HUP
}
