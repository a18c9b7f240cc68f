# Two commands matter: `make site` builds every edition, `make test` runs every test.
# Each sets up what it needs; the stamps inside .venv keep it from being done twice.

PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: site site-zensical serve serve-it check test links audit lock clean

site: .venv/site.stamp  ## build every edition into site/
	@$(PY) -m microsite build

site-zensical: .venv/zensical.stamp  ## the same with Zensical, into site-zensical/: see "The way out" in the README
	@$(PY) -m microsite build --engine zensical --site site-zensical

serve: .venv/site.stamp  ## preview the English edition, reloading on prose, data, macros and theme
	@$(PY) -m microsite serve

serve-it: .venv/site.stamp  ## the same for the Italian edition
	@$(PY) -m microsite serve --edition it

check: .venv/site.stamp  ## report every mistake in settings, data and pages, without building
	@$(PY) -m microsite check

# tests/browser.py finds browsers, Java and npm; as root on Debian it installs them. Every core runs tests.
test: .venv/test.stamp  ## run every test, in real browsers too
	@$(PY) tests/browser.py --install
	@$(MAKE) --no-print-directory tests/node_modules/made.stamp
	@$(PY) -m pytest -n auto --dist worksteal $(ARGS)

# Opt-in: they need a network, and a build or test never does. `make links SOURCES='ID ID'` asks for these sources only,
# `make links ARCHIVE=1` looks for archived copies and enters them in data/sources.yml.
links: .venv/links.stamp  ## ask whether the addresses outside this site are still there
	@$(PY) -m microsite links $(if $(ARCHIVE),--archive) $(if $(SOURCES),--sources $(SOURCES))

audit: .venv/audit.stamp  ## ask whether anything pinned has a known vulnerability
	@failed=; for file in requirements*.txt; do \
	  echo "$$file" && .venv/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r "$$file" || failed=1; \
	done; \
	if command -v npm >/dev/null; then echo tests/package-lock.json && npm --prefix tests audit || failed=1; \
	else echo 'No npm found, so tests/package-lock.json is left out.' >&2; fi; \
	test -z "$$failed"

clean:  ## remove the built site, the environment and all caches
	rm -rf site site-zensical .site-* .venv .cache .pytest_cache tests/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# For maintainers: write the pins anew after a change to a *.in file. Needs `uv`. The pins are valid
# for every supported Python and system, and the files name no host.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock'
lock:
	$(LOCK) $(ARGS) requirements.in -o requirements.txt
	$(LOCK) $(ARGS) requirements-test.in -o requirements-test.txt
	$(LOCK) $(ARGS) requirements-zensical.in -o requirements-zensical.txt
	$(LOCK) $(ARGS) requirements-links.in -o requirements-links.txt
	$(LOCK) $(ARGS) requirements-audit.in -o requirements-audit.txt

# A name on the path proves nothing (version managers put names there that do not run), and Debian
# ships Python without ensurepip: so each candidate is asked to run, and to import both.
.venv/made.stamp:
	@for python in $$PYTHON python3.14 python3.13 python3.12 python3.11 python3 python; do \
	  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Setting up .venv with $$("$$python" --version)" && \
	    rm -rf .venv && "$$python" -m venv .venv && touch $@ && exit 0 || exit 1; \
	  fi; \
	done; \
	echo 'This needs Python 3.11 or newer with its venv module, and found none.' >&2; \
	echo 'On Debian or Ubuntu: apt-get install python3-venv. Elsewhere: python.org.' >&2; \
	echo 'If it is installed under another name: make PYTHON=/path/to/python' >&2; \
	exit 1

.venv/site.stamp: requirements.txt .venv/made.stamp
	@echo 'Installing what the build needs'
	@$(PIP) -r requirements.txt
	@touch $@

.venv/test.stamp: requirements-test.txt .venv/site.stamp
	@echo 'Installing what the tests need'
	@$(PIP) -r requirements.txt -r requirements-test.txt
	@touch $@

.venv/zensical.stamp: requirements-zensical.txt .venv/site.stamp
	@echo 'Installing Zensical'
	@$(PIP) -r requirements.txt -r requirements-zensical.txt
	@touch $@

.venv/links.stamp: requirements-links.txt .venv/made.stamp
	@echo 'Installing what the check of links needs'
	@$(PIP) -r requirements.txt -r requirements-links.txt
	@touch $@

# In an environment of its own, so that its pins and those of the build do not bind each other.
.venv/audit.stamp: requirements-audit.txt .venv/made.stamp
	@echo 'Installing what the audit needs'
	@$(PY) -m venv .venv/audit
	@.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.txt
	@touch $@

# Without npm the tests of accessibility and of HTML are left out, and say so.
tests/node_modules/made.stamp: tests/package-lock.json
	@if command -v npm >/dev/null; then \
	  echo 'Installing what the tests need from npm' && \
	  npm --prefix tests ci --no-fund --no-audit --loglevel=error && touch $@; \
	elif [ -n "$$BROWSER_REQUIRED" ]; then \
	  echo 'No npm found, and no test may be left out here. On Debian: apt-get install npm' >&2; exit 1; \
	else \
	  echo 'No npm found, so the tests of accessibility and of valid HTML are left out.' >&2; \
	fi
