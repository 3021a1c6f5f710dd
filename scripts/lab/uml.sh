# SPDX-License-Identifier: GPL-2.0
# What one.sh and lab share about starting UML kernels.
# shellcheck shell=bash disable=SC2034

# The host's file system as root, kernel log on its own descriptor, and none
# of the devices that drivers make unasked.
UML_ARGS=(
	rootfstype=hostfs rootflags=/ ro "init=$HERE/uml-init.sh"
	con=null console=tty1 loglevel=7 panic=-1
	dummy.numdummies=0 bonding.max_bonds=0 ifb.numifbs=0
)

# What UML says about the host at each start.
UML_CHATTER='^Check|^Core dump|^[[:space:]]*(soft|hard) -|^Adding'
