# Two commands do everything: `make demo` and `make test`. Each installs what it misses, builds, runs, and says so.
SHELL := /bin/bash
FLAGS := --explicit-target-dependency-import-check error
BUILD := swift build $(FLAGS)
# The Swift libraries inside: such a program starts in half the time, and runs where Swift is not installed.
RELEASE := swift build -c release --static-swift-stdlib --scratch-path .build-release $(FLAGS)
# All tests at once would keep those that talk to a server waiting behind those that compute.
TEST := swift test $(FLAGS) --skip-build --experimental-maximum-parallelization-width 8
LIBRARIES := libgit2 libcurl yaml-0.1 libpq sqlite3 openssl

.PHONY: help demo test check judges bench format clean packages build

help:
	@echo "make demo    the main job on invented drift, start to end, in a temporary folder"
	@echo "make test    every test"
	@echo "make check   formatting, every test, and broken documents and the simulation at length"
	@echo "make judges  every golden statement before sqlfluff, pglast, squawk and Spark's parser (installs them)"
	@echo "make bench   the benchmarks: CPU time, wall time, memory"
	@echo "make format  lay the code out"
	@echo "make clean   remove what was built"

packages:
	@fixtures/demo/packages.sh $(LIBRARIES)

build: packages
	@echo "building (the first time takes several minutes: dependencies are compiled too)"
	@$(BUILD) --build-tests

demo: build
	@fixtures/demo/demo.sh "$$($(BUILD) --show-bin-path)"

test: build
	@echo "testing"
	@$(TEST)

check: packages
	@echo "checking the layout of the code"
	@swift format lint --strict --recursive --parallel Sources Tests Benchmarks Package.swift
	@$(MAKE) --no-print-directory test
	@echo "building soak for release (several minutes the first time)"
	@$(RELEASE) --product soak
	@echo "feeding the readers 100,000 broken documents each (a minute)"
	@.build-release/release/soak documents 100000
	@echo "living through 10,000 histories (ten minutes on two cores)"
	@.build-release/release/soak histories 10000

judges:
	@fixtures/judges/judges.sh

bench: packages
	@echo "building for release (several minutes the first time)"
	@$(RELEASE) --product mooring
	@$(RELEASE) --product benchmarks
	@fixtures/bench/with-postgres.sh .build-release/release/benchmarks .build-release/release/mooring

format:
	@swift format --in-place --recursive --parallel Sources Tests Benchmarks Package.swift

clean:
	@rm -rf .build .build-release .judges
