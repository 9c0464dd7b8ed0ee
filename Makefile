# Leeway: `make demo` runs everything on this machine, `make test` proves it. Only Python 3.11 or newer and make are needed.

SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check install --quiet --require-hashes
# Settings under which a production server would run, for checks that start no server.
PRODUCTION := env -u DEMO -u DEBUG DATABASE_URL=sqlite:///var/check.sqlite3 ALLOWED_HOSTS=leeway.example.edu \
  SECRET_KEY=only-for-make-check-4f1d0c7e9b2a8563d1e0f7c6b5a49382716054 \
  LEEWAY_ENCRYPTION_KEYS=b25seS1mb3ItbWFrZS1jaGVjay0wMTIzNDU2Nzg5YWI= LEEWAY_TITLE_KEY=only-for-make-check

.PHONY: help demo test test-all chaos chaos-report bench guide lint typecheck checks pytest histories format lock clean

help:
	@echo "make demo    run Leeway with a sandbox Canvas at http://127.0.0.1:8000 (PORT=… another port, RESET=1 afresh)"
	@echo "make test    every check and test"
	@echo "make test-all  that, and long random histories and properties (hours)"
	@echo "make chaos   every fault with three seeds, every kill point, on real processes (hours; SHARD=1/4; goes on where it was)"
	@echo "make bench   requests, queries and planning time, printed side by side (WRITE=1 keeps them in docs/benchmarks.md)"
	@echo "make guide   take the guides' pictures anew, by the browser tests that go through each job"
	@echo "make format  put the code into its format"
	@echo "make lock    renew requirements/*.lock from pyproject.toml"
	@echo "make clean   remove the environment, the demo's data and caches"

demo: $(VENV)/.has-demo
	@exec $(RUN) -m accommodations.demo_stack

test: lint typecheck checks pytest

# The same tests of histories and properties, over far more of them. Each seed is printed when it is done: what was
# broken off goes on with HISTORY_SEED, and HISTORY_SHRINK=1 makes a failing one short. SQLite in memory is twice as fast.
test-all: test histories

histories: $(VENV)/.has-dev
	HISTORY_STEPS=$${HISTORY_STEPS:-10000} HISTORY_SEED=$${HISTORY_SEED:-1} $(VENV)/bin/pytest -s --ds=tests.settings_sqlite tests/histories/test_random_histories.py
	HISTORY_STEPS=10000 PLANNING_EXAMPLES=1000 $(VENV)/bin/pytest -n 2 tests/histories/test_undo.py tests/accommodations/planning

# What held is kept in var/chaos.jsonl and not done again; PARTS=kills, faults or recovery does only that.
chaos: $(VENV)/.has-dev
	@$(RUN) -m tests.faults.chaos --shard $(or $(SHARD),1/1) $(PARTS); code=$$?; $(RUN) -m tests.faults.chaos --write; exit $$code

chaos-report: $(VENV)/.has-dev
	@$(RUN) -m tests.faults.chaos --write

bench: $(VENV)/.has-dev
	@$(RUN) -m benchmarks $(if $(WRITE),--write)

guide: $(VENV)/.has-dev
	GUIDE=1 $(VENV)/bin/pytest -n 2 --dist loadfile tests/browser tests/ops/test_guides.py

lint: $(VENV)/.has-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint --quiet --lint templates

typecheck: $(VENV)/.has-dev
	$(VENV)/bin/mypy

checks: $(VENV)/.has-dev
	@mkdir -p var
	$(PRODUCTION) $(RUN) manage.py check --deploy --fail-level WARNING
	$(PRODUCTION) $(RUN) manage.py makemigrations --check --dry-run

pytest: $(VENV)/.has-dev
	$(VENV)/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder

format: $(VENV)/.has-dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# uv resolves for every platform at once and writes the hashes; it lives in an environment of its own. It does not
# read pip's settings, so the registry that pip is set up with is handed on, and nothing of it is written down.
lock:
	@test -x var/uv/bin/uv || { $(PYTHON) -m venv var/uv && var/uv/bin/pip --disable-pip-version-check install --quiet uv; }
	@index=$$(var/uv/bin/pip config get global.index-url 2>/dev/null); \
	for set in production: demo:--extra=demo "dev:--extra=demo --extra=dev"; do \
	  env $${index:+UV_DEFAULT_INDEX=$$index} var/uv/bin/uv pip compile pyproject.toml --quiet --universal \
	    --python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
	    $${set#*:} --output-file requirements/$${set%%:*}.lock || exit 1; \
	done

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Leeway needs Python 3.11 or newer, and found none. Install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Stamps: a second start finds them and goes on at once.
$(VENV)/.has-demo: requirements/demo.lock | $(VENV)/bin/python
	@echo "Installing the locked packages …"
	@$(PIP) --requirement requirements/demo.lock
	@touch $@

$(VENV)/.has-dev: requirements/dev.lock requirements/demo.lock | $(VENV)/bin/python
	@echo "Installing the locked packages for tests …"
	@$(PIP) --requirement requirements/dev.lock
	@touch $@ $(VENV)/.has-demo
