#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: the Wireshark dissector has the structs and numbers of proto/wire.h,
# finds every field of a made-up capture, whatever the segments' order, and
# survives damage.
. "$(dirname "$0")/common"

need_tool tshark
dir=scripts/wireshark
n=0
if python3 scripts/gates/dissector.py >"$found" 2>"$gate_tmp/err"; then
	n=$(<"$gate_tmp/err")
else
	finding "$(tail -n 1 "$gate_tmp/err")"
fi

# see FILE OPTION...: tshark with the dissector; silence of Lua is demanded.
see()
{
	tshark -X "lua_script:$dir/splitio.lua" -r "$@" 2>"$gate_tmp/err" ||
		finding "tshark on ${1##*/}: $(tail -n 1 "$gate_tmp/err")"
	! grep -qi lua "$gate_tmp/err" ||
		finding "Lua on ${1##*/}: $(grep -im 1 lua "$gate_tmp/err")"
}

# What was sent, whatever frames it came in.
messages()
{
	see "$1" -Y splitio.type -T fields -e splitio.type -e splitio.offset \
		-e splitio.len -e splitio.slot_seq -e splitio.data \
		-e splitio.nic_mode.vlan -e eth.type | sort
}

made=$gate_tmp/made.pcap mangled=$gate_tmp/mangled.pcap
python3 "$dir/makeup.py" "$made"
while read -r want filter; do
	n=$((n + 1))
	got=$(see "$made" -Y "$filter" | wc -l)
	[[ $got -eq $want ]] ||
		finding "$dir/makeup.want: $got frames instead of $want: $filter"
done < <(grep -v '^#' "$dir/makeup.want")

messages "$made" >"$gate_tmp/want"
for how in shuffle merge nosyn; do
	n=$((n + 1))
	python3 "$dir/mangle.py" "$how" "$made" "$mangled"
	messages "$mangled" >"$gate_tmp/got"
	diff "$gate_tmp/want" "$gate_tmp/got" >"$gate_tmp/diff" ||
		finding "other messages after $how: $(sed -n 2p "$gate_tmp/diff")"
done

# damaged bytes, and captures that keep the first bytes of each frame
for how in '-E 0.002' '-E 0.02' '-E 0.1' '-E 0.02 -o 54' '-s 54' '-s 60' \
	'-s 70' '-s 90' '-s 130' '-s 140' '-s 150' '-s 160'; do
	for seed in 1 2; do
		n=$((n + 1))
		# shellcheck disable=SC2086 # options
		editcap $how --seed "$seed" "$made" "$mangled" 2>/dev/null
		see "$mangled" -2 -V >"$gate_tmp/text"
		! grep -q 'Lua Error' "$gate_tmp/text" || finding \
			"$how --seed $seed: $(grep -m 1 'Lua Error' "$gate_tmp/text")"
		[[ -s $gate_tmp/text ]] ||
			finding "$how --seed $seed: nothing is shown"
	done
done
gate_end "$n"
