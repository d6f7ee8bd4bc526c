# make run               the dashboard on http://localhost:8501 (PORT=... for another port)
# make run JAX=cuda13    the same, with the accelerator build of the same JAX
# make test              linter, formatter, type checker, tests
# make slurm             tests of jobs on a real SLURM of one node, as root on Debian: installs it, takes four minutes
# make docs            docs/settings.md anew, from what the commands say of their choices
# make clean             removes .venv and caches; datasets and runs live elsewhere and stay

PYTHON ?= python3
PORT ?= 8501
JAX ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --quiet
JAX_VERSION := $(shell sed -n 's/^jax==//p' requirements.txt)

# Stamps: each is younger than the requirements it stands for, so a second call has nothing to install.
MADE := $(VENV)/.made
INSTALLED := $(VENV)/.installed
ACCELERATED := $(if $(JAX),$(VENV)/.installed-$(JAX))
TESTABLE := $(VENV)/.installed-test

.PHONY: run install test types suite chromium slurm docs clean
.DELETE_ON_ERROR:

run: install
	@$(BIN)/python -m landmark serve --port $(PORT)

install: $(INSTALLED) $(ACCELERATED)

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Landmark needs Python 3.11 or newer, and '$(PYTHON)' is not. Say which to use: make run PYTHON=/path/to/python3.11"; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(INSTALLED): requirements.txt | $(MADE)
	@echo "Installing what the dashboard needs; this takes a few minutes, once ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-$(JAX): requirements.txt $(INSTALLED)
	@echo "Installing JAX for $(JAX); this takes a few minutes, once ..."
	@$(PIP) "jax[$(JAX)]==$(JAX_VERSION)"
	@touch $@

$(TESTABLE): requirements-test.txt $(INSTALLED)
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements-test.txt
	@touch $@

# Debian's browser, where it is missing and may be installed; otherwise the browser tests skip.
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null 2>&1; } || \
		echo "No Chromium here, and it cannot be installed: the browser tests will be skipped."

# Debian's SLURM, as root; nothing of it is started but by the tests, which use a configuration of their own.
slurm: $(TESTABLE)
	@command -v slurmctld >/dev/null 2>&1 && command -v munged >/dev/null 2>&1 || { \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq slurm-wlm munge >/dev/null; }
	@LANDMARK_TEST_SLURM=1 $(BIN)/python -m pytest tests/jobs/test_slurm.py

test: $(TESTABLE) chromium
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory --jobs=2 types suite

types: $(TESTABLE)
	@$(BIN)/mypy

suite: $(TESTABLE)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

docs: install
	@$(BIN)/python -m landmark choices --markdown > docs/settings.md

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
