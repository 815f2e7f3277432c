# iftoprs: five filters and the script that chains them.
#
#   make            build the programs into bin/
#   make check      run every test (make SAN=1 check: under the sanitizers)
#   make install    PREFIX=/usr/local, DESTDIR= for packagers
#   make cap        let every user of this machine capture with bin/capd
#   make fuzz       run each fuzz target for FUZZ_SECONDS (needs clang)
#   make help       these lines
#   make units dist deb static clean lint bpf bench uninstall

VERSION := 0.1.0
TOOLS := capd flowagg procmap namemap tuiview
OS := $(shell uname -s)

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/iftoprs
LIBEXECDIR ?= $(PREFIX)/libexec/iftoprs

B ?= build$(if $(SAN),-san)
BIN ?= $(if $(SAN),$(B)/bin,bin)
CC ?= cc
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
BPF ?= 1

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wformat=2
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 $(TIMES) \
	-DVERSION='"$(VERSION)"' -DBPF=$(BPF) -I. $(if $(filter Darwin,$(OS)),-include lib/darwin.h) $(WARNINGS) $(if $(SAN),$(SANITIZE)) $(CFLAGS) $(CPPFLAGS)
ALL_LDFLAGS = $(if $(SAN),$(SANITIZE)) $(LDFLAGS)

# Times in captures go beyond 2038, on 32-bit processors, too.  The others
# have theirs as libpcap and c-ares do.
$(B)/flowagg/%.o $(B)/tuiview/%.o: TIMES = -D_TIME_BITS=64

# A file named *_linux.c holds what only Linux has; *_other.c stands in
# for it elsewhere.
NOT_HERE := $(if $(filter Linux,$(OS)),%_other.c,%_linux.c)
sources = $(filter-out $(NOT_HERE),$(sort $(wildcard $(1)/*.c)))
objects = $(patsubst %.c,$(B)/%.o,$(call sources,$(1)))

# A static libpcap may want D-Bus, which wants of libsystemd, never there as
# a static library, two functions that only a server of D-Bus calls.
LIBS_pcap = $(if $(STATIC),$(patsubst -lsystemd,-Xlinker \
	--defsym=sd_listen_fds=0 -Xlinker --defsym=sd_is_socket=0,$(shell \
	$(PKG_CONFIG) --static --libs libpcap)),-lpcap)
LIBS_capd = $(LIBS_pcap) $(if $(filter Linux,$(OS)),-lseccomp -lcap)
LIBS_flowagg := -lpthread
LIBS_procmap := $(if $(filter Linux,$(OS)),-Xlinker --as-needed -lcap) -lpthread
LIBS_namemap = $(shell $(PKG_CONFIG) --libs libcares)
LIBS_tuiview = $(shell $(PKG_CONFIG) --libs ncursesw) -lpthread -lm

# The front script and its helpers; built elsewhere, they are copied.
SCRIPTS := $(if $(filter bin,$(BIN)),,iftoprs iftoprs-options iftoprs-chain \
	iftoprs-files)

all: $(TOOLS:%=$(BIN)/%) $(SCRIPTS:%=$(BIN)/%)

define tool
$(BIN)/$(1): $(call objects,$(1)) $(B)/lib.a
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ $$(LIBS_$(1)) -lm
endef
$(foreach t,$(TOOLS),$(eval $(call tool,$(t))))

$(SCRIPTS:%=$(BIN)/%): $(BIN)/%: bin/%
	@mkdir -p $(@D)
	cp bin/$* $@

$(B)/lib.a: $(call objects,lib)
	rm -f $@	# with what was there before
	$(AR) rcs $@ $^

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Rewritten only when it differs, so a change of flags rebuilds.
$(B)/flags: FORCE
	@mkdir -p $(B)
	@echo '$(CC) $(subst ','\'',$(ALL_CFLAGS)) $(ALL_LDFLAGS)' | \
		cmp -s - $@ || \
		echo '$(CC) $(subst ','\'',$(ALL_CFLAGS)) $(ALL_LDFLAGS)' >$@

-include $(wildcard $(B)/*/*.d $(B)/tests/*/*.d)

# A unit test tests/unit/TOOL_MODULE.c is linked with TOOL/MODULE.c, with
# what its "uses:" line names, and with lib.  So is a fuzz target, here with
# what gives it files in place of a fuzzer.
UNITS := $(notdir $(basename $(wildcard tests/unit/*.c)))
FUZZ := $(notdir $(basename $(wildcard tests/fuzz/*.c)))
units: $(UNITS:%=$(B)/unit/%) $(FUZZ:%=$(B)/fuzz/%)

define unit
$(B)/$(1)/$(2): $(B)/tests/$(1)/$(2).o $(3) $(patsubst %.c,$(B)/%.o,$(shell \
    sed -n 's/^.*uses: *\(.*[a-z]\).*/\1/p' tests/$(1)/$(2).c)) $(B)/lib.a
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ $(LIBS_$(firstword $(subst _, ,$(2)))) -lm -lpthread
endef
$(foreach u,$(UNITS),$(eval $(call unit,unit,$(u),)))
$(foreach f,$(FUZZ),$(eval $(call unit,fuzz,$(f),$(B)/tests/tools/fuzz-run.o)))

help:
	@sed -n 's/^#   //p' Makefile

check: all units
	BIN=$(BIN) UNIT=$(B)/unit scripts/run-tests $(TESTS)

lint:
	scripts/lint

# What procmap loads into the kernel; needs clang and bpftool.
bpf:
	procmap/bpf/generate >procmap/bpf/skeleton.new
	mv procmap/bpf/skeleton.new procmap/bpf/skeleton.h

cap: $(BIN)/capd
	setcap cap_net_raw=ep $(BIN)/capd

quote = '$(subst ','\'',$(1))'
INSTALL = $(foreach v,DESTDIR BIN BINDIR MANDIR DATADIR LIBEXECDIR,\
	$(v)=$(call quote,$($(v)))) scripts/install

install: all
	$(INSTALL)

uninstall:
	$(INSTALL) -u

# The source as a tar file, and a Debian package.
dist:
	scripts/dist $(VERSION)

deb: all
	BIN='$(BIN)' scripts/deb $(VERSION)

# Linked statically, as far as the libraries here can be.
static:
	-$(MAKE) -s -k STATIC=1 LDFLAGS=-static B=$(B)-static \
		BIN=$(B)-static/bin all
	ls $(B)-static/bin

fuzz:
	scripts/fuzz

bench: all
	scripts/bench

clean:
	rm -rf build build-san build-fuzz build-static $(TOOLS:%=bin/%)

FORCE:
.PHONY: all help check units lint bpf cap install uninstall fuzz bench clean \
	dist deb static FORCE
.SUFFIXES:
