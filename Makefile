# The commands of this house. On a fresh machine with python3, git and make: `make demo` or `make test`.
PYTHON ?= python3
BIN := .venv/bin
OLD := /usr/lib/postgresql/15/bin
NEAR ?= tests/core tests/journeys tests/people/test_actions.py tests/people/test_member_race.py tests/people/test_importing_members.py tests/privacy/test_rotating.py $(wildcard tests/orders/test_actions_*.py) tests/orders/test_race.py tests/orders/test_boards.py
export PYTHONUNBUFFERED := 1

.PHONY: setup demo test lint types old-server tests soak bench requirements fmt migrations lock messages shots

setup:
	@$(PYTHON) tools/setup.py

demo: setup
	@exec $(BIN)/sandan demo $(ARGS)

test: setup
	@$(BIN)/python tools/browser.py
	@$(MAKE) --no-print-directory lint types requirements
	@$(BIN)/python tools/browser.py --postgresql-15
	@$(MAKE) --no-print-directory old-server tests

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

# The checker reads the settings, which ask for what only an installation has.
types: setup
	@SANDAN_DEBUG=1 DATABASE_URL=postgresql:///types $(BIN)/mypy

# The tests near the database once more on the oldest PostgreSQL we promise.
old-server: setup
	@if [ -x $(OLD)/postgres ]; then \
	  echo "PostgreSQL 15: $(NEAR)"; \
	  SANDAN_PG_BIN=$(OLD) $(BIN)/pytest -n 2 $(wildcard $(NEAR)); \
	else \
	  echo "PostgreSQL 15 is not installed at $(OLD): its run of the tests is skipped"; \
	fi

tests: setup
	@echo "PostgreSQL 18: all tests"
	@$(BIN)/pytest -n 2 $(ARGS)

# The storms and kills of tests/storm at full size; `make test` runs them in bounded form.
soak: setup
	@SANDAN_SOAK=1 $(BIN)/pytest tests/storm $(ARGS)

bench: setup
	@$(BIN)/python bench/run.py $(ARGS)

requirements: setup
	@$(BIN)/python tools/requirements.py $(ARGS)

fmt: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

migrations: setup
	@$(BIN)/sandan manage makemigrations $(ARGS)

lock: setup
	@uv=.venv-tools/uv; [ -x $$uv ] || uv=uv; \
	$$uv pip compile --quiet --group dev pyproject.toml --generate-hashes --no-header -o requirements.lock

messages: setup
	@$(BIN)/python tools/messages.py

shots: setup
	@$(BIN)/python tools/shots.py
