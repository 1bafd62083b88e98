"""The place of the cluster suits the kernel, libpq, the clone's neighbours and its past."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backend.ops import cluster, place
from backend.ops.paths import Paths
from backend.ops.place import Owner, Place

SOMEBODY = Owner(os.geteuid(), os.getegid())


@pytest.fixture
def clone(tmp_path: Path) -> Paths:
    root = tmp_path / "clone"
    (root / "var").mkdir(parents=True)
    return Paths(root)


def test_a_clone_without_cluster_has_no_url(clone: Paths) -> None:
    assert cluster.find_url(clone) is None


def test_a_remembered_cluster_is_found_again(clone: Paths) -> None:
    known = Place(clone.var / "pg", clone.var / "pg" / "run", SOMEBODY)
    place.remember(clone, known)
    assert cluster.find_url(clone) == f"postgresql+psycopg://dongne@/dongne?host={known.sockets}"


def test_a_damaged_note_counts_as_none(clone: Paths) -> None:
    clone.cluster_note.write_text('{"clone": 7', encoding="ascii")
    assert cluster.find_url(clone) is None


def test_a_note_that_came_with_a_copy_does_not_count(clone: Paths, tmp_path: Path) -> None:
    place.remember(clone, Place(clone.var / "pg", clone.var / "pg" / "run", SOMEBODY))
    copy = Paths(tmp_path / "copy")
    copy.var.mkdir(parents=True)
    copy.cluster_note.write_bytes(clone.cluster_note.read_bytes())
    assert cluster.find_url(copy) is None


def test_two_clones_have_different_names_outside(tmp_path: Path) -> None:
    assert Paths(tmp_path / "a").digest != Paths(tmp_path / "b").digest


@pytest.mark.parametrize("name", ["with,comma", "with space", "동네", "a" * 100])
def test_a_path_that_no_url_or_kernel_takes_does_not_fit(name: str) -> None:
    assert not place.socket_path_fits(Path("/srv") / name / "run")


def test_the_longest_path_that_the_kernel_takes_fits() -> None:
    room = place.SOCKET_PATH_LIMIT_BYTES - len(f"//{place.SOCKET_NAME}")
    assert place.socket_path_fits(Path("/" + "a" * room))
    assert not place.socket_path_fits(Path("/" + "a" * (room + 1)))
