"""Owns the result of a round as frozen records and their canonical JSON.

Does not compute anything; `plan_reader` builds these records from untrusted JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, NamedTuple

from geo.matching.instance import TICKET
from geo.matching.jsonio import dump_canonical, quote, write_flat

FORMAT = "dongne-plan/1"
ENGINE = "dongne-rules/1"
"""Version of the rules, raised only when a result could change."""

Reason = Literal[
    "preassigned",
    "awarded",
    "ineligible",
    "capacity_used",
    "got_higher_choice",
    "not_funded",
    "below_cutoff",
]
REASONS: tuple[Reason, ...] = (
    "preassigned",
    "awarded",
    "ineligible",
    "capacity_used",
    "got_higher_choice",
    "not_funded",
    "below_cutoff",
)
"""In the order in which they are tried: an outcome has the first that holds."""

Detail = Mapping[str, Any]
"""Per reason:

- `ineligible`: `rule`
- `capacity_used`: `products`, all that were pre-assigned to the institution
- `got_higher_choice`: `products`, what it was awarded, best first
- `not_funded`: `cause` `money` with `price_krw`, `left_krw` and `last_funded` (or null); or `cause`
  `cap` with `cap` (`max_placements`, `product_budget_cap_krw`, `group_budget_cap_krw`), `limit`
  and, for a group's cap, `left_krw`
- `below_cutoff`: `type`, `key`, `applicant`, `holder`: the two values of the key that differs
- `preassigned`, `awarded`: nothing
"""


@dataclass(frozen=True, slots=True)
class PassRecord:
    """Placements per product after one pass, pre-assigned ones included."""

    number: int
    funded: Mapping[str, int]
    filled: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """Write the pass as the plan format has it."""
        return {"pass": self.number, "funded": dict(self.funded), "filled": dict(self.filled)}


@dataclass(frozen=True, slots=True)
class AreaResult:
    """Where the money of one area went, in KRW."""

    id: str
    budget_krw: int
    preassigned_krw: int
    spent_krw: int
    remaining_krw: int

    def to_json(self) -> dict[str, Any]:
        """Write the area as the plan format has it."""
        return {
            "id": self.id,
            "budget_krw": self.budget_krw,
            "preassigned_krw": self.preassigned_krw,
            "spent_krw": self.spent_krw,
            "remaining_krw": self.remaining_krw,
        }


@dataclass(frozen=True, slots=True)
class Seat:
    """One placement that somebody holds."""

    type: str
    institution: str

    def to_json(self) -> dict[str, Any]:
        """Write the seat as the plan format has it."""
        return {"type": self.type, "institution": self.institution}


@dataclass(frozen=True, slots=True)
class ProductResult:
    """Who holds a product.

    :param seats: pre-assigned ones by institution, then in the order in which seats choose: types
        by precedence, within a type the best holder first.
    :param cutoffs: seat type -> priority keys and ticket of its worst holder; empty while
        placements are unclaimed.
    """

    id: str
    funded: int
    placed: int
    seats: tuple[Seat, ...]
    cutoffs: Mapping[str, Mapping[str, int | str]]

    def to_json(self) -> dict[str, Any]:
        """Write the product as the plan format has it."""
        return {
            "id": self.id,
            "funded": self.funded,
            "placed": self.placed,
            "seats": [seat.to_json() for seat in self.seats],
            "cutoffs": {seat_type: dict(keys) for seat_type, keys in self.cutoffs.items()},
        }


class Outcome(NamedTuple):
    """What became of one application or pre-assignment, and why.

    A tuple, for there may be a million of them.
    """

    institution: str
    product: str
    reason: Reason
    seat: str | None
    detail: Detail

    def to_json(self) -> dict[str, Any]:
        """Write the outcome as the plan format has it."""
        return {
            "institution": self.institution,
            "product": self.product,
            "reason": self.reason,
            "seat": self.seat,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The result of a round: areas and products by id, outcomes by institution and product."""

    engine: str
    inputs_sha256: str
    seed: str
    pass_log: tuple[PassRecord, ...]
    areas: tuple[AreaResult, ...]
    products: tuple[ProductResult, ...]
    outcomes: tuple[Outcome, ...]

    def to_json(self, *, outcomes: bool = True) -> dict[str, Any]:
        """Write the plan as a JSON object; its parts are shared and not to be changed.

        :param outcomes: False leaves the outcomes out, for a writer that has them.
        """
        document = {
            "format": FORMAT,
            "engine": self.engine,
            "inputs_sha256": self.inputs_sha256,
            "seed": self.seed,
            "pass_log": [record.to_json() for record in self.pass_log],
            "areas": [area.to_json() for area in self.areas],
            "products": [product.to_json() for product in self.products],
        }
        if outcomes:
            document["outcomes"] = [outcome.to_json() for outcome in self.outcomes]
        return document

    def dumps(self) -> bytes:
        """Write the plan file: canonical JSON and one newline."""
        return b"".join(self._pieces())

    def is_file(self, raw: bytes) -> bool:
        """Tell whether a file is the one that `dumps` writes, without writing it as a whole."""
        start = 0
        for piece in self._pieces():
            if not raw.startswith(piece, start):
                return False
            start += len(piece)
        return start == len(raw)

    def _pieces(self) -> Iterator[bytes]:
        rest = self.to_json(outcomes=False)
        before = {name: rest.pop(name) for name in list(rest) if name < "outcomes"}
        yield dump_canonical(before)[:-1] + b',"outcomes":['
        texts = _write_outcomes(self)
        comma = b""
        while piece := ",".join(islice(texts, 1000)):
            yield comma + piece.encode("utf-8")
            comma = b","
        yield b"]," + dump_canonical(rest)[1:] + b"\n"


def _write_outcomes(plan: Plan) -> Iterator[str]:
    # Several times as fast as the JSON encoder, and a plan is little else.
    for institution, product, reason, seat, detail in plan.outcomes:
        if reason == "below_cutoff" and detail["key"] != TICKET:
            text = _BELOW_CUTOFF % (
                detail["applicant"],
                detail["holder"],
                quote(detail["key"]),
                quote(detail["type"]),
            )
        else:
            text = write_flat(detail)
        yield (
            f'{{"detail":{text},"institution":{quote(institution)},'
            f'"product":{quote(product)},"reason":"{reason}",'
            f'"seat":{"null" if seat is None else quote(seat)}}}'
        )


# What most outcomes of a full round say; lots, which are texts, are few.
_BELOW_CUTOFF = '{"applicant":%d,"holder":%d,"key":%s,"type":%s}'
