"""Where the parts of one clone lie; creates nothing and decides nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """The places of the clone at `root`, an absolute path without symbolic links."""

    root: Path

    @property
    def var(self) -> Path:
        """Everything that is made here and can be made again."""
        return self.root / "var"

    @property
    def logs(self) -> Path:
        """One file per step that ran a command."""
        return self.var / "log"

    @property
    def stamps(self) -> Path:
        """One file per finished step, holding the digest of what it was made from."""
        return self.var / "stamps"

    @property
    def secret_key(self) -> Path:
        """The key that signs tokens and sessions of this installation."""
        return self.var / "secret.key"

    @property
    def cluster_note(self) -> Path:
        """Where the finished private cluster and its socket are."""
        return self.var / "cluster.json"

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def web(self) -> Path:
        """The folder of the pages, with its package.json."""
        return self.root / "backend" / "web"

    @property
    def digest(self) -> str:
        """Twelve characters that stand for this clone in names outside it."""
        return hashlib.sha256(str(self.root).encode("utf-8", "surrogateescape")).hexdigest()[:12]


def here() -> Paths:
    """Return the places of the clone that this file belongs to."""
    return Paths(Path(__file__).resolve().parents[2])
