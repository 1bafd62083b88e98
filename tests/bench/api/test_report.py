"""A cost that grows is a failure unless it is for information, and so is a whole table read."""

from bench.api.calls import Call
from bench.api.measuring import Finding
from bench.api.report import Findings, growth, to_json, to_text
from bench.serving.figures import Series


def finding(
    *, large_ms: float = 10, scanned: tuple[str, ...] = (), is_judged: bool = True
) -> Finding:
    call = Call("x", "a call", ("GET", "/x"), lambda _scene, _wanted: [], is_judged=is_judged)
    measured = {
        "large": Series("large", "requests/s", [50, 60], [large_ms] * 2, p95_ms=[20, 30]),
        "small": Series("small", "requests/s", [80, 90], [10, 10], p95_ms=[15, 15]),
        "trivial": Series("trivial", "requests/s", [500, 600]),
        "pgbench": Series("pgbench", "requests/s", [100, 120]),
    }
    return Finding(call, 4, "a plan", list(scanned), measured)


def test_a_cost_that_stays_is_no_failure() -> None:
    assert growth(finding(large_ms=12)) == 1.2
    assert Findings([finding(large_ms=12)]).failures == []


def test_a_cost_that_grows_is_a_failure() -> None:
    (failure,) = Findings([finding(large_ms=40)]).failures
    assert failure == "a call: 4.00 times as long at 100,000 proposals"


def test_a_cost_that_is_bounded_otherwise_is_shown_only() -> None:
    found = Findings([finding(large_ms=40, is_judged=False)])
    assert found.failures == []
    assert "(for information)" in to_text(found)


def test_a_table_that_is_read_whole_is_a_failure_however_fast() -> None:
    (failure,) = Findings([finding(scanned=("proposal", "proposal"))]).failures
    assert failure == "a call: reads all of proposal"


def test_a_call_that_could_not_be_measured_is_a_failure() -> None:
    assert Findings(broken={"a call": "it gave 500"}).failures == ["a call: it gave 500"]


def test_shares_of_the_floors_and_what_is_left_out_are_told() -> None:
    found = Findings([finding()], {"another call": "there is no GET /y"})
    text = to_text(found)
    assert "0.10" in text
    assert "0.50" in text
    assert "left out: there is no GET /y" in text
    assert to_json(found)["calls"][0]["of_pgbench"] == 0.5
