"""Owns the only way from rows to the matching engine and back; decides nothing itself."""

from dataclasses import dataclass, replace
from typing import Any

from backend.errors import Conflict
from backend.organizations.models import Institution
from backend.organizations.reporting import NOTHING_DUE
from backend.rounds.facts import Request, RoundFacts
from backend.rounds.policy import NOT_RANKED, demand_weight, for_engine
from backend.rounds.residence import best_tier, distance_to_nearest_m, is_rural
from geo.matching import (
    Instance,
    InstanceRefused,
    Plan,
    inputs_sha256,
    load_json,
    parse_instance,
    solve,
)
from geo.regions.codes import SIDO_DIGITS

INSTANCE_FORMAT = "dongne-instance/1"

CITIZEN_PROPOSED, LOCAL_RND, OTHER = range(3)
"""Kinds of products in funding order."""

GOVERNMENT_BODIES = frozenset(
    {
        "fire",
        "health_centre",
        "community_office",
        "local_government_body",
        "local_public_corporation",
    }
)
"""Types of institutions that belong to a local government; the others only lie in one."""

DESIGNATION_LAPSED = "혁신제품 지정 기간이 끝난 제품 (designation lapsed)"
OFFER_WITHDRAWN = "공급기업이 철회한 제품 (withdrawn by its supplier)"
INSTITUTION_CLOSED = "폐지된 기관 (institution closed)"


class InstanceNotAccepted(Conflict):
    """The engine refuses a round as it stands; nothing of it was dropped or repaired."""

    code = "round_not_runnable"
    ko = "차수 조건에 맞지 않는 값이 있습니다. {path}: {problem}"
    en = "The terms of the round do not fit together. {path}: {problem}"


@dataclass(frozen=True, slots=True)
class Computed:
    """What a run computed: the two files as texts, and the plan as records."""

    instance_text: str
    plan_text: str
    inputs_sha256: str
    plan: Plan


def build_instance(facts: RoundFacts, *, seed: str | None) -> Instance:
    """Build the engine's input. Ids are those of offers and institutions; nobody is named in it.

    :param seed: None as long as it is not known.

    :raises InstanceNotAccepted: when the engine refuses it, with the field's path.
    """
    document = {
        "format": INSTANCE_FORMAT,
        "round": facts.round.code,
        "seed": seed,
        "policy": for_engine(facts.round.policy),
        "areas": [
            {
                "id": area.key,
                "budget_krw": area.budget_krw,
                "name": {"ko": area.name_ko, "en": area.name_en},
            }
            for area in facts.round.areas
        ],
        "products": _products(facts),
        "institutions": _institutions(facts),
        "applications": [
            _application(facts, request)
            for request in facts.requests
            if not _is_preassigned(facts, request)
        ],
    }
    try:
        return parse_instance(document, allow_null_seed=seed is None)
    except InstanceRefused as exc:
        raise InstanceNotAccepted(path=exc.path, problem=exc.problem) from exc


def compute(instance: Instance) -> Computed:
    """Solve an instance and write both files."""
    plan = solve(instance)
    return Computed(
        instance_text=instance.dumps().decode(),
        plan_text=plan.dumps().decode(),
        inputs_sha256=inputs_sha256(instance),
        plan=plan,
    )


def read_instance(text: str, *, allow_null_seed: bool = False) -> Instance:
    """Read a stored instance back."""
    return parse_instance(load_json(text.encode()), allow_null_seed=allow_null_seed)


def with_seed(inputs_text: str, seed: str) -> Instance:
    """Read frozen inputs and give them their seed."""
    return replace(read_instance(inputs_text, allow_null_seed=True), seed=seed)


def tier_of(facts: RoundFacts, request: Request) -> int | None:
    """Return the residence tier of a request; None where no proposer's home counts."""
    if not facts.homes.get(request.offer.product_id):
        return None
    return _tier(facts, request)


def _products(facts: RoundFacts) -> list[dict[str, Any]]:
    fixed: dict[Any, list[str]] = {offer.id: [] for offer in facts.offers}
    for request in facts.requests:
        if _is_preassigned(facts, request):
            fixed[request.offer.id].append(str(request.institution.organization_id))
    return [
        {
            "id": str(offer.id),
            "area": offer.area.key,
            "price_krw": offer.unit_price_krw,
            "max_placements": offer.max_placements,
            "order": _order(facts, offer),
            "seats": offer.seats,
            "preassigned": fixed[offer.id],
            "cap_group": offer.cap_group,
            "name": {"ko": offer.product.name_ko, "en": offer.product.name_en},
        }
        for offer in facts.offers
    ]


def _order(facts: RoundFacts, offer: Any) -> list[int]:
    """Return the funding order: kind, ministries' weight, best category rank, best review rank."""
    product = offer.product
    answered = facts.proposals.get(product.id, [])
    if answered:
        kind = CITIZEN_PROPOSED
    else:
        kind = OTHER if product.rnd_local_government_code is None else LOCAL_RND
    ids = {fact.proposal_id for fact in answered}
    ranks = (rank for (_, one), rank in facts.proposal_ranks.items() if one in ids)
    return [
        kind,
        -(product.ministry_weight + demand_weight(facts.round.policy, offer.policy_demands)),
        min(facts.category_ranks[product.category].values(), default=NOT_RANKED),
        min(ranks, default=NOT_RANKED),
    ]


def _institutions(facts: RoundFacts) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for request in facts.requests:
        organization = request.institution.organization
        row = rows.setdefault(
            str(organization.id),
            {
                "id": str(organization.id),
                "capacity": facts.round.policy["institution_capacity"],
                "ranking": [],
                "name": {
                    "ko": organization.name_ko,
                    "en": organization.name_en or organization.name_ko,
                },
            },
        )
        # Requests come by rank; a fixed one that cannot be had stands at the end.
        if not _is_preassigned(facts, request):
            row["ranking"].append(str(request.offer.id))
    return list(rows.values())


def _application(facts: RoundFacts, request: Request) -> dict[str, Any]:
    institution, product = request.institution, request.offer.product
    rule = _ineligible_rule(facts, request)
    government = institution.local_government_code or ""
    answered = facts.proposals.get(product.id, [])
    homes = facts.homes.get(product.id, [])
    return {
        "institution": str(institution.organization_id),
        "product": str(request.offer.id),
        "eligible": rule is None,
        "ineligible_reason": rule,
        "keys": {
            "residence_tier": _tier(facts, request),
            "designator": 0 if _belongs_to_designator(request) else 1,
            "review_rank": min(
                (
                    facts.proposal_ranks.get((government, fact.proposal_id), NOT_RANKED)
                    for fact in answered
                ),
                default=NOT_RANKED,
            ),
            "category_rank": facts.category_ranks[product.category].get(government, NOT_RANKED),
            "earlier_placements": facts.earlier_placements.get(institution.organization_id, 0),
            "distance_m": distance_to_nearest_m(homes, request.lon, request.lat),
            "pledge": 0 if request.pledges_purchase else 1,
            "reporting": facts.reporting.get(institution.organization_id, NOTHING_DUE),
            "rural": 0 if is_rural(request.site_emd_code) else 1,
        },
    }


def _tier(facts: RoundFacts, request: Request) -> int:
    return best_tier(
        facts.homes.get(request.offer.product_id, []),
        jurisdiction_codes=request.institution.jurisdiction_codes,
        site_emd_code=request.site_emd_code,
        governments=facts.governments,
    )


def _belongs_to_designator(request: Request) -> bool:
    code = request.offer.product.rnd_local_government_code
    return code is not None and _parent_of(request.institution) == code


def _parent_of(institution: Institution) -> str | None:
    """Return the local government that an institution is a body of; None for the others.

    Fire stations are the province's (소방기본법, article 3), and so is
    whatever works for the whole of it; the rest is the government's where it stands.
    """
    own = institution.local_government_code
    if own is None or institution.institution_type not in GOVERNMENT_BODIES:
        return None
    # An upper government's code is that of its sido and begins the codes below it.
    upper = own[:SIDO_DIGITS]
    is_upper = institution.institution_type == "fire" or upper in institution.jurisdiction_codes
    return upper if is_upper else own


def _ineligible_rule(facts: RoundFacts, request: Request) -> str | None:
    if request.offer.withdrawn_at is not None:
        return OFFER_WITHDRAWN
    if request.offer.product_id not in facts.designated:
        return DESIGNATION_LAPSED
    if request.institution.organization.closed_at is not None:
        return INSTITUTION_CLOSED
    return None


def _is_preassigned(facts: RoundFacts, request: Request) -> bool:
    """Tell a fixed institution that still can be served; one that cannot gets its reason."""
    return request.application is None and _ineligible_rule(facts, request) is None
