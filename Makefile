# Consign: `make run` and `make test` need Python 3.11 or later with venv, nothing else.

SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$p" && break; done)
BIN := .venv/bin
PY := $(BIN)/python
TEMPLATES = $(shell find templates -name '*.html' -type f)
# Commands that only look at the code: a server's settings, of no real server.
AS_SERVER = SECRET_KEY=for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz \
	ALLOWED_HOSTS=consign.example.com

.PHONY: run books test check fmt screenshots race faults fuzz parity bench figures \
	lock sbom audit clean

## Start the demo on SQLite; prints its address and the people in it.
run: .venv/runtime.stamp
	@DEMO=$${DEMO-1} LOG_LEVEL=$${LOG_LEVEL-warning} $(PY) manage.py serve

## Recompute every order and check every invariant of the books `make run` keeps.
books: .venv/runtime.stamp
	@DEMO=$${DEMO-1} $(PY) manage.py verify_ledger
	@DEMO=$${DEMO-1} $(PY) manage.py replay_prices

## The default suite: SQLite, PostgreSQL when there is one, browser when there is one.
test: .venv/development.stamp
	@$(PY) -m tests.suite

## What a developer runs before a commit.
check: .venv/development.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	@$(BIN)/djade --check $(TEMPLATES)
	@$(BIN)/djangofmt --check $(TEMPLATES)
	$(AS_SERVER) $(PY) manage.py makemigrations --check --dry-run
	$(AS_SERVER) $(PY) manage.py check --deploy --fail-level WARNING
	$(PY) -m tests.locked
	@$(MAKE) --no-print-directory audit

fmt: .venv/development.stamp
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	-$(BIN)/djade $(TEMPLATES)
	$(BIN)/djangofmt $(TEMPLATES)

## Known weaknesses of what is locked. Out of reach is NOT DONE, never passed.
audit: .venv/development.stamp
	@$(PY) -m tests.audit

## Pictures of every page at 1280 and 360 px, in screenshots/.
screenshots: .venv/development.stamp
	SCREENSHOTS=screenshots $(PY) -m pytest -n=0 -m browser -k screenshots tests/browser

## The suites at full scale.
race: .venv/development.stamp
	FULL_SCALE=1 $(PY) -m tests.postgres pytest -n=0 -m race
faults: .venv/development.stamp
	FULL_SCALE=1 $(PY) -m tests.postgres pytest -n=0 -m fault
fuzz: .venv/development.stamp
	FULL_SCALE=1 $(PY) -m pytest -n=0 -m fuzz
	FULL_SCALE=1 $(PY) -m tests.postgres pytest -n=0 -m fuzz
parity: .venv/development.stamp
	FULL_SCALE=1 $(PY) -m tests.postgres pytest -n=0 -m parity
bench: .venv/development.stamp
	FULL_SCALE=1 $(PY) -m tests.postgres pytest -n=0 -m bench

## What the last runs at full scale measured, as a table.
figures: .venv/development.stamp
	@$(PY) -m tests.figures

## Both lock files, from pyproject.toml.
lock: .venv/development.stamp
	$(BIN)/uv pip compile $(LOCKED) pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(LOCKED) pyproject.toml --group dev -o requirements-dev.lock
LOCKED := --quiet --generate-hashes --universal --python-version 3.11 \
	--no-annotate --no-header

## A bill of materials of what runs, in build/.
sbom: .venv/development.stamp
	@mkdir -p build
	$(BIN)/pip-audit --disable-pip --require-hashes -r requirements.lock \
		--format cyclonedx-json --output build/sbom.json

clean:
	rm -rf .venv build screenshots .mypy_cache .ruff_cache .pytest_cache

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Consign needs Python 3.11 or later:" \
		"install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python cannot make a virtual" \
		"environment: install its venv module (Debian: apt install python3-venv)" \
		>&2; exit 1; }

.venv/runtime.stamp: requirements.lock | .venv/bin/python
	@echo "Installing what requirements.lock names ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements.lock
	@touch $@

.venv/development.stamp: requirements-dev.lock | .venv/bin/python
	@echo "Installing what requirements-dev.lock names ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-dev.lock
	@touch $@ .venv/runtime.stamp
