"""The demonstration: a made-up round, played through the services and marked as made up."""

from backend.demo.cli import init_app

__all__ = ["init_app"]
