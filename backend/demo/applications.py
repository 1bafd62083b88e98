"""Owns what made-up institutions apply for: what suits them, and what began nearby first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from backend.demo.institutions import Body
from backend.rounds.applications import Wish

SUITED: Mapping[str, frozenset[str]] = {
    "community_office": frozenset(
        {"safety", "disaster", "traffic", "convenience", "accessibility", "welfare",
         "environment", "energy"}
    ),
    "local_government_body": frozenset({"safety", "disaster", "traffic", "environment", "energy"}),
    "health_centre": frozenset({"welfare", "accessibility", "safety"}),
    "local_public_corporation": frozenset({"convenience", "accessibility", "environment",
                                           "traffic", "energy"}),
    "fire": frozenset({"safety", "disaster", "energy"}),
    "police": frozenset({"safety", "traffic"}),
    "education": frozenset({"traffic", "safety", "environment"}),
    "forest": frozenset({"disaster", "environment"}),
    "state_body": frozenset({"traffic", "disaster"}),
}  # fmt: skip
"""Categories by type of institution."""

DIGITS = (8, 5, 2)
"""Digits of a code that two places share: the neighbourhood, the sigungu, the sido."""

FAR = 2
"""Beyond the own sigungu, how far away a product began does not make it more or less wanted."""

REASONS = (
    "관내에서 같은 문제가 되풀이되어 시범사용으로 효과를 확인하고자 합니다.",
    "올해 민원이 가장 많았던 분야로, 현장 적용 결과를 정책에 반영하겠습니다.",
    "유지관리 인력과 설치 장소를 이미 확보하였습니다.",
    "취약지역 주민이 먼저 혜택을 보도록 배치하겠습니다.",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product on offer: its category, where its proposals come from, and its area.

    :param emd_codes: neighbourhoods of the proposals it answers.
    """

    offer_id: UUID
    area: str
    category: str
    emd_codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ranking:
    """One institution's wishes, best first."""

    body: Body
    wishes: tuple[Wish, ...]


def make_rankings(
    bodies: Sequence[Body], offers: Sequence[Wanted], *, total: int, chance: Random
) -> list[Ranking]:
    """Return rankings that add up to about `total` applications.

    Offices in the neighbourhoods that proposals come from apply first, then overseas bodies; of
    the rest chance decides.
    """
    origins = frozenset[str]().union(*(offer.emd_codes for offer in offers))
    near = [body for body in bodies if body.emd_code in origins]
    overseas = [body for body in bodies if body.is_overseas]
    rest = [body for body in bodies if body not in near and not body.is_overseas]
    chance.shuffle(rest)
    rankings: list[Ranking] = []
    count = 0
    for body in (*near, *overseas, *rest):
        if count >= total:
            break
        wanted = _wanted(body, offers, chance)
        if wanted:
            reason = chance.choice(REASONS)
            wishes = tuple(Wish(offer_id=offer.offer_id, reason=reason) for offer in wanted)
            rankings.append(Ranking(body, wishes))
            count += len(wishes)
    return rankings


def _wanted(body: Body, offers: Sequence[Wanted], chance: Random) -> list[Wanted]:
    if body.is_overseas:
        return [offer for offer in offers if offer.area == "overseas"]
    suited = SUITED[body.institution.institution_type]
    fitting = [o for o in offers if o.area != "overseas" and o.category in suited]
    chance.shuffle(fitting)
    fitting.sort(key=lambda offer: min(_remoteness(body, offer), FAR))
    return fitting[: chance.choice((1, 2, 2, 3))]


def _remoteness(body: Body, offer: Wanted) -> int:
    """Return 0 for a product that began in the body's own neighbourhood, more for one from afar."""
    code = body.emd_code or ""
    for remoteness, digits in enumerate(DIGITS):
        if any(emd[:digits] == code[:digits] for emd in offer.emd_codes):
            return remoteness
    return len(DIGITS)
