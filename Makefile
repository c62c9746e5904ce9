# forewarn: `make demo` shows it, `make check` tests it; both install what is missing.

BUILD   ?= build
CC      ?= cc
PREFIX  ?= /usr/local
UNITDIR ?= $(PREFIX)/lib/systemd/system
PROGRAMME ?= /srv/forewarn
T       ?=
JOBS    ?= 6
FORMAT  ?= clang-format -i
SECONDS ?= 60

PACKAGES = gpgme libassuan gpg-error libcurl sqlite3 libgcrypt libarchive libseccomp jansson
HEADERS  = gpgme.h assuan.h curl/curl.h libetpan/libetpan.h iniparser/iniparser.h sqlite3.h gcrypt.h archive.h seccomp.h jansson.h
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wwrite-strings \
           -Wcast-qual -Wformat=2 -Wvla -Wundef -Wstrict-prototypes \
           -Wmissing-prototypes -Wimplicit-fallthrough -Werror=format-security \
           -Werror=implicit -Werror=incompatible-pointer-types -Werror=int-conversion
# The OpenSSF guide's flags, as far as this compiler has them: see $(BUILD)/harden.
HARDEN  ?= @$(BUILD)/harden
PROBED   = -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
           -fcf-protection=full -mbranch-protection=standard -ftrivial-auto-var-init=zero \
           -fstrict-flex-arrays=3 -fno-delete-null-pointer-checks -fno-strict-overflow \
           -fno-strict-aliasing -Wtrampolines -Wbidi-chars=any
CFLAGS  ?= -g
WERROR  ?=
SANITIZE ?=

CPPFLAGS += -D_GNU_SOURCE -Imailer $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
ALLFLAGS  = -std=c11 $(WARNINGS) $(WERROR) $(HARDEN) $(SANITIZE) $(CFLAGS)
LDFLAGS  += -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,nodlopen $(SANITIZE)
# Not by pkg-config: libetpan's file repeats the flags that Debian linked it with, one of
# which names a file of dpkg-dev.
LDLIBS    = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -letpan -liniparser -lm

SRC   = $(foreach layer,base policy edge cmd,$(wildcard mailer/$(layer)/*.c))
OBJ   = $(SRC:%.c=$(BUILD)/%.o) $(BUILD)/stock.o
# Compiled in: by its name there, and the file. Directories, so that a file that went is noticed.
STOCK = $(sort $(foreach file,$(wildcard templates/*.mustache templates/page/*),$(file)=$(file)) \
        $(foreach file,$(shell find contrib/start contrib/advisory contrib/evidence -type f),$(file:contrib/%=%)=$(file)))
STOCK_DIRS = $(shell find templates contrib/start contrib/advisory contrib/evidence -type d)
UNIT  = $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*$(T)*.c))
ANALYSED = $(patsubst %.c,$(BUILD)/analysed/%,$(SRC) mailer/main.c)
TOOLS = $(patsubst tests/tools/%.c,$(BUILD)/tests/%,$(wildcard tests/tools/*.c)) \
        $(patsubst tests/preload/%.c,$(BUILD)/tests/%.so,$(wildcard tests/preload/*.c))
# These wait the longest: they begin first.
SLOW  = $(filter %_smtp %_smtp_trust,$(UNIT))
E2E   = $(wildcard tests/e2e/*$(T)*.t)
LONG  = $(wildcard tests/long/*$(T)*.t)
FUZZ  = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*$(T)*.c))
SEEDS = $(FUZZ:%=$(BUILD)/replay/%)
SCRIPTS = .ci/run contrib/demo contrib/story contrib/stage.sh contrib/install-deps contrib/debian/build contrib/evidence/verify.sh $(wildcard contrib/debian/p*) mailer/edge/stock.sh $(wildcard tests/*.sh tests/e2e/* tests/long/*) tests/fuzz/run \
          tests/bench/peer-msmtp.sh

MANDIR = $(DESTDIR)$(PREFIX)/share/man
DOCDIR = $(DESTDIR)$(PREFIX)/share/doc/forewarn
BASHDIR = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(DESTDIR)$(PREFIX)/share/zsh/site-functions
PAGES = $(notdir $(wildcard mailer/man/*))
UNITS = forewarn.service forewarn.timer forewarn-agent.service
PLACE = sed 's|/usr/local/bin/forewarn|$(PREFIX)/bin/forewarn|g; s|/srv/forewarn|$(PROGRAMME)|g'

all: $(BUILD)/forewarn

$(BUILD)/forewarn: $(BUILD)/mailer/main.o $(BUILD)/libforewarn.a
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libforewarn.a: $(OBJ)
	@rm -f $@
	@ar rcs $@ $^

# A missing library is said in one line, before the compiler says it in many.
$(BUILD)/libraries:
	@mkdir -p $(@D)
	@for tool in $(firstword $(CC)) pkg-config; do \
		command -v $$tool >/dev/null || missing="$$missing $$tool"; \
	done; \
	[ "$$missing" ] || for header in $(HEADERS); do \
		printf '#if !__has_include(<%s>)\n#error\n#endif\n' $$header | \
		$(CC) $(CPPFLAGS) -E - >/dev/null 2>&1 || missing="$$missing $$header"; \
	done; \
	[ -z "$$missing" ] || { \
		echo "forewarn: not here:$$missing; contrib/install-deps installs it" >&2; \
		exit 1; \
	}
	@touch $@

# Asked once. The C library warns where it does not know the third level of fortifying.
$(BUILD)/harden:
	@mkdir -p $(@D)
	@flags='-O2 -fPIE -U_FORTIFY_SOURCE'; fortify=-D_FORTIFY_SOURCE=2; \
	for flag in $(PROBED); do \
		echo '#include <string.h>' | $(CC) $$flags $$flag -Werror -x c -c -o $@.o - 2>/dev/null || continue; \
		case $$flag in -D*) fortify=$$flag ;; *) flags="$$flags $$flag" ;; esac; \
	done; \
	echo "$$flags $$fortify" >$@
	@rm -f $@.o

$(BUILD)/%.o: %.c | $(BUILD)/libraries $(patsubst @%,%,$(filter @%,$(HARDEN)))
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(CPPFLAGS) $(ALLFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/stock.c: mailer/edge/stock.sh $(foreach pair,$(STOCK),$(lastword $(subst =, ,$(pair)))) $(STOCK_DIRS)
	@mkdir -p $(@D)
	@mailer/edge/stock.sh $(STOCK) >$@

$(BUILD)/stock.o: $(BUILD)/stock.c | $(BUILD)/libraries $(patsubst @%,%,$(filter @%,$(HARDEN)))
	@echo "  cc stock"
	@$(CC) $(CPPFLAGS) $(ALLFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libforewarn.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

$(BUILD)/tests/%: $(BUILD)/tests/tools/%.o $(BUILD)/libforewarn.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Preloaded into the program by a script. An allocator is told of no built-in allocators.
$(BUILD)/tests/%.so: tests/preload/%.c | $(BUILD)/libraries
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) -D_GNU_SOURCE -std=c11 -O2 -g $(WARNINGS) $(WERROR) -fPIC -fno-builtin \
	    -fexceptions -shared -o $@ $<

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Each fuzzer's seeds alone, with any compiler ...
$(BUILD)/replay/%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(BUILD)/libforewarn.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# ... and the fuzzer itself, with clang: see fuzz.
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/libforewarn.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

# What a fresh machine lacks; says so and stops where it cannot install.
deps:
	@contrib/install-deps

demo: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@contrib/demo $(abspath $(BUILD))/forewarn

# A leak, and what one does then: contrib/story says it all.
story: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@contrib/story $(abspath $(BUILD))/forewarn

check: deps
	@$(MAKE) --no-print-directory -j$(JOBS) test T=$(T)

test: $(BUILD)/forewarn $(UNIT) $(TOOLS) $(SEEDS)
	tests/layers.sh
	tests/table.sh
	CMOCKA_MESSAGE_OUTPUT=TAP FOREWARN=$(abspath $(BUILD)/forewarn) \
	TOOLS=$(abspath $(BUILD)/tests) tests/suite.sh --timer -j$(JOBS) $(SLOW) $(E2E) $(filter-out $(SLOW),$(UNIT)) $(SEEDS)

# What takes minutes a script, for a release.
check-long:
	@contrib/install-deps valgrind
	@$(MAKE) --no-print-directory -j$(JOBS) test-long T=$(T)

test-long: $(BUILD)/forewarn $(TOOLS)
	FOREWARN=$(abspath $(BUILD)/forewarn) TOOLS=$(abspath $(BUILD)/tests) \
	tests/suite.sh --timer -j2 $(LONG)

unit: $(UNIT) $(SEEDS)
	CMOCKA_MESSAGE_OUTPUT=TAP prove -e '' $(UNIT) $(SEEDS)

# make fuzz T=ini SECONDS=60: what it finds and learns is kept in build-fuzz/.
fuzz:
	@$(MAKE) --no-print-directory BUILD=build-fuzz CC=clang HARDEN=-O1 \
	    SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' \
	    fuzzers
	@for one in $(FUZZ); do tests/fuzz/run build-fuzz $$one $(SECONDS) || exit; done

fuzzers: $(FUZZ:%=$(BUILD)/fuzz/%)

# make bench ROWS='grouped far' N='1000 10000' ROUNDS=5 RESUME=1: how fast it is, beside its
# limits and its peers. Keys and programmes are kept in build-bench/.
bench: deps
	@contrib/install-deps stunnel4 msmtp python3-gpg libdb5.3 libicu72 libnsl2
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/forewarn $(BUILD)/tests/compose $(BUILD)/bench/limits
	@N='$(N)' ROUNDS='$(ROUNDS)' PEERS='$(PEERS)' RESUME='$(RESUME)' \
	    tests/bench/run $(abspath $(BUILD)) $(abspath build-bench) $(ROWS)

# What no compiler warns of; each tool's exceptions say why: .clang-tidy, .shellcheckrc,
# tests/analyse/. A source that stays as it was is not analysed again.
analyse:
	@contrib/install-deps clang-tidy cppcheck shellcheck
	@$(MAKE) --no-print-directory -j$(JOBS) analysed

analysed: $(ANALYSED)
	cppcheck --quiet --error-exitcode=1 --language=c --std=c11 -D_GNU_SOURCE -Imailer \
	    --enable=warning,style,performance,portability --library=posix \
	    --library=tests/analyse/cppcheck.cfg \
	    --suppressions-list=tests/analyse/cppcheck.suppress mailer
	shellcheck -s sh -S warning $(SCRIPTS)
	shellcheck -s bash -S warning contrib/completion/forewarn.bash

$(BUILD)/analysed/%: %.c .clang-tidy | $(BUILD)/libraries
	@mkdir -p $(@D)
	@echo "  analyse $<"
	@gcc $(CPPFLAGS) -std=c11 -O1 -fanalyzer -Werror -MMD -MP -MF $@.d -MT $@ -S -o /dev/null $<
	@clang-tidy --quiet $< -- $(CPPFLAGS) -std=c11 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

# With PREFIX's binary and the place of the programme in what starts forewarn. Nothing is
# enabled, and an uninstall touches no programme.
install: all
	install -D -m 755 $(BUILD)/forewarn $(DESTDIR)$(PREFIX)/bin/forewarn
	for n in 1 5 7; do install -D -m 644 -t $(MANDIR)/man$$n mailer/man/*.$$n || exit; done
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/forewarn/templates templates/*.mustache
	install -D -m 644 -t $(DOCDIR) README.md
	install -D -m 644 keys/README.md $(DOCDIR)/keys.md
	install -d $(DOCDIR)/examples $(DESTDIR)$(UNITDIR)
	cp -R contrib/example $(DOCDIR)/examples/programme
	$(PLACE) contrib/forewarn.cron >$(DOCDIR)/examples/forewarn.cron
	for unit in $(UNITS); do $(PLACE) contrib/$$unit >$(DESTDIR)$(UNITDIR)/$$unit || exit; done
	install -D -m 644 contrib/completion/forewarn.bash $(BASHDIR)/forewarn
	install -D -m 644 -t $(ZSHDIR) contrib/completion/_forewarn

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/forewarn $(BASHDIR)/forewarn $(ZSHDIR)/_forewarn \
	    $(UNITS:%=$(DESTDIR)$(UNITDIR)/%) $(PAGES:%=$(MANDIR)/man?/%)
	rm -rf $(DESTDIR)$(PREFIX)/share/forewarn $(DOCDIR)

# build/deb/forewarn_*.deb, and what lintian says of it.
deb:
	contrib/debian/build

format:
	@$(FORMAT) $(SRC) mailer/main.c $(wildcard mailer/*/*.h tests/*/*.[ch])

clean:
	rm -rf $(BUILD)

.PHONY: all deps demo story check test check-long test-long unit fuzz fuzzers bench analyse analysed install uninstall deb format clean
.SECONDARY:

-include $(OBJ:.o=.d) $(BUILD)/mailer/main.d $(ANALYSED:%=%.d) $(wildcard $(BUILD)/tests/*/*.d)
