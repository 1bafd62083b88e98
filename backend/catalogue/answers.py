"""Owns which proposals a product answers, and that their authors and readers hear of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.catalogue.models import Product, ProductProposal
from backend.catalogue.queries import get_product, list_products_of_proposal
from backend.errors import Conflict, NotFound
from backend.notifications.service import notify
from backend.proposals.merges.queries import proposer_ids, refuse_merged
from backend.proposals.models import Proposal
from backend.proposals.queries import ProposalNotFound, get_proposal, lock_proposal
from backend.proposals.service import append_event


class ProposalNotAdopted(Conflict):
    """Only an adopted proposal can be answered by a product."""

    code = "proposal_not_adopted"
    ko = "채택된 제안에만 제품을 연결할 수 있습니다."
    en = "Only an adopted proposal can be answered by a product."


class ProductDoesNotAnswer(NotFound):
    """The product is not entered as an answer to the proposal."""

    code = "product_does_not_answer"
    ko = "이 제품은 이 제안의 해결 제품으로 등록되어 있지 않습니다."
    en = "The product is not entered as an answer to this proposal."


def link_proposal(
    session: Session, *, product_id: UUID, proposal_id: UUID, actor_id: UUID | None, now: datetime
) -> ProductProposal:
    """Enter that a product answers an adopted proposal; a second time changes nothing.

    :raises ProductNotFound: when there is no such product.
    :raises ProposalNotFound: when there is no such proposal.
    :raises ProposalNotAdopted: when the proposal is not adopted.
    """
    product = get_product(session, product_id)
    # The lock keeps two officers from telling the author twice.
    proposal = lock_proposal(session, proposal_id)
    link = session.get(ProductProposal, (product_id, proposal_id), populate_existing=True)
    if link is not None:
        return link
    if proposal.status != "adopted":
        if not proposal.is_public:
            raise ProposalNotFound
        raise ProposalNotAdopted
    link = ProductProposal(
        product_id=product_id, proposal_id=proposal_id, linked_by=actor_id, linked_at=now
    )
    session.add(link)
    _append(
        session,
        product,
        proposal_id=proposal_id,
        kind="product_answered",
        actor_id=actor_id,
        now=now,
    )
    _tell(session, product, proposal, kind="product_answers_proposal", now=now)
    _record(
        session,
        action="product.linked",
        product_id=product_id,
        proposal_id=proposal_id,
        actor_id=actor_id,
        now=now,
    )
    return link


def unlink_proposal(
    session: Session, *, product_id: UUID, proposal_id: UUID, actor_id: UUID | None, now: datetime
) -> None:
    """Take back that a product answers a proposal; the proposal's thread keeps that it once did.

    :raises ProductDoesNotAnswer: when it was not entered.
    """
    link = session.get(ProductProposal, (product_id, proposal_id), with_for_update=True)
    if link is None:
        raise ProductDoesNotAnswer
    session.delete(link)
    product = get_product(session, product_id)
    _append(
        session,
        product,
        proposal_id=proposal_id,
        kind="product_withdrawn",
        actor_id=actor_id,
        now=now,
    )
    proposal = get_proposal(session, proposal_id)
    _tell(session, product, proposal, kind="product_answer_withdrawn", now=now)
    _record(
        session,
        action="product.unlinked",
        product_id=product_id,
        proposal_id=proposal_id,
        actor_id=actor_id,
        now=now,
    )


def list_answering_products(session: Session, *, proposal_id: UUID) -> list[Product]:
    """Return the products that answer a public proposal.

    :raises ProposalNotFound: when there is no such proposal, or it is a draft.
    :raises ProposalMerged: when it is a part of another one now, which products answer.
    """
    proposal = get_proposal(session, proposal_id)
    if not proposal.is_public:
        raise ProposalNotFound
    refuse_merged(session, proposal)
    return list_products_of_proposal(session, proposal_id)


def _append(
    session: Session,
    product: Product,
    *,
    proposal_id: UUID,
    kind: str,
    actor_id: UUID | None,
    now: datetime,
) -> None:
    append_event(
        session,
        proposal_id=proposal_id,
        kind=kind,
        actor_id=actor_id,
        data={"product_id": str(product.id), "product": product.names},
        public=True,
        now=now,
    )


def _tell(
    session: Session, product: Product, proposal: Proposal, *, kind: str, now: datetime
) -> None:
    """Tell everybody who proposed it."""
    for recipient_id in proposer_ids(session, [proposal.id])[proposal.id]:
        notify(
            session,
            recipient_id=recipient_id,
            kind=kind,
            subject_type="proposal",
            subject_id=proposal.id,
            params={"product": product.names, "title": proposal.title},
            now=now,
        )


def _record(
    session: Session,
    *,
    action: str,
    product_id: UUID,
    proposal_id: UUID,
    actor_id: UUID | None,
    now: datetime,
) -> None:
    record(
        session,
        action=action,
        subject_type="product",
        subject_id=product_id,
        actor_id=actor_id,
        now=now,
        data={"proposal_id": str(proposal_id)},
    )
