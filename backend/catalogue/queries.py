"""Owns how products, designations and answered proposals are read."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from backend.catalogue.models import Designation, Product, ProductProposal
from backend.errors import NotFound
from backend.pagination import Page, paginate
from backend.proposals.models import Proposal


class ProductNotFound(NotFound):
    """There is no such product."""

    code = "product_not_found"
    ko = "제품을 찾을 수 없습니다."
    en = "There is no such product."


def get_product(session: Session, product_id: UUID, *, lock: bool = False) -> Product:
    """Return a product.

    :param lock: keep it from changing until the transaction ends.
    :raises ProductNotFound: when there is none.
    """
    statement = select(Product).where(Product.id == product_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    product = session.scalar(statement)
    if product is None:
        raise ProductNotFound
    return product


def list_products(
    session: Session,
    *,
    category: str | None = None,
    valid_on: date | None,
    proposal_id: UUID | None,
    q: str | None,
    limit: int,
    after: str | None,
) -> Page:
    """Return products, newest first.

    :param valid_on: only products whose designation holds on that day.
    :param proposal_id: only products that answer that proposal.
    :param q: text within the name, in either language.
    """
    statement = select(Product)
    if category is not None:
        statement = statement.where(Product.category == category)
    if valid_on is not None:
        statement = statement.where(Product.id.in_(_designated_on(valid_on)))
    if proposal_id is not None:
        answering = select(ProductProposal.product_id).where(
            ProductProposal.proposal_id == proposal_id
        )
        statement = statement.where(Product.id.in_(answering))
    if q is not None:
        statement = statement.where(
            or_(
                Product.name_ko.icontains(q, autoescape=True),
                Product.name_en.icontains(q, autoescape=True),
            )
        )
    return paginate(session, statement, Product.id, limit=limit, after=after, descending=True)


def list_products_of_proposal(session: Session, proposal_id: UUID) -> list[Product]:
    """Return the products that answer a proposal, in the order of their entry."""
    return list(
        session.scalars(
            select(Product)
            .join(ProductProposal, ProductProposal.product_id == Product.id)
            .where(ProductProposal.proposal_id == proposal_id)
            .order_by(Product.id)
        )
    )


def answered_proposals(session: Session, product_ids: Iterable[UUID]) -> Mapping[UUID, list[UUID]]:
    """Return the adopted proposals that each product answers, the first received first.

    :return: product id -> proposal ids; products that answer none are missing.
    """
    rows = session.execute(
        select(ProductProposal.product_id, Proposal.id)
        .join(Proposal, ProductProposal.proposal_id == Proposal.id)
        .where(ProductProposal.product_id.in_(set(product_ids)), Proposal.status == "adopted")
        .order_by(Proposal.submitted_at, Proposal.id)
    )
    answered: dict[UUID, list[UUID]] = {}
    for product_id, proposal_id in rows:
        answered.setdefault(product_id, []).append(proposal_id)
    return answered


def list_answered_ids(session: Session, proposal_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of some proposals a product answers, whatever their state."""
    return set(
        session.scalars(
            select(ProductProposal.proposal_id).where(
                ProductProposal.proposal_id.in_(set(proposal_ids))
            )
        )
    )


def designated_products(session: Session, product_ids: Iterable[UUID], on: date) -> set[UUID]:
    """Return which of the products hold a designation on a day."""
    return set(
        session.scalars(
            select(Product.id).where(
                Product.id.in_(set(product_ids)), Product.id.in_(_designated_on(on))
            )
        )
    )


def _designated_on(day: date) -> Select[UUID]:
    return select(Designation.product_id).where(
        Designation.designated_on <= day, Designation.valid_until >= day
    )
