# Two commands do all set-up: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint types check bounds browser slow long cluster bench quality quality-duplicates bench-duplicates bench-corpus parity docs
.DEFAULT_GOAL := check

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("cleaner needs Python 3.11 or later; this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

run: $(VENV)/.installed  ## clean the five articles in raw/ into clean/
	$(BIN)/cleaner run raw/ clean/

test: $(VENV)/.installed  ## run the tests
	$(BIN)/python -m pytest -n 2 -m "not slow and not long and not cluster"

lint: $(VENV)/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.installed
	$(BIN)/mypy

check: lint types test

KERNELS := classify forest jsonl kernels language likely sketch verdicts word_measures
bounds: $(VENV)/.installed  ## kernels beside their plain twins, every index checked: numba else reads past an end in silence
	NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=.bounds $(BIN)/python -m pytest -n 2 $(KERNELS:%=tests/test_%.py)

browser: $(VENV)/.installed  ## look at the report in a headless Chromium
	$(BIN)/python -m pytest -m browser

slow: $(VENV)/.installed  ## packaging in new environments and everything else that takes minutes
	$(BIN)/python -m pytest -m slow

long: $(VENV)/.installed  ## all orders of drifting copies, hundreds of kills: a quarter of an hour
	$(BIN)/python -m pytest -m "long and not cluster"

bench: $(VENV)/.installed  ## start-up cost as ratios to an empty Python; cost of an index; languages told a second
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/index.py
	$(BIN)/python -m bench.language

MB ?= 12
SHARED ?= ../shared
EVAL ?= $(wildcard $(SHARED)/eval)
bench-corpus: $(VENV)/.installed  ## what a whole run costs: make bench-corpus MB=1000 SHARED=../shared
	$(BIN)/python -m bench.corpus $(MB) $(EVAL)

bench-duplicates: $(VENV)/.installed  ## near duplicates, beside other packages (installs them into .bench/)
	$(BIN)/python -m bench.duplicates

quality-duplicates: $(VENV)/.installed  ## figures of the duplicate finder on labelled sets
	$(BIN)/python -m bench.neardup $(SHARED)

quality: $(VENV)/.installed  ## figures of the text rules on labelled sets: make quality SHARED=../shared
	$(BIN)/python -m bench.quality $(SHARED) $(FOLDS)
	$(BIN)/python -m bench.language $(SHARED)/eval

.parity/.installed:  ## datatrove and what it needs, apart from the project's own environment
	$(PYTHON) -m venv .parity
	.parity/bin/python -m pip install --quiet --disable-pip-version-check 'datatrove[processing]==0.10.1' 'spacy==3.8.*' 'xxhash<4' 'orjson<4'
	touch $@

.cluster/.installed: pyproject.toml constraints.txt  ## Ray and Spark, apart from the project's own environment: they are large
	$(PYTHON) -m venv .cluster
	.cluster/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,ray,spark]'
	touch $@

cluster: .cluster/.installed  ## every engine gives the same, also when a worker is killed: make cluster DOCUMENTS=100000 WORDS=60 prints figures
	$(if $(DOCUMENTS),.cluster/bin/python -m bench.cluster $(DOCUMENTS) $(WORDS),.cluster/bin/python -m pytest -m "cluster and not long")

parity: DOCUMENTS ?= $(SHARED)
parity: $(VENV)/.installed .parity/.installed  ## do the profiles decide as datatrove does: make parity SHARED=../shared
	$(BIN)/python -m bench.parity $(DOCUMENTS)

docs: $(VENV)/.installed  ## write the generated parts of the README again
	$(BIN)/python scripts/build_docs.py
