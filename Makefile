# `make run` serves the product with its demonstration; `make test` passes every check. Both set up what they need.
PORT ?= 8000
SIZE ?= 200000
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test fix bench bench-desks bench-labels bench-notices bench-photos bench-rebalancing bench-rounds bench-search bench-import mutants setup lock clean

run: .venv/ready
	@$(BIN)/lending run --port $(PORT)

test: .venv/ready-dev
	@sh tools/check.sh

fix: .venv/ready-dev
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

bench: .venv/ready-dev
	@$(BIN)/python -m tests.kit.with_postgres $(BIN)/lending bench bookings --size $(SIZE) --postgresql '{url}'

bench-desks: SIZE := 100000
bench-desks: .venv/ready-dev
	@$(BIN)/python -m tests.kit.with_postgres $(BIN)/lending bench desks --size $(SIZE) --postgresql '{url}'

bench-import: SIZE := 10000
bench-import: .venv/ready-dev
	@$(BIN)/lending bench import --size $(SIZE)

bench-labels: SIZE := 1000
bench-labels: .venv/ready-dev
	@$(BIN)/lending bench labels --size $(SIZE)

bench-notices: SIZE := 10000
bench-notices: .venv/ready-dev
	@$(BIN)/python -m tests.kit.with_postgres $(BIN)/python -m tests.notices.bench $(SIZE) '{url}'

bench-photos: SIZE := 1000
bench-photos: .venv/ready-dev
	@$(BIN)/lending bench photos --size $(SIZE)

bench-rebalancing: SIZE := 5000
bench-rebalancing: .venv/ready-dev
	@$(BIN)/lending bench rebalancing --size $(SIZE)

bench-rounds: SIZE := 50
bench-rounds: .venv/ready-dev
	@$(BIN)/lending bench rounds --size $(SIZE)

bench-search: SIZE := 5000
bench-search: USERS ?= 0
bench-search: .venv/ready-dev
	@$(BIN)/lending bench search --size $(SIZE) --users $(USERS)

mutants: .venv/ready-dev
	@$(BIN)/python -m tests.loans.mutants

setup: .venv/ready

lock: .venv/ready-dev
	@sh tools/lock.sh

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov

.venv/bin/uv: tools/venv.sh requirements-boot.lock
	@PYTHON=$(PYTHON) sh tools/venv.sh

.venv/ready: .venv/bin/uv requirements.lock pyproject.toml
	@echo "Installing what the product needs…"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@echo "Installing what the checks need…"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@
