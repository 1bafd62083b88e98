"""Owns asking every server about the same points and comparing what they say."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backend.ops.paths import Paths
from bench.geo import questions
from bench.geo.agreement import EMD_DIGITS, Comparison, Ours, compare
from bench.geo.answer_fields import lacking
from bench.geo.environments import KRGC, MAPIT, TIPG, program
from bench.geo.points import Position
from bench.geo.questions import Codes, Question
from bench.serving.measuring import run_job

SIGUNGU_DIGITS = 5
FIELD_SAMPLES = 20
_ANSWERS = (200, 422)
"""Ours refuses a point that no region owns."""


@dataclass(frozen=True)
class Reading:
    """One question to a peer and how its answer is read.

    :param digits: length of the codes of the level that is asked for.
    """

    title: str
    peer: str
    question: Question
    read: Callable[[str], Codes]
    digits: int


READINGS = (
    Reading("tipg, emd", TIPG.name, questions.TIPG_LEAN, questions.tipg_codes, EMD_DIGITS),
    Reading(
        "tipg, sigungu", TIPG.name, questions.TIPG_SIGUNGU, questions.tipg_codes, SIGUNGU_DIGITS
    ),
    Reading("MapIt, emd", MAPIT.name, questions.MAPIT, questions.mapit_codes("EMD"), EMD_DIGITS),
    Reading(
        "MapIt, sigungu",
        MAPIT.name,
        questions.MAPIT,
        questions.mapit_codes("SIGUNGU"),
        SIGUNGU_DIGITS,
    ),
)


class Asker:
    """Asks running servers, each question once."""

    def __init__(self, paths: Paths, ports: Mapping[str, int]) -> None:
        self._paths = paths
        self._ports = ports
        self._asked: dict[tuple[str, Question, tuple[Position, ...]], list[str]] = {}

    def ask(self, server: str, question: Question, positions: Sequence[Position]) -> list[str]:
        """Return the bodies of a server's answers, in the order of the points."""
        key = (server, question, tuple(positions))
        if key not in self._asked:
            requests = [question.about(position) for position in positions]
            port = self._ports[server]
            tally = run_job(self._paths, port, requests, keep=True, allowed=_ANSWERS)
            self._asked[key] = tally.bodies
        return self._asked[key]

    def compare_all(self, positions: Sequence[Position]) -> list[Comparison]:
        """Return the comparison of ours with every peer that runs, level by level."""
        ours = [
            Ours(*questions.our_codes(body)) for body in self.ask("ours", questions.OURS, positions)
        ]
        return [
            compare(
                reading.title,
                positions,
                ours,
                map(reading.read, self.ask(reading.peer, reading.question, positions)),
                reading.digits,
            )
            for reading in READINGS
            if reading.peer in self._ports
        ]

    def compare_bulk(self, positions: Sequence[Position]) -> Comparison:
        """Return the comparison of our answer about all points with our answers about each.

        :raises OpsError: when our server has no such route.
        """
        request = questions.bulk_request(positions)
        tally = run_job(self._paths, self._ports["ours"], [request], connections=1, keep=True)
        together = questions.bulk_codes(tally.bodies[0])
        singly = self.ask("ours", questions.OURS, positions)
        return compare(
            "ours, all points at once",
            # Nothing is excused of ourselves: not on an outline, not off the coast.
            [Position(each.lon, each.lat) for each in positions],
            [Ours(questions.our_codes(body)[0]) for body in singly],
            [() if code is None else (code,) for code in together],
        )

    def lacking_fields(self, positions: Sequence[Position]) -> dict[str, list[str]]:
        """Return what each peer's answers have and ours have not."""
        few = [each for each in positions if not each.on_outline][:FIELD_SAMPLES]
        ours = [json.loads(body) for body in self.ask("ours", questions.OURS, few)]
        found = {}
        if TIPG.name in self._ports:
            bodies = self.ask(TIPG.name, questions.TIPG_PLAIN, few)
            found[TIPG.name] = lacking([json.loads(body) for body in bodies], ours)
        if MAPIT.name in self._ports:
            bodies = self.ask(MAPIT.name, questions.MAPIT, few)
            found[MAPIT.name] = lacking([questions.mapit_areas(body) for body in bodies], ours)
        return found


@dataclass(frozen=True)
class OldLayer:
    """What krgc says of the same points; its outlines are of about 2012.

    :param same_share: share of the points that get the same neighbourhood name.
    """

    per_second: float
    same_share: float


def ask_krgc(paths: Paths, positions: Sequence[Position], singly: Sequence[str]) -> OldLayer:
    """Return how fast krgc answers in its own process, and how often as ours does.

    :param singly: our answers about the same points.
    """
    finished = subprocess.run(
        [program(paths, KRGC, "python"), str(paths.root / "bench/geo/krgc_lookups.py")],
        input=json.dumps([[each.lon, each.lat] for each in positions]),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    answer = json.loads(finished.stdout)
    names = [name[1] if name else None for name in answer["names"]]
    ours = [json.loads(body).get("emd", {}).get("name") for body in singly]
    same = sum(their == our for their, our in zip(names, ours, strict=True))
    return OldLayer(answer["per_second"], same / len(names))
