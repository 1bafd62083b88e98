"""Owns reading lists of changed codes: a plain table, and the ministry's list of legal dong."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from geo.regions.codes import LEGAL_DONG_DIGITS, InvalidRegionCode, normalize_code

PLAIN_COLUMNS = ("old_code", "new_code", "effective_on")
MINISTRY_COLUMNS = ("code", "created_on", "abolished_on", "former_code")


class ListUnreadable(ValueError):
    """The table has not the columns that it needs."""


class RowFault(ValueError):
    """A row that says nothing usable; the message tells why."""


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One code became another on a day; both are cut to their level."""

    old_code: str
    new_code: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line of the list; the first line is 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """What a list says: changes (line of each), lines at fault, and why other lines count not."""

    changes: Mapping[CodeChange, int]
    faults: list[Fault] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def read_plain(text: str) -> CodeList:
    """Read a CSV table with the columns ``old_code,new_code,effective_on``; others are ignored.

    :raises ListUnreadable: when a column is missing.
    """
    return _collect(_lines(text, PLAIN_COLUMNS), _plain_change)


def read_ministry(text: str) -> CodeList:
    """Read the ministry's list of legal dong with dates and former codes (법정동코드 전체자료).

    A ri counts for its eup or myeon. The former code is mostly the older of the two and at times
    the younger: the dates decide. Former codes of eight digits belong to the numbering before
    1990, which shares its form with codes of today and nothing else; they are left out.

    :raises ListUnreadable: when a column is missing.
    """
    lines = list(_lines(text, MINISTRY_COLUMNS))
    return _collect(lines, _ministry_reader([row for _, row in lines]))


Row = Mapping[str, str]
ReadRow = Callable[[Row], CodeChange | str]
"""Returns the change that a row tells, or why it tells none.

Raises `RowFault` or `InvalidRegionCode`.
"""


def _collect(lines: Iterable[tuple[int, Row]], read_row: ReadRow) -> CodeList:
    changes: dict[CodeChange, int] = {}
    found = CodeList(changes)
    for line, row in lines:
        try:
            told = read_row(row)
        except (RowFault, InvalidRegionCode) as error:
            found.faults.append(Fault(line, str(error)))
            continue
        if isinstance(told, str):
            found.skipped[told] += 1
        else:
            changes.setdefault(told, line)
    return found


def _lines(text: str, columns: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    missing = set(columns) - {name.strip() for name in reader.fieldnames or ()}
    if missing:
        msg = f"the first line must name the columns {','.join(columns)}"
        raise ListUnreadable(msg)
    reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
    for row in reader:
        yield reader.line_num, {name: (row[name] or "").strip() for name in columns}


def _plain_change(row: Row) -> CodeChange:
    effective_on = _date(row["effective_on"])
    if effective_on is None:
        raise RowFault("effective_on is missing")
    change = _change(row["old_code"], row["new_code"], effective_on)
    if change is None:
        raise RowFault("old_code and new_code name the same region")
    return change


def _ministry_reader(rows: list[Row]) -> ReadRow:
    known = {row["code"]: row for row in rows}

    def read_row(row: Row) -> CodeChange | str:
        former_code = row["former_code"]
        if not former_code:
            return "no former code"
        if len(former_code) == LEGAL_DONG_DIGITS - 2:
            return "former code of the numbering before 1990"
        older, younger, effective_on = _in_order(row, known.get(former_code, {}), former_code)
        return _change(older, younger, effective_on) or "a ri of the same eup or myeon"

    return read_row


def _in_order(row: Row, other: Row, other_code: str) -> tuple[str, str, date]:
    """Return the older code, the younger one, and when it took over."""
    created, abolished = _date(row["created_on"]), _date(row["abolished_on"])
    other_created = _date(other.get("created_on", ""))
    # The row names its successor where that came on the very day on which the row's code went.
    if abolished is not None and other_created == abolished and created != abolished:
        return row["code"], other_code, abolished
    effective_on = created or _date(other.get("abolished_on", ""))
    if effective_on is None:
        raise RowFault("neither code has the date of the change")
    return other_code, row["code"], effective_on


def _change(old: str, new: str, effective_on: date) -> CodeChange | None:
    old_code, new_code = normalize_code(old), normalize_code(new)
    if old_code == new_code:
        return None
    if len(old_code) != len(new_code):
        msg = f"{old_code} and {new_code} are of different levels"
        raise RowFault(msg)
    return CodeChange(old_code, new_code, effective_on)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        msg = f"{text} is no date (YYYY-MM-DD)"
        raise RowFault(msg) from None
