# make run 与 make test 自己准备好一切：只需 Python >= 3.11、git、make。
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
STAMPS := var/stamps
FRONTEND := $(shell find frontend/src frontend/css -type f 2>/dev/null) frontend/build.mjs frontend/package.json frontend/package-lock.json
CODE := hengcang tests
WORKERS ?= 2

.PHONY: run test quick test-long bench screens dist docs paste-report lint lock stop clean env assets browser
.DEFAULT_GOAL := run

run: env assets
	@$(BIN)/hengcang run --demo --port $(PORT)

stop:
	@test ! -x $(BIN)/hengcang || $(BIN)/hengcang stop
	@test ! -x $(BIN)/hengcang || $(BIN)/python -m tests.stop

test: env assets browser lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

# The inner loop: rules, actions and books; no browser, no process started, no long random walk.
QUICK := $(filter-out tests/api% tests/web% tests/pages% tests/cli% tests/demo% tests/load% tests/e2e% \
  tests/properties% tests/concurrency% tests/benchmarks% tests/attacks%,$(wildcard tests/*/))
quick: env lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(QUICK) \
	  --ignore tests/books/test_other_server.py --ignore tests/identity/test_lockout.py --ignore tests/ledger/test_bulk.py

test-long: env assets browser
	HYPOTHESIS_PROFILE=default $(BIN)/python -m pytest --timeout 3600 -m slow

bench: env assets
	$(BIN)/python -m pytest --timeout 1800 -s -m benchmark

screens: env assets browser
	$(BIN)/python -m tests.screens

lint: env
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports
	$(BIN)/python -m tests.pending_migrations

dist: env assets
	rm -rf hengcang/assets build dist
	cp -R frontend/dist hengcang/assets
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .
	rm -rf hengcang/assets build

docs: env
	$(BIN)/python -m tests.documentation

paste-report: env
	$(BIN)/python -m tests.paste.report

# The lock serves Python 3.11 to 3.13 on every platform and names no server.
lock: env
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra load --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet \
	  --output-file requirements.lock

env: $(STAMPS)/env
assets: env $(STAMPS)/assets
browser:
	@scripts/browser.sh

$(STAMPS)/env: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新的版本")'
	@mkdir -p $(STAMPS)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
	  echo "不能创建虚拟环境；Debian 请先安装 python3-venv。" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/assets: $(STAMPS)/env $(FRONTEND)
	@scripts/assets.sh
	@touch $@

clean: stop
	rm -rf build dist frontend/dist frontend/node_modules hengcang/assets .mypy_cache .ruff_cache .pytest_cache
	rm -rf var/test var/test-other $(STAMPS)
