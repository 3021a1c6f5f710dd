#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: shellcheck has nothing to say about any script.
. "$(dirname "$0")/common"

need_tool shellcheck
mapfile -t files < <(shell_files)
shellcheck -x -P SCRIPTDIR -P . -s bash -f gcc "${files[@]}" >"$found" || true
gate_end "${#files[@]}"
