#!/bin/sh
# Makes .venv ready: system packages, locked libraries (hashes checked), this project.
#
#   scripts/setup.sh run    what the counter needs
#   scripts/setup.sh dev    that, and what the tests and checks need
#
# A second call finds its stamp and does nothing. pip's own configuration (mirror, proxy,
# certificates) is respected. PYTHON names another interpreter.
set -eu

kind=${1:-run}
case $kind in
run) lock=requirements.lock ;;
dev) lock=requirements-dev.lock ;;
*) echo "setup.sh: 'run' or 'dev', not '$kind'." >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."

# Found on a bare Debian 12 by adding one package at a time: the first row lets Qt be imported,
# the second opens a window on X11, the third gives tests a display with a window manager.
qt_packages="libglib2.0-0 libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3"
xcb_packages="libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-xkb1 libxkbcommon-x11-0 libxcb-shape0"
# libatomic1: the driver of the browser tests is linked with it and does not bring it.
test_packages="xvfb xauth openbox xdotool libatomic1"
# The server's tests start a PostgreSQL of their own; any version from 15 on that is here will do.
has_postgres() {
    command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

fail() { echo "setup: $*" >&2; exit 1; }

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

is_debian() { command -v dpkg-query >/dev/null 2>&1; }

# Later Debians renamed libraries for 64-bit time: libglib2.0-0 is libglib2.0-0t64 there.
is_installed() {
    for name in "$1" "$1t64"; do
        # shellcheck disable=SC2016  # ${Status} is dpkg-query's own
        case $(dpkg-query -W -f '${Status}' "$name" 2>/dev/null || true) in
        *" ok installed") return 0 ;;
        esac
    done
    return 1
}

missing_of() {
    missing=""
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    echo "${missing# }"
}

apt_install() {
    echo "setup: installing system packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    # One source that cannot be reached must not stop what the others have.
    apt-get update -qq </dev/null || true
    apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}

# Installs what is missing where that is permitted; else says with what command, and goes on:
# the command line works without Qt.
system_packages() {
    is_debian || return 0
    # shellcheck disable=SC2046,SC2086  # the lists are words
    missing=$(missing_of $@)
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086
    if can_install && apt_install $missing; then return 0; fi
    echo "setup: system packages are missing; install them with: sudo apt-get install --no-install-recommends $missing" >&2
}

is_new_enough() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
        if is_new_enough "$name"; then
            echo "$name"
            return 0
        fi
    done
    return 1
}

# Debian keeps the module that gives a virtual environment its pip in a package of its own.
need_ensurepip() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return 0
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if can_install && apt_install "$package" &&
        "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        return 0
    fi
    fail "Python cannot make virtual environments here; run: sudo apt-get install $package"
}

# A virtual environment holds absolute paths: one that was moved or whose Python is gone is made anew.
make_venv() {
    if [ "$(cat .venv/.checkout 2>/dev/null)" = "$PWD" ] && is_new_enough .venv/bin/python; then
        return 0
    fi
    need_ensurepip
    # Through a link another checkout's environment would be emptied.
    [ ! -L .venv ] || fail ".venv is a link; remove it, then this checkout gets its own"
    "$python" -m venv --clear .venv
    echo "$PWD" >.venv/.checkout
}

install_libraries() {
    echo "setup: installing the locked libraries into .venv (a few minutes the first time)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes -r "$lock" </dev/null ||
        fail "the libraries could not be installed; the lines above say why. The same command goes on where it stopped."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --no-deps --no-build-isolation -e . </dev/null
}

check_qt() {
    said=$(QT_QPA_PLATFORM=offscreen .venv/bin/python -c 'import PySide6.QtWidgets' 2>&1) && return 0
    echo "setup: windows cannot be opened yet, Qt says: $(echo "$said" | tail -n 1)" >&2
}

# The tests of the web pages drive a real browser.
has_chromium() { command -v chromium >/dev/null 2>&1; }

packages="$qt_packages $xcb_packages"
[ "$kind" = run ] || packages="$packages $test_packages"
[ "$kind" = run ] || has_postgres || packages="$packages postgresql"
[ "$kind" = run ] || has_chromium || packages="$packages chromium"
system_packages "$packages"

# Whatever the environment is made from; a change in any of it makes it anew.
stamp=$(echo "$PWD" | cat - requirements.lock requirements-dev.lock pyproject.toml scripts/setup.sh | cksum)
if [ "$(cat ".venv/.ready-$kind" 2>/dev/null)" = "$stamp" ]; then exit 0; fi

python=$(find_python) || python=""
if [ -z "$python" ] && can_install && apt_install python3 python3-venv; then
    python=$(find_python) || python=""
fi
[ -n "$python" ] ||
    fail "Python 3.11 or later is needed and was not found; on Debian 12: sudo apt-get install python3 python3-venv"
make_venv
install_libraries
check_qt
echo "$stamp" >".venv/.ready-$kind"
# The locks share their pins, so what serves the tests serves the counter too.
[ "$kind" = run ] || echo "$stamp" >.venv/.ready-run
echo "setup: ready"
