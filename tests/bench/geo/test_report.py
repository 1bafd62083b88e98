"""The report says what was measured, what was not, and what is only for information."""

import json
from collections import Counter

import pytest

from bench.geo import targets
from bench.geo.agreement import Comparison, Verdict
from bench.geo.report import Findings, to_json, to_text
from bench.serving.figures import Series


@pytest.fixture
def findings() -> Findings:
    return Findings(
        absent={"MapIt 3.0": "No GDAL."},
        comparisons=[Comparison("tipg, emd", Counter({Verdict.SAME: 2000, Verdict.TIE: 12}))],
        measured={
            targets.OURS: Series(targets.OURS, "requests/s", [1500.0], [2.5], [0.12]),
            targets.TIPG_LEAN: Series(targets.TIPG_LEAN, "requests/s", [400.0], [9.8], [0.95]),
        },
        lacking={"tipg": ["features[].geometry"]},
    )


def line_with(text: str, part: str) -> str:
    found = [line for line in text.splitlines() if part in line]
    assert len(found) == 1, found
    return found[0]


def test_a_peer_that_could_not_be_had_is_named_with_the_reason(findings: Findings) -> None:
    assert line_with(to_text(findings), "MapIt 3.0") == "! MapIt 3.0 takes no part: No GDAL."


def test_a_met_target_is_marked(findings: Findings) -> None:
    line = line_with(to_text(findings), "lookup / tipg's leanest form")
    assert line.split()[-4:] == ["3.75", ">=", "3", "met"]


def test_a_missed_target_is_marked(findings: Findings) -> None:
    findings.measured[targets.OURS].values = [1000.0]
    assert line_with(to_text(findings), "lookup / tipg's leanest form").endswith(">= 3  MISSED")


def test_a_target_without_its_peer_is_not_measured(findings: Findings) -> None:
    assert line_with(to_text(findings), "  lookup / MapIt  ").endswith(">= 15  not measured")


def test_a_client_at_its_limit_is_marked(findings: Findings) -> None:
    text = to_text(findings)
    assert line_with(text, "  tipg, leanest form  ").endswith("95%!")
    assert "12%!" not in text


def test_the_fields_that_ours_lacks_are_listed(findings: Findings) -> None:
    assert "Fields of tipg's answer that ours has not (1):\n  features[].geometry" in to_text(
        findings
    )


def test_the_way_a_peer_was_asked_is_told(findings: Findings) -> None:
    assert "S_INTERSECTS(geom,POINT(LON%20LAT))" in to_text(findings)


def test_answers_that_differ_end_without_measurements() -> None:
    different = Comparison("tipg, emd", Counter({Verdict.DIFFERENT: 1}), ["here: ours 1, theirs 2"])
    findings = Findings(comparisons=[different])
    assert not findings.agrees
    assert not findings.meets_targets
    text = to_text(findings)
    assert "here: ours 1, theirs 2" in text
    assert "Ratios" not in text


def test_programs_get_the_same_as_json(findings: Findings) -> None:
    given = json.loads(json.dumps(to_json(findings)))
    assert given["agrees"] is True
    assert given["agreement"][0]["counts"] == {str(Verdict.SAME): 2000, str(Verdict.TIE): 12}
    assert given["measured"][0]["median"] == 1500.0
    lookup = given["ratios"][0]
    assert (lookup["above"], lookup["below"], lookup["value"], lookup["met"]) == (
        targets.OURS,
        targets.TIPG_LEAN,
        3.75,
        True,
    )
