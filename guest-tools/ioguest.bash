# SPDX-License-Identifier: GPL-2.0
# Completion in bash for ioguest(8)

_ioguest_names()
{
	ioguest -j show 2>/dev/null |
		grep -o '{"name":"[^"]*","session"' | cut -d '"' -f 4
}

_ioguest_ifnames()
{
	ip -o link show 2>/dev/null |
		sed -n 's/^[0-9]*: \([^:@]*\)[:@].*/\1/p'
}

_ioguest()
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
	--join | --key-file | -b | --batch)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	-n | --netns) words=$(ip netns 2>/dev/null | cut -d ' ' -f 1) ;;
	--link) words=$(_ioguest_ifnames) ;;
	--state)
		words='waiting dialing greeting up closing gone announced ready
			paused removing failed'
		;;
	esac

	if [[ -z $words ]]; then
		case $object in
		'') words="connect disconnect show monitor wait check fault $globals" ;;
		fault)
			words='set clear'
			[[ -z $verb ]] || words=$(_ioguest_ifnames)
			;;
		disconnect | show | wait) words=$(_ioguest_names) ;;
		check) words=$(_ioguest_ifnames) ;;
		esac
		if [[ -n $object && $cur == -* || $object == connect ]]; then
			[[ $object != fault || -n $verb ]] || verb='set'
			words=$(ioguest "$object" ${verb:+"$verb"} --help \
				2>/dev/null | grep -o '^  --[a-z-]*' |
				tr -d ' ')
			words+=' -j --json --help'
		fi
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _ioguest ioguest
