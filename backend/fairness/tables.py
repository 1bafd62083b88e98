"""Owns the report as tables, which the page, CSV and XLSX all show; the values stay numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from backend.fairness.labels import type_name
from backend.fairness.report import RegionLine, Report
from backend.fairness.sums import Nearness, Sums, share
from backend.fairness.words import COLUMNS, NOTES, ROWS, TITLES

Value = str | int | float | None
Kind = Literal["text", "count", "krw", "share", "rate"]

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("name", "region", "institution", "product", "decided_by", "largest"), "text"),
    **dict.fromkeys(("applicant", "holder"), "text"),
    **dict.fromkeys(("largest_share", "share", "within_0", "within_1", "within_2"), "share"),
    **dict.fromkeys(("per_residents", "per_eligible_voters"), "rate"),
}
"""What a column holds, where its name does not say so."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    key: str
    label: str

    @property
    def kind(self) -> Kind:
        """What it holds: text, a count, whole won, a share from 0 to 1, a rate."""
        return "krw" if self.key.endswith("_krw") else KINDS.get(self.key, "count")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its machine's code, then a value for each column."""

    code: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the report.

    :param note: what has to be known to read it; empty when nothing has.
    """

    key: str
    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Row]

    @property
    def is_facts(self) -> bool:
        """Whether it is one row of facts, which reads better as a list."""
        return self.key == "summary"


def list_tables(report: Report, language: str) -> list[Table]:
    """Return the report's tables in their order.

    :param language: ``ko`` or ``en``.
    """
    writer = _Writer(report, language)
    return [getattr(writer, key)() for key in TITLES]


class _Writer:
    """Writes each table of a report in one language; a method per key of `TITLES`."""

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.language = language

    def summary(self) -> Table:
        totals, found = self.report.totals, self.report.concentration
        facts: dict[str, Value] = {
            name: getattr(totals, name)
            for name in (
                *("budget_krw", "spent_krw", "remaining_krw", "placements", "applications"),
                *("applicants", "served", "products_offered", "products_placed"),
            )
        }
        facts |= {
            "largest": self.report.largest[self.language] if self.report.largest else None,
            "largest_amount_krw": found.largest_amount_krw,
            "largest_share": found.largest_share,
            "hhi": found.hhi,
        }
        return self._table("summary", list(facts), [Row("round", list(facts.values()))])

    def areas(self) -> Table:
        money = ("budget_krw", "preassigned_krw", "spent_krw", "remaining_krw", "placements")
        rows = [
            Row(area.key, [area.names[self.language], *(getattr(area, name) for name in money)])
            for area in self.report.areas
        ]
        return self._table("areas", ["name", *money], rows)

    def residence(self) -> Table:
        found: dict[str, Nearness | None] = {
            "placed": self.report.nearness,
            "without": self.report.without_residence,
            "asked": self.report.nearness_asked,
        }
        rows = [
            Row(
                key,
                [
                    ROWS[key][self.language],
                    *nearness.tiers,
                    *(nearness.share_within(tier) for tier in range(3)),
                ],
            )
            for key, nearness in found.items()
            if nearness is not None
        ]
        tiers = [f"tier_{tier}" for tier in range(4)]
        return self._table(
            "residence", ["name", *tiers, *(f"within_{tier}" for tier in range(3))], rows
        )

    def sido(self) -> Table:
        return self._regions("sido", self.report.sido)

    def sigungu(self) -> Table:
        return self._regions("sigungu", self.report.sigungu)

    def settlements(self) -> Table:
        found = self.report.settlements
        rows = {"urban": found.get(False), "rural": found.get(True), "elsewhere": found.get(None)}
        return self._table(
            "settlements",
            ["name", *_SUMS, "share"],
            [
                self._sums_row(key, ROWS[key][self.language], sums or Sums())
                for key, sums in rows.items()
            ],
        )

    def types(self) -> Table:
        found = sorted(self.report.types.items(), key=lambda item: (-item[1].placements, item[0]))
        return self._table(
            "types",
            ["name", *_SUMS, "share"],
            [self._sums_row(key, type_name(key, self.language), sums) for key, sums in found],
        )

    def near_misses(self) -> Table:
        rows = [
            Row(
                one.miss.kind,
                [
                    one.institution[self.language],
                    one.product[self.language],
                    self._key_name(one.miss.key),
                    self._key_value(one.miss.key, one.miss.applicant),
                    self._key_value(one.miss.key, one.miss.holder),
                ],
            )
            for one in self.report.near_misses
        ]
        columns = ["institution", "product", "decided_by", "applicant", "holder"]
        return self._table("near_misses", columns, rows)

    def _key_name(self, key: str) -> str:
        names = self.report.key_names.get(key) or (ROWS["lot"] if key == "ticket" else None)
        return names[self.language] if names else key

    def _key_value(self, key: str, value: int | None) -> Value:
        if value is None:
            return None
        if key == "residence_tier":
            return COLUMNS[f"tier_{value}"][self.language]
        return f"{value:,} m" if key == "distance_m" else str(value)

    def _regions(self, key: str, lines: Sequence[RegionLine]) -> Table:
        columns = ["region", *_SUMS]
        population = self.report.population
        if population is not None:
            columns += [population.kind, f"per_{population.kind}"]
        rows = []
        for line in lines:
            region = line.region
            english = region.full_name_en or region.full_name
            name = english if self.language == "en" else region.full_name
            values: list[Value] = [name, *_values(line.sums)]
            if population is not None:
                values += [line.people, line.per_100k]
            rows.append(Row(region.code, values))
        blank: list[Value] = [None] * (len(columns) - 4)
        elsewhere = self.report.elsewhere
        rows.append(Row("", [ROWS["elsewhere"][self.language], *_values(elsewhere), *blank]))
        return self._table(key, columns, rows)

    def _sums_row(self, code: str, name: str, sums: Sums) -> Row:
        part = share(sums.placements, self.report.totals.placements)
        return Row(code, [name, *_values(sums), part])

    def _table(self, key: str, columns: Sequence[str], rows: Sequence[Row]) -> Table:
        return Table(
            key=key,
            title=TITLES[key][self.language],
            note=NOTES.get(key, {}).get(self.language, ""),
            columns=[Column(name, COLUMNS[name][self.language]) for name in columns],
            rows=rows,
        )


_SUMS = ("placements", "applications", "amount_krw")


def _values(sums: Sums) -> list[Value]:
    return [getattr(sums, name) for name in _SUMS]
