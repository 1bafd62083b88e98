"""The WSGI entry: `app` and nothing else."""

from backend.app import create_app

app = create_app()
