"""Owns tables of people by sigungu: reading an operator's CSV, keeping it, looking people up."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import new_id
from backend.fairness.models import KINDS, PopulationFigure, PopulationTable
from backend.fairness.sums import sum_people
from geo.regions import active_generation, list_regions
from geo.regions.code_changes import read_trail
from geo.regions.codes import SIGUNGU_DIGITS
from geo.tiling import SIGUNGU

CODE_COLUMN = "sigungu_code"

MOST_PEOPLE = 2**31 - 1


class TableUnreadable(ValueError):
    """A CSV that is no table of people by sigungu; `line` is where, 1 the first."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading a table.

    :param regions: sigungu and cities in force that have a figure now.
    :param unknown: codes of the file that are none in force and became none either.
    :param missing: sigungu in force without a figure, their city's included.
    """

    regions: int
    people: int
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """A table of people, as reports use it.

    :param kind: residents or eligible_voters.
    :param figures: code of a sigungu, or of a city of several -> people.
    """

    kind: str
    as_of: date
    source: str
    figures: Mapping[str, int]

    def count(self, government_of: Mapping[str, str]) -> int | None:
        """Return the people of some sigungu together; None unless all are known.

        :param government_of: sigungu code -> code of its local government.
        """
        parts = {
            code if code in self.figures else government
            for code, government in government_of.items()
        }
        return sum_people(self.figures, sorted(parts))


def read_table(text: str, kind: str) -> dict[str, int]:
    """Read a CSV with the columns ``sigungu_code`` and `kind`; others are left alone.

    :return: code -> people.
    :raises TableUnreadable: at the first line that is not right.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    figures: dict[str, int] = {}
    for line, row in _rows(reader, kind):
        code, number = (row[CODE_COLUMN] or "").strip(), (row[kind] or "").strip()
        if not (code.isascii() and code.isdigit() and len(code) == SIGUNGU_DIGITS):
            raise TableUnreadable(line, f"{code!r} is no code of five digits")
        if code in figures:
            raise TableUnreadable(line, f"{code} is there twice")
        if not (number.isascii() and number.isdigit() and len(number) <= 10):
            raise TableUnreadable(line, f"{number!r} is no number of people")
        figures[code] = int(number)
        if figures[code] > MOST_PEOPLE:
            raise TableUnreadable(line, f"{number} is more people than there are")
    if not figures:
        raise TableUnreadable(reader.line_num, "the table is empty")
    return figures


def keep_table(
    session: Session,
    figures: Mapping[str, int],
    *,
    kind: str,
    as_of: date,
    source: str,
    now: datetime,
) -> Loaded:
    """Keep a table of people; one of the same kind and day before it is replaced.

    A code that is not in force is followed through the changes of codes since `as_of`; what was
    split cannot be counted, what was merged is added up. A city that has become several districts
    keeps its own figure: it counts for its province, not for its districts.

    :raises NoActiveGeneration: when no boundaries are loaded.
    """
    generation = active_generation(session)
    government_of = {
        region.code: region.local_government_code for region in list_regions(session, SIGUNGU)
    }
    in_force = government_of.keys() | set(government_of.values())
    trail = read_trail(session, as_of, generation.data_date)
    counted: dict[str, int] = {}
    unknown = []
    for code, people in figures.items():
        ends = {code} if code in in_force else trail.ends(code, in_force)
        if len(ends) == 1:
            (end,) = ends
            counted[end] = counted.get(end, 0) + people
        else:
            unknown.append(code)
    session.execute(
        delete(PopulationTable).where(PopulationTable.kind == kind, PopulationTable.as_of == as_of)
    )
    table = PopulationTable(id=new_id(), kind=kind, as_of=as_of, source=source, loaded_at=now)
    session.add(table)
    session.flush()
    if counted:
        session.execute(
            insert(PopulationFigure),
            [
                {"table_id": table.id, "sigungu_code": code, "people": people}
                for code, people in counted.items()
            ],
        )
    record(
        session,
        action="population.loaded",
        subject_type="population_table",
        subject_id=table.id,
        actor_id=None,
        now=now,
        data={"kind": kind, "as_of": as_of.isoformat(), "source": source, "regions": len(counted)},
    )
    return Loaded(
        regions=len(counted),
        people=sum(counted.values()),
        unknown=tuple(sorted(unknown)),
        missing=tuple(
            code
            for code, government in sorted(government_of.items())
            if code not in counted and government not in counted
        ),
    )


def find_population(session: Session) -> Population | None:
    """Return the table that reports use: the newest of residents, else of eligible voters."""
    tables = session.scalars(select(PopulationTable).order_by(PopulationTable.as_of.desc())).all()
    if not tables:
        return None
    table = min(tables, key=lambda one: KINDS.index(one.kind))
    rows = session.execute(
        select(PopulationFigure.sigungu_code, PopulationFigure.people).where(
            PopulationFigure.table_id == table.id
        )
    )
    return Population(table.kind, table.as_of, table.source, dict(rows.all()))


def _rows(reader: "csv.DictReader[str]", kind: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        names = reader.fieldnames or ()
        for column in (CODE_COLUMN, kind):
            if column not in names:
                raise TableUnreadable(1, f"there is no column {column}")
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise TableUnreadable(reader.line_num, str(error)) from error
