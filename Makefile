.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export DAGSTER_HOME := $(CURDIR)
# Tests commit to many small databases: in memory, where 4 GB are free there, they do not wait for a disk.
IN_MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 { print "TMPDIR=/dev/shm" }')

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "nhl_ops needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

install: $(READY) ## Build .venv from the lock

demo: $(READY) ## The main job on the embedded league: seven past slates and tonight's card
	$(BIN)/nhl-ops demo

test: $(READY) ## The test suite: no network, no secret
	$(IN_MEMORY) $(BIN)/python -m pytest -n 2 -m "not slow"

test-all: $(READY) ## The suite with the long tests
	$(IN_MEMORY) $(BIN)/python -m pytest -n 2

fuzz: $(READY) ## 2,000 payloads at every parser
	$(BIN)/python -m pytest -n 2 --hypothesis-profile=fuzz nhl_ops_tests/fuzz

check: $(READY) ## Lint, import rules, types
	$(BIN)/ruff check nhl_ops nhl_ops_tests benchmarks
	$(BIN)/ruff format --check nhl_ops nhl_ops_tests benchmarks
	$(BIN)/lint-imports
	$(BIN)/mypy

dev: $(READY) ## The Dagster UI on loopback, with the embedded league ticking beside it
	$(BIN)/nhl-ops dev

docs: $(READY) ## Write the data dictionary again from the contracts
	$(BIN)/python -m nhl_ops.gateways.exports.dictionary > docs/data_dictionary.md

bench: $(READY) ## Speed and memory as ratios within one run
	$(BIN)/python -m benchmarks

chaos: $(READY) ## kill -9 at 50 random points, full disks and the like: what readers and the next run see
	$(BIN)/python -m nhl_ops_tests.chaos

lock: $(READY) ## Pin every dependency again (after a change of pyproject.toml)
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --no-strip-extras --allow-unsafe --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-header --output-file requirements.lock pyproject.toml

clean: ## Remove what runs left: data, outputs, Dagster's storage (the environment stays)
	rm -rf data outputs manifests .dagster .worlds logs .logs_queue .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

.PHONY: help install demo test test-all fuzz check dev docs bench chaos lock clean
