"""Owns the names of everything that may be done; who may do it stands in `backend.auth.policy`.

A permission's value is `<subject>:<action>`, so that it can be searched for.
"""

from enum import EnumType, StrEnum


class Permission:
    """All permissions, by the domain that asks for them."""

    class Me(StrEnum):
        """One's own account."""

        READ = "me:read"
        """See one's own account, residence, memberships and notifications."""

        EDIT = "me:edit"
        """Change one's own account and residence."""

        SECURE = "me:secure"
        """Keep one's own sign-in: password, second factor and devices."""

        EXPORT = "me:export"
        """Have a copy of everything that is stored about oneself."""

        ERASE = "me:erase"
        """Erase one's own account."""

    class Organization(StrEnum):
        """Organizations and their staff."""

        CREATE = "organization:create"
        """Register an institution or a supplier."""

        EDIT = "organization:edit"
        """Change what an organization keeps up itself, such as its address."""

        CLASSIFY = "organization:classify"
        """Change what decides about placements: an institution's type, jurisdiction and site."""

        READ_MEMBERS = "organization:read_members"
        """See who works for an organization."""

        INVITE = "organization:invite"
        """Invite somebody to work for an organization, and end a membership."""

    class Proposal(StrEnum):
        """Proposals, as citizens handle them."""

        CREATE = "proposal:create"
        """Start a draft."""

        READ = "proposal:read"
        """See a proposal, as far as the public may."""

        READ_PRIVATE = "proposal:read_private"
        """See the exact point and the author's facts."""

        EDIT = "proposal:edit"
        """Change a draft, alone or with others, and see one's own view of it."""

        DISCARD = "proposal:discard"
        """Delete a draft."""

        INVITE = "proposal:invite"
        """Invite somebody to write a proposal together."""

        SUBMIT = "proposal:submit"
        """Hand a draft in for review, or take a submission back."""

        ENDORSE = "proposal:endorse"
        """Back a submitted proposal, or stop backing it."""

        FOLLOW = "proposal:follow"
        """Hear what becomes of a submitted proposal, or hear no more."""

    class Photo(StrEnum):
        """Photos of proposals, as far as not only their author handles them."""

        REDACT = "photo:redact"
        """Cover parts of a photo of a proposal that one is competent for, with a reason."""

    class Upload(StrEnum):
        """Photos that are on their way in chunks."""

        SEND = "upload:send"
        """See how far an upload is, send its next chunk, complete it or give it up."""

    class Comment(StrEnum):
        """What people say about proposals."""

        READ = "comment:read"
        """See a comment, as far as the public may."""

        WRITE = "comment:write"
        """Say something about a submitted proposal, or answer."""

        EDIT = "comment:edit"
        """Correct or delete one's own comment."""

        REPORT = "comment:report"
        """Tell the office that a comment should not be there."""

        READ_REPORTS = "comment:read_reports"
        """See what was reported to a local government."""

        MODERATE = "comment:moderate"
        """Hide a comment with a reason, show it again, or leave it as it is."""

    class Review(StrEnum):
        """The work of a local government."""

        READ_QUEUE = "review:read_queue"
        """See what waits for the local government's decision."""

        DECIDE = "review:decide"
        """Adopt or reject a proposal, or send it back, with a reason."""

        MERGE = "review:merge"
        """Merge proposals that say the same, or separate them again, with a reason."""

        RANK = "review:rank"
        """Rank the adopted proposals and the categories of a programme year."""

    class Product(StrEnum):
        """The catalogue."""

        EDIT = "product:edit"
        """Enter a product, its designation, and which proposals it answers."""

    class Round(StrEnum):
        """Pilot purchase rounds."""

        READ_DRAFT = "round:read_draft"
        """See a round before its notice."""

        EDIT = "round:edit"
        """Set up a round: areas, offers, windows, policy."""

        AMEND = "round:amend"
        """Correct, extend or cancel an announced round, and set its policy, with a reason."""

        MOVE_MONEY = "round:move_money"
        """Transfer money between the budget areas of a round, with a reason."""

        DECLARE_INTEREST = "round:declare_interest"
        """Declare that one is not impartial about something of a round."""

        READ_INTERESTS = "round:read_interests"
        """See what people declared about their impartiality in a round."""

        READ_APPLICATIONS = "round:read_applications"
        """See all applications of a round, and plans before they are published."""

        READ_PLAN = "round:read_plan"
        """See a plan with its inputs, outcomes and placements."""

        FREEZE = "round:freeze"
        """Freeze the inputs of a closed round and announce which number will be the seed."""

        ENTER_SEED = "round:enter_seed"
        """Enter the announced number, for two people to agree on."""

        RUN = "round:run"
        """Run the matching of frozen inputs, rehearse it, or have a plan superseded."""

        SIMULATE = "round:simulate"
        """Compare other rules on a round's inputs; nothing is stored."""

        APPROVE = "round:approve"
        """Approve a plan that somebody else ran."""

        PUBLISH = "round:publish"
        """Publish an approved plan."""

    class Offer(StrEnum):
        """What a round offers."""

        WITHDRAW = "offer:withdraw"
        """Take an offer of an announced round back, with a reason."""

    class Placement(StrEnum):
        """What a published plan placed, until its contract."""

        RECORD_CONTRACT = "placement:record_contract"
        """Record that the contract of a placement was signed."""

        WITHDRAW = "placement:withdraw"
        """Give a placement up before its contract, with a reason."""

        DECIDE_VACANCY = "placement:decide_vacancy"
        """Let a vacant placement go on to who is next, or not, as a second person."""

    class Application(StrEnum):
        """An institution's wishes."""

        READ = "application:read"
        """See an institution's applications."""

        EDIT = "application:edit"
        """Apply, rank and withdraw for an institution."""

    class PlanObjection(StrEnum):
        """Objections to the outcomes of plans."""

        FILE = "plan_objection:file"
        """Object to an outcome; whom it concerns, the service knows."""

        READ = "plan_objection:read"
        """See an objection with what was written."""

        READ_DESK = "plan_objection:read_desk"
        """See which objections wait for a decision."""

        WITHDRAW = "plan_objection:withdraw"
        """Take an objection back."""

        DECIDE = "plan_objection:decide"
        """Dismiss or uphold an objection."""

    class BoundaryChange(StrEnum):
        """Changes of the boundaries, and what they leave to people."""

        READ = "boundary_change:read"
        """See what a change did, and the records about which a person has to decide."""

        DECIDE = "boundary_change:decide"
        """Decide where such a record belongs."""

    class Audit(StrEnum):
        """The audit chain."""

        READ = "audit:read"
        """Read events and check the chain."""


AnyPermission = (
    Permission.Me
    | Permission.Organization
    | Permission.Proposal
    | Permission.Photo
    | Permission.Upload
    | Permission.Comment
    | Permission.Review
    | Permission.Product
    | Permission.Round
    | Permission.Offer
    | Permission.Placement
    | Permission.Application
    | Permission.PlanObjection
    | Permission.BoundaryChange
    | Permission.Audit
)
"""One permission of any domain."""


def all_permissions() -> list[StrEnum]:
    """Return every permission there is."""
    groups = (group for group in vars(Permission).values() if isinstance(group, EnumType))
    return [permission for group in groups for permission in list[StrEnum](group)]
