# Two commands do all set-up: `make demo` and `make test`. They need python3 (3.11 or newer), make
# and a package index; no Graphviz and no database server.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2
EVENTS ?= 1000000
LARGER ?= 10000000

.PHONY: demo test lint golden docs bench lock clean help

help:
	@echo "make demo     the AI alliance ledger: tables here, pictures in demo/"
	@echo "make test     all tests, then lint and types"
	@echo "make lint     ruff and mypy"
	@echo "make golden   rewrite the golden files from what is printed now"
	@echo "make docs     rewrite docs/commands.md and the output that README and docs show"
	@echo "make bench    measure beside peers and limits; write docs/performance.md (an hour; less"
	@echo "              with EVENTS=100000 LARGER=0)"
	@echo "make lock     resolve constraints.txt anew"

demo: $(VENV)/installed
	$(BIN)/deals demo demo

test: $(VENV)/tools
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

lint: $(VENV)/tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

golden: $(VENV)/tools
	GOLDEN_UPDATE=1 $(BIN)/pytest -q

docs: $(VENV)/tools
	$(BIN)/python tests/reference.py > docs/commands.md
	$(BIN)/python tests/printed.py

bench: $(VENV)/bench
	$(BIN)/python -m bench --events $(EVENTS) --larger $(LARGER) --output docs/performance

lock:
	rm -rf $(VENV)/lock
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --quiet install '.[test]'
	$(VENV)/lock/bin/python -m pip freeze --exclude deal-ledger > constraints.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Deal Ledger needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt $(VENV)/bin/python
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/tools: pyproject.toml constraints.txt $(VENV)/bin/python
	$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $@ $(VENV)/installed

$(VENV)/bench: pyproject.toml constraints.txt $(VENV)/bin/python
	$(PIP) install --constraint constraints.txt --editable '.[bench]'
	@touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) build dist demo *.egg-info
