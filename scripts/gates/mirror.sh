#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: KUnit mirrors proto/, a test file per source file.
. "$(dirname "$0")/common"

# The init ladder runs before any case and after all of them, and the
# definition of the tracepoints is one line.
exempt=' main trace '

n=0
for file in proto/*.c; do
	[[ -e $file ]] || continue
	noun=$(basename "$file" .c)
	[[ $exempt != *" $noun "* ]] || continue
	n=$((n + 1))
	[[ -e kunit/${noun}_kunit.c ]] ||
		finding "$file: no kunit/${noun}_kunit.c"
done
gate_end "$n"
