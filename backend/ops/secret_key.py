"""Makes the secret key of this installation once; never shows or changes it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_KEY_BYTES = 32


def ensure(path: Path) -> bool:
    """Write 64 hexadecimal digits to `path`, readable by its owner only; False when it exists."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")
    try:
        # Unlike a rename, a link never replaces the key of a command that was faster.
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
