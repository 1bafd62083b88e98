"""Owns a small model of a proposal's life, and a machine that plays it beside the application.

Every step is a request that the rules may allow or refuse. What is answered has to be what the
model says, and after every step what everybody can read has to be what the model remembers.
"""

from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.conftest import NOW, Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import CITY_HALL
from tests.support.proposals import REASON

API = "/api/v1"
HERE, THERE = "11140", "26110"
OUTCOMES = ("adopted", "rejected", "supplement_requested", "transferred")
CLOSED = {"adopted", "rejected", "withdrawn", "merged"}
TITLES = st.sampled_from(["밤길 비상벨", "밤길의 밝은 비상벨", "낮은 턱"])
OFFICES = st.sampled_from([HERE, THERE])
CITIZENS = st.sampled_from(["author", "neighbour", "passer_by"])
OTHERS = st.sampled_from(["neighbour", "passer_by"])


@dataclass
class World:
    """The application, its clock, and the headers of everybody who takes part."""

    client: FlaskClient
    clock: Clock
    people: dict[str, dict[str, str]]
    reached: set[str] = field(default_factory=set)


@dataclass
class Model:
    """What is remembered of one proposal."""

    title: str
    problem: str | None = None
    status: str = "draft"
    office: str = HERE
    review_started: bool = False
    anonymous: bool = False
    versions: list[tuple[str, str]] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    endorsers: set[str] = field(default_factory=set)
    followers: set[str] = field(default_factory=set)
    comments: int = 0

    @property
    def public(self) -> bool:
        """Tell whether everybody may see it."""
        return self.status != "draft"

    @property
    def editable(self) -> bool:
        """Tell whether its author may change it."""
        before_review = self.status == "submitted" and not self.review_started
        return self.status in {"draft", "supplement_requested"} or before_review


class Life(RuleBasedStateMachine):
    """One proposal in the hands of its author, two citizens and two offices."""

    world: World

    @initialize(title=TITLES, handed_in=st.sampled_from([True, True, False]))
    def draft(self, title: str, handed_in: bool) -> None:
        """Begin with a draft, or further on, where more can happen."""
        self.world.clock.time = NOW
        self.begin(title)
        if handed_in:
            self.hand_in()

    def begin(self, title: str) -> None:
        """Draft a proposal, of which no more is known yet than where it is."""
        body = {
            "category": "safety",
            "title": title,
            "location": {"lon": CITY_HALL[0], "lat": CITY_HALL[1]},
        }
        answer = self.world.client.post(
            f"{API}/proposals", json=body, headers=self.world.people["author"]
        )
        self.path = f"/proposals/{answer.json['id']}"
        self.model = Model(title)

    def hand_in(self) -> None:
        """Complete the draft and submit it."""
        self.tell_the_problem()
        self.submit()

    def ask(self, who: str, method: str, path: str, body: Any = None) -> tuple[int, str | None]:
        """Send a request as somebody; return the status, and the code of a refusal."""
        self.world.clock.move(seconds=1)
        headers = self.world.people[who] | (AS_IT_IS if method == "PATCH" else {})
        address = f"{API}{self.path}{path}"
        answer = self.world.client.open(address, method=method, json=body, headers=headers)
        found = answer.json if answer.data else {}
        return answer.status_code, found.get("code") if answer.status_code >= 400 else None

    @rule(title=TITLES)
    def edit(self, title: str) -> None:
        """Change the title; after the submission that is a version, if it is a change."""
        answer = self.ask("author", "PATCH", "", {"title": title})
        model = self.model
        if not model.editable:
            assert answer == (409, "proposal_not_editable")
            return
        assert answer == (200, None)
        model.title = title
        if model.status == "submitted" and model.versions[-1][1] != title:
            model.versions.append(("edited", title))
            model.events.append("edited")

    @precondition(lambda self: self.model.status == "draft")
    @rule()
    def tell_the_problem(self) -> None:
        """Complete the draft."""
        problem = "밤길에 비상벨을 눌러도 누가 듣는지 알 수 없다."
        assert self.ask("author", "PATCH", "", {"problem": problem}) == (200, None)
        self.model.problem = problem

    @rule()
    def go_unnamed(self) -> None:
        """Become anonymous, in whatever state."""
        assert self.ask("author", "PATCH", "", {"anonymous": True}) == (200, None)
        self.model.anonymous = True

    @rule()
    def submit(self) -> None:
        """Hand in, the first time or what was asked for."""
        answer = self.ask("author", "POST", "/submission")
        model = self.model
        if model.status not in {"draft", "supplement_requested"}:
            assert answer == (409, "invalid_transition")
        elif model.problem is None:
            assert answer == (409, "proposal_incomplete")
        else:
            assert answer == (200, None)
            kind = "submitted" if model.status == "draft" else "resubmitted"
            model.status = "submitted"
            model.versions.append((kind, model.title))
            model.events.append(kind)

    @rule()
    def withdraw(self) -> None:
        """Take back."""
        answer = self.ask("author", "POST", "/withdrawal")
        model = self.model
        if model.status not in {"submitted", "supplement_requested"}:
            assert answer == (409, "invalid_transition")
            return
        assert answer == (200, None)
        model.status = "withdrawn"
        model.events.append("withdrawn")

    @rule()
    def discard(self) -> None:
        """Delete a draft, and begin anew further on."""
        answer = self.ask("author", "DELETE", "")
        if self.model.public:
            assert answer == (409, "proposal_not_discardable")
            return
        assert answer == (204, None)
        assert self.ask("author", "GET", "") == (404, "proposal_not_found")
        self.begin(self.model.title)
        self.hand_in()

    @precondition(lambda self: self.model.status in CLOSED)
    @rule(title=TITLES)
    def propose_again(self, title: str) -> None:
        """Leave what is over, and begin anew."""
        self.draft(title, handed_in=True)

    @rule(office=OFFICES)
    def read_the_file(self, office: str) -> None:
        """Look at the review as an office; the first look starts it."""
        answer = self.ask(office, "GET", "/review")
        model = self.model
        if not model.public:
            assert answer == (404, "proposal_not_found")
        elif office != model.office:
            assert answer == (403, "permission_denied")
        else:
            assert answer == (200, None)
            if model.status == "submitted" and not model.review_started:
                model.review_started = True
                model.events.append("review_started")

    @rule(competent=st.sampled_from([True, True, True, False]), outcome=st.sampled_from(OUTCOMES))
    def decide(self, competent: bool, outcome: str) -> None:
        """Decide as the office whose turn it is, or as the other one."""
        offices = [HERE, THERE] if self.model.office == HERE else [THERE, HERE]
        office, other = offices if competent else reversed(offices)
        target = other if outcome == "transferred" else None
        body = {"outcome": outcome, "reason": REASON, "transfer_to": target}
        answer = self.ask(office, "PUT", "/decision", body)
        model = self.model
        if not model.public:
            assert answer == (404, "proposal_not_found")
        elif office != model.office:
            assert answer == (403, "permission_denied")
        elif model.status == outcome:
            assert answer == (200, None), "the same decision again changes nothing"
        elif model.status in CLOSED:
            assert answer == (409, "review_closed")
        elif model.status == "supplement_requested" and outcome != "rejected":
            assert answer == (409, "invalid_transition")
        else:
            assert answer == (200, None)
            model.review_started = True
            model.events.append(outcome)
            if outcome == "transferred":
                model.office = other
            else:
                model.status = outcome

    @rule(outcome=st.sampled_from(["adopted", "supplement_requested"]))
    def welcome(self, outcome: str) -> None:
        """Decide so that there is more to come, which chance alone seldom does."""
        self.decide(competent=True, outcome=outcome)

    @rule(who=CITIZENS, method=st.sampled_from(["PUT", "PUT", "DELETE"]))
    def endorse(self, who: str, method: str) -> None:
        """Back, or stop backing."""
        answer = self.ask(who, method, "/endorsement")
        model = self.model
        if not model.public:
            hidden = (404, "proposal_not_found")
            assert answer == ((403, "permission_denied") if who == "author" else hidden)
        elif method == "DELETE":
            assert answer == (200, None)
            model.endorsers.discard(who)
        elif who == "author":
            assert answer == (403, "own_proposal_not_endorsable")
        elif who in model.endorsers or model.status in {"submitted", "adopted"}:
            assert answer == (200, None)
            model.endorsers.add(who)
        else:
            assert answer == (409, "proposal_not_endorsable")

    @rule(who=OTHERS, method=st.sampled_from(["PUT", "PUT", "DELETE"]))
    def follow(self, who: str, method: str) -> None:
        """Follow, or stop following, in whatever state."""
        answer = self.ask(who, method, "/follow")
        model = self.model
        if not model.public:
            assert answer == (404, "proposal_not_found")
            return
        assert answer == (200, None)
        if method == "PUT":
            model.followers.add(who)
        else:
            model.followers.discard(who)

    @rule(who=CITIZENS)
    def comment(self, who: str) -> None:
        """Say something."""
        answer = self.ask(who, "POST", "/comments", {"text": "좋은 생각이에요."})
        model = self.model
        if not model.public:
            hidden = (404, "proposal_not_found")
            assert answer == ((403, "permission_denied") if who == "author" else hidden)
        elif model.status in {"submitted", "supplement_requested", "adopted"}:
            assert answer == (201, None)
            model.comments += 1
        else:
            assert answer == (409, "proposal_not_commentable")

    @invariant()
    def what_everybody_reads_is_what_happened(self) -> None:
        """Compare the public view with the model."""
        if not self.model.public:
            assert self.world.client.get(f"{API}{self.path}").status_code == 404
            return
        model = self.model
        self.world.reached.add(model.status)
        shown = self.read("")
        assert shown["status"] == model.status
        assert shown["title"] == model.title
        assert shown["endorsement_count"] == len(model.endorsers)
        assert shown["place"]["local_government"]["code"] == model.office
        assert (shown["author"] is None) == model.anonymous
        assert (shown["decided_at"] is None) == (model.status not in {"adopted", "rejected"})
        assert (shown["withdrawn_at"] is None) == (model.status != "withdrawn")
        assert len(self.read("/comments?limit=100")["items"]) == model.comments

    @invariant()
    def versions_and_events_are_complete(self) -> None:
        """Compare what was kept with the model, in its order."""
        if not self.model.public:
            return
        versions = self.read("/versions?limit=100")["items"]
        assert [item["number"] for item in versions] == list(range(1, len(versions) + 1))
        assert [(item["kind"], item["title"]) for item in versions] == self.model.versions
        events = self.read("/events?limit=100")["items"]
        assert [item["kind"] for item in events] == self.model.events

    @invariant()
    def everybody_stands_where_they_put_themselves(self) -> None:
        """Compare what each person is told of themselves with the model."""
        if not self.model.public:
            return
        for who in ("author", "neighbour", "passer_by"):
            standing = self.world.client.get(
                f"{API}/me{self.path}/standing", headers=self.world.people[who]
            ).json
            assert standing == {
                "role": "author" if who == "author" else None,
                "endorsed": who in self.model.endorsers,
                "following": who in self.model.followers,
            }

    def compare(self) -> None:
        """Compare all there is with the model."""
        self.what_everybody_reads_is_what_happened()
        self.versions_and_events_are_complete()
        self.everybody_stands_where_they_put_themselves()

    def read(self, path: str) -> Any:
        """Return what everybody reads."""
        answer = self.world.client.get(f"{API}{self.path}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json
