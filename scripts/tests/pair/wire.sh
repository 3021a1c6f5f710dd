#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The wire as tshark and conntrack see it, in the short form.
scripts/check-wire.sh --short
