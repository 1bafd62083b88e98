# Debian's own Python first: it is there before anything is installed, and no version manager
# can put an older one before it. The virtual environment is made by whichever Python fits best.
PYTHON := $(firstword $(wildcard /usr/bin/python3) python3)
OPS := $(PYTHON) -m backend.ops

export ARGS

.DEFAULT_GOAL := help
.PHONY: help demo test serve db stop check lint format bench bench-api bench-geo bench-matching doctor openapi lock clean
.NOTPARALLEL:

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo '  PORT=9000 make demo                    another port'
	@echo '  DATABASE_URL=postgresql+psycopg://...  another server, then no private one is started'
	@echo '  make test ARGS="tests/geo -x"          anything that pytest takes'

demo: ## Set up everything, play the demonstration and serve it; Ctrl-C stops it
	@exec $(OPS) demo

test: ## Set up everything and run the tests; ARGS="..." goes to pytest
	@exec $(OPS) test

serve: ## Serve the data that is there; Ctrl-C stops it
	@exec $(OPS) serve

db: ## Start the private PostgreSQL cluster and leave it running
	@exec $(OPS) db

stop: ## Stop the private PostgreSQL cluster
	@exec $(OPS) stop

check: ## Lint, check types and run all tests, the heavy ones too
	@exec $(OPS) check

lint: ## Check style, import floors and types
	@exec $(OPS) lint

format: ## Format the code and apply the safe fixes
	@exec $(OPS) format

bench: ## Run all benchmarks of bench/
	@exec $(OPS) bench

bench-api: ## Measure the hottest calls with 100,000 proposals; ARGS="--quick --json FILE --strict"
	@exec $(OPS) bench-api

bench-geo: ## Measure regions and tiles beside the open peers; ARGS="--quick --json FILE --strict"
	@exec $(OPS) bench-geo

bench-matching: ## Measure the matching engine up to a million applications; ARGS="--quick --json FILE"
	@exec $(OPS) bench-matching

doctor: ## Say what is missing, with the exact command to type
	@exec $(OPS) doctor

openapi: ## Write docs/openapi.json anew from the code
	@.venv/bin/flask --app wsgi openapi write --format=json docs/openapi.json

lock: ## Recompile the lock files; ARGS=--upgrade takes newer versions
	@exec $(OPS) lock

clean: ## Remove what was made here, the private database included
	@exec $(OPS) clean
