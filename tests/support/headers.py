"""Owns the headers that several tests send."""

AS_IT_IS = {"If-Match": "*"}
"""Whatever the present state (RFC 9110, 13.1.1): for tests that are about something else."""
