"""Owns the course of the demonstration, from thirty ideas to a published plan."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.catalogue.validity import seoul_date
from backend.db import ids_from
from backend.demo.institutions import register_institutions
from backend.demo.people import (
    Cast,
    draw_password,
    found_supplier,
    hire_applicant,
    hire_procurement_service,
)
from backend.demo.proposals import play_proposals, read_ideas
from backend.demo.rounds import Deed, enter_products, play_round
from backend.demo.seeds import seeded_ids, seeded_random
from backend.errors import Conflict
from backend.organizations.governments import ensure_local_governments
from backend.rounds.models import Round
from geo.regions import normalize_code

SEED = 2026
"""Seed unless another is asked for."""

Say = Callable[[str], None]


class InstallationInUse(Conflict):
    """Real people have registered: nothing made up may be mixed with what they do."""

    code = "installation_in_use"
    ko = "실제 계정이 있는 시스템에서는 시연을 실행할 수 없습니다."
    en = "The demonstration does not play where real accounts exist."


def is_played(session: Session) -> bool:
    """Tell whether the demonstration's round is there."""
    return session.scalar(select(Round.id).where(Round.is_sample).limit(1)) is not None


def play(session: Session, *, now: datetime, seed: int = SEED, say: Say) -> Cast:
    """Play the demonstration and return its logins; the caller commits all of it or nothing.

    :param now: the present; everything happened in the months before it.
    :param seed: the same seed makes the same institutions, applications and placements.
    :param say: told about each step.
    :raises InstallationInUse: when real people have registered.
    """
    if session.scalar(select(Account.id).where(~Account.is_synthetic).limit(1)) is not None:
        raise InstallationInUse
    cast = Cast(draw_password())
    begin = now - timedelta(days=200)
    with ids_from(seeded_ids(seed)):
        ensure_local_governments(session, now=begin - timedelta(days=60))
        officers = hire_procurement_service(session, cast, begin - timedelta(days=40))
        say("institutions")
        bodies = register_institutions(
            session,
            chance=seeded_random(seed, "institutions"),
            neighbourhoods=[normalize_code(idea["legal_dong_code"]) for idea in read_ideas()],
            now=begin - timedelta(days=30),
        )
        hire_applicant(session, cast, bodies[0].institution.organization, begin)
        say("proposals")
        ideas = play_proposals(
            session,
            cast,
            chance=seeded_random(seed, "proposals"),
            begin=begin,
            year=seoul_date(now).year,
        )
        say("products")
        entered = now - timedelta(days=60)
        supplier_id = found_supplier(session, cast, entered)
        samples = enter_products(session, ideas, supplier_id, Deed(officers.first, entered))
        say("round")
        play_round(
            session,
            samples=samples,
            bodies=bodies,
            officers=officers,
            chance=seeded_random(seed, "applications"),
            now=now,
        )
    return cast
