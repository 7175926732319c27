# Alur Kinerja. `make` alone lists what can be done; `run` and `test` set up by themselves.

PORT ?= 8000
ARGS ?=
TESTS ?= tests
JOBS ?= 2
VENV := .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --require-hashes --only-binary :all:
# Tests make thousands of small databases: in memory, where it has room for them.
ROOMY := $(shell df --output=avail --block-size=1G /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 >= 8 { print "/dev/shm" }')
TMPDIR ?= $(or $(ROOMY),/tmp)
PYTEST := TMPDIR=$(TMPDIR) $(VENV)/bin/python -m pytest -n $(JOBS) --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help setup run test test-full bench lint lock islands

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.for-run $(VENV)/.for-tests $(VENV)/.islands ## Create .venv with everything for running and testing

run: $(VENV)/.for-run $(VENV)/.islands ## Start with demonstration data on http://127.0.0.1:8000 (PORT=…, ARGS="…")
	$(VENV)/bin/alur serve --demo --port $(PORT) $(ARGS)

test: $(VENV)/.for-tests $(VENV)/.islands ## Check the house and run every test at small counts (TESTS=folder, ARGS="…")
	$(PYTEST) $(TESTS) $(ARGS)

test-full: $(VENV)/.for-tests $(VENV)/.islands ## Run the stated counts and write tests/evidence.json
	ALUR_TEST_FULL=1 $(PYTEST) $(TESTS) $(ARGS)

bench: $(VENV)/.for-tests ## Print speed as ratios to baselines of the same run
	$(VENV)/bin/python -m tests.bench $(ARGS)

lint: $(VENV)/.for-tests ## Only the style: ruff, mypy, import arrows
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy engine
	$(VENV)/bin/lint-imports

islands: $(VENV)/.for-run ## Build the scripts of the pages anew (needs npm; Node comes by itself)
	api/islands/build
	@touch $(VENV)/.islands

lock: ## Renew the hashed requirement files from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --quiet --group build -o requirements.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-header --quiet --extra s3 --group build --group dev --constraint requirements.txt \
		-o requirements-dev.txt
	uv pip compile --group islands --universal --python-version 3.11 --generate-hashes --no-header \
		--quiet --no-annotate -o requirements-build.txt

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (apt-get install python3)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python cannot make virtual environments: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The project itself is installed last, from this folder and without any download, so that
# `alur` exists beside python; its build backend comes from the hashed requirements.
$(VENV)/.for-run: $(VENV)/bin/python requirements.txt pyproject.toml
	$(INSTALL) -r requirements.txt
	$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.for-tests: $(VENV)/bin/python requirements-dev.txt pyproject.toml
	$(INSTALL) -r requirements-dev.txt
	$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.for-run

# What cannot be built is said once and asked for again by `make islands`; nothing waits for it.
ISLANDS := $(addprefix api/islands/,build build.mjs package-lock.json) \
	$(wildcard api/islands/src/*) api/static/app.css
$(VENV)/.islands: $(ISLANDS) | $(VENV)/.for-run
	@api/islands/build --optional
	@touch $@
