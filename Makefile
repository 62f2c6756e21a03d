# Everything a user or maintainer types; each target does its own set-up. Needs only Python >= 3.11 and pip.
#   lab      open the course            check    fast tests, green at every commit
#   test     everything that CI proves  release  solutions/ -> notebooks/
#   bench    performance, as ratios     results  the long record runs
#   bench-widgets  the explorers alone  bench-grading  a class beside stock nbgrader (ARGUMENTS=--quick)
#   screenshots  the pictures of the README        results-gpu  times on GPUs (TENSORFLOW=gpu)

export PIP_DISABLE_PIP_VERSION_CHECK = 1
# The course's Python: 3.12 where there is one, else 3.11 or 3.13. uv would download one, which not every machine can.
export UV_PYTHON ?= $(firstword $(foreach version,3.12 3.13 3.11,$(shell \
    for python in python$(version) $(HOME)/.pyenv/versions/$(version)*/bin/python; do \
        "$$python" -c 'import sys; print(sys.executable)' 2>/dev/null && break; done)))
# cpu, or gpu for a Linux machine with an NVIDIA GPU: make lab TENSORFLOW=gpu
TENSORFLOW ?= cpu
# uv where it is installed, else one of our own beside the environment.
UV := $(or $(shell uv --version >/dev/null 2>&1 && command -v uv),.venv-uv/bin/uv)
RUN = $(UV) run --frozen --no-sync

.PHONY: lab check test release bench bench-widgets bench-grading results results-gpu screenshots setup setup-dev

lab: setup
	$(RUN) course lab $(ARGUMENTS)

check: setup-dev
	$(RUN) ruff check . && $(RUN) ruff format --check .
	$(RUN) pytest -q -n 2 -m "not slow and not browser and not chapters"

test: setup-dev
	$(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) codespell
	$(RUN) course data
	$(RUN) pytest -q -n 2 --dist loadfile --durations=40
	$(RUN) pytest -q -n 2 --dist loadscope --nbval --nbval-sanitize-with tests/notebooks/sanitize.cfg solutions

release: setup-dev
	$(RUN) course release

bench: setup-dev
	$(RUN) python -m tests.bench

bench-widgets: setup-dev
	$(RUN) python -m tests.bench widgets

bench-grading: setup-dev
	$(RUN) python -m tests.bench grading $(ARGUMENTS)

screenshots: setup-dev
	$(RUN) python -m tests.browser.screenshots

results: setup-dev
	$(RUN) course results

results-gpu: setup-dev
	$(RUN) python -m course_lib.gpu_results

# Bytecode is compiled here: without it TensorFlow alone takes 10 to 58 s to import, every time. uv shows what it fetches,
# and where all is there already, says one line.
setup: $(UV)
	@$(FIRST_TIME)
	@$(UV) sync --frozen --no-dev --inexact --extra $(TENSORFLOW) --extra serve --compile-bytecode

setup-dev: $(UV)
	@$(FIRST_TIME)
	@$(UV) sync --frozen --extra $(TENSORFLOW) --extra serve --compile-bytecode

FIRST_TIME = [ -e .venv ] || echo "Setting up the course, once: packages are fetched into .venv and compiled, which takes minutes."

.venv-uv/bin/uv:
	@echo "Fetching uv, which sets the course up."
	@$(or $(UV_PYTHON),python3) -m pip install --quiet --target .venv-uv uv
