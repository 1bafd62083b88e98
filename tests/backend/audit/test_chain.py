"""What is hashed, without a database."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from backend.audit.chain import GENESIS, canonical_data, event_hash, pseudonym


def test_the_hash_is_the_documented_one() -> None:
    written_out = (
        '["public", 1, "2025-01-31T09:00:00.000000Z", null, "proposal.submit",'
        ' "proposal", "7", "{\\"이름\\":\\"값\\"}"]'
    )
    computed = event_hash(
        GENESIS,
        chain="public",
        seq=1,
        occurred_at=datetime(2025, 1, 31, 9, tzinfo=UTC),
        actor_id=None,
        action="proposal.submit",
        subject_type="proposal",
        subject_id="7",
        data='{"이름":"값"}',
    )
    assert computed == sha256(bytes(32) + written_out.encode()).digest()


def test_data_is_written_the_same_in_any_order() -> None:
    assert canonical_data({"b": 1, "a": "가"}) == canonical_data({"a": "가", "b": 1})


def test_data_refuses_a_number_that_is_no_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_data({"score": float("nan")})


def test_a_pseudonym_is_the_same_each_time() -> None:
    assert pseudonym("010-1234-5678", b"k" * 32) == pseudonym("010-1234-5678", b"k" * 32)


def test_a_pseudonym_depends_on_the_key() -> None:
    assert pseudonym("010-1234-5678", b"k" * 32) != pseudonym("010-1234-5678", b"l" * 32)
