"""Owns the reading of single instance fields from untrusted JSON; knows no rule between fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from geo.matching.instance import Name
from geo.matching.jsonio import Refused, child, is_integer, is_text, show

LONGEST_ID = 100
LANGUAGES = frozenset({"ko", "en"})
NONE: frozenset[str] = frozenset()


class InstanceRefused(Refused):
    """An instance that breaks the format, with the JSON path of the field and what is wrong."""


def refuse(path: str, problem: str) -> NoReturn:
    """Turn the instance away.

    :raises InstanceRefused: always.
    """
    raise InstanceRefused(path or "$", problem)


def read_object(
    value: object, path: str, required: frozenset[str], optional: frozenset[str] = NONE
) -> dict[str, Any]:
    """Read an object that has every required field and no unknown one.

    :raises InstanceRefused: when it is no object, or at the first unknown or missing field.
    """
    if type(value) is not dict:
        refuse(path, f"must be an object, not {show(value)}")
    if value.keys() == required:
        return value
    for name in value:
        if name not in required and name not in optional:
            refuse(child(path, name), "unknown field")
    for name in sorted(required):
        if name not in value:
            refuse(child(path, name), "missing")
    return value


def read_map(value: object, path: str) -> Iterator[tuple[str, Any, str]]:
    """Read an object whose names are free, as (name, value, path of the value).

    :raises InstanceRefused: when it is no object or a name is empty or not writable as UTF-8.
    """
    if type(value) is not dict:
        refuse(path, f"must be an object, not {show(value)}")
    for name, item in value.items():
        where = child(path, name)
        if not (is_text(name) and name):
            refuse(where, "the name must be a text that is not empty")
        yield name, item, where


def read_list(value: object, path: str) -> list[Any]:
    """Read a list.

    :raises InstanceRefused: when it is none.
    """
    if type(value) is not list:
        refuse(path, f"must be a list, not {show(value)}")
    return value


def read_distinct(value: object, path: str) -> tuple[str, ...]:
    """Read a list of texts of which none is empty or repeated.

    :raises InstanceRefused: at the first entry that is.
    """
    seen: set[str] = set()
    entries = read_list(value, path)
    for position, entry in enumerate(entries):
        read_text(entry, f"{path}[{position}]")
        if entry in seen:
            refuse(f"{path}[{position}]", f"{show(entry)} is repeated")
        seen.add(entry)
    return tuple(entries)


def read_references(value: object, path: str) -> tuple[str, ...]:
    """Read a list of texts of which none is repeated, to be looked up among the ids.

    :raises InstanceRefused: at the first entry that is no text or repeated.
    """
    entries = read_list(value, path)
    if set(map(type, entries)) <= {str} and len(set(entries)) == len(entries):
        return tuple(entries)
    return read_distinct(entries, path)


def read_text(value: object, path: str) -> str:
    """Read a text that is not empty.

    :raises InstanceRefused: when it is anything else, or holds half a surrogate pair.
    """
    if type(value) is not str or not value:
        refuse(path, f"must be a text that is not empty, not {show(value)}")
    if not is_text(value):
        refuse(path, "holds half a surrogate pair, which UTF-8 cannot carry")
    return value


def read_id(value: object, path: str) -> str:
    """Read an identifier: 1 to 100 characters without a colon, which separates ids in tickets.

    :raises InstanceRefused: when it is anything else.
    """
    if type(value) is not str or not 1 <= len(value) <= LONGEST_ID:
        refuse(path, f"must be an id of 1 to {LONGEST_ID} characters, not {show(value)}")
    if ":" in value:
        refuse(path, f"an id must not contain ':', as {show(value)} does")
    return read_text(value, path)


def read_integer(value: object, path: str, least: int | None = None) -> int:
    """Read an integer of at most 53 bits.

    :param least: the smallest value allowed; None allows negative ones.
    :raises InstanceRefused: when it is anything else (true, 1.0 and NaN are), or below `least`.
    """
    if not is_integer(value):
        refuse(path, f"must be an integer of at most 53 bits, not {show(value)}")
    assert type(value) is int  # noqa: S101
    if least is not None and value < least:
        refuse(path, f"must be at least {least}, not {value}")
    return value


def read_boolean(value: object, path: str) -> bool:
    """Read true or false.

    :raises InstanceRefused: when it is anything else.
    """
    if type(value) is not bool:
        refuse(path, f"must be true or false, not {show(value)}")
    return value


def read_name(value: object, path: str) -> Name:
    """Read a name in both languages.

    :raises InstanceRefused: when one language is missing, or another one is there.
    """
    document = read_object(value, path, LANGUAGES)
    return {language: read_text(document[language], f"{path}.{language}") for language in document}


def read_optional_name(row: dict[str, Any], path: str) -> Name | None:
    """Read the `name` of a row that may have none.

    :raises InstanceRefused: when there is one and it is not in both languages.
    """
    return read_name(row["name"], f"{path}.name") if "name" in row else None
