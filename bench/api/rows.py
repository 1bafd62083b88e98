"""Owns the SQL of the rows that are loaded, table by table, from the drafts of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """The rows of one table.

    :param values: an expression for each column; a column that the table has not is left out.
    :param source: FROM and what follows.
    :param by_trigger: columns that a trigger fills in.
    """

    name: str
    values: Mapping[str, str]
    source: str
    by_trigger: Sequence[str] = field(default=())


_DECIDED_AT = "at + interval '5 days'"
_WITHDRAWN_AT = "at + interval '2 days'"
_GOVERNMENT = "jsonb_build_object('code', organization.local_government_code, 'name', name_ko)"
_TITLE = (
    "(%(spots)s::text[])[1 + made.n %% cardinality(%(spots)s::text[])]"
    " || ' ' || (%(things)s::text[])[1 + made.n %% cardinality(%(things)s::text[])]"
    " || ' ' || (%(wishes)s::text[])[1 + made.n %% cardinality(%(wishes)s::text[])]"
)
_PROBLEM = (
    "(%(spots)s::text[])[1 + made.n %% cardinality(%(spots)s::text[])] || %(problem)s::text"
    " || CASE made.n WHEN %(rare_word_at)s THEN ' ' || %(rare_word)s::text || ' 둥지가 있습니다.'"
    " WHEN %(rare_short_at)s THEN ' ' || %(rare_short)s::text || '이가 삽니다.'"
    " ELSE '' END"
)
_SUBMITTED = "FROM made JOIN proposal ON proposal.id = made.id AND submitted_at IS NOT NULL"
_RECEIVED = f"{_SUBMITTED} JOIN organization USING (local_government_code)"
_OF_REVIEW = "CASE made.status WHEN 'submitted' THEN 'open' WHEN 'supplement_requested'"

TABLES = (
    Table(
        "account",
        {
            "id": "id",
            "email": "'person' || n || '@example.com'",
            "display_name": "'주민 ' || n",
            "password_hash": "%(password_hash)s",
            "created_at": "%(newest)s - interval '3 years'",
            "is_synthetic": "true",
            "age_declared_at": "%(newest)s - interval '3 years'",
        },
        "FROM person ORDER BY n",
    ),
    Table(
        "consent",
        {
            "account_id": "id",
            "document": "document",
            "version": "version",
            "agreed": "true",
            "decided_at": "%(newest)s - interval '3 years'",
        },
        "FROM person, unnest(%(documents)s::text[], %(versions)s::text[]) d (document, version)"
        " ORDER BY n",
    ),
    Table(
        "residence",
        {
            "id": "pg_temp.made_id('residence', n, %(newest)s - interval '3 years')",
            "account_id": "id",
            "region_code": "code",
            "generation_id": "generation_id",
            "declared_at": "%(newest)s - interval '3 years'",
        },
        "FROM person ORDER BY n",
        by_trigger=("made_region_code", "made_generation_id"),
    ),
    Table(
        "organization",
        {
            "id": "pg_temp.made_id('organization', row_number() OVER (ORDER BY code), %(newest)s)",
            "kind": "'local_government'",
            "name_ko": "full_name",
            "local_government_code": "code",
            "created_at": "%(newest)s - interval '3 years'",
        },
        "FROM local_government WHERE generation_id = (SELECT min(generation_id) FROM place)"
        " AND code NOT IN (SELECT local_government_code FROM organization"
        " WHERE local_government_code IS NOT NULL)",
    ),
    Table(
        "proposal",
        {
            "id": "made.id",
            "author_id": "author.id",
            "category": "(%(categories)s::text[])[1 + made.n %% 13]",
            "title": _TITLE,
            "problem": _PROBLEM,
            "idea": "CASE WHEN made.n %% 3 > 0 THEN %(idea)s END",
            "geom": "spot.geom",
            "accuracy_m": "CASE WHEN spot.geom IS NOT NULL THEN 5 + made.n %% 40 END",
            "border": "'[]'::jsonb",
            "emd_confirmed": "false",
            "public_geom": "coalesce(pg_temp.public_point(spot.geom), label_point)",
            "emd_code": "place.code",
            "sigungu_code": "sigungu_code",
            "local_government_code": "local_government_code",
            "generation_id": "place.generation_id",
            "residence_code": "CASE WHEN status <> 'draft' THEN author.code END",
            "residence_generation_id": "CASE WHEN status <> 'draft' THEN author.generation_id END",
            "residence_confirmed": "CASE WHEN status <> 'draft' THEN made.n %% 2 = 0 END",
            "residence_moved_recently": "CASE WHEN status <> 'draft' THEN false END",
            "neighbourhood_public": "made.n %% 4 = 0",
            "anonymous": "made.n %% 3 = 0",
            "status": "status",
            "created_at": "at - interval '1 day'",
            "updated_at": f"CASE WHEN status IN ('adopted', 'rejected') THEN {_DECIDED_AT}"
            f" WHEN status = 'withdrawn' THEN {_WITHDRAWN_AT} ELSE at END",
            "submitted_at": "CASE WHEN status <> 'draft' THEN at END",
            "review_started_at": "CASE WHEN status <> 'draft' THEN at + interval '1 day' END",
            "decided_at": f"CASE WHEN status IN ('adopted', 'rejected') THEN {_DECIDED_AT} END",
            "withdrawn_at": f"CASE WHEN status = 'withdrawn' THEN {_WITHDRAWN_AT} END",
            "endorsement_count": "backers",
            "is_synthetic": "true",
        },
        "FROM made JOIN place USING (rank) JOIN person author ON author.n = first_person + author"
        " LEFT JOIN spot ON spot.n = made.n ORDER BY made.n DESC",
        by_trigger=("made_emd_code", "made_generation_id"),
    ),
    Table(
        "proposal_version",
        {
            "proposal_id": "made.id",
            "number": "1",
            "kind": "'submitted'",
            "made_at": "at",
            **{
                column: f"proposal.{column}"
                for column in ("category", "title", "problem", "idea", "public_geom")
            },
            "emd_code": "proposal.emd_code",
            "generation_id": "proposal.generation_id",
        },
        f"{_SUBMITTED} ORDER BY n DESC",
    ),
    Table(
        "review",
        {
            "id": "pg_temp.made_id('review', n, at)",
            "proposal_id": "made.id",
            "local_government_code": "local_government_code",
            "state": f"{_OF_REVIEW} THEN 'paused' ELSE made.status END",
            "received_at": "at",
            "paused_at": f"{_OF_REVIEW} THEN {_DECIDED_AT} END".replace(
                "WHEN 'submitted' THEN 'open' ", ""
            ),
            "closed_at": "coalesce(decided_at, withdrawn_at)",
        },
        f"{_RECEIVED} ORDER BY n DESC",
    ),
    Table(
        "decision",
        {
            "id": f"pg_temp.made_id('decision', n, {_DECIDED_AT})",
            "review_id": "pg_temp.made_id('review', n, at)",
            "outcome": "made.status",
            "reason": "'주민 불편이 크고 바로 시범사용할 수 있는 제안입니다.'",
            "decided_by": "(SELECT id FROM person WHERE n = 0)",
            "decided_at": _DECIDED_AT,
        },
        "FROM made WHERE status IN ('adopted', 'rejected', 'supplement_requested') ORDER BY n DESC",
    ),
    Table(
        "proposal_event",
        {
            "id": "pg_temp.made_id('submission', n, at)",
            "proposal_id": "made.id",
            "kind": "'submitted'",
            "actor_id": "author_id",
            "data": f"jsonb_build_object('local_government', {_GOVERNMENT})",
            "public": "true",
            "occurred_at": "at",
        },
        f"{_RECEIVED} ORDER BY n DESC",
    ),
    Table(
        "proposal_event",
        {
            "id": f"pg_temp.made_id('event', n, {_DECIDED_AT})",
            "proposal_id": "made.id",
            "kind": "made.status",
            "actor_id": "CASE made.status WHEN 'withdrawn' THEN author_id"
            " ELSE (SELECT id FROM person WHERE n = 0) END",
            "data": "'{}'::jsonb",
            "public": "made.status <> 'supplement_requested'",
            "occurred_at": f"coalesce(withdrawn_at, {_DECIDED_AT})",
        },
        f"{_SUBMITTED} AND proposal.status <> 'submitted' ORDER BY n DESC",
    ),
    Table(
        "endorsement",
        {"proposal_id": "proposal_id", "account_id": "account_id", "created_at": "created_at"},
        "FROM backing ORDER BY n DESC",
    ),
    Table(
        "comment",
        {
            "id": "pg_temp.made_id('comment' || i, n, created_at)",
            "proposal_id": "proposal_id",
            "author_id": "account_id",
            "text": "'저도 매일 지나는 길이라 불편합니다. 같이 힘을 보태겠습니다.'",
            "reply_count": "0",
            "created_at": "created_at",
        },
        "FROM backing WHERE i %% 4 = 0 OR n %% 20 = 2 ORDER BY n DESC, i",
    ),
    Table(
        "notice",
        {
            "id": "pg_temp.made_id('receipt', n, at)",
            "recipient_id": "author_id",
            "kind": "'proposal_submitted'",
            "subject_type": "'proposal'",
            "subject_id": "made.id",
            "params": "jsonb_build_object('title', title, 'local_government',"
            " jsonb_build_object('ko', name_ko, 'en', name_ko))",
            "created_at": "at",
            "read_at": "CASE WHEN n %% 2 = 0 THEN at END",
        },
        f"{_RECEIVED} ORDER BY n DESC",
    ),
    Table(
        "notice",
        {
            "id": f"pg_temp.made_id('adopted' || i, n, {_DECIDED_AT})",
            "recipient_id": "account_id",
            "kind": "'endorsed_proposal_adopted'",
            "subject_type": "'proposal'",
            "subject_id": "made.id",
            "params": "jsonb_build_object('title', title, 'reason', '바로 쓸 수 있습니다.',"
            " 'local_government', jsonb_build_object('ko', name_ko, 'en', name_ko))",
            "created_at": _DECIDED_AT,
            "read_at": f"CASE WHEN n %% 2 = 0 THEN {_DECIDED_AT} END",
        },
        f"{_RECEIVED} JOIN backing USING (n) WHERE made.status = 'adopted' ORDER BY n DESC, i",
    ),
    Table(
        "audit_event",
        {
            "chain": "'public'",
            "occurred_at": "at",
            "actor_id": "author_id",
            "action": "'proposal.submitted'",
            "subject_type": "'proposal'",
            "subject_id": "made.id::text",
            "data": "'{}'",
        },
        f"{_SUBMITTED} ORDER BY n DESC",
        by_trigger=("seq", "prev_hash", "hash"),
    ),
    Table(
        "audit_event",
        {
            "chain": "'public'",
            "occurred_at": "created_at",
            "actor_id": "account_id",
            "action": "'proposal.endorsed'",
            "subject_type": "'proposal'",
            "subject_id": "proposal_id::text",
            "data": "'{}'",
        },
        "FROM backing ORDER BY n DESC",
        by_trigger=("seq", "prev_hash", "hash"),
    ),
)
"""In the order of their foreign keys. Tables and columns that are not there yet are passed over."""
