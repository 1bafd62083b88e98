"""Owns which notices belong together when a person chooses how to hear of them."""

from collections.abc import Mapping
from enum import StrEnum


class Group(StrEnum):
    """What a person switches on and off as one."""

    ACCOUNT = "account"
    """What only the person can mend; its letters carry no link to unsubscribe."""

    MY_PROPOSALS = "my_proposals"
    """What becomes of one's own ideas and objections."""

    FOLLOWED = "followed"
    """What becomes of ideas that one endorsed or follows."""

    NEAR_ME = "near_me"
    """What happens in the areas that one subscribed to."""

    OFFICE = "office"
    """What waits for one at work: reviews, applications, offers."""

    MARKETING = "marketing"
    """What advertises; nobody gets it who did not ask, and nobody at night."""


KINDS_OF: Mapping[Group, tuple[str, ...]] = {
    Group.ACCOUNT: ("residence_unclear", "area_subscription_unclear", "export_ready"),
    Group.MY_PROPOSALS: (
        "proposal_submitted",
        "proposal_adopted",
        "proposal_rejected",
        "supplement_requested",
        "proposal_transferred",
        "product_answers_proposal",
        "product_answer_withdrawn",
        "product_offered",
        "proposal_round_cancelled",
        "proposal_offer_withdrawn",
        "proposal_deployed",
        "proposal_passed_on",
        "proposal_not_deployed",
        "local_government_changed",
        "proposal_place_unclear",
        "proposal_residence_unclear",
        "photo_redacted",
        "co_author_joined",
        "co_author_left",
        "co_author_removed",
        "comment_hidden",
        "comment_shown_again",
        "proposal_merged",
        "proposal_took_in",
        "proposal_separated",
        "proposal_gave_back",
    ),
    Group.FOLLOWED: (
        "endorsed_proposal_adopted",
        "followed_proposal_adopted",
        "followed_proposal_rejected",
        "reported_comment_hidden",
        "reported_comment_kept",
        "endorsed_proposal_merged",
        "endorsed_proposal_separated",
    ),
    Group.NEAR_ME: ("proposal_near", "adoption_near", "placement_near"),
    Group.OFFICE: (
        "merge_objected",
        "invitation_accepted",
        "ranking_needed",
        "plan_objection_received",
        "plan_objection_filed",
        "plan_objection_due",
        "plan_objection_overdue",
        "plan_objection_dismissed",
        "plan_objection_upheld",
        "offer_withdrawn_in_window",
        "offer_withdrawn",
        "offer_lapsed",
        "round_corrected",
        "round_extended",
        "round_cancelled",
        "nobody_applies",
        "placement_awarded",
        "application_refused",
        "corrected_award",
        "corrected_refusal",
        "outcome_unchanged",
        "outcome_withdrawn",
        "placement_given_up",
        "placement_passed_on",
        "placement_exchanged",
    ),
    Group.MARKETING: (),
}
"""Every kind of notice stands here once."""

GROUP_OF: Mapping[str, Group] = {kind: group for group, kinds in KINDS_OF.items() for kind in kinds}
"""Kind of a notice -> its group."""

ESSENTIAL = frozenset({Group.ACCOUNT})
"""Groups without which the service cannot keep its word."""
