# Needs make and Python 3.11 or newer. Everything else is put into .venv, or named when it can't be.

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet

# Some images forbid compiled modules: each process that a test starts would compile the linter anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help lint test check bench compare compare-inputs growth fuzz real prove prove-schema docs build audit sbom clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile

lint: $(VENV)/.installed ## install, and lint a repository with faults planted in it
	@$(PY) -m tests.tools.lint_fixture

test: $(VENV)/.tested ## install what the tests need, and run them on all processors (PYTEST_ARGS=-n0: on one)
	@$(PY) -m pytest --numprocesses auto --dist worksteal $(PYTEST_ARGS)

check: $(VENV)/.tested $(VENV)/.checked ## style, types and the order of the layers
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@$(PY) -m pytest -q tests/test_layers.py

bench: $(VENV)/.tested $(VENV)/.checked ## time the linter beside its peers; real checkouts: make bench REAL=DIR
	@$(PIP) install --group bench
	@$(PY) -m benchmarks.run $(addprefix --real ,$(REAL))

growth: $(VENV)/.tested $(VENV)/.checked ## measure the cost against the number of revisions and of files
	@$(PY) -m benchmarks.growth

fuzz: $(VENV)/.tested ## try every reader, or READER=name, on odd texts until each had MINUTES=60 of CPU in all
	@$(PIP) install --group fuzz
	@$(PY) -m tests.fuzz.long $(addprefix --reader ,$(READER)) $(addprefix --minutes ,$(MINUTES))

real: $(VENV)/.tested ## lint every checkout in the folder DIR, and tell what crashed, was slow or unknown
	@$(PY) -m tests.tools.real $(DIR) $(REAL_ARGS)

prove-schema: $(VENV)/.tested ## run the history in DIR on a real server, compare it with the replay
	@$(PY) -m tests.tools.prove_schema $(DIR) $(PROVE_ARGS)

mend-real: $(VENV)/.tested ## make every fix of the checkouts in DIR in memory: no new finding, nothing left to a second run
	@$(PY) -m tests.tools.mend_real $(DIR) $(MEND_ARGS)

compare: $(VENV)/.tested ## hold each finding of the specialists on the checkouts in DIR against ours
	@$(PIP) install --group bench
	@$(PY) -m tests.tools.compare_peers $(DIR) $(COMPARE_ARGS)

compare-inputs: $(VENV)/.tested ## ask the inputs of a specialist's own tests (PEER=hadolint DIR=its checkout) of it and of us
	@$(PIP) install --group bench
	@$(PY) -m tests.tools.compare_inputs $(PEER) $(DIR)

fix-share: $(VENV)/.tested ## count the errors in the migrations of the checkouts in DIR that carry a fix, and why others do not
	@$(PY) -m tests.tools.fix_share $(DIR) $(SHARE_ARGS)

draw-fixes: $(VENV)/.tested ## show 50 diffs, drawn by a seed, of what the fixes make of the migrations in DIR
	@$(PY) -m tests.tools.draw_fixes $(DIR) $(DRAW_ARGS)

prove: $(VENV)/.tested ## run what each fix makes of 300 drawn revisions on a real server, beside the originals
	@RUNCREW_PROOF_EXAMPLES=$(or $(EXAMPLES),300) $(PY) -m pytest --numprocesses auto tests/proof

docs: $(VENV)/.documented ## the pages of docs/ as a site, into build/site; it opens from the disk
	@$(PY) docs/website.py

build: $(VENV)/.checked ## sdist and wheel, into dist/
	@rm -rf dist
	@$(PY) -m build

audit: build/installed ## ask PyPI whether a library that an installation brings has a known hole
	@$(PIP) install --group release
	@$(PIP) --python build/installed/bin/python freeze --exclude runcrew-lint >build/libraries.txt
	@$(PY) -m pip_audit --strict --no-deps --disable-pip --requirement build/libraries.txt

sbom: build/installed ## the libraries of an installation as CycloneDX, into build/sbom.json
	@$(PIP) install --group release
	@$(VENV)/bin/cyclonedx-py environment build/installed --pyproject pyproject.toml \
	  --output-reproducible --output-file build/sbom.json

clean: ## remove everything that make has made
	rm -rf $(VENV) .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What an installation brings and nothing else.
build/installed: $(VENV)/.installed pyproject.toml
	@rm -rf $@
	@$(PY) -m venv --without-pip $@
	@$(PIP) --python $@/bin/python install '.[fast]'

# The first Python that is new enough; a name on PATH need not run (pyenv), nor have pip in it (Debian).
$(PY):
	@lacks=; for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  "$$python" -c 'import ensurepip, venv' 2>/dev/null || { lacks="$$lacks $$python"; continue; }; \
	  echo "creating $(VENV) with $$("$$python" --version)"; \
	  exec "$$python" -m venv $(VENV); \
	done; \
	if [ -n "$$lacks" ]; then \
	  echo "make:$$lacks can't create an environment: install ensurepip (Debian: apt install python3-venv)" >&2; \
	else \
	  echo "make: no Python 3.11 or newer found: install one, or name it: make PYTHON=/path/to/python" >&2; \
	fi; \
	exit 1

# --group needs pip 25.1, newer than what most Pythons bring.
$(VENV)/.installed: pyproject.toml hatch_build.py | $(PY)
	@echo "installing runcrew-lint into $(VENV)"
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@echo "installing what the tests need"
	@$(PIP) install --group test
	@touch $@

$(VENV)/.checked: $(VENV)/.installed
	@echo "installing what the checks need"
	@$(PIP) install --group dev
	@touch $@

$(VENV)/.documented: $(VENV)/.installed
	@echo "installing what builds the site"
	@$(PIP) install --group docs
	@touch $@
