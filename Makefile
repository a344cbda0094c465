# Everything from a fresh machine with Python 3.11 to 3.14 and make: each target sets up what it needs.
PYTHON ?= $(shell for version in 3.14 3.13 3.12 3.11 3; do \
	python$$version -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2> /dev/null && echo python$$version && break; done)
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run
READY := $(VENV)/.ready
# Plugins are imported before any test could set it: without bytecode each process compiles them again.
CACHED := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/build/bytecode
LOCK = $(BIN)/uv pip compile --quiet --upgrade --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: agreement demo test test-browser test-office test-interop windows-python test-windows kit lint fmt bench soak mutants lock messages language pages calendar fonts clean
.DEFAULT_GOAL := demo

# What the program needs, in a new environment: a Python left from an earlier set-up is not kept.
$(RUN): requirements/run.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "no Python from 3.11 to 3.14 was found; name one: make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version)"
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --no-compile --require-hashes -r requirements/run.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# What tests, linters and tools need besides. Most of its modules are never imported, and what tests import is
# compiled into another folder.
$(READY): requirements/dev.txt $(RUN)
	$(PIP) --no-compile --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(RUN)  ## a realistic county, from a workbook to the ranking
	$(BIN)/lifecycle demo

test: $(READY)  ## every test, on SQLite and on a real PostgreSQL; with COVER=1, as in CI, the branch coverage and all examples of drawn histories too, which takes more than twice as long
	$(CACHED) $(if $(COVER),HYPOTHESIS_PROFILE=whole )$(BIN)/python -m pytest -n 2 --dist worksteal $(if $(COVER),--cov --cov-report=term)

test-browser: $(READY)  ## the pages in a real Chromium: drill-down, pickers, print, two widths, no request elsewhere, axe
	@command -v chromium > /dev/null || { echo "no chromium here; on Debian: apt-get update && apt-get install -y chromium"; exit 1; }
	$(BIN)/python -m pytest tests/browser/check_pages.py tests/browser/check_looks.py

test-office: $(READY)  ## the documents in LibreOffice and poppler; pictures of them in build/office
	@command -v soffice pdftotext > /dev/null || { echo "no LibreOffice or poppler here; on Debian: apt-get update && apt-get install -y --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils"; exit 1; }
	$(BIN)/python -m pytest tests/office/check_documents.py

test-interop: $(READY)  ## Go's own sumdb/note and sumdb/tlog read our checkpoint and tiles, calendar programs our deadlines
	@command -v go > /dev/null && test -d /usr/share/gocode/src/golang.org/x/mod/sumdb || { echo "no Go with golang.org/x/mod here; on Debian: apt-get update && apt-get install -y --no-install-recommends golang-go golang-golang-x-mod-dev"; exit 1; }
	$(BIN)/python -m pytest tests/interop/check_go.py tests/interop/check_calendar.py

windows-python: $(READY)  ## Wine with a real Windows Python, this program and what the tests need, in build/windows
	@{ command -v wine && command -v x86_64-w64-mingw32-gcc; } > /dev/null || { echo "no Wine or mingw here; on Debian: apt-get update && apt-get install -y --no-install-recommends wine wine64 gcc-mingw-w64-x86-64-win32"; exit 1; }
	$(BIN)/python -m tools.windows_python build/windows --for-tests

test-windows: windows-python  ## the program under a real Windows Python (Wine): commands, console, shells, documents, files, writers; SUITE=1 runs the suite there too
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/windows/check_*.py
	$(if $(SUITE),$(BIN)/python -m tests.windows.suite)

kit: $(READY)  ## the offline kits in dist/: Windows x64 (Python included; needs Wine to compile), Linux x86_64 and aarch64; each is unpacked and used without network
	$(BIN)/python -m tools.offline_kit
	$(BIN)/python -m pytest tests/kits/check_kits.py

lint: $(READY)  ## ruff, mypy, import-linter; the verifier by 3.9's syntax and library
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 -p lifecycle -p projections -p commands  # the branches that run on Windows alone
	$(BIN)/mypy --strict --python-version 3.10 projections/audit/verifier/verify_bundle.py  # the oldest that mypy knows
	$(BIN)/vermin --quiet --no-tips --eval-annotations --violations -t=3.9- projections/audit/verifier/verify_bundle.py  # and what the library of 3.9 had
	$(BIN)/lint-imports

fmt: $(READY)  ## fix what ruff can fix, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## every figure as a ratio to a raw limit of the same run; ONLY="import reading" runs some sections, ONLY=long one that all leaves out
	$(BIN)/python -m benchmarks $(ONLY)

soak: $(READY)  ## many more examples, 240 losses of power, 60 kills and a minute of backups under four writers on each database, ten minutes of fuzzing for each reader
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n 2 --dist worksteal tests

agreement: $(READY)  ## COUNT random rulebooks on random histories: evaluator, reference and verifier agree, and what was drawn; make agreement COUNT=2000 SEED=17
	$(BIN)/python -m tests.agreement.random_agreement $(or $(COUNT),200) $(or $(SEED),1)

mutants: $(READY)  ## mutation tests of the tree, notes, corrections, evaluator and standalone verifier; what survives is in tests/mutants.md
	$(BIN)/python -m tests.mutation.corpus
	rm -rf mutants
	LIFECYCLE_TEST_POSTGRES_FOLDER=none $(BIN)/python tests/mutation/run.py
	$(BIN)/mutmut results

lock: $(READY)  ## pin every dependency with its hashes, for all supported Pythons; no index address is written
	$(LOCK) --extra dev --group build --output-file requirements/dev.txt pyproject.toml
	$(LOCK) --extra all --group build --constraints requirements/dev.txt --output-file requirements/run.txt pyproject.toml

messages: $(READY)  ## gather what is said, and compile the catalogues
	mkdir -p build
	$(BIN)/pybabel --quiet extract -F babel.cfg --no-location --omit-header -k _ -k msg -o build/lifecycle.pot lifecycle projections commands
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-pot-creation-date -D lifecycle -l zh_CN -i build/lifecycle.pot -d commands/words/locales
	$(BIN)/pybabel --quiet compile -D lifecycle -d commands/words/locales

language: $(READY)  ## the catalogue of another language, begun or brought up to date: make language CODE=de
	mkdir -p build
	$(BIN)/pybabel --quiet extract -F babel.cfg --no-location --omit-header -k _ -k msg -k Label:1 -k PolicyTerm:1 -o build/language.pot lifecycle projections commands
	$(BIN)/pybabel --quiet update --init-missing --no-fuzzy-matching --ignore-pot-creation-date -D lifecycle -l $(CODE) -i build/language.pot -d commands/words/locales
	$(BIN)/pybabel --quiet compile -D lifecycle -l $(CODE) -d commands/words/locales

pages: $(READY)  ## rewrite the reference pages of docs/ from the code: events, commands, measures, query tables
	$(BIN)/python -m tools.reference_pages

calendar: $(READY)  ## rebuild the table of working days, once the next year's arrangement is published
	$(BIN)/python tools/working_days.py

fonts: $(READY)  ## rebuild the shipped Chinese fonts from Debian's packages
	rm -rf build/fonts && mkdir -p build/fonts
	cd build/fonts && apt-get download fonts-noto-cjk unicode-data && for package in *.deb; do dpkg-deb -x "$$package" .; done
	$(BIN)/python -m tools.subset_fonts build/fonts

clean:
	rm -rf build dist lifecycle-demo $(VENV)
