#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: symbols carry our prefix, and the two ends need only the core.
. "$(dirname "$0")/common"

need_tool nm
log=$gate_tmp/log
dir=$(scripts/kbuild.sh --werror headers-6.12 2>"$log") || {
	tail -n 30 "$log"
	echo "symbols: the build failed"
	exit 1
}

# What the compiler, modpost and the tracing macros make around our names.
made='^(init_module|cleanup_module|__this_module|__mod_.*|_note_[0-9]+'
made+='|__(start|stop)_alloc_tags'
made+='|__UNIQUE_ID_.*|__crc_.*|__ksymtab_.*|__kstrtab.*|__export_symbol_.*'
made+='|__(traceiter|tracepoint|bpf_trace|event|probestub)_sio_.*'
made+='|(event|trace_event_[a-z_]*|str__)_?sio_.*'
made+='|__SC[KT]__tp_func_sio_.*)$'

n=0
for ko in "$dir"/splitio{,_fe,_be}.ko; do
	[[ -e $ko ]] || continue
	mod=$(basename "$ko" .ko)
	nm --defined-only "$ko" | awk '$2 ~ /[A-Z]/ { print $3 }' | sort -u \
		>"$gate_tmp/$mod.def"
	nm --undefined-only "$ko" | awk '{ print $NF }' | sort -u \
		>"$gate_tmp/$mod.undef"
	while read -r sym; do
		n=$((n + 1))
		plain=${sym#__pfx_}
		[[ $plain =~ ^(__)?sio_ || $plain =~ $made ]] ||
			finding "$mod: global symbol $sym has no sio_ prefix"
	done <"$gate_tmp/$mod.def"
done

# needs_from A B: A may not use anything that only B defines.
needs_from()
{
	local sym

	[[ -e $gate_tmp/$1.undef && -e $gate_tmp/$2.def ]] || return 0
	while read -r sym; do
		finding "$1: needs $sym of $2"
	done < <(comm -12 "$gate_tmp/$1.undef" "$gate_tmp/$2.def" |
		grep -v '^\(init\|cleanup\)_module$')
}

needs_from splitio splitio_fe
needs_from splitio splitio_be
needs_from splitio_fe splitio_be
needs_from splitio_be splitio_fe

while read -r _ sym mod kind _; do
	[[ $kind == EXPORT_SYMBOL_GPL ]] ||
		finding "$mod: $sym is exported by $kind"
done <"$dir/Module.symvers"
gate_end "$n"
