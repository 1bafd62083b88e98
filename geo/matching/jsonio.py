"""Owns strict JSON in and canonical JSON out; knows nothing of instances or plans."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring
from typing import Any

_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)

quote: Callable[[str], str] = encode_basestring
"""Write a text as canonical JSON."""

LARGEST_INTEGER = 2**53 - 1
"""Largest magnitude that every JSON implementation reads back exactly (RFC 8259, section 6)."""


class Refused(ValueError):
    """Input that is turned away, with the JSON path of the field and what is wrong with it."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem

    def inside(self, file: str) -> Refused:
        """Give the same refusal with the file's name before the path."""
        where = f"{file}: {self.path}"
        return Refused(where, self.problem)


def load_json(raw: bytes) -> Any:
    """Read one JSON document, refusing what JSON readers disagree about.

    :param raw: the file's bytes, UTF-8.
    :return: its value; NaN, infinities and integers of any length come through, for whoever reads
        the field to refuse with its path.
    :raises Refused: when the bytes are not UTF-8, not JSON, nested too deeply, or repeat a key
        within an object.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("$", f"not UTF-8 at byte {error.start}") from None
    return _parse(text, int)


def dump_canonical(value: object) -> bytes:
    """Write a value as canonical JSON: sorted keys, no spaces, UTF-8, no newline."""
    return canonical_text(value).encode("utf-8")


def canonical_text(value: object) -> str:
    """Write a value as canonical JSON text; keys are sorted by code point."""
    return _CANONICAL.encode(value)


def write_flat(document: Mapping[str, Any]) -> str:
    """Write an object of few members as canonical JSON, faster than `canonical_text` does."""
    if not document:
        return "{}"
    members = []
    for name in sorted(document):
        value = document[name]
        if type(value) is str:
            text = quote(value)
        elif type(value) is int:
            text = str(value)
        else:
            text = canonical_text(value)
        members.append(f"{quote(name)}:{text}")
    return "{" + ",".join(members) + "}"


def show(value: object) -> str:
    """Write any value on one short line, to be quoted in a message."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        # Some characters that JSON need not escape end a line, U+2028 for one.
        text = text if text.isprintable() else json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= 80 else text[:77] + "..."


def child(path: str, name: object) -> str:
    """Extend a JSON path by a member name, quoted where it is no plain word."""
    if not (isinstance(name, str) and name.isidentifier()):
        return f"{path}[{show(name)}]" if path else f"$[{show(name)}]"
    return f"{path}.{name}" if path else name


def is_integer(value: object) -> bool:
    """Tell whether a value is a JSON integer of at most 53 bits; true and 1.0 are not."""
    return type(value) is int and -LARGEST_INTEGER <= value <= LARGEST_INTEGER


def is_text(value: object) -> bool:
    """Tell whether a value is a string that UTF-8 can carry, which half a surrogate pair is not."""
    if type(value) is not str:
        return False
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _parse(text: str, read_integer: Callable[[str], int]) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique_object, parse_int=read_integer)
    except Refused:
        raise
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise Refused("$", f"not JSON: {error.msg} at {where}") from None
    except RecursionError:
        raise Refused("$", "nested too deeply") from None
    except ValueError:
        # Python turns away decimal integers beyond a limit of digits, before any field is read.
        return _parse(text, _read_first_digits)


def _read_first_digits(digits: str) -> int:
    # As far beyond 53 bits as the whole number, so its field is refused just the same.
    return int(digits[:100])


def _unique_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise Refused("$", f"the key {show(name)} is repeated within one object")
            seen.add(name)
    return found
