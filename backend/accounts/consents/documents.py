"""Owns the documents that people agree to: `texts/*.json`, each with its versions.

A version is never changed once it is in force: a new one is added, with the time from which it
holds. Required and optional ones are apart (Personal Information Protection Act, article 22).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from backend.errors import NotFound

TEXTS = Path(__file__).parent / "texts"
ORDER = ("terms", "privacy", "location", "guardian")
"""As they are shown."""
PERSON, GUARDIAN = "person", "guardian"
"""Who agrees: the person, or a child's guardian."""


class DocumentUnknown(NotFound):
    """There is no such document for this person, or no such version of it."""

    code = "document_unknown"
    ko = "그런 동의 문서나 판이 없습니다."
    en = "There is no such document, or no such version of it."


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document.

    :param key: which document.
    :param audience: `PERSON` or `GUARDIAN`.
    :param is_required: whether nothing can be handed in without it.
    :param valid_from: the version holds from then until the next one does.
    """

    key: str
    version: str
    audience: str
    is_required: bool
    valid_from: datetime
    title_ko: str
    title_en: str
    text_ko: str
    text_en: str


@cache
def all_versions() -> Sequence[Document]:
    """Return every version of every document, the oldest of each first."""
    return [
        version
        for key in ORDER
        for version in read_document(
            json.loads((TEXTS / f"{key}.json").read_text(encoding="utf-8"))
        )
    ]


def read_document(facts: Mapping[str, Any]) -> Sequence[Document]:
    """Read the versions of a document.

    :raises ValueError: when two have the same name, or do not follow each other in time.
    """
    versions = [
        Document(
            key=facts["key"],
            version=version["version"],
            audience=facts["audience"],
            is_required=facts["required"],
            valid_from=datetime.fromisoformat(version["valid_from"]),
            title_ko=version["title"]["ko"],
            title_en=version["title"]["en"],
            text_ko="\n".join(version["text"]["ko"]),
            text_en="\n".join(version["text"]["en"]),
        )
        for version in facts["versions"]
    ]
    times = [version.valid_from for version in versions]
    names = {version.version for version in versions}
    if times != sorted(set(times)) or len(names) < len(versions):
        msg = f"{facts['key']}: versions need names of their own and follow each other in time"
        raise ValueError(msg)
    return versions


def current_documents(now: datetime) -> Sequence[Document]:
    """Return the version of each document that holds now."""
    current = {one.key: one for one in all_versions() if one.valid_from <= now}
    return list(current.values())


def get_current(key: str, now: datetime) -> Document:
    """Return the version of a document that holds now.

    :raises DocumentUnknown: when there is none.
    """
    for document in current_documents(now):
        if document.key == key:
            return document
    raise DocumentUnknown


def get_version(key: str, version: str) -> Document:
    """Return one version of a document, whether it holds now or not.

    :raises DocumentUnknown: when there is none.
    """
    for document in all_versions():
        if (document.key, document.version) == (key, version):
            return document
    raise DocumentUnknown
