"""Owns what is in an export: the parts of every domain, and what is left out, with the reason."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from backend.accounts import personal_data as accounts
from backend.me.exports.models import PersonalExport
from backend.notifications import personal_data as notifications
from backend.objections import personal_data as objections
from backend.organizations import personal_data as organizations
from backend.proposals import personal_data as proposals
from backend.rounds import personal_data as rounds
from backend.rows import Part

DOMAINS = (accounts, notifications, organizations, proposals, rounds, objections)

OFFICIAL = "an act of an office: one's own are in audit_events.json"

NOT_EXPORTED: Mapping[str, str] = {
    "change": "numbers by which a phone's copy is kept up to date, about nothing else",
    "sign_in_attempt": "hashes of a sign-in under way, kept for minutes",
    "invitation": OFFICIAL,
    "product_proposal": OFFICIAL,
    "photo_redaction": OFFICIAL,
    "decision": OFFICIAL,
    "proposal_merge": OFFICIAL,
    "ranking": OFFICIAL,
    "round": OFFICIAL,
    "round_inputs": OFFICIAL,
    "round_notice": OFFICIAL,
    "round_policy_version": OFFICIAL,
    "seed_entry": OFFICIAL,
    "official_seed": OFFICIAL,
    "budget_transfer": OFFICIAL,
    "offer": OFFICIAL,
    "matching_run": OFFICIAL,
    "application": OFFICIAL,
    "vacancy": OFFICIAL,
    "placement_contract": OFFICIAL,
}
"""Tables that name accounts and are no part of an export, and why."""


def parts_of(account_id: UUID) -> Sequence[Part]:
    """Return every part of a person's export, from the ground up."""
    own = Part(
        "exports",
        PersonalExport,
        PersonalExport.account_id == account_id,
        {"file_name", "link_sha256"},
    )
    return [*(part for domain in DOMAINS for part in domain.export_for(account_id)), own]
