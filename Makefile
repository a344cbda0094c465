# Everything from a fresh machine with Python 3.11 and make: each target sets up what it needs.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-browser test-office lint fmt bench soak mutants lock messages calendar fonts clean
.DEFAULT_GOAL := demo

$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(READY)  ## a believable county, from a workbook to the ranking
	$(BIN)/lifecycle demo

test: $(READY)  ## every test, on SQLite and on a real PostgreSQL; with COVER=1 the branch coverage too, which takes twice as long
	$(BIN)/python -m pytest -n 2 --dist worksteal $(if $(COVER),--cov --cov-report=term)

test-browser: $(READY)  ## the pages in a real Chromium: drill-down, pickers, print, two widths, no request elsewhere, axe
	@command -v chromium > /dev/null || { echo "no chromium here; on Debian: apt-get update && apt-get install -y chromium"; exit 1; }
	$(BIN)/python -m pytest tests/browser/check_pages.py

test-office: $(READY)  ## the documents in LibreOffice and poppler; pictures of them in build/office
	@command -v soffice pdftotext > /dev/null || { echo "no LibreOffice or poppler here; on Debian: apt-get update && apt-get install -y --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils"; exit 1; }
	$(BIN)/python -m pytest tests/office/check_documents.py

lint: $(READY)  ## ruff, mypy, import-linter; the verifier by 3.9's syntax and library
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --strict --python-version 3.10 projections/audit/verifier/verify_bundle.py  # the oldest that mypy knows
	$(BIN)/vermin --quiet --no-tips --eval-annotations --violations -t=3.9- projections/audit/verifier/verify_bundle.py  # and what the library of 3.9 had
	$(BIN)/lint-imports

fmt: $(READY)  ## mend what ruff can mend
	$(BIN)/ruff check --fix .

bench: $(READY)  ## every figure as a ratio to a raw limit of the same run; ONLY="import reading" runs some sections
	$(BIN)/python -m benchmarks $(ONLY)

soak: $(READY)  ## many more examples, 240 losses of power, 60 kills on each database, ten minutes of fuzzing for each reader
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n 2 --dist worksteal tests

mutants: $(READY)  ## mutation tests of the tree, notes, corrections, evaluator and standalone verifier; what survives is in tests/mutants.md
	$(BIN)/python -m tests.mutation.corpus
	rm -rf mutants
	LIFECYCLE_TEST_POSTGRES_FOLDER=none $(BIN)/python tests/mutation/run.py
	$(BIN)/mutmut results

lock:  ## pin every dependency with its hashes; no index address is written
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet pip-tools
	build/lock/bin/pip-compile --quiet --generate-hashes --no-strip-extras --allow-unsafe --no-header --no-annotate \
		--no-emit-index-url --no-emit-trusted-host --no-emit-options \
		--extra dev --output-file requirements/dev.txt pyproject.toml

messages: $(READY)  ## gather what is said, and compile the catalogues
	mkdir -p build
	$(BIN)/pybabel --quiet extract -F babel.cfg --no-location --omit-header -k _ -k msg -o build/lifecycle.pot lifecycle projections commands
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-pot-creation-date -D lifecycle -l zh_CN -i build/lifecycle.pot -d commands/words/locales
	$(BIN)/pybabel --quiet compile -D lifecycle -d commands/words/locales

calendar: $(READY)  ## the table of working days, anew, once the next year's arrangement is out
	$(BIN)/python tools/working_days.py

fonts: $(READY)  ## make the shipped Chinese fonts anew from Debian's packages
	rm -rf build/fonts && mkdir -p build/fonts
	cd build/fonts && apt-get download fonts-noto-cjk unicode-data && for package in *.deb; do dpkg-deb -x "$$package" .; done
	$(BIN)/python -m tools.subset_fonts build/fonts

clean:
	rm -rf build dist lifecycle-demo $(VENV)
