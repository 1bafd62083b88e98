"""Owns the crosswalk of codes: loading changes without cycles, and following them in time."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from graphlib import CycleError, TopologicalSorter
from typing import Any

from sqlalchemy import delete, insert, select

from geo.orm import Executor
from geo.regions.code_lists import CodeChange
from geo.regions.models import CodeChangeRow


class CodesInCircle(ValueError):
    """Codes that become each other on one day."""

    def __init__(self, codes: Sequence[str], effective_on: date) -> None:
        self.codes = codes
        self.effective_on = effective_on
        super().__init__(f"on {effective_on} the codes go in a circle: {' -> '.join(codes)}")


@dataclass(frozen=True, slots=True)
class LoadedChanges:
    """How many changes were new, how many there already, and all of the list by kind."""

    added: int
    present: int
    kinds: Mapping[str, int]


def load_changes(
    conn: Executor, changes: Iterable[CodeChange], *, source: str, now: datetime
) -> LoadedChanges:
    """Enter changes of codes; those that are there stay, so that a list can be loaded again.

    :param source: the list's name, kept with every row.
    :param now: the time of loading, UTC.
    :raises CodesInCircle: when codes become each other on one day, with what is there already.
    """
    given = set(changes)
    present = {
        CodeChange(*row)
        for row in conn.execute(
            select(CodeChangeRow.old_code, CodeChangeRow.new_code, CodeChangeRow.effective_on)
        )
    }
    together = given | present
    check_circles(together)
    kinds = kinds_of(together)
    # A new row of a day can make a split of what was a renaming: its day is written anew.
    days = {change.effective_on for change in given - present}
    kept = {
        (row.old_code, row.new_code, row.effective_on): (row.source, row.loaded_at)
        for row in conn.execute(
            select(CodeChangeRow.__table__).where(CodeChangeRow.effective_on.in_(days))
        )
    }
    conn.execute(delete(CodeChangeRow).where(CodeChangeRow.effective_on.in_(days)))
    rows = []
    for change in sorted(together, key=_by_day):
        if change.effective_on in days:
            key = (change.old_code, change.new_code, change.effective_on)
            from_source, loaded_at = kept.get(key, (source, now))
            rows.append(
                {
                    "old_code": change.old_code,
                    "new_code": change.new_code,
                    "kind": kinds[change],
                    "effective_on": change.effective_on,
                    "source": from_source,
                    "loaded_at": loaded_at,
                }
            )
    if rows:
        conn.execute(insert(CodeChangeRow), rows)
    return LoadedChanges(
        added=len(given - present),
        present=len(given & present),
        kinds=Counter(kinds[change] for change in given),
    )


def list_changes(conn: Executor, code: str) -> list[Any]:
    """Return every change on the ways that lead to a code and from it, the oldest first.

    :param code: region code, cut to its level.
    """
    found: dict[int, Any] = {}
    for here, there in (
        (CodeChangeRow.old_code, "new_code"),
        (CodeChangeRow.new_code, "old_code"),
    ):
        seen: set[str] = set()
        wanted = {code}
        while wanted:
            seen |= wanted
            rows = conn.execute(select(CodeChangeRow.__table__).where(here.in_(wanted))).all()
            found |= {row.id: row for row in rows}
            wanted = {getattr(row, there) for row in rows} - seen
    return sorted(found.values(), key=lambda row: (row.effective_on, row.old_code, row.new_code))


def check_circles(changes: Iterable[CodeChange]) -> None:
    """Check that no codes become each other on one day; over the years a code may return.

    :raises CodesInCircle: naming the codes of the first circle.
    """
    by_day: dict[date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for change in changes:
        by_day[change.effective_on][change.new_code].add(change.old_code)
    for day in sorted(by_day):
        try:
            TopologicalSorter(by_day[day]).prepare()
        except CycleError as error:
            raise CodesInCircle(error.args[1], day) from None


def kinds_of(changes: Collection[CodeChange]) -> dict[CodeChange, str]:
    """Return for each change whether its code was split, merged or only renamed on its day."""
    successors = Counter((change.old_code, change.effective_on) for change in changes)
    predecessors = Counter((change.new_code, change.effective_on) for change in changes)
    kinds = {}
    for change in changes:
        if successors[change.old_code, change.effective_on] > 1:
            kinds[change] = "split"
        elif predecessors[change.new_code, change.effective_on] > 1:
            kinds[change] = "merged"
        else:
            kinds[change] = "renamed"
    return kinds


class Trail:
    """Follows codes through the changes of a time, forwards or backwards, A to B to C."""

    def __init__(self, changes: Iterable[CodeChange], *, backwards: bool = False) -> None:
        self._backwards = backwards
        self._steps: dict[str, list[tuple[date, str]]] = defaultdict(list)
        for change in changes:
            old, new = change.old_code, change.new_code
            here, there = (new, old) if backwards else (old, new)
            self._steps[here].append((change.effective_on, there))

    def ends(self, code: str, known: Collection[str]) -> frozenset[str]:
        """Return which codes a code has become, as far as they are known.

        A way ends at the first known code and where the next change would be out of time.

        :param code: where the ways begin.
        :param known: codes of the other generation.
        """
        found: set[str] = set()
        ways: list[tuple[str, date | None]] = [(code, None)]
        seen = set(ways)
        while ways:
            here, day = ways.pop()
            for next_day, there in self._steps.get(here, ()):
                if day is not None and (next_day > day if self._backwards else next_day < day):
                    continue
                if there in known:
                    found.add(there)
                elif (there, next_day) not in seen:
                    seen.add((there, next_day))
                    ways.append((there, next_day))
        return frozenset(found)


def read_trail(conn: Executor, begins: date, ends: date) -> Trail:
    """Return the trail of the changes after one day up to another; backwards if it is earlier.

    :param begins: date of the data whose codes are followed.
    :param ends: date of the data whose codes are wanted.
    """
    first, last = min(begins, ends), max(begins, ends)
    rows = conn.execute(
        select(CodeChangeRow.old_code, CodeChangeRow.new_code, CodeChangeRow.effective_on).where(
            CodeChangeRow.effective_on > first, CodeChangeRow.effective_on <= last
        )
    )
    return Trail([CodeChange(*row) for row in rows], backwards=begins > ends)


def _by_day(change: CodeChange) -> tuple[date, str, str]:
    return change.effective_on, change.old_code, change.new_code
