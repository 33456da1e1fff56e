# Balcão. One file, no recursion; everything built lies under build/.
#
#   make [V=release|debug|asan|fuzz|cover]   programs, jobs and tools in build/$(V); `make tests`: the test programs
#   make run | test | asan | lint            scripts/run, scripts/test, the same with sanitizers, the checks of the source
#   make soak                                the long forms of the proofs: an hour or two
#   make fuzz [T=60]                         every fuzz target for T seconds (clang)
#   make bench [BENCH='--large ...']         tests/bench/run
#   make install [DESTDIR=] [PREFIX=/usr/local]
#
# A new folder under cgi/ with a main.c is a new program, a new .c file anywhere is found by itself.

V       ?= release
T       ?= 60
PREFIX  ?= /usr/local
DESTDIR ?=
B       := build/$(V)

ifeq ($(V),fuzz)
CC := clang
else ifeq ($(origin CC),default)
CC := gcc
endif
AR := ar

# Rows of tables leave out what is zero.
WARN := -Wall -Wextra -Werror -Wpedantic -Wshadow -Wvla -Wundef -Wformat=2 -Wconversion -Wcast-qual \
	-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wimplicit-fallthrough -Wpointer-arith -Wno-missing-field-initializers
HARD := -fstack-protector-strong -fstack-clash-protection -fcf-protection -ftrivial-auto-var-init=zero
SAN  := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# glibc of Debian 12 and gcc 12 know level 3; it needs optimisation.
OPT_release := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $(HARD)
OPT_debug   := -Og -g3 $(HARD) -DCRASH_POINTS
OPT_asan    := -O1 -g $(SAN) -DARENA_MALLOC -DCRASH_POINTS
OPT_fuzz    := -O1 -g $(SAN) -fsanitize=fuzzer-no-link -DARENA_MALLOC -DFUZZING
OPT_cover   := -O0 -g --coverage
ifeq ($(OPT_$(V)),)
$(error V must be release, debug, asan, fuzz or cover)
endif
LD_release := -Wl,-z,relro,-z,now,-z,noexecstack
LD_debug   := $(LD_release)
LD_asan    := $(SAN)
LD_fuzz    := $(SAN)
LD_cover   := --coverage

# Our headers are named from the root of the repository, those of libraries by -isystem only.
# The schema that the programs are built for: the highest migration.
SCHEMA   := $(shell ls sql/migrations | sed -n 's/^0*\([1-9][0-9]*\)_.*\.sql$$/\1/p' | sort -n | tail -n 1)
CPPFLAGS := -D_GNU_SOURCE -DBALCAO_SCHEMA=$(SCHEMA) -I. -Ibuild -isystem /usr/include/postgresql -isystem /usr/include/ClearSilver
CFLAGS   := -std=c17 $(WARN) $(OPT_$(V)) -fPIE
LDFLAGS  := -pie $(LD_$(V))
COMPILE   = $(CC) $(CPPFLAGS) $(CFLAGS)

LIBS_WEB  := -lfcgi -lneo_cs -lneo_utl -ljansson -lpq -lsodium -lmagic -lz -lm
LIBS_LIVE := -lwebsockets $(filter-out -lfcgi,$(LIBS_WEB))
LIBS_JOB  := -lcurl -ljansson -lpq -lsodium -lmagic -lz -lm
LIBS_STUB := -lmicrohttpd -ljansson -lcurl -lsodium -lpthread -lm
LIBS_TEST := -lcunit -lcurl -lmicrohttpd $(LIBS_WEB) -lpthread

# ---- what there is ------------------------------------------------------------------------------
objs  = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)))

SQL := $(sort $(wildcard sql/queries/*.sql))
GEN := $(patsubst sql/queries/%.sql,build/gen/sql_%,$(SQL))

OBJ_libbase  := $(call objs,lib/base/*.c)
OBJ_libdata  := $(call objs,lib/crypto/*.c lib/db/*.c lib/rec/*.c lib/auth/*.c) $(GEN:build/%=$(B)/%.o)
OBJ_libmodel := $(call objs,model/*.c model/*/*.c)
OBJ_libweb   := $(call objs,lib/view/*.c lib/http/*.c)
OBJ_libnet   := $(call objs,lib/net/*.c)
# What the pages of all programs share.
OBJ_libpage  := $(call objs,cgi/*.c)
a = $(patsubst %,$(B)/lib/%.a,$(1))
A_WEB := $(call a,libpage libweb libmodel libdata libbase)
A_JOB := $(call a,libnet libmodel libdata libbase)
A_ALL := $(call a,libpage libweb libnet libmodel libdata libbase)

# program: name, objects, archives, libraries
define program
ifneq ($(strip $(2)),)
BINS += $(B)/bin/$(1)
OBJS += $(2)
$(B)/bin/$(1): $(2) $(3) $(B)/ldflags
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS) -o $$@ $(2) $(3) $(4)
endif
endef

CGI := $(patsubst cgi/%/main.c,%,$(sort $(wildcard cgi/*/main.c)))
$(foreach p,$(filter-out live,$(CGI)),$(eval $(call program,balcao-$(p),$(call objs,cgi/$(p)/*.c),$(A_WEB),$(LIBS_WEB))))
$(eval $(call program,balcao-live,$(if $(filter live,$(CGI)),$(call objs,cgi/live/*.c)),$(A_WEB),$(LIBS_LIVE)))
$(eval $(call program,balcao-job,$(call objs,jobs/*.c),$(A_JOB),$(LIBS_JOB)))
$(eval $(call program,balcao-console,$(call objs,jobs/console/*.c),$(A_JOB),$(LIBS_JOB)))
$(eval $(call program,balcao-migrate,$(call objs,jobs/migrate/*.c),$(A_JOB),$(LIBS_JOB)))
$(eval $(call program,balcao-graph-stub,$(call objs,tests/stub/*.c),$(call a,libdata libbase),$(LIBS_STUB) -lpq))
# Every program's routes in one binary: all of cgi/ but each main.o, and not live, which has none.
OBJ_routes := $(filter-out %/main.o $(B)/cgi/live/%,$(call objs,cgi/*/*.c))
ifneq ($(wildcard tests/routes/*.c),)
$(eval $(call program,balcao-routes,$(call objs,tests/routes/*.c) $(OBJ_routes),$(A_WEB),$(LIBS_WEB)))
SHARED := $(addprefix $(B)/share/,openapi.json api.pt_BR.html api.en.html)
endif
$(eval $(call program,ingest_load,$(call objs,tests/proofs/*.c),$(call a,libdata libbase),-lsodium -lpq -lpthread))
$(eval $(call program,bench_load,$(call objs,tests/bench/*.c),$(call a,libdata libbase),-lsodium -lpq -lpthread))
$(eval $(call program,unit_test,$(call objs,tests/unit/*.c),$(A_ALL),$(LIBS_TEST)))
$(eval $(call program,db_test,$(call objs,tests/db/*.c),$(A_ALL),$(LIBS_TEST)))
$(eval $(call program,e2e_test,$(call objs,tests/e2e/*.c) $(OBJ_routes),$(A_ALL),$(LIBS_TEST)))

FUZZ := $(patsubst tests/fuzz/%.c,$(B)/bin/%,$(sort $(wildcard tests/fuzz/*_fuzz.c)))
# What tests/fuzz/ shares among its targets.
OBJ_fuzz := $(filter-out %_fuzz.o,$(call objs,tests/fuzz/*.c))

# ---- build --------------------------------------------------------------------------------------
.PHONY: all tests run test asan fuzz fuzz-build bench lint install clean FORCE
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
all: $(filter-out %_test,$(BINS)) $(SHARED)
tests: $(filter %_test,$(BINS))

$(foreach l,libbase libdata libmodel libweb libnet libpage,$(eval $(B)/lib/$(l).a: $(OBJ_$(l)) $(B)/lib/$(l).list))
$(B)/lib/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) crs $@ $(filter %.o,$^)
# Changes when a file was added or removed, so that no dead object stays in an archive.
$(B)/lib/%.list: FORCE
	@mkdir -p $(@D)
	@echo '$(OBJ_$*)' | cmp -s - $@ || echo '$(OBJ_$*)' >$@

$(B)/%.o: %.c $(B)/flags | build/gen/done
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<
# Statements may be longer than the 4095 characters that ISO C guarantees for a literal.
$(B)/gen/%.o: build/gen/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) -Wno-overlength-strings -MMD -MP -c -o $@ $<

$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILE)' | cmp -s - $@ || echo '$(COMPILE)' >$@
$(B)/ldflags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(LDFLAGS)' | cmp -s - $@ || echo '$(CC) $(LDFLAGS)' >$@

# One run for all files (names are unique over all of them); it writes only what changed.
build/gen/done: $(SQL) scripts/sqlgen build/gen/list
	@scripts/sqlgen build/gen $(SQL)
	@touch $@
build/gen/list: FORCE
	@mkdir -p $(@D)
	@echo '$(SQL)' | cmp -s - $@ || echo '$(SQL)' >$@
$(GEN:=.c) $(GEN:=.h): build/gen/done ;

$(B)/share/openapi.json: $(B)/bin/balcao-routes
	@mkdir -p $(@D)
	$< openapi >$@

$(B)/share/api.%.html: $(B)/bin/balcao-routes templates/auth/api.cs templates/lib/layout.cs templates/lang/%.hdf
	@mkdir -p $(@D)
	$< reference $* >$@

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# ---- targets ------------------------------------------------------------------------------------
run:
	@BALCAO_BUILD=$(V) scripts/run
test:
	@BALCAO_BUILD=$(V) scripts/test
asan:
	@BALCAO_BUILD=asan scripts/test
.PHONY: soak
soak:
	@SUITE_LIMIT=7200 INGEST_COUNT=20000 INGEST_KILLS=200 CRASH_MESSAGES=10000 CRASH_KILLS=200 FUZZ_SECONDS=60 LIVE_PARTS= scripts/test jobs live ingest fuzz

bench: all
	@tests/bench/run $(BENCH)

# What cppcheck 2.10 is wrong about here: it does not follow _Generic, cannot read a compound literal inside ?:, and
# 64-bit NULL is a pointer.
CPPCHECK_WRONG := missingInclude unknownMacro varFuncNullUB legacyUninitvar uninitvar uninitStructMember \
	arrayIndexOutOfBoundsCond arrayIndexThenCheck internalAstError
lint: build/gen/done
	@scripts/check-layers
	@CC='$(CC)' FLAGS='$(CPPFLAGS) $(CFLAGS)' scripts/check-headers
	@if [ -x scripts/check-templates ]; then scripts/check-templates; fi
	@if command -v shellcheck >/dev/null; then \
		shellcheck -x .ci/run $$(grep -lE '^#!.*(ba|/)sh' scripts/* tests/suites/* 2>/dev/null); fi
	@if command -v cppcheck >/dev/null; then \
		cppcheck -q -j2 --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
			$(addprefix --suppress=,$(CPPCHECK_WRONG)) -D__GNUC__ -DBALCAO_SCHEMA=$(SCHEMA) -I. -Ibuild \
			$(wildcard lib model cgi jobs tests); fi

# The targets build in their own variant whatever V says.
fuzz:
	@$(MAKE) --no-print-directory V=fuzz fuzz-build
	@scripts/fuzz $(T)
fuzz-build: $(FUZZ)
ifneq ($(FUZZ),)
OBJS += $(call objs,tests/fuzz/*.c)
$(FUZZ): $(B)/bin/%: $(B)/tests/fuzz/%.o $(OBJ_fuzz) $(A_ALL) $(B)/ldflags
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $< $(OBJ_fuzz) $(A_ALL) $(filter-out -lcunit,$(LIBS_TEST))
endif

LIBEXEC := $(PREFIX)/libexec/balcao
DATA    := $(PREFIX)/share/balcao
TOOLS   := balcao-job balcao-console balcao-migrate
SHIPPED := $(filter $(patsubst %,$(B)/bin/%,$(addprefix balcao-,$(CGI)) $(TOOLS)),$(BINS))

# /etc is /etc, wherever the programs go; an edited balcao.conf is kept.
install: all
	install -d '$(DESTDIR)$(LIBEXEC)' '$(DESTDIR)$(DATA)' '$(DESTDIR)/etc/cron.d' '$(DESTDIR)/etc/nginx/balcao' \
		'$(DESTDIR)/etc/nginx/sites-available' '$(DESTDIR)/lib/systemd/system' '$(DESTDIR)/usr/lib/tmpfiles.d'
	install -m 755 $(SHIPPED) '$(DESTDIR)$(LIBEXEC)'
	cp -R templates static sql '$(DESTDIR)$(DATA)'
	$(if $(SHARED),install -m 644 $(SHARED) '$(DESTDIR)$(DATA)')
	scripts/site '$(DESTDIR)/etc/nginx' '$(DATA)'
	sed 's|@LIBEXEC@|$(LIBEXEC)|' jobs/crontab >'$(DESTDIR)/etc/cron.d/balcao'
	for u in scripts/systemd/*.service scripts/systemd/*.socket scripts/systemd/*.target; do \
		sed -e 's|@LIBEXEC@|$(LIBEXEC)|' "$$u" >"$(DESTDIR)/lib/systemd/system/$${u##*/}"; done
	install -m 644 scripts/systemd/balcao.tmpfiles '$(DESTDIR)/usr/lib/tmpfiles.d/balcao.conf'
	[ -e '$(DESTDIR)/etc/balcao.conf' ] || \
		sed 's|@DATA@|$(DATA)|' scripts/systemd/balcao.conf | install -m 640 /dev/stdin '$(DESTDIR)/etc/balcao.conf'

clean:
	rm -rf build/release build/debug build/asan build/fuzz build/cover build/gen
