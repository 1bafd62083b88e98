"""Owns the comparison of rules on the inputs of one round; stores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.errors import Invalid
from backend.fairness import sums
from backend.fairness.policies import NamedPolicy, apply_policy
from backend.fairness.shifts import Shift, list_shifts
from backend.fairness.simulation_inputs import Inputs, Names
from backend.fairness.sums import NOTHING, Nearness, Request, Sums
from geo.matching import inputs_sha256, solve
from geo.regions.codes import SIDO_DIGITS, SIGUNGU_DIGITS

MOST_POLICIES = 8

MOST_APPLICATIONS = 80_000
"""Applications that one comparison matches, each policy's counted: a few seconds of computing."""

Document = Mapping[str, Any]


class SimulationTooLarge(Invalid):
    """So many policies on so many applications would take too long."""

    code = "simulation_too_large"
    ko = "신청 {applications}건으로는 한 번에 {most}개 방식까지 견줄 수 있습니다."
    en = "With {applications} applications, at most {most} policies are compared at a time."


@dataclass(frozen=True, slots=True)
class RegionSums:
    """What comes to one region."""

    code: str
    names: Names
    sums: Sums


@dataclass(frozen=True, slots=True)
class Result:
    """What one policy does.

    :param changed: names of the rules that differ from the round's.
    :param areas: rows of the plan's areas.
    :param elsewhere: what comes to sites abroad or unknown.
    :param shifts: who fares differently from the first policy; None of the first.
    """

    name: str
    changed: Sequence[str]
    placements: int
    served: int
    areas: Sequence[Document]
    nearness: Nearness
    sido: Sequence[RegionSums]
    sigungu: Sequence[RegionSums]
    elsewhere: Sums
    shifts: Sequence[Shift] | None

    @property
    def spent_krw(self) -> int:
        """Money that was spent in all areas."""
        return sum(area["spent_krw"] for area in self.areas)

    @property
    def remaining_krw(self) -> int:
        """Money that is left in all areas."""
        return sum(area["remaining_krw"] for area in self.areas)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Policies side by side.

    :param institutions: names by id.
    """

    round_code: str
    basis: str
    inputs_sha256: str
    seed: str
    institutions: Mapping[str, Names]
    results: Sequence[Result]


def simulate(
    inputs: Inputs, policies: Sequence[NamedPolicy], *, seed: str | None = None
) -> Comparison:
    """Compute a plan by each policy and put them side by side.

    :param policies: the first is what the others are compared with.
    :param seed: decides the lots; that of the run, or `SEED`, when it is None.
    :raises PolicyNotAccepted: when a policy does not go with the round, with the field's path.
    :raises SimulationTooLarge: when it would take too long.
    """
    applications = len(inputs.instance.applications)
    if applications * len(policies) > MOST_APPLICATIONS:
        most = MOST_APPLICATIONS // applications
        raise SimulationTooLarge(field="json.policies", applications=applications, most=most)
    # All are read before one is run: a refusal comes at once.
    instances = [
        apply_policy(inputs.instance, inputs.policy, policy, at=at, seed=seed)
        for at, policy in enumerate(policies)
    ]
    results: list[Result] = []
    first: tuple[Document, Document] | None = None
    for policy, instance in zip(policies, instances, strict=True):
        documents = instance.to_json(), solve(instance).to_json()
        shifts = list_shifts(first, documents) if first is not None else None
        first = first or documents
        results.append(_measure(inputs, policy, documents, shifts))
    return Comparison(
        round_code=inputs.round_code,
        basis=inputs.basis,
        inputs_sha256=inputs_sha256(inputs.instance),
        seed=instances[0].seed or "",
        institutions={row.id: row.name or {} for row in inputs.instance.institutions},
        results=results,
    )


def _measure(
    inputs: Inputs,
    policy: NamedPolicy,
    documents: tuple[Document, Document],
    shifts: Sequence[Shift] | None,
) -> Result:
    instance, plan = documents
    awards = sums.list_awards(instance, plan, inputs.requests)
    sido = sums.sum_by(lambda request: _cut(request, SIDO_DIGITS), awards)
    sigungu = sums.sum_by(lambda request: _cut(request, SIGUNGU_DIGITS), awards)
    known = [found for code, found in sigungu.items() if code in inputs.regions]
    whole = sum(sigungu.values(), start=NOTHING)
    here = sum(known, start=NOTHING)
    return Result(
        name=policy.name,
        changed=policy.list_changes(inputs.policy),
        placements=len(awards),
        served=len({award.request.institution for award in awards}),
        areas=plan["areas"],
        nearness=sums.measure_nearness(award.request for award in awards),
        sido=_name_regions(inputs, sido),
        sigungu=_name_regions(inputs, sigungu),
        elsewhere=Sums(whole.placements - here.placements, whole.amount_krw - here.amount_krw),
        shifts=shifts,
    )


def _cut(request: Request, digits: int) -> str | None:
    return request.emd_code[:digits] if request.emd_code else None


def _name_regions(inputs: Inputs, found: Mapping[str | None, Sums]) -> list[RegionSums]:
    return [
        RegionSums(code, inputs.regions[code], found[code])
        for code in sorted(code for code in found if code in inputs.regions and code is not None)
    ]
