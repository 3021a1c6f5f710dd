# SPDX-License-Identifier: GPL-2.0
# Completion in bash for iohyp(8)

_iohyp_names()
{
	iohyp -j guest show 2>/dev/null |
		grep -o '{"name":"[^"]*"' | cut -d '"' -f 4
}

_iohyp_devices()
{
	iohyp -j nic show 2>/dev/null |
		sed -n 's/"guest":"\([^"]*\)","name":"\([^"]*\)"/\n\1\/\2\n/gp' |
		grep -v '[{"]'
}

_iohyp_ifnames()
{
	ip -o link show 2>/dev/null |
		sed -n 's/^[0-9]*: \([^:@]*\)[:@].*/\1/p'
}

# Options of one command, as its help lists them.
_iohyp_options()
{
	iohyp "$@" --help 2>/dev/null | grep -o '^  --[a-z-]*' | tr -d ' '
}

_iohyp()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local words='' object='' verb='' word i
	local globals='-j --json -n --netns -b --batch --keep-going --help --version'

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case ${COMP_WORDS[i - 1]} in
		-n | --netns | -b | --batch) continue ;;
		esac
		[[ $word != -* ]] || continue
		if [[ -z $object ]]; then
			object=$word
		elif [[ -z $verb ]]; then
			verb=$word
		fi
	done

	case $prev in
	--join-file | --key-file | -b | --batch)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	-n | --netns) words=$(ip netns 2>/dev/null | cut -d ' ' -f 1) ;;
	--uplink | --port | --link) words=$(_iohyp_ifnames) ;;
	--mode) words='bridge passthru private vepa' ;;
	--any-mac) [[ $verb != set ]] || words='on off' ;;
	--state)
		words='waiting dialing greeting up closing gone announced ready
			paused removing failed'
		;;
	esac

	if [[ -z $words ]]; then
		case $object in
		'') words="link guest nic show monitor wait check fault $globals" ;;
		link | guest | nic)
			words='create remove set show'
			[[ $object != link ]] || words='create remove show'
			;;
		fault) [[ -n $verb ]] || words='set clear' ;;
		show | wait) words="$(_iohyp_names) $(_iohyp_devices)" ;;
		check) words=$(_iohyp_ifnames) ;;
		esac
		if [[ -n $object && $cur == -* ]]; then
			words="$(_iohyp_options "$object" ${verb:+"$verb"}) -j --json --help"
		elif [[ -n $verb ]]; then
			case $object in
			link | fault) words=$(_iohyp_ifnames) ;;
			guest) words=$(_iohyp_names) ;;
			nic)
				words=$(_iohyp_devices)
				[[ $verb != create ]] ||
					words=$(_iohyp_names | sed 's|$|/|')
				;;
			esac
		fi
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	[[ ${COMPREPLY[*]} != */ ]] || compopt -o nospace 2>/dev/null
}

complete -F _iohyp iohyp
