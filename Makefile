# SPDX-License-Identifier: GPL-2.0
# Entry point for people: builds modules and tools, runs the checks.
# The modules themselves are described in Kbuild.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
COMPDIR ?= $(PREFIX)/share/bash-completion/completions
UNITDIR ?= $(PREFIX)/lib/systemd/system
RULEDIR ?= $(PREFIX)/lib/udev/rules.d

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
# What uname -r says there; kernel.release of Debian's 6.1 is another name.
KREL = $(or $(shell sed -n 's/.* UTS_RELEASE "\(.*\)"$$/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null),$(KVER))
MODDIR = build/mod-$(KREL)
INSTALL_MODDIR = $(DESTDIR)/lib/modules/$(KREL)/updates

MODULES := splitio splitio_fe splitio_be
NO_HEADERS = $(strip $(if $(filter command line environment,$(origin KDIR)), \
	$(KDIR) holds no kernel build tree: name one that does, \
	no headers of kernel $(KVER) here: install linux-headers-$(KVER) \
	or name a build tree with KDIR=))

ifeq ($(CI),true)
WERROR ?= -Werror
endif

CFLAGS ?= -O2 -g
SIO_CFLAGS := -std=gnu11 -Wall -Wextra -Wmissing-prototypes \
	-Wstrict-prototypes $(WERROR) -D_GNU_SOURCE \
	-DSIO_VERSION='"$(VERSION)"' -I. -Iproto/uapi -MMD -MP
MNL_CFLAGS := $(shell pkg-config --cflags libmnl 2>/dev/null)
LIBS := $(shell pkg-config --libs libmnl 2>/dev/null || echo -lmnl)

objs = $(patsubst %.c,build/tools/obj/%.o,$(sort $(wildcard $(1)/*.c)))
USER_OBJS := $(call objs,proto/user)
IOHYP_OBJS := $(call objs,iohyp-tools)
IOGUEST_OBJS := $(call objs,guest-tools)
TOOLS := $(if $(IOHYP_OBJS),build/tools/iohyp) \
	$(if $(IOGUEST_OBJS),build/tools/ioguest)

SCRIPTS := $(wildcard iohyp-tools/install-backend guest-tools/install-frontend)
MANS := $(wildcard iohyp-tools/*.8 guest-tools/*.8)
COMPLETION := proto/user/complete.bash
UNITS := $(wildcard iohyp-tools/*.service guest-tools/*.service)
RULES := $(wildcard guest-tools/*.rules)

.DELETE_ON_ERROR:
.PHONY: all modules modules-if-headers tools install install-modules \
	install-tools uninstall clean check list-tests coverage mutants demo \
	check-wire bench host-clean-check help

all: tools modules-if-headers ## tools, and modules for KVER= or KDIR=

# Without headers the tools are still worth having, so this only tells.
modules-if-headers:
	@if [ -e "$(KDIR)/Makefile" ]; then \
		$(MAKE) --no-print-directory modules; \
	else \
		echo "modules not built: $(NO_HEADERS)" >&2; \
	fi

modules: ## modules for the running kernel, KVER= or KDIR=
	@[ -e "$(KDIR)/Makefile" ] || { echo "$(NO_HEADERS)" >&2; exit 1; }
	@scripts/kbuild.sh $(if $(WERROR),--werror) "$(KDIR)" "$(MODDIR)"

tools: $(TOOLS) ## iohyp and ioguest, to build/tools/

build/tools/iohyp: $(IOHYP_OBJS) $(USER_OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

build/tools/ioguest: $(IOGUEST_OBJS) $(USER_OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

build/tools/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(SIO_CFLAGS) $(MNL_CFLAGS) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

-include $(patsubst %.o,%.d,$(IOHYP_OBJS) $(IOGUEST_OBJS) $(USER_OBJS))

install: install-tools install-modules ## both, honours DESTDIR= and PREFIX=

install-tools: tools ## tools, man pages, completion, units, udev rules
	install -d "$(DESTDIR)$(SBINDIR)"
	install -m 755 $(TOOLS) $(SCRIPTS) "$(DESTDIR)$(SBINDIR)/"
	$(if $(MANS),install -d "$(DESTDIR)$(MANDIR)/man8")
	$(if $(MANS),install -m 644 $(MANS) "$(DESTDIR)$(MANDIR)/man8/")
	install -d "$(DESTDIR)$(COMPDIR)"
	$(foreach f,$(notdir $(TOOLS)),install -m 644 $(COMPLETION) \
		"$(DESTDIR)$(COMPDIR)/$(f)" &&) true
	$(if $(UNITS),install -d "$(DESTDIR)$(UNITDIR)")
	$(if $(UNITS),install -m 644 $(UNITS) "$(DESTDIR)$(UNITDIR)/")
	install -d "$(DESTDIR)$(RULEDIR)"
	install -m 644 $(RULES) "$(DESTDIR)$(RULEDIR)/"

install-modules: modules ## modules to /lib/modules/KVER/updates
	install -d "$(INSTALL_MODDIR)"
	install -m 644 $(MODULES:%=$(MODDIR)/%.ko) "$(INSTALL_MODDIR)/"
	$(if $(DESTDIR),,depmod $(KREL))

uninstall: ## remove what install put there
	rm -f $(MODULES:%="$(INSTALL_MODDIR)/%.ko")
	$(if $(DESTDIR),,if [ -d /lib/modules/$(KREL) ]; then depmod $(KREL); fi)
	rm -f "$(DESTDIR)$(SBINDIR)/iohyp" "$(DESTDIR)$(SBINDIR)/ioguest" \
		$(foreach f,$(notdir $(SCRIPTS)),"$(DESTDIR)$(SBINDIR)/$(f)") \
		$(foreach f,$(notdir $(MANS)),"$(DESTDIR)$(MANDIR)/man8/$(f)") \
		$(foreach f,$(notdir $(TOOLS)),"$(DESTDIR)$(COMPDIR)/$(f)") \
		$(foreach f,$(notdir $(UNITS)),"$(DESTDIR)$(UNITDIR)/$(f)") \
		$(foreach f,$(notdir $(RULES)),"$(DESTDIR)$(RULEDIR)/$(f)")

clean: ## remove build/
	rm -rf build

check: ## all tests; TIER="gates kunit ..." and T=GLOB choose
	@TIER="$(TIER)" T="$(T)" scripts/check.sh

list-tests: ## names of all tests, honours TIER= and T=
	@TIER="$(TIER)" T="$(T)" scripts/check.sh --list

coverage: ## lines and branches of proto/ that KUnit reaches, per file
	@scripts/coverage.sh

mutants: ## every patch in kunit/mutants/ must break the test it names
	@TIER=mutants T="$(T)" scripts/check.sh

demo: ## the README's walkthrough on two virtual machines; KEEP=1
	@scripts/demo.sh

check-wire: ## capture on the middle bridge, judged by tshark and conntrack
	@scripts/check-wire.sh

bench: ## figures beside their peers, to build/bench.json
	@scripts/bench.sh

host-clean-check: ## compare the host before and after a lab run
	@scripts/host-clean-check.sh

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | \
		expand -t 26
