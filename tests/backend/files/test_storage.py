"""Files by name: the same on the disk and in a bucket behind HTTP."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.config import load_config
from backend.files.storage import (
    FileMissing,
    Storage,
    StorageUnavailable,
    new_name,
    open_storage,
)
from tests.support.buckets import running_bucket


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, Any]]:
    """The settings of a bucket that a server on loopback keeps."""
    with running_bucket() as settings:
        yield settings


@pytest.fixture(params=["disk", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """A storage of each kind, opened by its settings."""
    if request.param == "disk":
        return open_storage({"FILES_BUCKET": "", "VAR_DIR": tmp_path})
    return open_storage(request.getfixturevalue("bucket"))


def names(storage: Storage, folder: str) -> list[str]:
    return sorted(found.name for found in storage.list(folder))


def test_what_is_put_is_got_back(storage: Storage) -> None:
    name = new_name("round-trip", ".webp")
    storage.put(name, b"\0\xff" * 100_000)
    assert storage.get(name) == b"\0\xff" * 100_000


def test_a_long_file_is_kept_and_read_in_pieces(storage: Storage) -> None:
    name = new_name("long", ".zip")
    body = bytes(range(256)) * 80_000
    with tempfile.TemporaryFile() as file:
        file.write(body)
        storage.put_file(name, file)
    pieces = list(storage.read(name))
    assert b"".join(pieces) == body
    assert len(pieces) > 1


def test_a_file_that_is_not_there_is_missed_before_its_first_piece(storage: Storage) -> None:
    with pytest.raises(FileMissing):
        storage.read(new_name("gone"))


def test_the_last_bytes_count(storage: Storage) -> None:
    name = new_name("again")
    storage.put(name, b"a longer first")
    storage.put(name, b"second")
    assert storage.get(name) == b"second"


def test_nothing_can_be_a_file_too(storage: Storage) -> None:
    name = new_name("nothing")
    storage.put(name, b"")
    assert storage.get(name) == b""


def test_what_is_not_there_is_missing(storage: Storage) -> None:
    with pytest.raises(FileMissing):
        storage.get(new_name("missing"))


def test_a_file_is_deleted_once_and_again(storage: Storage) -> None:
    name = new_name("deleted")
    storage.put(name, b"x")
    storage.delete(name)
    storage.delete(name)
    with pytest.raises(FileMissing):
        storage.get(name)


def test_a_folder_is_listed_with_what_lies_below_it(storage: Storage) -> None:
    kept = [new_name("listed") for _ in range(3)]
    for name in kept:
        storage.put(name, b"four")
    storage.put(new_name("listed-not"), b"x")
    assert names(storage, "listed") == sorted(kept)
    found = next(storage.list("listed"))
    assert found.size_bytes == 4
    assert abs(found.modified_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_folder_that_is_not_there_lists_nothing(storage: Storage) -> None:
    assert names(storage, "nowhere") == []


def test_names_tell_nothing_and_do_not_repeat() -> None:
    made = {new_name("photos", ".webp") for _ in range(1000)}
    assert len(made) == 1000
    for name in made:
        folder, shelf, file = name.split("/")
        assert (folder, shelf, len(file)) == ("photos", file[:2], 32 + len(".webp"))


def test_a_disk_keeps_nothing_of_what_was_deleted_and_is_for_us_alone(tmp_path: Path) -> None:
    storage = open_storage({"FILES_BUCKET": "", "VAR_DIR": tmp_path})
    storage.put("uploads/aa/one/0", b"x")
    storage.put("uploads/aa/two/0", b"x")
    storage.delete("uploads/aa/one/0")
    assert [path.name for path in (tmp_path / "files" / "uploads" / "aa").iterdir()] == ["two"]
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0


def test_a_disk_that_takes_nothing_is_unavailable(tmp_path: Path) -> None:
    storage = open_storage({"FILES_BUCKET": "", "VAR_DIR": tmp_path})
    (tmp_path / "files" / "full").write_text("a file where a folder would be", encoding="ascii")
    with pytest.raises(StorageUnavailable):
        storage.put("full/name", b"x")


def test_a_bucket_that_does_not_answer_is_unavailable(
    bucket: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.files.storage.RETRIES", 0)
    storage = open_storage({**bucket, "FILES_ENDPOINT": "http://127.0.0.1:9"})
    with pytest.raises(StorageUnavailable):
        storage.get("photos/any")


def test_a_bucket_that_is_not_there_gives_nothing(bucket: dict[str, Any]) -> None:
    storage = open_storage({**bucket, "FILES_BUCKET": "somebody-elses"})
    with pytest.raises((StorageUnavailable, FileMissing)):
        storage.get("photos/any")


def test_files_lie_on_the_disk_unless_a_bucket_is_named(tmp_path: Path) -> None:
    environ = {
        "DATABASE_URL": "postgresql://db.example/dongne",
        "DONGNE_SECRET_KEY": "a secret of at least thirty-two characters",
        "DONGNE_VAR": str(tmp_path),
    }
    storage = open_storage(load_config(environ=environ))
    storage.put("photos/aa/one", b"x")
    assert (tmp_path / "files" / "photos" / "aa" / "one").read_bytes() == b"x"
