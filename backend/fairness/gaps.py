"""Owns where a round answers residents' proposals and no institution asks for the answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.catalogue.models import Product
from backend.catalogue.queries import answered_proposals
from backend.organizations.models import Institution
from backend.proposals.queries import answering_facts
from backend.rounds.facts import load_governments
from backend.rounds.models import Application, Offer, Round
from backend.rounds.queries import all_applications, all_offers
from backend.rounds.residence import Governments
from geo.regions.codes import SIDO_DIGITS


@dataclass(frozen=True, slots=True)
class Gap:
    """A local government with products that answer its residents and that nobody there asks for."""

    local_government_code: str
    products: tuple[Product, ...]


def list_gaps(session: Session, round_: Round) -> list[Gap]:
    """Return where residents' proposals are answered by a product that no institution asks for.

    A product counts as asked for by whichever of its offers, and those taken back do not count.
    An institution belongs to the local government in which it or its product stands, and to those
    that its jurisdiction names or lies in; a body of a whole province only to where it stands.
    """
    governments = load_governments(session)
    offers = [offer for offer in all_offers(session, round_.id) if offer.withdrawn_at is None]
    products = {offer.product_id: offer.product for offer in offers}
    wanted = _governments_of_proposers(session, round_, offers, governments)
    served = _governments_of_applicants(session, round_, offers, governments)
    missing: dict[str, list[Product]] = {}
    for product_id, product in products.items():
        for code in sorted(wanted.get(product_id, set()) - served.get(product_id, set())):
            missing.setdefault(code, []).append(product)
    return [Gap(code, tuple(products)) for code, products in sorted(missing.items())]


def _governments_of_proposers(
    session: Session, round_: Round, offers: Iterable[Offer], governments: Governments
) -> dict[UUID, set[str]]:
    """Return product id -> codes of the local governments where its proposers live."""
    answered = answered_proposals(session, {offer.product_id for offer in offers})
    facts = answering_facts(session, {one for ids in answered.values() for one in ids})
    confirmed_only = round_.policy["require_confirmed_residence"]
    return {
        product_id: {
            code
            for one in ids
            if facts[one].residence_confirmed or not confirmed_only
            if (code := governments.government_of(facts[one].shown_code))
        }
        for product_id, ids in answered.items()
    }


def _governments_of_applicants(
    session: Session, round_: Round, offers: Iterable[Offer], governments: Governments
) -> dict[UUID, set[str]]:
    """Return product id -> codes of the local governments in which somebody asks for it."""
    product_of = {offer.id: offer.product_id for offer in offers}
    applications = all_applications(session, round_.id)
    asked = {
        (row.offer_id, row.institution_id): row
        for row in applications
        if row.offer_id in product_of
    }
    fixed = {(offer.id, one) for offer in offers for one in offer.fixed_institution_ids}
    ids = {institution_id for _, institution_id in asked.keys() | fixed}
    rows = session.scalars(select(Institution).where(Institution.organization_id.in_(ids)))
    institutions = {row.organization_id: row for row in rows}
    served: dict[UUID, set[str]] = {}
    for offer_id, institution_id in asked.keys() | fixed:
        found = _governments_of(
            institutions[institution_id], asked.get((offer_id, institution_id)), governments
        )
        served.setdefault(product_of[offer_id], set()).update(found)
    return served


def _governments_of(
    institution: Institution, application: Application | None, governments: Governments
) -> set[str]:
    codes = {institution.local_government_code or ""}
    if application is not None and application.site_emd_code:
        codes.add(governments.government_of(application.site_emd_code) or "")
    for code in institution.jurisdiction_codes:
        if len(code) > SIDO_DIGITS or code in governments.single_tier:
            codes |= {governments.of_sigungu[part] for part in _known(code, governments)}
    return codes - {""}


def _known(code: str, governments: Governments) -> set[str]:
    return {part for part in governments.sigungu_of(code) if part in governments.of_sigungu}
