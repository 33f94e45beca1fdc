# kubecrate: small tools over one library. `make` builds, `make check` tests, `make help` lists the rest.
VERSION = 0.1.0
PREFIX = /usr/local
DESTDIR =

# Another CPU or another build: make BUILD=build-arm64 CROSS=aarch64-linux-gnu- SYSROOT=…, make BUILD=build-asan SAN=address,undefined
BUILD = build
CROSS =
SYSROOT =
SAN =
CC := $(CROSS)$(if $(filter default,$(origin CC)),gcc,$(CC))
AR := $(CROSS)$(if $(filter default,$(origin AR)),ar,$(AR))
PKG_CONFIG = pkg-config
CFLAGS = -O2 -g
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla -Werror
LIBS = libcurl libcrypto jansson yaml-0.1 libpcre2-8 libarchive libisal zlib libzstd libsolv libsolvext expat
PKG = $(if $(SYSROOT),PKG_CONFIG_SYSROOT_DIR=$(SYSROOT) PKG_CONFIG_LIBDIR=$(SYSROOT)/usr/lib/$(CROSS:%-=%)/pkgconfig:$(SYSROOT)/usr/share/pkgconfig )$(PKG_CONFIG)

# make V=1 shows whole commands
Q = $(if $(V),,@)
SANFLAGS = $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
ROOTFLAG = $(if $(SYSROOT),--sysroot=$(SYSROOT))
CPPFLAGS_ALL = -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DKUBECRATE_VERSION='"$(VERSION)"' -DKUBECRATE_DATA='"$(PREFIX)/share/kubecrate"' \
	-Iliboci $(shell $(PKG) --cflags $(LIBS) | sed 's/-I/-isystem /g') $(CPPFLAGS)
LDFLAGS_ALL = -Wl,--as-needed $(LDFLAGS)
CFLAGS_ALL = -std=gnu11 $(CFLAGS) $(WARN) $(SANFLAGS) $(ROOTFLAG)
LDLIBS = $(shell $(PKG) --libs $(LIBS)) -lrpm -lrpmio -lpthread -lm $(EXTRA_LIBS)

LIB_SRC := $(sort $(wildcard liboci/*/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
LIB = $(BUILD)/liboci.a
TOOLS := $(basename $(notdir $(sort $(wildcard cmd/*.c))))
BIN := $(TOOLS:%=$(BUILD)/bin/%)
MAN := $(TOOLS:%=$(BUILD)/man/%.1)
UNIT_SRC := $(sort $(wildcard tests/unit/*/*.c))
UNIT_OBJ := $(UNIT_SRC:%.c=$(BUILD)/%.o)
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZERS := $(FUZZ_SRC:tests/fuzz/%.c=%)

.PHONY: all man install check check-quick check-unit check-cli check-all lint format clean help
all: $(BIN) man

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo '  CC  $@')
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(if $(V),,@echo '  AR  $@')
	$(Q)$(AR) rcs $@ $^

$(BUILD)/bin/%: $(BUILD)/cmd/%.o $(LIB)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD  $@')
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $< $(LIB) $(LDLIBS)

$(BUILD)/unit: $(UNIT_OBJ) $(LIB)
	$(if $(V),,@echo '  LD  $@')
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(UNIT_OBJ) $(LIB) $(LDLIBS) -lcriterion

# The same fuzz targets under a plain main replay their corpus; under clang's libFuzzer (make fuzz) they search.
$(BUILD)/replay/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o $(LIB)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD  $@')
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LDLIBS)

.SECONDARY: $(FUZZ_SRC:%.c=$(BUILD)/%.o) $(BUILD)/tests/fuzz/replay.o

man: $(MAN)
# The options part comes from the tool itself, so a cross build takes its pages from a native one.
$(BUILD)/man/%.1: cmd/%.1.in cmd/common.man $(if $(CROSS),,$(BUILD)/bin/%) scripts/make-man
	@mkdir -p $(@D)
	$(if $(V),,@echo '  MAN $@')
	$(Q)scripts/make-man $(if $(CROSS),build,$(BUILD))/bin/$* $< $(VERSION) >$@.partial && mv $@.partial $@

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/share/kubecrate
	$(if $(BIN),install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin)
	$(if $(MAN),install -m 644 $(MAN) $(DESTDIR)$(PREFIX)/share/man/man1)
	install -m 644 $(LIB) $(DESTDIR)$(PREFIX)/lib
	for h in liboci/*/*.h; do case $$h in *_int.h) ;; *) install -D -m 644 $$h $(DESTDIR)$(PREFIX)/include/$$h;; esac; done
	cp -R lists $(DESTDIR)$(PREFIX)/share/kubecrate/
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|@LIBS@|$(LIBS)|' liboci/liboci.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/liboci.pc

check: check-unit check-replay check-cli
check-quick: lint-includes check-unit
check-unit: $(BUILD)/unit
	$(BUILD)/unit -j2
check-replay: $(FUZZERS:%=$(BUILD)/replay/%)
	scripts/check-replay $(BUILD)/replay
check-cli: $(BIN) man
	scripts/check-cli $(BUILD)

.PHONY: lint-includes check-replay
lint: lint-includes
	scripts/lint
lint-includes:
	scripts/check-includes
format:
	clang-format -i $$(git ls-files -m -o --exclude-standard '*.[ch]')

clean:
	rm -rf build build-*

help:
	@echo 'make              the tools and their manual pages, in $(BUILD)/'
	@echo 'make check        unit tests, fuzz corpora, tool tests: quick, loopback only'
	@echo 'make check-all    sanitizers, valgrind, fuzzing, buildx, booted nodes'
	@echo 'make lint         format, includes, clang-tidy, cppcheck, shellcheck'
	@echo 'make demo         the main job: from an image list to an offline package'
	@echo 'make bench        speed and memory beside skopeo and others, in one run'
	@echo 'make install      to DESTDIR and PREFIX'

-include mk/*.mk
-include $(LIB_OBJ:.o=.d) $(UNIT_OBJ:.o=.d) $(BIN:$(BUILD)/bin/%=$(BUILD)/cmd/%.d) $(FUZZ_SRC:%.c=$(BUILD)/%.d)
