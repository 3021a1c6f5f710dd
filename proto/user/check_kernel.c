// SPDX-License-Identifier: GPL-2.0
/* Can this kernel run the module, and does it? */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "proto/user/check.h"
#include "proto/user/family.h"
#include "proto/user/nl.h"
#include "proto/user/tool.h"

/* Does any line of the stream contain the text? */
static bool sio_check_stream(FILE *file, const char *text, bool *readable)
{
	bool found = false;
	char *line = NULL;
	size_t size = 0;

	while (!found && getline(&line, &size, file) >= 0) {
		*readable = true;
		found = strstr(line, text);
	}
	free(line);
	return found;
}

static bool sio_check_file(const char *path, const char *text, bool *readable)
{
	FILE *file = fopen(path, "re");
	bool found;

	*readable = false;
	if (!file)
		return false;
	found = sio_check_stream(file, text, readable);
	fclose(file);
	return found;
}

/* Is the module installed for a kernel? */
static bool sio_check_installed(const char *release, const char *module)
{
	char path[320];
	char name[64];
	bool readable;

	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", release);
	snprintf(name, sizeof(name), "/%s.ko", module);
	return sio_check_file(path, name, &readable);
}

/* The other kernels the module is installed for, as " (there is ...)". */
static void sio_check_others(const char *module, char *buf, size_t size)
{
	DIR *dir = opendir("/lib/modules");
	struct dirent *entry;
	size_t len = 0;

	*buf = '\0';
	while (dir && (entry = readdir(dir)) && len < size) {
		if (entry->d_name[0] == '.' ||
		    !sio_check_installed(entry->d_name, module))
			continue;
		len += snprintf(buf + len, size - len, "%s%s",
				len ? ", " : "; it is for ", entry->d_name);
	}
	if (dir)
		closedir(dir);
}

static void sio_check_module(struct sio_check *check, const char *release)
{
	const char *module = check->tool->family->module;
	char others[160];

	if (!sio_genl_probe(check->tool)) {
		sio_check_found(check, SIO_CHECK_OK, "module",
				"module %s is loaded", module);
		return;
	}
	if (sio_check_installed(release, module)) {
		sio_check_cure("modprobe %s", module);
		sio_check_found(check, SIO_CHECK_ERROR, "module",
				"module %s is installed, but not loaded",
				module);
		return;
	}
	sio_check_others(module, others, sizeof(others));
	sio_check_cure("%s", check->tool->installer);
	sio_check_found(check, SIO_CHECK_ERROR, "module",
			"module %s is not installed for the running kernel %s%s",
			module, release, others);
}

/* /proc/config.gz needs a program that unpacks it. */
static bool sio_check_proc_config(const char *text, bool *readable)
{
	bool found;
	FILE *file;

	*readable = false;
	if (access("/proc/config.gz", R_OK))
		return false;
	file = popen("exec gzip -dc /proc/config.gz 2>/dev/null", "r");
	if (!file)
		return false;
	found = sio_check_stream(file, text, readable);
	/* It may have been left with something still to say. */
	pclose(file);
	return found;
}

static void sio_check_config(struct sio_check *check, const char *release)
{
	static const char option[] = "CONFIG_NETFILTER_INGRESS=y";
	static const char * const places[] = {
		"/boot/config-%s", "/lib/modules/%s/config",
		"/lib/modules/%s/build/.config",
	};
	char path[320];
	bool readable;
	bool found;
	size_t i;

	found = sio_check_proc_config(option, &readable);
	for (i = 0; i < 3 && !readable; i++) {
		snprintf(path, sizeof(path), places[i], release);
		found = sio_check_file(path, option, &readable);
	}
	if (found) {
		sio_check_found(check, SIO_CHECK_OK, "ingress",
				"the kernel has CONFIG_NETFILTER_INGRESS");
	} else if (readable) {
		sio_check_cure("boot a kernel with it, such as Debian's linux-image-%s",
			       "amd64");
		sio_check_found(check, SIO_CHECK_ERROR, "ingress",
				"the kernel %s is built without CONFIG_NETFILTER_INGRESS, which takes the frames off the link",
				release);
	} else if (sio_genl_probe(check->tool)) {
		sio_check_found(check, SIO_CHECK_ADVICE, "ingress",
				"the configuration of the kernel cannot be read, so CONFIG_NETFILTER_INGRESS is unknown");
	}
}

static void sio_check_lockdown(struct sio_check *check)
{
	static const char path[] = "/sys/kernel/security/lockdown";
	bool readable;

	if (sio_check_file(path, "[none]", &readable) || !readable ||
	    !sio_genl_probe(check->tool))
		return;
	sio_check_cure("sign the modules and enrol the key: mokutil --import; %s(8) tells how",
		       check->tool->installer);
	sio_check_found(check, SIO_CHECK_ADVICE, "lockdown",
			"the kernel is locked down (Secure Boot): it loads signed modules only");
}

/**
 * sio_check_kernel() - look at module, configuration, lockdown
 * @check: takes the findings
 */
void sio_check_kernel(struct sio_check *check)
{
	struct utsname uts;

	if (uname(&uts))
		return;
	sio_check_module(check, uts.release);
	sio_check_config(check, uts.release);
	sio_check_lockdown(check);
}
