"""Owns the calls that are measured: what a phone asks for most, and what it writes most."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from bench.api.asking import Asker, must
from bench.api.loading import PASSWORD
from bench.api.picks import RADIUS_M, READERS, WRITERS, Picks, email_of
from bench.api.vocabulary import COMMON_WORD, PROBLEM, RARE_SHORT, RARE_WORD, SPOTS, THINGS
from bench.serving.http_client import Request

API = "/api/v1"


class Scene:
    """One application to ask, people who are signed in to it, and what may be asked about."""

    def __init__(self, ask: Asker, picks: Picks) -> None:
        self.ask = ask
        self.picks = picks
        self._headers: dict[int, dict[str, str]] = {}
        self._pairs = iter(picks.pairs)
        self._numbers = count()

    def headers_of(self, number: int) -> dict[str, str]:
        """Return the headers of a person's requests; signs in the first time."""
        if number not in self._headers:
            given = json.dumps({"email": email_of(number), "password": PASSWORD})
            reply = must(self.ask, Request(f"{API}/sessions", given), 201)
            self._headers[number] = {"Authorization": f"Bearer {reply.json['access_token']}"}
        return self._headers[number]

    def readers(self) -> list[dict[str, str]]:
        """Return the headers of everybody who reads."""
        return [self.headers_of(number) for number in READERS]

    def take_pairs(self, wanted: int) -> list[tuple[UUID, dict[str, str]]]:
        """Return proposals with the headers of who may back them and does not, each once."""
        pairs = [pair for pair, _ in zip(self._pairs, range(wanted), strict=False)]
        return [(proposal_id, self.headers_of(number)) for proposal_id, number in pairs]

    def next_number(self) -> int:
        """Return another number each time."""
        return next(self._numbers)


@dataclass(frozen=True)
class Call:
    """One kind of request.

    :param name: as the report has it; `slug` as files have it.
    :param route: method and path as the description of the API has them.
    :param make: returns so many requests at most, other ones each time where they write.
    :param parameter: of the query, without which the call cannot be made.
    :param is_compared: whether both sizes answer the same, for nothing differs but what lies behind
        the newest; not where something is written, or told by a token of its own.
    :param is_judged: whether the cost must not grow; not where more is compared up to a bound.
    """

    slug: str
    name: str
    route: tuple[str, str]
    make: Callable[[Scene, int], list[Request]]
    parameter: str | None = None
    status: int = 200
    writes: bool = False
    is_compared: bool = True
    is_judged: bool = True

    def missing_from(self, paths: Mapping[str, Any]) -> str | None:
        """Return what an API lacks for this call, None when it has all.

        :param paths: of the description of the API.
        """
        method, path = self.route
        operation = paths.get(path, {}).get(method.lower())
        if operation is None:
            return f"there is no {method} {path}"
        names = {parameter.get("name") for parameter in operation.get("parameters", [])}
        if self.parameter is not None and self.parameter not in names:
            return f"{method} {path} takes no {self.parameter}"
        return None


def _list_of(*queries: str) -> Callable[[Scene, int], list[Request]]:
    return lambda _scene, wanted: _cycle([f"{API}/proposals{query}" for query in queries], wanted)


def _of_regions(digits: int) -> Callable[[Scene, int], list[Request]]:
    def make(scene: Scene, wanted: int) -> list[Request]:
        codes = scene.picks.regions[digits]
        return _cycle([f"{API}/proposals?region_code={code}" for code in codes], wanted)

    return make


def _of_categories(scene: Scene, wanted: int) -> list[Request]:
    codes = scene.picks.categories
    return _cycle([f"{API}/proposals?category={code}" for code in codes], wanted)


def _near(scene: Scene, wanted: int) -> list[Request]:
    paths = [f"{API}/proposals?near={lon},{lat},{RADIUS_M}" for lon, lat in scene.picks.places]
    return _cycle(paths, wanted)


def _one(scene: Scene, wanted: int) -> list[Request]:
    return _cycle([f"{API}/proposals/{one}" for one in scene.picks.proposals], wanted)


def _one_again(scene: Scene, wanted: int) -> list[Request]:
    known = [f"{API}/proposals/{one}" for one in scene.picks.proposals[:40]]
    requests = []
    for path in known:
        tag = must(scene.ask, Request(path)).headers["etag"]
        requests.append(Request(path, headers={"If-None-Match": tag}))
    return _repeat(requests, wanted)


def _comments(scene: Scene, wanted: int) -> list[Request]:
    return _cycle([f"{API}/proposals/{one}/comments" for one in scene.picks.talked_about], wanted)


def _own(path: str) -> Callable[[Scene, int], list[Request]]:
    def make(scene: Scene, wanted: int) -> list[Request]:
        return _repeat([Request(f"{API}{path}", headers=h) for h in scene.readers()], wanted)

    return make


def _nothing_new(scene: Scene, wanted: int) -> list[Request]:
    requests = []
    for headers in scene.readers():
        since, more = "", True
        while more:
            path = f"{API}/sync?limit=100" + (f"&since={quote(since)}" if since else "")
            answer = must(scene.ask, Request(path, headers=headers)).json
            since, more = answer["next_since"], answer["has_more"]
        requests.append(Request(f"{API}/sync?since={quote(since)}", headers=headers))
    return _repeat(requests, wanted)


def _endorse(scene: Scene, wanted: int) -> list[Request]:
    return [
        Request(f"{API}/proposals/{proposal_id}/endorsement", headers=headers, method="PUT")
        for proposal_id, headers in scene.take_pairs(wanted)
    ]


def _begin(scene: Scene, wanted: int) -> list[Request]:
    requests = []
    for _ in range(wanted):
        number = scene.next_number()
        headers = scene.headers_of(WRITERS[number % len(WRITERS)])
        draft = {"id": str(uuid4()), "category": "safety", **_written(scene, number)}
        key = {"Idempotency-Key": str(uuid4())}
        requests.append(Request(f"{API}/proposals", json.dumps(draft), {**headers, **key}))
    return requests


def _similar(scene: Scene, wanted: int) -> list[Request]:
    return [
        Request(f"{API}/proposals/similar", json.dumps(_written(scene, number)))
        for number in range(wanted)
    ]


def _written(scene: Scene, number: int) -> dict[str, Any]:
    """Return what somebody writes, at a place where many have written before."""
    places = scene.picks.places
    lon, lat = places[number % len(places)]
    spot, thing = SPOTS[number % len(SPOTS)], THINGS[number % len(THINGS)]
    return {
        "title": f"{spot} {thing} 설치",
        "problem": f"{spot}{PROBLEM}",
        "location": {"lon": lon, "lat": lat, "accuracy_m": 12.5},
    }


def _cycle(paths: Sequence[str], wanted: int) -> list[Request]:
    return _repeat([Request(path) for path in paths], wanted)


def _repeat(requests: Sequence[Request], wanted: int) -> list[Request]:
    return [requests[number % len(requests)] for number in range(wanted)]


_LIST = ("GET", f"{API}/proposals")
_ONE = ("GET", f"{API}/proposals/{{proposal_id}}")

CALLS = (
    Call("list", "proposals, newest", _LIST, _list_of("")),
    Call("list-sido", "proposals of a province", _LIST, _of_regions(2), "region_code"),
    Call("list-sigungu", "proposals of a district", _LIST, _of_regions(5), "region_code"),
    Call("list-emd", "proposals of a neighbourhood", _LIST, _of_regions(8), "region_code"),
    Call("list-category", "proposals of a category", _LIST, _of_categories, "category"),
    Call("list-common", "with a common word", _LIST, _list_of(f"?q={quote(COMMON_WORD)}"), "q"),
    Call("list-rare", "with a rare word", _LIST, _list_of(f"?q={quote(RARE_WORD)}"), "q"),
    Call("list-short", "with a rare short word", _LIST, _list_of(f"?q={quote(RARE_SHORT)}"), "q"),
    Call("list-near", "proposals near a place", _LIST, _near, "near"),
    Call("one", "one proposal", _ONE, _one),
    Call("one-again", "one proposal, known (304)", _ONE, _one_again, status=304),
    Call("own", "one's own proposals", ("GET", f"{API}/me/proposals"), _own("/me/proposals")),
    Call("notices", "one's notices", ("GET", f"{API}/me/notices"), _own("/me/notices")),
    Call("sync", "what is new: nothing", ("GET", f"{API}/sync"), _nothing_new, is_compared=False),
    Call("comments", "comments", ("GET", f"{_ONE[1]}/comments"), _comments),
    Call(
        "similar",
        "similar proposals",
        ("POST", f"{API}/proposals/similar"),
        _similar,
        is_compared=False,
        is_judged=False,
    ),
    Call(
        "endorse",
        "endorse",
        ("PUT", f"{_ONE[1]}/endorsement"),
        _endorse,
        writes=True,
        is_compared=False,
    ),
    Call(
        "begin",
        "begin a draft, with a key",
        ("POST", f"{API}/proposals"),
        _begin,
        status=201,
        writes=True,
        is_compared=False,
    ),
)
