"""Owns what a number in a path can be."""

from typing import Any

from werkzeug.routing import IntegerConverter, Map


class WholeNumber(IntegerConverter):
    """A whole number as the database's columns hold it; there is nothing under any other."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002 (werkzeug's name)
        super().__init__(map, **{"max": 2**31 - 1, **options})
