"""Owns the table of self-governing bodies and which sigungu each governs; knows no geometry."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TABLE = "local_governments.csv"
KINDS = ("upper", "basic", "single_tier")


class TableMismatch(ValueError):
    """The table of governments and the sigungu of a boundary set do not belong together."""


@dataclass(frozen=True)
class LocalGovernment:
    """A self-governing body (지방자치단체).

    `code` is the 5-digit code of a basic government (its city's where a city is divided into
    non-autonomous gu, such as 44130 for 천안시) and the 2-digit code of its sido for an upper or a
    single-tier one (36 Sejong, 50 Jeju).
    """

    code: str
    kind: str
    name: str
    sigungu_codes: tuple[str, ...]

    @property
    def is_divided(self) -> bool:
        """Say whether it governs several sigungu directly, none of which governs itself."""
        return len(self.sigungu_codes) > 1

    @property
    def upper_code(self) -> str | None:
        """Return the code of the upper government above a basic one."""
        return self.code[:2] if self.kind == "basic" else None


class GovernmentTable:
    """The governments of one boundary set, found by their code or by a sigungu."""

    def __init__(self, governments: Iterable[LocalGovernment]) -> None:
        self.by_code = {government.code: government for government in governments}
        self._of_sigungu = {
            sigungu: government
            for government in self.by_code.values()
            for sigungu in government.sigungu_codes
        }

    def __iter__(self) -> Iterator[LocalGovernment]:
        return iter(self.by_code.values())

    def __len__(self) -> int:
        return len(self.by_code)

    def of_sigungu(self, code: str) -> LocalGovernment:
        """Return the basic or single-tier government of a sigungu.

        :raises TableMismatch: when the table does not know the sigungu.
        """
        try:
            return self._of_sigungu[code]
        except KeyError:
            msg = f"sigungu {code} is in no row of the table of local governments"
            raise TableMismatch(msg) from None

    def of_region(self, code: str) -> LocalGovernment:
        """Return the government that answers for a region: the sido's for a sido code, else the
        basic or single-tier one.

        :raises TableMismatch: when the table does not know the region.
        """
        if len(code) > 2:
            return self.of_sigungu(code[:5])
        try:
            return self.by_code[code]
        except KeyError:
            msg = f"sido {code} is in no row of the table of local governments"
            raise TableMismatch(msg) from None

    def check(self, sigungu_codes: Iterable[str]) -> None:
        """Check that the table governs exactly these sigungu.

        :raises TableMismatch: naming the codes that only one side has.
        """
        governed, mapped = set(self._of_sigungu), set(sigungu_codes)
        if governed != mapped:
            ungoverned = ", ".join(sorted(mapped - governed)) or "none"
            unmapped = ", ".join(sorted(governed - mapped)) or "none"
            msg = (
                f"governed and mapped sigungu differ: without a government {ungoverned};"
                f" without a shape {unmapped}"
            )
            raise TableMismatch(msg)


@cache
def current_governments() -> GovernmentTable:
    """Return the 243 governments as of 2025-11: 15 upper, 2 single-tier and 226 basic ones.

    Counted as the ministry does, 17 upper (the single-tier ones among them) and 226 basic. The rows
    are explicit because no digit of a code tells whether a gu governs itself (광진구 11215 does,
    장안구 41111 does not).
    """
    text = files("geo.boundaries").joinpath(TABLE).read_text("utf-8")
    return read_governments(text)


def read_governments(text: str) -> GovernmentTable:
    """Return the table written in CSV (`code,kind,name,sigungu_codes`).

    :raises TableMismatch: when a kind is unknown or a sigungu is governed twice.
    """
    governments = [
        LocalGovernment(row["code"], row["kind"], row["name"], tuple(row["sigungu_codes"].split()))
        for row in csv.DictReader(io.StringIO(text))
    ]
    governed = [code for government in governments for code in government.sigungu_codes]
    if len(governed) != len(set(governed)):
        msg = "a sigungu is governed twice"
        raise TableMismatch(msg)
    if unknown := {government.kind for government in governments} - set(KINDS):
        msg = f"unknown kinds of government: {sorted(unknown)}"
        raise TableMismatch(msg)
    return GovernmentTable(governments)
