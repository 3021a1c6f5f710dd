# SPDX-License-Identifier: GPL-2.0
# Completion in bash for iohyp(8) and ioguest(8), from what their --help says

# Guests or sessions.
_splitio_names()
{
	"$1" -j show 2>/dev/null |
		grep -o '{"name":"[^"]*","session"' | cut -d '"' -f 4
}

_splitio_devices()
{
	"$1" -j show 2>/dev/null |
		sed -n 's/"guest":"\([^"]*\)","name":"\([^"]*\)"/\n\1\/\2\n/gp' |
		grep -v '[{"]'
}

# _splitio_kind OBJECT PREVIOUS: what the next word stands for, by the help of
# the command on standard input: an option's value, or the command's words.
_splitio_kind()
{
	awk -v object="$1" -v prev="$2" '
	$1 == prev && $2 ~ /^[A-Z]|^on[|]off$/ {
		value = $2 == "NAME" ? "NEW" : $2
	}
	/^usage: / {
		for (i = 4; i <= NF && !word; i++)
			if ($i != "[OPTIONS]" && $i ~ /[A-Z]/)
				word = $i
	}
	$1 == object && $2 ~ /^[a-z]+$/ { word = "VERB" }
	END { print value ? value : word ? word : "-" }'
}

_splitio()
{
	local tool=$1 cur=${COMP_WORDS[COMP_CWORD]}
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	local object='' verb='' words='' kind=COMMAND help word i

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
	help=$("$tool" ${object:+"$object"} ${verb:+"$verb"} --help 2>/dev/null) ||
		return 0

	[[ -z $object ]] ||
		kind=$(_splitio_kind "$object" "$prev" <<<"$help")
	case $prev in
	-n | --netns) kind=NETNS ;;
	-b | --batch) kind=FILE ;;
	-*) ;;
	*) [[ $cur != -* ]] || kind=- ;;
	esac

	case $kind in
	*FILE*)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		# bash quotes what is in a name, and adds / to a folder's
		compopt -o filenames 2>/dev/null
		return
		;;
	COMMAND)
		words=$(awk '/^  [a-z]/ && !seen[$1]++ { print $1 }' <<<"$help")
		;;
	VERB) words=$(awk -v o="$object" '$1 == o { print $2 }' <<<"$help") ;;
	NETNS) words=$(ip netns 2>/dev/null | cut -d ' ' -f 1) ;;
	*IFNAME*)
		words=$(ip -o link show 2>/dev/null |
			sed -n 's/^[0-9]*: \([^:@]*\)[:@].*/\1/p')
		;;
	STATE)
		words='waiting dialing greeting up closing gone announced ready
			paused removing failed'
		;;
	MODE) words='bridge passthru private vepa' ;;
	FORMAT) words='openmetrics prometheus' ;;
	CACHE) words='writeback writethrough' ;;
	POLICY) words='wait fail fail:30' ;;
	*DISK*) words=$(_splitio_devices "$tool" | sed 'p; s|.*/||') ;;
	'on|off') words='on off' ;;
	GUEST/DEVICE)
		words=$(_splitio_devices "$tool")
		[[ $verb != create && $verb != add ]] ||
			words=$(_splitio_names "$tool" | sed 's|$|/|')
		;;
	*/DEVICE*) words="$(_splitio_names "$tool") $(_splitio_devices "$tool")" ;;
	*NAME*) words=$(_splitio_names "$tool") ;;
	-)
		words=$(grep -o '^  *\(-[a-z], \)\?--[a-z-]*' <<<"$help" |
			tr -d ,)
		[[ -z $object ]] || words+=' -j --json --help'
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	[[ ${COMPREPLY[*]} != */ ]] || compopt -o nospace 2>/dev/null
}

complete -F _splitio iohyp ioguest
