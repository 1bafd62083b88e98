"""Owns the Flask extensions that have no home of their own."""

from flask_migrate import Migrate

migrate = Migrate(directory="migrations")
