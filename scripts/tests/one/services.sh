#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 300
# Rules of a NIC: in force before a packet passes, replaced whole, gone with the NIC; a file that reaches beyond it is refused.
# shellcheck disable=SC2016 # $port is for nft
sio_session
cat >/tmp/rules.nft <<'RULES'
#!/usr/sbin/nft -f
define closed = {
	8080,	# "}" and { in a comment
	9090
}
table netdev fw {
	chain in {
		type filter hook ingress device $port priority 0; policy accept;
		tcp dport $closed counter drop comment "}; flush ruleset"
	}
	chain out {
		type filter hook egress device $port priority 0;
		tcp dport 25 counter drop
	}
}
RULES
h nft add table netdev others
h nft 'add chain netdev others eth0 { type filter hook ingress device "eth0" priority 1; }'

tables() { h nft list tables | sort | tr '\n' ';'; }
table='table netdev sio-vm7/web'
without=$(tables)
with="${without}$table;"
state()
{
	tables
	h nft list ruleset
	h ip -br link | cut -d ' ' -f 1
	h iohyp -j show |
		jq -c '[.. | objects | select(.type?) | .guest, .name, .rules]'
}

# With the port that the tool makes
sio_nic --firewall /tmp/rules.nft
expect_eq "$(tables)" "$with" "tables"
expect_out '  nic web .*, rules of /tmp/rules.nft$' h iohyp show
expect_eq "$(h iohyp -j nic show | jq -c '.devices[0] | .made, .rules')" \
	$'["rules"]\n"/tmp/rules.nft"' "services shown"

# answers PORT: can outside reach a server of the guest?
serve() { g socat "TCP-LISTEN:$1,fork,reuseaddr" EXEC:'echo hello' & }
answers() { [[ $(o socat -T 2 - "TCP:192.0.2.7:$1,connect-timeout=$2" </dev/null) == hello ]]; }
drops() { h nft -j list table netdev sio-vm7/web | jq '[.. | .counter?.packets? // empty] | add'; }
serve 80
serve 8080
wait_for 10 "servers" holds '[[ $(g ss -Hltn | wc -l) -eq 2 ]]'
wait_for 10 "the open port" answers 80 1
! answers 8080 1 || fail "a packet passed the rules"
[[ $(drops) -gt 0 ]] || fail "the rules dropped nothing"
! g socat - TCP:192.0.2.1:25,connect-timeout=1 </dev/null 2>/dev/null ||
	fail "connected"
expect_eq "$(h nft -j list chain netdev sio-vm7/web out |
	jq '[.. | .counter?.packets? // empty] | add > 0')" true \
	"packets of the guest dropped"

# Replaced whole, by a name that is not absolute; or not at all
cat >/tmp/open.nft <<'RULES'
table netdev fw { chain in { type filter hook ingress device $port priority 0; }; }
RULES
(cd /tmp && h iohyp nic set vm7/web --firewall open.nft --any-mac on)
expect_out 'rules of /tmp/open.nft$' h iohyp show
wait_for 10 "the port that was closed" answers 8080 1
known=$(state)
no()
{
	expect_fail "$@"
	expect_eq "$(state)" "$known" "state after a refusal"
}
sed 's/counter drop$/counter dorp/' /tmp/rules.nft >/tmp/typo.nft
no 1 '^/tmp/typo.nft:13:.*Error' h iohyp nic set vm7/web --firewall /tmp/typo.nft
no 1 'nft does not take /tmp/typo.nft, and no rule of it is in force' \
	h iohyp nic set vm7/web --firewall /tmp/typo.nft
no 1 'device of this name|no device|such device' \
	h iohyp nic set vm7/two --firewall /tmp/rules.nft
no 2 'either --firewall or --no-firewall' \
	h iohyp nic set vm7/web --firewall /tmp/rules.nft --no-firewall
# What exists keeps its rules.
no 1 'vm7 has a device web already' \
	h iohyp nic create vm7/web --uplink eth0 --firewall /tmp/rules.nft
ip -n iohyp link set sio-web down
ip -n iohyp link set sio-web name other up
h iohyp nic set vm7/web --firewall /tmp/rules.nft
expect_out 'device "other"' h nft list table netdev sio-vm7/web
! answers 8080 1 || fail "the renamed port is open"
h iohyp nic set vm7/web --no-firewall
expect_eq "$(tables)" "$without" "tables without rules"
wait_for 10 "the port without rules" answers 8080 1
expect_eq "$(h iohyp -j nic show | jq -c '.devices[0] | .made, .rules')" \
	$'[]\nnull' "services shown"
h iohyp nic set vm7/web --firewall /tmp/rules.nft
h iohyp nic remove vm7/web
expect_eq "$(tables)" "$without" "tables after the removal"

# What a bad file asks for is not done, and nothing is made for it.
known=$(state)
bad()
{
	printf '%b' "$2" >/tmp/bad.nft
	no 1 "$1" h iohyp nic create vm7/web --uplink eth0 \
		--firewall /tmp/bad.nft
}
chain='chain c { type filter hook ingress device $port priority 0; }'
bad 'bad.nft line 1: only definitions' 'flush ruleset\n'
bad 'bad.nft line 3: only definitions' "table netdev t {\n$chain\n} flush ruleset\n"
bad 'bad.nft line 2: only definitions' "table netdev t { $chain; }\nadd table netdev x\n"
bad 'line 1: only definitions' "add table netdev t; table netdev t { $chain; }\n"
bad 'line 1: only definitions' '{ }\n'
bad 'line 2: rules of a NIC are one table|line 2: the rules of a NIC are one table' \
	"table netdev t { $chain; }\ntable netdev others { }\n"
bad 'line 1: a port has rules of the family netdev' 'table inet t { }\n'
bad 'line 1: a port has rules of the family netdev' 'table t { }\n'
bad 'line 1: the table has no name' 'table netdev { }\n'
bad 'line 1: \{ has to follow' 'table netdev t\n{ }\n'
bad 'line 2: the table is not closed' 'table netdev t { # }\n "}"'
bad 'line 1: the quote is not closed' 'table netdev t { "\n}'
bad 'line 1: nothing is open' '}\n'
bad 'line 2: the rules of a NIC are one file' \
	'table netdev t {\ninclude "/tmp/rules.nft"\n}\n'
bad 'line 1: the rules of a NIC are one file' 'include"/tmp/rules.nft"\n'
bad 'line 1: the table of a NIC has no flags' "table netdev t { flags owner; $chain; }\n"
bad 'line 1: .*write device \$port' \
	'table netdev t { chain c { type filter hook ingress device "eth0" priority 0; }; }\n'
bad 'line 1: .*write device \$port' \
	'table netdev t { chain c { type filter hook ingress devices = { $port, eth0 } priority 0; }; }\n'
bad 'line 1: .*write device \$port' \
	'define x = eth0; table netdev t { chain c { type filter hook ingress device $x priority 0; }; }\n'
bad 'line 2: \$port is the NIC' 'define x = 1\nredefine port = eth0\n'
bad 'line 1: \$port is the NIC' 'table netdev t { undefine port; }\n'
bad 'line 2: the definition is not closed' 'define x = { 1,\n'
bad 'no chain is hooked' 'table netdev t { chain c { drop; }; }\n'
bad 'no chain is hooked' ''
bad 'line 1: a NUL byte is no text' '\0'
bad 'line 1: a NUL byte is no text' "table netdev t { $chain; \\0 }"
bad '^/tmp/bad.nft:1:.*Error' "table netdev t { $chain; chain c2 { nonsense; }; }\n"
# Half of it good: nft takes all or nothing
bad '^/tmp/bad.nft:2:.*Error' "table netdev t { $chain; }\ntable netdev t { chain d { jump nowhere; }; }\n"
truncate -s 1048577 /tmp/large.nft
create=(h iohyp nic create vm7/web --uplink eth0 --firewall)
no 1 'large.nft has more than 1048576 bytes' "${create[@]}" /tmp/large.nft
no 1 '/tmp is a folder; name a file' "${create[@]}" /tmp
no 1 'cannot read /nonexistent: No such file' "${create[@]}" /nonexistent
no 1 'no guest|no such guest' h iohyp nic create vm9/web --uplink eth0 \
	--firewall /tmp/rules.nft
no 1 "name is" h iohyp nic create 'vm7/a;b' --uplink eth0 \
	--firewall /tmp/rules.nft
no 1 'no net device|no device' h iohyp nic create vm7/web --uplink eth7 \
	--firewall /tmp/rules.nft
# without PROGRAM CMD...: in the machine iohyp, without that program.
without_program()
{
	h unshare -m bash -c 'mount --bind /dev/null "$0" && "$@"' \
		"$(command -v "$1")" "${@:2}"
}
no 1 'nft is missing; first: apt install nftables' \
	without_program nft "${create[@]:1}" /tmp/rules.nft

# "check" without nft on PATH or in /usr/sbin, and with it
lacks() { without_program nft iohyp check eth1; }
expect_out 'advice  nft is missing, which "iohyp nic create --firewall" needs' lacks
expect_out 'mend: apt install nftables' lacks
! h iohyp check eth1 | grep 'nft is missing' || fail "nft is there"

# With a port of the administrator, which stays and is as it was
h ip link add p0 type veth peer name p1
h ip link set p1 up
h iohyp nic create vm7/web --port p0 --firewall /tmp/rules.nft
expect_out 'device "p0"' h nft list table netdev sio-vm7/web
known=$(state)
no 1 'vm7 has a device web already' h iohyp nic create vm7/web --port p0 \
	--firewall /tmp/open.nft
no 1 'in use|belongs|already' h iohyp nic create vm7/two --port p0 \
	--firewall /tmp/open.nft
h iohyp nic remove vm7/web
expect_eq "$(tables)" "$without" "tables after the removal"
h ip link del p0

# Rules a machine was left with, say by a module that was unloaded, are no hindrance.
h nft "add $table"
h nft "add chain netdev sio-vm7/web old"
h iohyp nic create vm7/web --uplink eth0 --firewall /tmp/rules.nft
! h nft list chain netdev sio-vm7/web old 2>/dev/null || fail "old rules kept"
h iohyp nic create vm7/two --uplink eth0 --firewall /tmp/open.nft
both=$(tables)
h iohyp save /tmp/iohyp.conf
h iohyp stop
expect_eq "$(tables)" "$without" "tables after stop"
h iohyp restore /tmp/iohyp.conf
expect_eq "$(tables)" "$both" "tables made again"
expect_out 'vm7/two is there already' h iohyp restore /tmp/iohyp.conf
expect_eq "$(tables)" "$both" "tables that were there"
mv /tmp/open.nft /tmp/away.nft
expect_fail 1 'vm7/two: /tmp/open.nft, which held its rules: No such file' \
	h iohyp save /tmp/iohyp.conf
h iohyp guest remove vm7 --force
expect_eq "$(tables)" "$without" "tables without the guest"
g ioguest disconnect vm7
h iohyp link remove eth1
sio_unload
