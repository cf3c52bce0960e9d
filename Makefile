# make run   one episode in a kitchen, from nothing        make test   the tests, from nothing
# Both set up .venv the first time; nothing but Python 3.11 or newer has to be there before.

ifeq ($(OS),Windows_NT)
$(error This Makefile needs a POSIX system. On Windows use WSL 2, where all of it works as on Linux)
endif

SHELL := /bin/bash
ifeq ($(wildcard $(SHELL)),)
$(error This Makefile needs $(SHELL): install bash, or follow its commands by hand)
endif
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# Programs and tests start many processes: without bytecode each of them compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Options: make run ARGS="--scene FloorPlan28 --task find", make test ARGS="-m slow" JOBS=1,
# PYTHON=/path/to/python3.12, TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARGS ?=
JOBS ?= logical
PYTHON ?=
TORCH_INDEX ?=

PIP := $(BIN)/python -m pip --disable-pip-version-check
TORCH := $(shell sed -n '/^torch==/p' constraints.txt)
SUITABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))

.PHONY: run test lint format typecheck docs dist install clean help

run: $(STAMP)  ## Run one episode (ARGS replaces the default "--scene kitchen")
	$(BIN)/python run_episode.py $(or $(ARGS),--scene kitchen)

test: $(STAMP)  ## Run the tests (ARGS goes to pytest)
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(STAMP)  ## Check style and formatting with ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(STAMP)  ## Format with ruff
	$(BIN)/ruff format .

typecheck: $(STAMP)  ## Check types with mypy
	$(BIN)/mypy

docs: $(VENV)/.docs  ## Write the documentation site to docs/_build/html
	$(BIN)/python docs/draw_packages.py --check
	$(BIN)/python -m sphinx -q --fail-on-warning --keep-going -b html docs docs/_build/html

dist: $(VENV)/.dist  ## Write wheel and source distribution to dist/, and check them
	rm -rf dist build
	$(BIN)/python -m build --no-isolation
	$(BIN)/python -m twine check --strict dist/*

install: $(STAMP)  ## Only set up .venv

# What only one target needs is installed when that is called for the first time.
$(VENV)/.docs $(VENV)/.dist: $(VENV)/.%: $(STAMP)
	@echo "Installing what make $* needs"
	@$(PIP) install -q --constraint constraints.txt --editable '.[$*]'
	@touch $@

# torch goes in alone and first: where a CPU build is offered its exact version selects that one.
# The stamp is written last, so a broken installation is taken up again by the next call.
$(STAMP): setup.cfg pyproject.toml constraints.txt
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  found=; \
	  for candidate in $(or $(PYTHON),python3.11 python3.12 python3.13 python3.14 python3 python); do \
	    if "$$candidate" -c '$(SUITABLE)' >/dev/null 2>&1; then found=$$candidate; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "No Python 3.11 or newer with venv and pip found (tried: $(or $(PYTHON),python3.11 python3.12 python3.13 python3.14 python3 python))." >&2; \
	    echo "Install one (Debian, Ubuntu: apt install python3.11-venv) or name it: make $(or $(MAKECMDGOALS),run) PYTHON=/path/to/python3.11" >&2; \
	    exit 1; \
	  fi; \
	  echo "Setting up $(VENV) with $$("$$found" --version); only the first time, a few minutes."; \
	  "$$found" -m venv --clear $(VENV); \
	fi
	@echo "Installing $(TORCH)"
	@$(PIP) install -q --constraint constraints.txt $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	@echo "Installing the rest, at the versions of constraints.txt"
	@$(PIP) install -q --constraint constraints.txt --editable '.[dev,train,export]'
	@touch $@

clean:  ## Remove .venv, caches and runs/
	rm -rf $(VENV) runs .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist docs/_build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20
