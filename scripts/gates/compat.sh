#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: kernel versions are compared only in proto/compat/, in files named
# after a kernel header.
. "$(dirname "$0")/common"

mapfile -t files < <(kernel_files)
if [[ ${#files[@]} -gt 0 ]]; then
	grep -HnE 'LINUX_VERSION_CODE|KERNEL_VERSION\(|linux/version\.h' \
		"${files[@]}" | grep -v '^proto/compat/' >"$found" || true
fi

# In a folder of the kernel's name, a file stands in front of the real one.
for file in "${files[@]}"; do
	[[ $file == proto/compat/*/*.h ]] || continue
	grep -q '#include_next' "$file" ||
		finding "$file: a shim without #include_next hides nothing"
done
gate_end "${#files[@]}"
