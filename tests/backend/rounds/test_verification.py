"""The check by a process of its own: what it says is kept, and it is killed when it takes long."""

import pytest

from backend.rounds import verification
from backend.rounds.verification import verify_texts
from geo.matching import parse_instance, solve

INSTANCE = {
    "format": "dongne-instance/1",
    "round": "2026-1",
    "seed": "3-11-19",
    "policy": {
        "funding": "breadth_first",
        "product_budget_cap_krw": None,
        "group_budget_cap_krw": None,
        "seat_precedence": ["open"],
        "seat_priority": {"open": ["distance_m"]},
        "reallocate_unclaimed": True,
        "preassigned_uses_capacity": False,
    },
    "areas": [{"id": "citizen", "budget_krw": 10}],
    "products": [
        {
            "id": "P1",
            "area": "citizen",
            "price_krw": 10,
            "max_placements": 1,
            "order": [0],
            "seats": {},
            "preassigned": [],
        }
    ],
    "institutions": [{"id": "I1", "capacity": 1, "ranking": ["P1"]}],
    "applications": [
        {
            "institution": "I1",
            "product": "P1",
            "eligible": True,
            "ineligible_reason": None,
            "keys": {"distance_m": 0},
        }
    ],
}


@pytest.fixture
def texts() -> tuple[str, str]:
    """An instance and its plan."""
    instance = parse_instance(INSTANCE)
    return instance.dumps().decode(), solve(instance).dumps().decode()


def test_a_plan_that_holds(texts: tuple[str, str]) -> None:
    verdict = verify_texts(*texts)
    assert (verdict.exit_code, verdict.lines) == (0, [])


def test_a_violated_check_is_named(texts: tuple[str, str]) -> None:
    instance, plan = texts
    verdict = verify_texts(instance, plan.replace('"spent_krw":10', '"spent_krw":11'))
    assert verdict.exit_code == 1
    assert any(line.startswith("budget") for line in verdict.lines)


def test_an_instance_that_is_none_says_so(texts: tuple[str, str]) -> None:
    verdict = verify_texts("{}", texts[1])
    assert verdict.exit_code == 2
    assert len(verdict.lines) == 1


def test_a_check_that_takes_too_long_is_killed(texts: tuple[str, str]) -> None:
    verdict = verify_texts(*texts, limit_s=0.001)
    assert verdict.exit_code is None
    assert verdict.lines == ["limit: killed after 0.001 s"]


def test_it_sees_no_setting_of_ours(
    texts: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {}
    run = verification.subprocess.run

    def spy(command: list[str], **options: object) -> object:
        seen.update(options)
        return run(command, **options)

    monkeypatch.setattr(verification.subprocess, "run", spy)
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert verify_texts(*texts).exit_code == 0
    assert seen["env"] == {}
