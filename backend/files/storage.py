"""Owns where bytes lie by name: on the local disk, or in an S3-compatible bucket; knows no rows.

A file is written once and never changed; its name is ours, random, and says nothing of whose it
is. What nobody refers to any more is deleted by a sweep, so that a name is no promise.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

from backend.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from obstore.store import S3Config

TIMEOUT = timedelta(seconds=10)
"""Longest request to a bucket; a caller's own patience ends soon after."""

RETRIES = 2

PIECE_BYTES = 256 * 1024
"""How much of a file that is read in pieces is in memory at a time, at least."""


class FileMissing(NotFound):
    """There is no file of that name."""

    code = "file_missing"
    ko = "파일을 찾을 수 없습니다."
    en = "There is no such file."


class StorageUnavailable(Unavailable):
    """The disk or the bucket does not answer, or takes nothing more."""

    code = "storage_unavailable"
    ko = "파일 저장소를 지금 쓸 수 없습니다. 잠시 뒤에 다시 시도해 주세요."
    en = "The file storage cannot be used right now. Please try again later."


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What a listing tells of a file.

    :param modified_at: when it was written (aware).
    """

    name: str
    size_bytes: int
    modified_at: datetime


class Storage(Protocol):
    """Bytes by name."""

    def put(self, name: str, body: bytes) -> None:
        """Keep bytes under a name; what was there before is replaced at once or not at all.

        :raises StorageUnavailable: when they could not be kept.
        """
        ...

    def put_file(self, name: str, file: IO[bytes]) -> None:
        """Keep what an open file holds from its beginning, of whatever length.

        :raises StorageUnavailable: when it could not be kept.
        """
        ...

    def get(self, name: str) -> bytes:
        """Return the bytes that were kept last.

        :raises FileMissing: when there are none.
        :raises StorageUnavailable: when the storage does not answer.
        """
        ...

    def read(self, name: str) -> Iterator[bytes]:
        """Return the bytes that were kept last, a piece after another.

        :raises FileMissing: at once, when there are none.
        :raises StorageUnavailable: when the storage does not answer.
        """
        ...

    def delete(self, name: str) -> None:
        """Delete a file; when there is none, nothing happens.

        :raises StorageUnavailable: when the storage does not answer.
        """
        ...

    def list(self, prefix: str) -> Iterator[StoredFile]:
        """Yield the files below a folder such as ``photos``.

        :raises StorageUnavailable: when the storage does not answer.
        """
        ...


class ObjectStorage:
    """A storage on anything that obstore can reach.

    :param store: the disk or the bucket.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, name: str, body: bytes) -> None:
        """Keep bytes under a name (see `Storage`)."""
        with _translated(name):
            obstore.put(self._store, name, body)

    def get(self, name: str) -> bytes:
        """Return the bytes that were kept last (see `Storage`)."""
        with _translated(name):
            return bytes(obstore.get(self._store, name).bytes())

    def put_file(self, name: str, file: IO[bytes]) -> None:
        """Keep what an open file holds (see `Storage`)."""
        file.seek(0)
        with _translated(name):
            obstore.put(self._store, name, file)

    def read(self, name: str) -> Iterator[bytes]:
        """Return the bytes that were kept last in pieces (see `Storage`)."""
        with _translated(name):
            pieces = obstore.get(self._store, name).stream(min_chunk_size=PIECE_BYTES)
        return _as_bytes(name, pieces)

    def delete(self, name: str) -> None:
        """Delete a file (see `Storage`)."""
        try:
            with _translated(name):
                obstore.delete(self._store, name)
        except FileMissing:
            return

    def list(self, prefix: str) -> Iterator[StoredFile]:
        """Yield the files below a folder (see `Storage`)."""
        with _translated(prefix):
            for page in obstore.list(self._store, prefix):
                for found in page:
                    yield StoredFile(found["path"], found["size"], found["last_modified"])


def open_storage(settings: Mapping[str, Any]) -> Storage:
    """Return the storage that the settings name (`backend.config.files`).

    :param settings: the application's own.
    """
    if not settings["FILES_BUCKET"]:
        return disk_storage(settings["VAR_DIR"] / "files")
    config: S3Config = {"bucket": settings["FILES_BUCKET"], "region": settings["FILES_REGION"]}
    if settings["FILES_ENDPOINT"]:
        config["endpoint"] = settings["FILES_ENDPOINT"]
    # Without keys the machine's own role is asked for some, as on AWS.
    if settings["FILES_ACCESS_KEY"]:
        config["access_key_id"] = settings["FILES_ACCESS_KEY"]
        config["secret_access_key"] = settings["FILES_SECRET_KEY"]
    return ObjectStorage(
        S3Store(
            config=config,
            client_options={
                "allow_http": settings["FILES_ENDPOINT"].startswith("http://"),
                "timeout": TIMEOUT,
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": TIMEOUT},
        )
    )


def disk_storage(folder: Path) -> Storage:
    """Return a storage in a folder of this machine, which is made if need be, for us alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return ObjectStorage(LocalStore(folder, automatic_cleanup=True))


def new_name(folder: str, suffix: str = "") -> str:
    """Return a name that nobody can guess, such as ``photos/1f/1f0c...e2.webp``.

    Folders of 256 keep a disk's directories small.

    :param folder: what kind of file it is.
    :param suffix: ending, with its dot.
    """
    token = secrets.token_hex(16)
    return f"{folder}/{token[:2]}/{token}{suffix}"


def _as_bytes(name: str, pieces: Iterable[Any]) -> Iterator[bytes]:
    with _translated(name):
        for piece in pieces:
            yield bytes(piece)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError) as exc:
        raise FileMissing(name=name) from exc
    except (BaseError, OSError) as exc:
        raise StorageUnavailable from exc
