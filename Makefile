.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m
.PHONY: help demo serve check static lint types pyright imports test test-both properties schemathesis coverage fuzz fuzz-parsers bench bench-service fix lock clean faults

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Each stamp is an installation from a hash-locked list; a changed lock installs again.
.venv/service.stamp: requirements/service.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what the service needs (once) ..."
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements/service.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what development needs (once) ..."
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(RUN) pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ .venv/service.stamp

# Other implementations, to check badges against. Without Node those tests skip, and say so.
NODE_STAMP := $(if $(and $(shell command -v node),$(shell command -v npm)),tests/interop/node_modules/.stamp)
tests/interop/node_modules/.stamp: tests/interop/package-lock.json
	@echo "Installing the Node packages that badges are checked with (once) ..."
	@cd tests/interop && npm ci --ignore-scripts --silent --no-progress && touch node_modules/.stamp \
	  || { echo "npm ci did not succeed: the tests that need it skip" >&2; test -z "$$CI"; }

demo: .venv/service.stamp ## a passed module, a candidate's path and a metroline become signed, verified badges
	@$(RUN) issuer_service demo

serve: .venv/service.stamp ## look around in what the demo made, as anybody in it
	@$(RUN) issuer_service serve --demo

# Side by side, since the tests wait now and then for a database or a process, and they end last.
check: .venv/dev.stamp $(NODE_STAMP) ## everything CI runs
	@$(MAKE) --no-print-directory --jobs 2 static test

static: lint types imports ## all of it but the tests

lint: .venv/dev.stamp ## formatting and lint, nothing changed
	$(RUN) ruff format --check
	$(RUN) ruff check

types: .venv/dev.stamp ## mypy --strict
	$(RUN) mypy

tests/typing/node_modules/.stamp: tests/typing/package-lock.json
	@echo "Installing pyright (once) ..."
	@cd tests/typing && npm ci --ignore-scripts --silent --no-progress && touch node_modules/.stamp

pyright: .venv/dev.stamp tests/typing/node_modules/.stamp ## the public face and the examples as users of pyright see them (needs Node)
	node tests/typing/node_modules/pyright/index.js -p tests/typing --pythonpath .venv/bin/python

imports: .venv/dev.stamp ## the architecture contracts
	$(BIN)/lint-imports --no-logo

test: .venv/dev.stamp $(NODE_STAMP) ## pytest; one file with T=tests/...
	$(RUN) pytest $(T)

# The implementations that the kit is measured beside; in an environment of their own, since the kit needs none of them.
.venv-bench/stamp: benchmarks/requirements.txt requirements/service.txt
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@echo "Installing what the benchmark compares with (once) ..."
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/service.txt
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@touch $@

bench: .venv-bench/stamp $(NODE_STAMP) ## signing and verifying beside other implementations, in CPU time
	@PYTHONPATH=. .venv-bench/bin/python -m benchmarks

bench-service: .venv/dev.stamp ## awards a second in bulk, and where the time goes, on both databases (BENCH=--quick)
	@PYTHONPATH=. $(RUN) benchmarks.service $(BENCH)

fuzz: .venv/dev.stamp ## an hour of hostile documents through both ways to the canonical form
	@$(RUN) tests.kit.differential --seconds 3600

coverage: .venv/dev.stamp $(NODE_STAMP) ## branch coverage of proof, status, verification and baking; under 100% fails
	PROPERTIES=default $(RUN) pytest tests/kit --cov --cov-report=term

# In a virtual environment of its own: what it needs is for few machines, and nothing else needs it.
SECONDS ?= 1800
.venv-fuzz/stamp: requirements/fuzz.txt
	@test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/fuzz.txt
	@touch $@

fuzz-parsers: .venv-fuzz/stamp ## fuzz whatever reads bytes from strangers; SECONDS=1800
	.venv-fuzz/bin/python -m tests.fuzz.run --seconds $(SECONDS)

test-both: .venv/dev.stamp $(NODE_STAMP) ## the same, and every test of the service on both databases
	DATABASES=both $(RUN) pytest $(T)

properties: .venv/dev.stamp ## every property with a thousand random examples
	PROPERTIES=many $(RUN) pytest tests/kit tests/service

EXAMPLES ?= 20
schemathesis: .venv/dev.stamp ## generated calls to every operation by nobody, by who may and by an administrator (EXAMPLES=20 each)
	SCHEMATHESIS_EXAMPLES=$(EXAMPLES) $(RUN) pytest -q -n 2 tests/service/test_openapi.py -k whatever

faults: .venv/dev.stamp ## the fault suite in full: 20,000 awards through kills, crashes and freezes (an hour)
	FAULTS=$(or $(FAULTS),full) $(RUN) pytest tests/faults -n 0 -m "storm or not storm" -rP --durations=0

fix: .venv/dev.stamp ## apply what ruff can
	$(RUN) ruff check --fix
	$(RUN) ruff format

lock: ## resolve the dependencies anew, as names, versions and hashes (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url pyproject.toml --extra service -o requirements/service.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url pyproject.toml --extra dev -c requirements/service.txt -o requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url pyproject.toml --extra fuzz -c requirements/service.txt -o requirements/fuzz.txt

clean: ## remove what the targets made
	rm -rf .venv .venv-bench .venv-fuzz .fuzz benchmarks/results tests/interop/node_modules \
	  tests/typing/node_modules demo-output build dist \
	  .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
