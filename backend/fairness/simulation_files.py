"""Owns a comparison of policies as a CSV: a row a measure, for pivot tables."""

from collections.abc import Iterator

from backend.fairness.files import write_rows
from backend.fairness.simulation import Comparison, Result
from backend.fairness.tables import Value

HEAD = ("policy", "table", "code", "name", "measure", "value")

TIERS = ("same_neighbourhood", "same_local_government", "same_sido", "elsewhere")
"""What the tiers of nearness are called in the file, the nearest first."""


def write_comparison(comparison: Comparison, language: str) -> bytes:
    """Write a comparison as rows of policy, table, code, name, measure and value.

    :param language: of names, ``ko`` or ``en``.
    """
    rows = (
        [result.name, *row]
        for result in comparison.results
        for row in _rows(comparison, result, language)
    )
    return write_rows(HEAD, rows)


def _rows(comparison: Comparison, result: Result, language: str) -> Iterator[list[Value]]:
    for measure in ("placements", "served", "spent_krw", "remaining_krw"):
        yield ["total", "", "", measure, getattr(result, measure)]
    for area in result.areas:
        for measure in ("budget_krw", "spent_krw", "remaining_krw"):
            yield ["areas", area["id"], "", measure, area[measure]]
    for measure, count in zip(TIERS, result.nearness.tiers, strict=True):
        yield ["nearness", "", "", measure, count]
    for table, lines in (("sido", result.sido), ("sigungu", result.sigungu)):
        for line in lines:
            yield [table, line.code, line.names[language], "placements", line.sums.placements]
            yield [table, line.code, line.names[language], "amount_krw", line.sums.amount_krw]
    yield ["elsewhere", "", "", "placements", result.elsewhere.placements]
    yield ["elsewhere", "", "", "amount_krw", result.elsewhere.amount_krw]
    for shift in result.shifts or ():
        name = comparison.institutions[shift.institution].get(language, shift.institution)
        yield ["against_first", shift.institution, name, "places", shift.places]
