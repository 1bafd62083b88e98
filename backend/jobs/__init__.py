"""Owns the job queue: how work is handed over, run, retried and swept; owns no task of a domain."""

from backend.jobs.cli import init_app

__all__ = ["init_app"]
