"""Bad files: each is refused for a reason, or kept as pixels alone; none costs the server much."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.support.bad_files import CORPUS, BadFile
from tests.support.databases import ROOT

READER_MB = 1024
"""What the process that reads pictures may take, its address space."""

OWN_GROWTH_MB = 64
"""What the process that answers requests may gain, over all files."""


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """What became of every file, and of the memory of both processes."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.backend.files.corpus_process"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_the_corpus_is_large_and_named() -> None:
    assert len({bad.name for bad in CORPUS}) == len(CORPUS) >= 60


@pytest.mark.parametrize("bad", CORPUS, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_or_kept_as_pixels_alone(
    report: dict[str, Any], bad: BadFile
) -> None:
    outcome = report["outcomes"][bad.name]
    assert outcome["refusal"] == bad.refusal
    if bad.refusal is None:
        assert outcome["chunks"] == ["VP8 "], "one picture, lossy, and nothing beside it"
        assert not outcome["canary"]
        assert outcome["edge"] <= 2048


def test_memory_stays_bounded_over_the_whole_corpus(report: dict[str, Any]) -> None:
    assert report["reader_peak_kb"] <= READER_MB * 1024
    assert report["own_growth_kb"] <= OWN_GROWTH_MB * 1024
