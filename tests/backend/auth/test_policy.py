"""The evaluator of the policy page, and the predicates it is made of."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from backend.auth import predicates
from backend.auth.identity import ANONYMOUS, Identity, Membership, Role
from backend.auth.permissions import Permission, all_permissions
from backend.auth.policy import permits

GOVERNMENT = uuid4()
AUTHOR, CO_AUTHOR = uuid4(), uuid4()


@dataclass
class Subject:
    """Something that has all that predicates ask for."""

    author_id: UUID = AUTHOR
    co_author_ids: frozenset[UUID] = frozenset({CO_AUTHOR})
    local_government_code: str | None = "11140"
    is_public: bool = False
    organization_id: UUID | None = GOVERNMENT


def somebody(role: Role, code: str | None = None, organization: UUID = GOVERNMENT) -> Identity:
    return Identity(uuid4(), (Membership(organization, role, code),))


@pytest.mark.parametrize("permission", all_permissions(), ids=str)
def test_somebody_who_is_not_signed_in_holds_nothing_private(permission: Permission) -> None:
    assert not permits(ANONYMOUS, permission, Subject())


def test_an_unknown_permission_is_denied() -> None:
    assert not permits(Identity(uuid4()), "proposal:burn", Subject())  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MANAGER])
def test_a_local_government_reviews_what_lies_in_it(role: Role) -> None:
    assert predicates.reviews_for_local_government(somebody(role, "11140"), Subject())


def test_a_local_government_does_not_review_what_lies_in_another() -> None:
    assert not predicates.reviews_for_local_government(somebody(Role.REVIEWER, "11110"), Subject())


def test_what_lies_nowhere_is_reviewed_by_nobody() -> None:
    nowhere = Subject(local_government_code=None)
    assert not predicates.reviews_for_local_government(somebody(Role.REVIEWER), nowhere)


def test_an_applicant_does_not_review_for_the_same_local_government() -> None:
    applicant = somebody(Role.APPLICANT, "11140")
    assert not predicates.reviews_for_local_government(applicant, Subject())


def test_an_applicant_applies_for_the_own_institution_only() -> None:
    stranger = somebody(Role.APPLICANT, organization=uuid4())
    assert not permits(stranger, Permission.Application.EDIT, Subject())
    assert permits(somebody(Role.APPLICANT), Permission.Application.EDIT, Subject())


def test_a_supplier_withdraws_the_own_offer_only() -> None:
    assert permits(somebody(Role.SUPPLIER), Permission.Offer.WITHDRAW, Subject())
    rival = somebody(Role.SUPPLIER, organization=uuid4())
    assert not permits(rival, Permission.Offer.WITHDRAW, Subject())


def test_what_has_no_supplier_is_no_suppliers_own() -> None:
    orphan = Subject(organization_id=None)
    assert not permits(somebody(Role.SUPPLIER), Permission.Offer.WITHDRAW, orphan)


def test_an_author_edits_the_own_draft() -> None:
    assert permits(Identity(AUTHOR), Permission.Proposal.EDIT, Subject())


def test_the_public_reads_what_is_public() -> None:
    assert permits(ANONYMOUS, Permission.Proposal.READ, Subject(is_public=True))


@pytest.mark.parametrize(
    ("permission", "held"),
    [
        (Permission.Proposal.READ, True),
        (Permission.Proposal.READ_PRIVATE, True),
        (Permission.Proposal.EDIT, True),
        (Permission.Proposal.DISCARD, False),
        (Permission.Proposal.INVITE, False),
        (Permission.Proposal.SUBMIT, False),
    ],
)
def test_a_co_author_writes_and_the_author_alone_disposes(
    permission: Permission, held: bool
) -> None:
    assert permits(Identity(CO_AUTHOR), permission, Subject()) is held
    assert permits(Identity(AUTHOR), permission, Subject())
    assert not permits(Identity(uuid4()), permission, Subject())
