"""Owns the record of who did what to whom, and the proof that it was not changed."""

from backend.audit.cli import init_app

__all__ = ["init_app"]
