#!/bin/sh
# Makes the lock files anew: the newest versions that pyproject.toml allows, for every platform,
# with the hash of every file. `make setup` installs these and nothing else.
#
# The file names no host: where the files come from is the choice of whoever installs.
set -eu
cd "$(dirname "$0")/.."

python=.venv/bin/python
tools=build/lock
[ -x "$tools/bin/uv" ] || {
    "$python" -m venv "$tools"
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check "uv>=0.13"
}
[ -z "${PIP_CERT:-}" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"

# `--upgrade` takes newer versions; without it what is locked stays where it still fits.
compile() {
    "$tools/bin/uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-header --no-emit-index-url --no-emit-find-links "$@"
}

compile --group build "$@" -o requirements.lock
compile --group build --group dev "$@" -c requirements.lock -o requirements-dev.lock
