# The front door. Each target is a line or two; the work is CMake's (CMakePresets.json) and that of tools/.
.POSIX:
.DEFAULT_GOAL = build
PREFIX = /usr/local
DESTDIR =
FUZZ_SECONDS = 60
export PREFIX DESTDIR FUZZ_SECONDS

.PHONY: build demo check check-long bench lint sanitize fuzz coverage install clean help

build: ; @tools/build
demo: build ; @tools/demo
check: ; @tools/check
check-long: ; @tools/check long
bench: build ; @tools/setup bench && bench/run
lint: ; @tools/lint
sanitize: ; @tools/sanitize
fuzz: ; @tools/fuzz
coverage: ; @tools/coverage
install: build ; @tools/install
clean: ; rm -rf build build-*

help:
	@echo 'make             set up what is missing, build build/zcz'
	@echo 'make demo        run a real program on the virtual chip: histogram, pictures, report'
	@echo 'make check       every test; the last line is "N passed, N failed"'
	@echo 'make check-long  the long tests too (minutes to hours, up to 16 GiB)'
	@echo 'make bench       us and the peers on the same work, as ratios'
	@echo 'make lint        format, warnings of gcc and clang, layers, sizes, exported symbols'
	@echo 'make sanitize    the tests under ASan and UBSan, then under TSan'
	@echo 'make fuzz        every fuzz target for FUZZ_SECONDS (60) each'
	@echo 'make coverage    the tests, and how many lines they reach'
	@echo 'make install     library, headers, packages, man pages, completions (PREFIX, DESTDIR)'
	@echo 'make clean       remove everything built'
