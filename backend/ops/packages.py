"""Knows which Debian packages Dongne needs and which are missing; installs nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass

OLDEST_NODE = 18

Query = Callable[[Iterable[str]], str]


@dataclass(frozen=True)
class Need:
    """Something that packages provide.

    :param installs: what to install when it is missing.
    :param suffices: packages of which any one does as well.
    :param required: False when the API works without it.
    """

    title: str
    installs: tuple[str, ...]
    suffices: tuple[str, ...] = ()
    required: bool = True

    def is_met(self, installed: frozenset[str]) -> bool:
        """Tell whether the `installed` packages provide it."""
        return installed.issuperset(self.installs) or not installed.isdisjoint(self.suffices)


SERVER = Need(
    "PostgreSQL 15 with PostGIS 3",
    ("postgresql-15", "postgresql-15-postgis-3", "postgresql-15-postgis-3-scripts"),
)
VENV = Need("Python's venv", ("python3-venv",))
NODE = Need("Node.js and npm for the page assets", ("nodejs", "npm"), required=False)
CHROMIUM = Need("Chromium for the browser tests", ("chromium", "libatomic1"))
"""Chromium itself, and the library that Playwright's driver links and no package pulls in."""
FONT = Need("a Korean font for the browser tests", ("fonts-nanum",), ("fonts-noto-cjk",))
GDAL = Need("GDAL's programs for the heavy tests", ("gdal-bin",))


@dataclass(frozen=True)
class Situation:
    """What a command wants and what is there besides Debian packages.

    :param own_server: a private cluster is wanted, that is, DATABASE_URL is not set.
    :param has_venv: the environment stands, or a Python that can make it.
    :param has_node: a usable node and npm, from whatever source, are on the PATH.
    :param tests: the browser tests are wanted.
    :param heavy: so are the heavy ones, in which strangers' programs read our data.
    """

    own_server: bool
    has_venv: bool
    has_node: bool
    tests: bool
    heavy: bool = False

    def needs(self) -> tuple[Need, ...]:
        """Return what packages must provide in this situation."""
        wanted = {
            SERVER: self.own_server,
            VENV: not self.has_venv,
            NODE: not self.has_node,
            CHROMIUM: self.tests,
            FONT: self.tests,
            GDAL: self.tests and self.heavy,
        }
        return tuple(need for need, is_wanted in wanted.items() if is_wanted)


def missing(needs: Iterable[Need], query: Query | None = None) -> tuple[Need, ...]:
    """Return the needs that the installed packages do not meet.

    :param query: answers like `ask_dpkg`.
    """
    needs = tuple(needs)
    names = sorted({name for need in needs for name in (*need.installs, *need.suffices)})
    if not names:
        return ()
    installed = parse((query or ask_dpkg)(names))
    return tuple(need for need in needs if not need.is_met(installed))


def ask_dpkg(names: Iterable[str]) -> str:
    """Return dpkg's answer, one line 'name status' for each package it has heard of."""
    if shutil.which("dpkg-query") is None:
        return ""
    question = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\\n"]
    # Its exit code only says that some name is unknown, which is the answer and no failure.
    return subprocess.run([*question, *names], capture_output=True, text=True, check=False).stdout


def parse(answer: str) -> frozenset[str]:
    """Return the names that are completely installed according to dpkg's `answer`."""
    lines = (line.split() for line in answer.splitlines())
    return frozenset(words[0] for words in lines if words[1:] == ["installed"])


def has_usable_node() -> bool:
    """Tell whether npm and a recent node are on the PATH, whoever installed them."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return False
    try:
        asked = subprocess.run(
            ["node", "--version"], capture_output=True, text=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.match(r"v(\d+)\.", asked.stdout)
    return version is not None and int(version[1]) >= OLDEST_NODE
