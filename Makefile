# The front door. CI runs the same targets. `make help` lists them.
SHELL := /bin/bash
PRESET ?= release
BUILD := build/$(PRESET)
JOBS ?= $(shell nproc)

.PHONY: help setup build demo test test-kubernetes test-only lint fmt asan tsan fuzz bench clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## Install what building and testing need
	@scripts/setup build test

build: ## Build build/release/slipway
	@scripts/setup build
	@scripts/build $(PRESET) $(JOBS)

demo: ## Set up, build, run the main job and keep serving (EXIT=1: end by itself)
	@scripts/setup build
	@scripts/build release $(JOBS) slipway
	@EXIT=$(EXIT) scripts/demo build/release/slipway

test: ## Set up, build and pass all tests
	@scripts/setup build test
	@scripts/build release $(JOBS)
	@scripts/test release

test-kubernetes: ## Build a real Kubernetes and run the tests on it (VERSIONS=all: the older one too)
	@scripts/setup build test kubernetes
	@scripts/build $(PRESET) $(JOBS)
	@scripts/kubernetes test $(VERSIONS)

test-only: ## The tests of a build that is there already
	@scripts/test $(PRESET)

lint: ## Layers and scripts
	@scripts/lint

fmt: ## Format the sources
	@git ls-files '*.cc' '*.h' | xargs clang-format-19 -i

asan: ## Build with ASan and UBSan and run the unit tests
	@scripts/build asan $(JOBS) unit_tests
	@scripts/test asan unit

tsan: ## Build the parts that use threads with TSan and run their tests
	@scripts/build tsan $(JOBS) threaded_tests
	@scripts/test tsan threaded

fuzz: ## Fuzz everything that parses (SECONDS_EACH=60)
	@scripts/build fuzz $(JOBS) fuzzers
	@scripts/fuzz build/fuzz $${SECONDS_EACH:-60}

bench: ## Benchmarks, each beside a peer or a physical limit (B=B3: one of them)
	@scripts/setup build test bench
	@scripts/build release $(JOBS)
	@bench/run $(B)

clean: ## Remove build/
	@rm -rf build
