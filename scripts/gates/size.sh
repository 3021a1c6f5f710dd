#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Advice: files that have outgrown their noun; never fails for that.
. "$(dirname "$0")/common"

n=0
while read -r file; do
	n=$((n + 1))
	limit=600
	[[ $file != *.h ]] || limit=200
	lines=$(wc -l <"$file")
	[[ $lines -le $limit ]] ||
		echo "advice: $file has $lines lines, more than $limit"
done < <(c_files)
gate_end "$n"
