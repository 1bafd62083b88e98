"""Owns how a merged proposal is answered: 410 with the address of what stands for it."""

from flask import Flask, Response, url_for

from backend.problems import answer_domain_error
from backend.proposals.merges.queries import ProposalMerged


def init_app(app: Flask) -> None:
    """Say of a merged proposal where it is now, as a member and as an address."""
    app.register_error_handler(ProposalMerged, answer_merged)


def answer_merged(error: ProposalMerged) -> Response:
    """Answer 410 (RFC 9110, 15.5.11) with `Location` and the member `merged_into`."""
    response = answer_domain_error(error)
    response.location = url_for(
        "proposals.show_proposal", proposal_id=error.params["merged_into"], _external=False
    )
    response.autocorrect_location_header = False
    return response
