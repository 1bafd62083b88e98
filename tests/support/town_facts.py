"""Owns what a town is made of: where it lies, what its people keep and what they show."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from backend.accounts.models import Account

SIGUNGU = "11305"
"""서울특별시 강북구, where the people of the town live and propose."""
EMD = "11305103"
"""수유동, where their proposals are about."""
HOMES = ("11305101", "11305102", "11305104")
"""미아동, 번동 and 우이동: where somebody may live without saying so."""
ELSEWHERE = "26470"
"""부산광역시 연제구, whose reviewers have no business here."""
FROM_AFAR = ("stranger", "co_author")
"""Who lives in Busan."""
MIA = (127.0290, 37.6200)
"""(lon, lat) in 미아동."""
BUSAN_EMD = "26470102"
BUSAN: dict[str, Any] = {"site": (129.0867, 35.1756), "emd_code": BUSAN_EMD}
CODE = "2026-77"
"""The round of the town."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is for nobody but the person and, of some, the competent office.

    :param mark: a word that stands in everything of theirs that is text: addresses, devices.
    :param home: eight digits of the emd in which the author lives.
    :param point: (lon, lat) of what the author proposes something for, in `EMD`.
    """

    mark: str
    home: str
    point: tuple[float, float]
    accuracy_m: float = 12.5


@dataclass(frozen=True, slots=True)
class Choices:
    """What the author decides about being seen."""

    neighbourhood_public: bool = False
    anonymous: bool = True


@dataclass(slots=True)
class Town:
    """Who is there, and the ids of what there is.

    :param people: by the part they play.
    :param ids: by the name of the path parameter that takes them.
    """

    secrets: Secrets
    choices: Choices
    people: dict[str, Account] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def know(self, name: str, *found: UUID) -> None:
        """Keep the ids of something for the paths that take them."""
        self.ids.setdefault(name, []).extend(map(str, found))
