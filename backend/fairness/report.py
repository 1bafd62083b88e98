"""Owns the fairness report of a published round: who got what, where, and by how little not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.fairness import sums
from backend.fairness.documents import Documents, documents_of
from backend.fairness.population import Population, find_population
from backend.fairness.queries import find_published_run, list_holders, read_requests
from backend.fairness.sums import NOTHING, Award, Concentration, NearMiss, Nearness, Request, Sums
from backend.regions.errors import BoundariesNotLoaded
from backend.rounds.models import MatchingRun, Round
from backend.rounds.run_queries import PlanNotFound
from geo.regions import Generation, NoActiveGeneration, Region, active_generation, list_regions
from geo.regions.codes import SIGUNGU_DIGITS
from geo.tiling import SIDO, SIGUNGU

Names = Mapping[str, str]
"""A name in both languages."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The round in numbers; money that was spent includes placements nobody claimed."""

    budget_krw: int
    spent_krw: int
    remaining_krw: int
    placements: int
    applications: int
    applicants: int
    served: int
    products_offered: int
    products_placed: int


@dataclass(frozen=True, slots=True)
class AreaLine:
    """Where the money of one budget area went."""

    key: str
    names: Names
    budget_krw: int
    preassigned_krw: int
    spent_krw: int
    remaining_krw: int
    placements: int


@dataclass(frozen=True, slots=True)
class RegionLine:
    """What came to one region.

    :param people: residents or eligible voters; None where they are not known.
    """

    region: Region
    sums: Sums
    people: int | None

    @property
    def per_100k(self) -> float | None:
        """Placements per 100,000 people."""
        return sums.per_people(self.sums.placements, self.people)


@dataclass(frozen=True, slots=True)
class Miss:
    """Who missed a placement by how little, with names."""

    institution: Names
    product: Names
    miss: NearMiss


@dataclass(frozen=True, slots=True)
class Report:
    """Who got what of a round.

    :param elsewhere: abroad, or at a site whose code is no longer in force.
    :param settlements: by whether the site's emd is an eup or myeon; None abroad or unknown.
    :param types: by type of institution.
    :param largest: name of the institution that holds most money.
    :param nearness_asked: nearness of the applications, whatever came of them.
    :param without_residence: nearness had there been no residence seats; None if it is not known.
    :param key_names: what the keys that decided are called.
    """

    round: Round
    run: MatchingRun
    generation: Generation
    population: Population | None
    totals: Totals
    areas: Sequence[AreaLine]
    sido: Sequence[RegionLine]
    sigungu: Sequence[RegionLine]
    elsewhere: Sums
    settlements: Mapping[bool | None, Sums]
    types: Mapping[str, Sums]
    concentration: Concentration
    largest: Names | None
    nearness: Nearness
    nearness_asked: Nearness
    without_residence: Nearness | None
    key_names: Mapping[str, Names]
    near_misses: Sequence[Miss]


def write_report(session: Session, round_: Round) -> Report:
    """Add up what the published plan of a round did, as its placements stand by now.

    :raises PlanNotFound: when no plan of the round is published.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    run = find_published_run(session, round_.id)
    if run is None:
        raise PlanNotFound
    try:
        generation = active_generation(session)
    except NoActiveGeneration as exc:
        raise BoundariesNotLoaded from exc
    documents = documents_of(session, run.id)
    requests = read_requests(session, run.id)
    # What was given up before its contract went on to somebody else, or to nobody.
    awards = sums.list_held(documents.instance, requests, list_holders(session, run.id))
    asked = sums.list_asked(documents.plan, requests)
    population = find_population(session)
    sigungu = list_regions(session, SIGUNGU)
    by_sigungu = sums.sum_by(_sigungu_of, awards, asked)
    concentration = sums.measure_concentration(awards)
    institutions = _names(documents, "institutions")
    other = documents.without_residence
    return Report(
        round=round_,
        run=run,
        generation=generation,
        population=population,
        totals=_total(documents, awards, asked),
        areas=_list_areas(documents, awards),
        sido=_list_sido(list_regions(session, SIDO), sigungu, by_sigungu, population),
        sigungu=[
            RegionLine(
                region,
                by_sigungu.get(region.code, NOTHING),
                population.figures.get(region.code) if population else None,
            )
            for region in sigungu
        ],
        elsewhere=_sum_elsewhere(by_sigungu, {region.code for region in sigungu}),
        settlements=sums.sum_by(lambda request: request.is_rural, awards, asked),
        types=sums.sum_by(lambda request: request.institution_type, awards, asked),
        concentration=concentration,
        largest=institutions[concentration.largest] if concentration.largest else None,
        nearness=sums.measure_nearness(award.request for award in awards),
        nearness_asked=sums.measure_nearness(asked),
        without_residence=sums.measure_nearness(
            award.request for award in sums.list_awards(documents.instance, other, requests)
        )
        if other is not None
        else None,
        key_names=documents.instance["policy"].get("key_names", {}),
        near_misses=_list_misses(documents),
    )


def _sigungu_of(request: Request) -> str | None:
    return request.emd_code[:SIGUNGU_DIGITS] if request.emd_code else None


def _names(documents: Documents, rows: str) -> dict[str, Names]:
    return {row["id"]: row["name"] for row in documents.instance[rows]}


def _total(documents: Documents, awards: Sequence[Award], asked: Sequence[Request]) -> Totals:
    areas = documents.plan["areas"]
    return Totals(
        budget_krw=sum(area["budget_krw"] for area in areas),
        spent_krw=sum(area["spent_krw"] for area in areas),
        remaining_krw=sum(area["remaining_krw"] for area in areas),
        placements=len(awards),
        applications=len(asked),
        applicants=len({request.institution for request in asked}),
        served=len({award.request.institution for award in awards}),
        products_offered=len(documents.instance["products"]),
        products_placed=len({award.request.product for award in awards}),
    )


def _list_areas(documents: Documents, awards: Sequence[Award]) -> list[AreaLine]:
    names = _names(documents, "areas")
    area_of = {product["id"]: product["area"] for product in documents.instance["products"]}
    placed = dict.fromkeys(names, 0)
    for award in awards:
        placed[area_of[award.request.product]] += 1
    return [
        AreaLine(
            key=area["id"],
            names=names[area["id"]],
            budget_krw=area["budget_krw"],
            preassigned_krw=area["preassigned_krw"],
            spent_krw=area["spent_krw"],
            remaining_krw=area["remaining_krw"],
            placements=placed[area["id"]],
        )
        for area in documents.plan["areas"]
    ]


def _list_sido(
    sido: Sequence[Region],
    sigungu: Sequence[Region],
    by_sigungu: Mapping[str | None, Sums],
    population: Population | None,
) -> list[RegionLine]:
    lines = []
    for region in sido:
        parts = {
            part.code: part.local_government_code
            for part in sigungu
            if part.code.startswith(region.code)
        }
        found = sum((by_sigungu.get(code, NOTHING) for code in parts), start=NOTHING)
        lines.append(RegionLine(region, found, population.count(parts) if population else None))
    return lines


def _sum_elsewhere(by_sigungu: Mapping[str | None, Sums], known: set[str]) -> Sums:
    rest = (found for code, found in by_sigungu.items() if code not in known)
    return sum(rest, start=NOTHING)


def _list_misses(documents: Documents) -> list[Miss]:
    institutions, products = _names(documents, "institutions"), _names(documents, "products")
    return [
        Miss(institutions[miss.institution], products[miss.product], miss)
        for miss in sums.list_near_misses(documents.plan)
    ]
