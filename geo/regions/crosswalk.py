"""Owns what became of each region and government between two generations, and how it is known.

For a neighbourhood the first of these that says something decides: it has its code and its ground
in both generations; the table of code changes names its successors; its ground lies in others. For
what lies above, its neighbourhoods decide: a gu goes on wherever they went.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, text

from geo.orm import Executor
from geo.regions.code_changes import Trail, read_trail
from geo.regions.codes import EMD_DIGITS, SIDO_DIGITS, SIGUNGU_DIGITS
from geo.regions.ground import same_ground, shares_of_ground
from geo.regions.models import GenerationRow

KEPT, RENAMED, SPLIT, MERGED, ORPHANED = KINDS = "kept", "renamed", "split", "merged", "orphaned"
"""Same code, name and ground; another code or name; several successors; one successor that others
have too; no successor."""


Above = Callable[[str], str]
"""Returns the wider body that a neighbourhood belongs to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one region or government.

    :param successors: codes in the new generation, in order.
    :param basis: the evidence: ``same_ground``, ``code_change``, ``overlap``, ``parts``, ``none``.
    """

    code: str
    kind: str
    successors: tuple[str, ...]
    basis: str

    @property
    def successor(self) -> str | None:
        """Return the only successor; None where a point or a person has to decide."""
        return self.successors[0] if len(self.successors) == 1 else None


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """What became of the regions (all levels) and governments of one generation in another."""

    old: int
    new: int
    regions: Mapping[str, Entry]
    governments: Mapping[str, Entry]

    def of(self, code: str) -> Entry:
        """Return what became of a region, or of a government that is no region, such as 44130."""
        return (
            self.regions.get(code)
            or self.governments.get(code)
            or Entry(code, ORPHANED, (), "none")
        )

    def government_after(self, code: str) -> str | None:
        """Return the government that answers for what one did: itself while it goes on, else its
        only successor; None where there is none or several.
        """
        entry = self.governments.get(code)
        if entry is None:
            return None
        return code if code in entry.successors else entry.successor


def build_crosswalk(conn: Executor, old: int, new: int) -> Crosswalk:
    """Compare two generations of the boundaries.

    :param old: id of the generation that is left.
    :param new: id of the generation that is entered; it may be the older one (a roll-back).
    """
    before, after = _names(conn, old), _names(conn, new)
    emd = [code for code in before if len(code) == EMD_DIGITS]
    unchanged = same_ground(conn, old, new)
    trail = read_trail(conn, _data_date(conn, old), _data_date(conn, new))
    told = _told(trail, [code for code in emd if code not in unchanged], after)
    drawn = shares_of_ground(conn, old, new, set(emd) - unchanged - set(told))
    successors: dict[str, frozenset[str]] = {}
    basis: dict[str, str] = {}
    for code in emd:
        if code in unchanged:
            successors[code], basis[code] = frozenset({code}), "same_ground"
        elif code in told:
            successors[code], basis[code] = told[code], "code_change"
        else:
            successors[code] = frozenset(drawn.get(code, ()))
            basis[code] = "overlap" if code in drawn else "none"
    regions = _entries(successors, basis, before, after)
    for digits in (SIGUNGU_DIGITS, SIDO_DIGITS):
        level = [code for code in before if len(code) == digits]
        told_here = _told(trail, [code for code in level if code not in after], after)
        parts = _by_parts(successors, level, _cut_to(digits), _cut_to(digits))
        above = {code: told_here.get(code, parts[code]) for code in level}
        evidence = {code: "code_change" if code in told_here else "parts" for code in level}
        regions |= _entries(above, evidence, before, after)
    governments = _governments(conn, old, new, successors)
    return Crosswalk(old, new, regions, governments)


def _told(
    trail: Trail, codes: Iterable[str], after: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Return the successors that the table of code changes names; a code that stays is one too."""
    found = {}
    for code in codes:
        ends = trail.ends(code, after.keys())
        if ends:
            found[code] = ends | ({code} & after.keys())
    return found


def _by_parts(
    successors: Mapping[str, frozenset[str]], codes: Iterable[str], above: Above, above_new: Above
) -> dict[str, frozenset[str]]:
    """Return where the neighbourhoods of each wider body went, as the bodies there."""
    went: dict[str, set[str]] = defaultdict(set)
    for code, ends in successors.items():
        went[above(code)] |= {above_new(end) for end in ends}
    return {code: frozenset(went[code]) for code in codes}


def _governments(
    conn: Executor, old: int, new: int, successors: Mapping[str, frozenset[str]]
) -> dict[str, Entry]:
    before, after = _government_names(conn, old), _government_names(conn, new)
    mine, theirs = _government_of(conn, old), _government_of(conn, new)
    basic = {code for code in mine.values() if code in before}
    went = _by_parts(successors, basic, mine.__getitem__, theirs.__getitem__)
    sido = _cut_to(SIDO_DIGITS)
    went |= _by_parts(successors, before.keys() - basic, sido, sido)
    went = {code: ends & after.keys() for code, ends in went.items()}
    return _entries(went, dict.fromkeys(before, "parts"), before, after)


def _entries(
    successors: Mapping[str, frozenset[str]],
    basis: Mapping[str, str],
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> dict[str, Entry]:
    predecessors: dict[str, int] = defaultdict(int)
    for ends in successors.values():
        for end in ends:
            predecessors[end] += 1

    def kind_of(code: str, ends: frozenset[str]) -> str:
        if len(ends) != 1:
            return SPLIT if ends else ORPHANED
        (end,) = ends
        if predecessors[end] > 1:
            return MERGED
        return KEPT if end == code and before[code] == after[end] else RENAMED

    return {
        code: Entry(code, kind_of(code, ends), tuple(sorted(ends)), basis[code] if ends else "none")
        for code, ends in sorted(successors.items())
    }


def _cut_to(digits: int) -> Above:
    return lambda code: code[:digits]


def _names(conn: Executor, generation_id: int) -> dict[str, str]:
    rows = conn.execute(
        text("SELECT code, name FROM region WHERE generation_id = :id ORDER BY code"),
        {"id": generation_id},
    )
    return {row.code: row.name for row in rows}


def _government_names(conn: Executor, generation_id: int) -> dict[str, str]:
    rows = conn.execute(
        text("SELECT code, name FROM local_government WHERE generation_id = :id ORDER BY code"),
        {"id": generation_id},
    )
    return {row.code: row.name for row in rows}


def _government_of(conn: Executor, generation_id: int) -> dict[str, str]:
    rows = conn.execute(
        text("""
            SELECT code, local_government_code FROM region
            WHERE generation_id = :id AND level = 3
        """),
        {"id": generation_id},
    )
    return {row.code: row.local_government_code for row in rows}


def _data_date(conn: Executor, generation_id: int) -> date:
    found: date = conn.execute(
        select(GenerationRow.data_date).where(GenerationRow.id == generation_id)
    ).scalar_one()
    return found
