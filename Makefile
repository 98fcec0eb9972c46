# Everything one does with a checkout. `make run` and `make test` need nothing made before them.

PY := .venv/bin/python
WORKERS ?= 3

.PHONY: help setup setup-dev run test simulate soak lint format bench screens docs lock clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1: /p' Makefile

setup: ## make .venv with what the counter needs (a second call is instant)
	@scripts/setup.sh run

setup-dev: ## the same with what tests and checks need
	@scripts/setup.sh dev

run: setup ## the counter on a sample shop with a local server; without a display, in the terminal
	.venv/bin/huyula-pos demo

test: setup-dev ## every test; ARGS="tests/unit -k money" for some of them
	$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

simulate: setup-dev ## shops under every fault; SEEDS=20000 for so many runs, SEED=7 tells that one, MIXES=1
	$(PY) -m tests.simulation $(if $(MIXES),--mixes) $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),1000))

soak: setup-dev ## real processes, killed and cut off for ten minutes; SECONDS=60, SEED=7
	$(PY) -m tests.soak --seconds $(or $(SECONDS),600) $(if $(SEED),--seed $(SEED))

lint: setup-dev ## format, rules, types, arrows between the packages
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: setup-dev ## put the code into the one format
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: setup-dev ## every figure that is claimed, ours beside the reference (benchmarks/results.json)
	$(PY) -m benchmarks

screens: setup-dev ## pictures of every screen into docs/screens
	$(PY) scripts/screens.py
	$(PY) scripts/web_screens.py
	$(PY) scripts/walk_pictures.py

docs: setup-dev ## check that every link and picture of the documents is there
	$(PY) scripts/docs.py

lock: setup-dev ## make the lock files anew; ARGS="--upgrade" takes newer versions
	scripts/lock.sh $(ARGS)

clean: ## remove what make made, the virtual environment included
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache benchmarks/results.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
