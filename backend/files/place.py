"""Owns which storage the application at hand uses; opened when it is first needed."""

from typing import cast

from flask import Flask, current_app

from backend.files.storage import Storage, open_storage

EXTENSION = "dongne_storage"


def current_storage() -> Storage:
    """Return the storage of the current application."""
    return storage_of(current_app)


def storage_of(app: Flask) -> Storage:
    """Return an application's storage; a process opens its own, after it has been forked."""
    storage = app.extensions.get(EXTENSION)
    if storage is None:
        storage = app.extensions[EXTENSION] = open_storage(app.config)
    return cast("Storage", storage)
