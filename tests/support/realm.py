"""Owns a town with everybody who may have business there, for asking who may do what.

Of each kind of office there are two: the one that is competent, and one elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, text, update
from sqlalchemy.orm import Session

from backend.accounts.consents.models import Consent
from backend.accounts.models import Account, SignIn
from backend.accounts.oidc.models import ExternalIdentity
from backend.accounts.tokens import issue_access_token
from backend.auth.identity import Role
from backend.catalogue.models import Designation, Product
from backend.db import new_id
from backend.files.storage import Storage
from backend.jobs.queue import load_tasks
from backend.me.exports.service import request_export
from backend.notifications.areas.models import AreaSubscription
from backend.notifications.models import Notice
from backend.notifications.push.models import PushSubscription
from backend.organizations.models import Membership
from backend.proposals.co_authors.invitations import invite_co_author
from backend.proposals.co_authors.models import CoAuthor
from backend.proposals.comments.models import Comment
from backend.proposals.merges.models import ProposalMerge
from backend.proposals.models import Proposal
from backend.proposals.uploads.service import begin_upload
from backend.rounds.models import Application, Offer, Outcome
from tests.conftest import NOW
from tests.support.people import (
    make_admin,
    make_auditor,
    make_member,
    make_reviewer,
    make_sign_in,
    make_supplier,
)
from tests.support.rounds import make_area, make_offer, make_product, make_round
from tests.support.town import build_town
from tests.support.town_facts import ELSEWHERE, HOMES, SIGUNGU, Secrets, Town

SIDO = "11"
"""서울특별시."""

CALLERS = (
    "anonymous", "citizen", "owner", "co_author", "reviewer", "reviewer_elsewhere", "manager",
    "manager_elsewhere", "applicant", "applicant_elsewhere", "supplier", "supplier_elsewhere",
    "officer", "auditor", "admin",
)  # fmt: skip
"""Who asks. The owner wrote the proposals, and what hangs on an account hangs on theirs."""


@dataclass(slots=True)
class Realm:
    """A town with its callers.

    :param headers: by caller.
    :param ids: by the name of the path parameter, of what a request is about.
    """

    town: Town
    headers: Mapping[str, dict[str, str]]
    ids: dict[str, str]


def build_realm(session: Session, storage: Storage, config: Mapping[str, Any]) -> Realm:
    """Play the town, let the offices be filled, and commit."""
    town = build_town(session, storage, Secrets("marked", HOMES[1], (127.0104, 37.6283)))
    callers = _fill_offices(session, town)
    ids = {name: found[0] for name, found in town.ids.items()} | {"feature_id": SIDO}
    ids |= _hold_rounds(session, town) | _of_the_owner(session, town)
    headers = {name: _token(session, account, config) for name, account in callers.items()}
    session.add_all(
        Consent(
            account_id=account.id,
            document="location",
            version="2025-01",
            agreed=True,
            decided_at=NOW,
        )
        for account in callers.values()
    )
    session.commit()
    return Realm(town, {"anonymous": {}, **headers}, ids)


def _fill_offices(session: Session, town: Town) -> dict[str, Account]:
    supplier, other_supplier = (
        make_supplier(session, name_ko=name, business_number=number)
        for name, number in (("동네기술", "1234567891"), ("다른기술", "1208147521"))
    )
    session.execute(update(Product).values(supplier_id=supplier.organization_id))
    near, far = (UUID(found) for found in town.ids["institution_id"])
    session.commit()
    return {
        "citizen": town.people["stranger"],
        "owner": town.people["author"],
        "co_author": town.people["co_author"],
        "reviewer": town.people["reviewer"],
        "reviewer_elsewhere": town.people["reviewer_elsewhere"],
        "manager": make_reviewer(session, SIGUNGU, role=Role.MANAGER),
        "manager_elsewhere": make_reviewer(session, ELSEWHERE, role=Role.MANAGER),
        "applicant": make_member(session, near, Role.APPLICANT),
        "applicant_elsewhere": make_member(session, far, Role.APPLICANT),
        "supplier": make_member(session, supplier.organization_id, Role.SUPPLIER),
        "supplier_elsewhere": make_member(session, other_supplier.organization_id, Role.SUPPLIER),
        "officer": town.people["officer"],
        "auditor": make_auditor(session),
        "admin": make_admin(session),
    }


def _hold_rounds(session: Session, town: Town) -> dict[str, str]:
    """Draft another round; return its ids, and those of what the near institution asked for."""
    draft = make_round(session, code="2026-78")
    area = make_area(session, draft, key="draft")
    offer = session.scalars(select(Offer)).one()
    make_offer(session, area, make_product(session))
    near = UUID(town.ids["institution_id"][0])
    return {
        "draft_round_id": str(draft.id),
        "area_id": str(area.id),
        "offer_id": str(offer.id),
        "outcome_id": _one(session, select(Outcome.id).where(Outcome.institution_id == near)),
        "application_id": _one(
            session, select(Application.id).where(Application.institution_id == near)
        ),
        "designation_id": _one(session, select(Designation.id)),
    }


def _of_the_owner(session: Session, town: Town) -> dict[str, str]:
    """Return the ids of what hangs on the owner's account, and on their draft and comments."""
    owner, draft_id = town.people["author"], UUID(town.ids["draft_id"][0])
    identity = ExternalIdentity(
        id=new_id(), account_id=owner.id, provider="test", subject_hmac="0" * 64, linked_at=NOW
    )
    session.add(identity)
    upload, _ = begin_upload(
        session, account_id=owner.id, proposal_id=draft_id, size_bytes=1000, now=NOW
    )
    load_tasks()
    export = request_export(session, account_id=owner.id, now=NOW)
    offer = invite_co_author(session, proposal_id=draft_id, actor_id=owner.id, now=NOW)
    staff = select(Membership.id).where(Membership.account_id == town.people["reviewer"].id)
    merged = select(ProposalMerge.merged_id)
    return {
        "identity_id": str(identity.id),
        "upload_id": str(upload.id),
        "export_id": str(export.id),
        "invitation_id": str(offer.invitation.id),
        "merged_id": _one(session, merged),
        "withdrawn_id": _one(
            session, select(Proposal.id).where(Proposal.withdrawn_at.is_not(None))
        ),
        "membership_id": _one(session, staff),
        "organization_id": _one(
            session, select(Membership.organization_id).where(Membership.id.in_(staff))
        ),
        "co_author_id": _one(session, select(CoAuthor.id).where(CoAuthor.proposal_id == draft_id)),
        "comment_id": _one(session, select(Comment.id).where(Comment.author_id == owner.id)),
        **{
            name: _one(session, select(key).where(account == owner.id))
            for name, key, account in (
                ("notice_id", Notice.id, Notice.recipient_id),
                ("subscribed_area_id", AreaSubscription.id, AreaSubscription.account_id),
                ("subscription_id", PushSubscription.id, PushSubscription.account_id),
                ("device_id", SignIn.device_id, SignIn.account_id),
            )
        },
    }


def _one(session: Session, statement: Select[tuple[UUID]]) -> str:
    return str(session.scalars(statement.order_by(text("1")).limit(1)).one())


def _token(session: Session, account: Account, config: Mapping[str, Any]) -> dict[str, str]:
    token = issue_access_token(
        *make_sign_in(session, account),
        secret=config["SECRET_KEY"],
        issuer=config["ISSUER"],
        now=NOW,
        life=timedelta(days=1),
    )
    return {"Authorization": f"Bearer {token}"}
