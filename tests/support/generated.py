"""Owns the client that a stranger would generate from the API's description."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PACKAGE = "dongne_client"

_BYTES = "application/octet-stream"


def generate_client(description: dict[str, Any], directory: Path) -> str:
    """Write the package into a directory; return what the generator had to say besides.

    :param description: the OpenAPI document.
    """
    (directory / "openapi.json").write_text(json.dumps(description), encoding="utf-8")
    # What the generator knows no name of is bytes all the same.
    overrides = dict.fromkeys(binary_types(description), _BYTES)
    config = {"post_hooks": [], "content_type_overrides": overrides}
    (directory / "config.json").write_text(json.dumps(config), encoding="utf-8")
    said = _run(
        Path(sys.executable).with_name("openapi-python-client"),
        *("generate", "--meta", "none", "--path", "openapi.json", "--config", "config.json"),
        *("--output-path", PACKAGE),
        directory=directory,
    )
    return said.removeprefix(f"Generating {PACKAGE}").strip()


def binary_types(described: Any) -> set[str]:
    """Return the media types whose bodies are described as bytes."""
    if isinstance(described, list):
        return set().union(*map(binary_types, described))
    if not isinstance(described, dict):
        return set()
    found = {
        media_type
        for media_type, body in described.get("content", {}).items()
        if isinstance(body, dict) and body.get("schema", {}).get("format") == "binary"
    }
    return found.union(*map(binary_types, described.values()))


def check_types(directory: Path) -> str:
    """Return what mypy says of the package."""
    command = ("-m", "mypy", "--config-file=", "--cache-dir=.mypy", "-p", PACKAGE)
    return _run(sys.executable, *command, directory=directory).strip()


def _run(program: str | Path, *arguments: str, directory: Path) -> str:
    done = subprocess.run(  # noqa: S603 (tools of our own environment)
        [program, *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout + done.stderr
