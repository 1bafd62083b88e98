"""Owns the made-up institutions of the demonstration: some for every local government."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from backend.organizations.models import Institution, Position
from backend.organizations.service import InstitutionFacts, register_institution
from geo.regions import (
    LocalGovernment,
    Region,
    get_region,
    list_children,
    list_local_governments,
    list_sigungu_of,
)
from geo.regions.codes import SIGUNGU_DIGITS

MARK_KO = "(가상)"
MARK_EN = "(synthetic)"

BODIES = (
    ("health_centre", "보건소"),
    ("local_public_corporation", "시설관리공단"),
    ("fire", "소방서"),
    ("police", "경찰서"),
    ("local_government_body", "안전총괄과"),
    ("education", "교육지원청"),
)
"""What a city, county or district has; each local government gets one to three of them."""

NATIONWIDE = (("forest", "국유림관리소"), ("state_body", "국도관리사무소"))

OVERSEAS = (
    ("다낭시 상수도사업소", "Da Nang water utility", 108.2022, 16.0544),
    ("키갈리시 기술실증센터", "Kigali technology test centre", 30.0619, -1.9441),
    ("울란바토르시 환경국", "Ulaanbaatar environment department", 106.9057, 47.8864),
    ("메데인시 도시안전국", "Medellín urban safety office", -75.5636, 6.2442),
    ("비엔티안시 보건국", "Vientiane health office", 102.6331, 17.9757),
)


@dataclass(frozen=True, slots=True)
class Body:
    """An institution together with where it stands, for choosing what it applies for."""

    institution: Institution
    sigungu_code: str | None
    emd_code: str | None

    @property
    def is_overseas(self) -> bool:
        """Tell whether it takes part in overseas demonstration only."""
        return self.institution.scope == "overseas"


def register_institutions(
    session: Session, *, chance: Random, neighbourhoods: Sequence[str], now: datetime
) -> list[Body]:
    """Register institutions all over the country, and an office in each named neighbourhood.

    :param neighbourhoods: codes of the emd that proposals come from.
    """
    facts = [
        *_community_offices(session, neighbourhoods),
        *_of_governments(session, chance),
        *_nationwide(session, chance),
        *_overseas(),
    ]
    bodies = []
    for fact in facts:
        institution = register_institution(
            session, facts=fact, actor_id=None, now=now, is_synthetic=True
        )
        emd_code = institution.site_emd_code
        bodies.append(Body(institution, emd_code[:SIGUNGU_DIGITS] if emd_code else None, emd_code))
    return bodies


def _community_offices(session: Session, codes: Sequence[str]) -> Iterator[InstitutionFacts]:
    for code in sorted(set(codes)):
        region = get_region(session, code)
        office = "주민센터" if region.name.endswith(("동", "가")) else "행정복지센터"
        yield _facts(
            f"{region.full_name.split()[1]} {region.name} {office}",
            "community_office",
            (region.code,),
            region,
        )


def _of_governments(session: Session, chance: Random) -> Iterator[InstitutionFacts]:
    for government in list_local_governments(session):
        if government.kind == "upper":
            continue
        for kind, name in chance.sample(BODIES, k=chance.choice((1, 1, 2, 3))):
            region = _some_neighbourhood(session, government, chance)
            yield _facts(f"{government.full_name} {name}", kind, (government.code,), region)


def _nationwide(session: Session, chance: Random) -> Iterator[InstitutionFacts]:
    governments = [g for g in list_local_governments(session) if g.kind == "basic"]
    for kind, name in NATIONWIDE:
        for government in chance.sample(governments, k=4):
            region = _some_neighbourhood(session, government, chance)
            yield _facts(f"{government.name} {name}", kind, (), region)


def _overseas() -> Iterator[InstitutionFacts]:
    for name_ko, name_en, lon, lat in OVERSEAS:
        yield InstitutionFacts(
            name_ko=f"{name_ko} {MARK_KO}",
            name_en=f"{name_en} {MARK_EN}",
            institution_type="overseas",
            scope="overseas",
            site=Position(lon=lon, lat=lat),
        )


def _some_neighbourhood(session: Session, government: LocalGovernment, chance: Random) -> Region:
    sigungu = chance.choice(list_sigungu_of(session, government.code))
    return chance.choice(list_children(session, sigungu.code))


def _facts(name: str, kind: str, jurisdiction: tuple[str, ...], region: Region) -> InstitutionFacts:
    return InstitutionFacts(
        name_ko=f"{name} {MARK_KO}",
        institution_type=kind,
        scope="regions" if jurisdiction else "nationwide",
        jurisdiction_codes=jurisdiction,
        site=Position(lon=region.lon, lat=region.lat),
        site_address=region.full_name,
    )
