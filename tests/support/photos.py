"""Owns how tests send photos."""

from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.files.storage import Storage
from backend.proposals.models import Proposal
from backend.proposals.photos.models import Photo
from backend.proposals.photos.service import add_photo
from tests.support.pictures import jpeg

API = "/api/v1"


def send_photo(
    client: FlaskClient,
    proposal_id: UUID | str,
    headers: dict[str, str],
    body: bytes | None = None,
    *,
    name: str = "photo.jpg",
    declared: str = "image/jpeg",
    boundary: str = "between-two-parts",
    **fields: str,
) -> Any:
    """Send a photo in a form, as a browser does."""
    parts = [form_part(field, text.encode()) for field, text in fields.items()]
    parts.append(form_part("photo", jpeg() if body is None else body, name, declared))
    border = f"--{boundary}".encode()
    return client.post(
        f"{API}/proposals/{proposal_id}/photos",
        data=b"".join(border + b"\r\n" + part for part in parts) + border + b"--\r\n",
        headers=headers,
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def form_part(
    field: str, body: bytes, name: str | None = None, declared: str | None = None
) -> bytes:
    """Return a part of a form (RFC 7578, 4.2), its file's name as somebody bad would write it."""
    head = f'Content-Disposition: form-data; name="{field}"'
    if name is not None:
        head += f'; filename="{name}"\r\nContent-Type: {declared}'
    return head.encode() + b"\r\n\r\n" + body + b"\r\n"


def make_photo(
    session: Session, storage: Storage, proposal: Proposal, body: bytes | None = None, **facts: Any
) -> Photo:
    """Add a photo to a proposal that can be changed, and commit."""
    photo, _ = add_photo(
        session,
        storage,
        proposal_id=proposal.id,
        author_id=proposal.author_id,
        body=body or jpeg(),
        now=facts.pop("now", proposal.created_at),
        **facts,
    )
    session.commit()
    return photo


def stored_names(storage: Storage, folder: str = "photos") -> list[str]:
    """Return the names of all files in a folder of the storage."""
    return sorted(found.name for found in storage.list(folder))
