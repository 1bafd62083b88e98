"""Requests that may be sent again: a key, its effect and its answer are one transaction."""

from backend.idempotency.once import REPLAYED, answer_once, is_kept, not_kept

__all__ = ["REPLAYED", "answer_once", "is_kept", "not_kept"]
