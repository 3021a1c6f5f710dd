#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: iohyp and ioguest build without a warning.
. "$(dirname "$0")/common"

if ! make --no-print-directory tools WERROR=-Werror >"$gate_tmp/log" 2>&1; then
	tail -n 40 "$gate_tmp/log"
	finding "make tools failed"
fi
n=0
for tool in build/tools/iohyp build/tools/ioguest; do
	if [[ -x $tool ]]; then n=$((n + 1)); else finding "no $tool"; fi
done
gate_end "$n"
