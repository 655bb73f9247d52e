# make demo   a sample class is graded, from nothing
# make test   everything that CI runs
# make lab    JupyterLab in the course folder
# make docs   the site, in docs/_build/html
# make hub    JupyterHub on this machine, to try

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed
export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: demo test lint unit notebooks lab build release bench-training bench-grading bench-newcomer \
        hostile fuzz accuracy walk docs docs-test hub clean

demo: $(READY)
	$(BIN)/autograder demo

test: lint unit notebooks

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/autograder build --check

unit: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadgroup tests

# Both versions of every notebook, from top to bottom, in kernels that a warm parent forks.
notebooks: $(READY)
	JUPYTER_DEFAULT_PROVISIONER_NAME=warm $(BIN)/python -m pytest -n 2 --dist loadfile --nbval-lax --nbval-cell-timeout=300 \
	  --nbval-kernel-startup-timeout=180 solutions notebooks

lab: $(READY)
	$(BIN)/jupyter lab

# Everybody's home and the exchange are in a temporary folder.
hub: $(READY) node_modules
	HUB_TRIAL=$$(mktemp -d) $(BIN)/jupyterhub -f hub/trial_config.py

build release: $(READY)
	$(BIN)/autograder $@

bench-training bench-grading bench-newcomer: $(READY)
	PYTHONPATH=. $(BIN)/python benchmarks/$(subst -,_,$@).py

# Submissions made to break a grader, through the real command and its sandbox.
hostile: $(READY)
	$(BIN)/python -m tests.hostile.run

MINUTES ?= 10
fuzz: $(READY)
	$(BIN)/python -m tests.hostile.fuzz --minutes $(MINUTES)

# Every unit is run, and kept in docs/_build/executed until its code changes.
docs: $(READY) node_modules
	$(BIN)/python -m sphinx -W --keep-going -q -c docs -b html . docs/_build/html

# Links, pictures, errors and what axe finds, in Chromium.
docs-test: docs
	$(BIN)/python -m pytest tests/end_to_end/test_docs.py

# How often the grader is wrong; OPTIONS="--part mutants --units 02" measures a part again.
accuracy: $(READY)
	$(BIN)/python -W ignore -m tests.accuracy.run $(OPTIONS)

# Each exercise is answered wrongly and rightly in JupyterLab; OPTIONS="--units 02 --theme dark".
walk: $(READY)
	$(BIN)/python -m tests.end_to_end.walk --out docs/_build/walk $(OPTIONS)

clean:
	rm -rf .venv node_modules docs/_build docs/api

node_modules: package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Python 3.11 to 3.13 is needed; name one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { echo "this Python cannot make environments; on Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@
