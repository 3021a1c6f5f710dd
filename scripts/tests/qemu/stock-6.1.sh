#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What stock-6.12 does, on Debian's 6.1.
# shellcheck disable=SC2034 # used there
kernel=6.1
# shellcheck source=scripts/tests/qemu/stock-6.12.sh
. "$TOP/scripts/tests/qemu/stock-6.12.sh"
