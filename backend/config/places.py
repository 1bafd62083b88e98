"""Owns where the project lies on the machine."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The project's folder; what the application writes lies in its `var/`."""
