# Everything a newcomer needs: `make run` opens the program in training mode, `make test` passes every check.
# Each target prepares the machine and .venv/ first; that costs nothing when nothing changed.
.DEFAULT_GOAL := help
BIN := .venv/bin
# Many tests wait for services and killed programs, so that two cores carry three workers.
WORKERS ?= 3

.PHONY: help setup run test bench fuzz screenshots lint format lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

setup: ## system packages (apt, only when missing) and .venv/
	@.tools/setup

run: setup ## the program in training mode; without a display: a whole day head-less, its files in a folder under latihan/
ifneq ($(DISPLAY)$(WAYLAND_DISPLAY),)
	$(BIN)/ktpel-desktop --latihan
else
	$(BIN)/ktpel-desktop latihan --keluaran latihan/$$(date +%Y%m%d-%H%M%S)
endif

lint: setup ## format, house rules, types, rings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint ## lint and every test
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

bench: setup ## every figure with its peer, into bench.json; ONLY=name for one
	$(BIN)/python -m tests.bench $(ONLY)

fuzz: setup ## look for bytes that break a parser or the chip driver, for long: NAME=target (else all), RUNS=inputs each
	$(BIN)/python -m tests.fuzz $(or $(NAME),all) --runs $(or $(RUNS),100000)

screenshots: setup ## every page, light and dark, 100 % and 200 %, into build/screenshots/
	$(BIN)/ktpel-desktop potret --keluaran build/screenshots

format: setup ## mend what can be mended by machine
	$(BIN)/ruff check --fix-only --exit-zero .
	$(BIN)/ruff format .

lock: setup ## write requirements.lock again from pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-header $(UPGRADE) pyproject.toml --output-file requirements.lock

clean: ## what was built or cached, not .venv/
	rm -rf build dist latihan bench.json .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
