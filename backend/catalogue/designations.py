"""Owns the rules of designating a product and of extending a designation."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.catalogue.models import Designation, DesignationExtension
from backend.catalogue.queries import get_product
from backend.catalogue.validity import EXTENSION_YEARS, INITIAL_YEARS, last_day, seoul_date
from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid, NotFound


class DesignationNotFound(NotFound):
    """The product has no such designation."""

    code = "designation_not_found"
    ko = "이 제품에 그런 지정 내역이 없습니다."
    en = "The product has no such designation."


class CertificateNumberTaken(Conflict):
    """Another designation has that certificate number."""

    code = "certificate_number_taken"
    ko = "이미 등록된 지정 증서 번호입니다."
    en = "This certificate number is registered already."


class DesignationInFuture(Invalid):
    """A designation is entered once it was made."""

    code = "designation_in_future"
    ko = "아직 오지 않은 날짜입니다. 지정된 뒤에 등록해 주세요."
    en = "This day is yet to come. Enter a designation once it was made."


class DesignationFullyExtended(Conflict):
    """Both extensions were given: a designation holds six years at most."""

    code = "designation_fully_extended"
    ko = "두 차례 모두 연장한 지정입니다. 지정 기간은 최대 6년입니다."
    en = "Both extensions were given already; a designation holds six years at most."


class ExtensionOutsideValidity(Invalid):
    """An extension is granted while the designation holds."""

    code = "extension_outside_validity"
    ko = "지정이 유효한 동안({designated_on}~{valid_until})에만 연장할 수 있습니다."
    en = "A designation is extended while it holds ({designated_on} to {valid_until})."


def designate(
    session: Session,
    *,
    product_id: UUID,
    track: str,
    designation_type: int,
    certificate_number: str,
    designated_on: date,
    actor_id: UUID | None,
    now: datetime,
) -> Designation:
    """Enter that a product was designated; it holds three years.

    :param track: FT1, FT2 or FT3.
    :param designation_type: 1 or 2, the classes used since 2023.
    :param designated_on: first day, in Korea.
    :raises ProductNotFound: when there is no such product.
    :raises DesignationInFuture: when the day is yet to come.
    :raises CertificateNumberTaken: when another designation has the number.
    """
    get_product(session, product_id)
    if designated_on > seoul_date(now):
        raise DesignationInFuture(field="json.designated_on")
    designation = Designation(
        id=new_id(),
        product_id=product_id,
        track=track,
        designation_type=designation_type,
        certificate_number=certificate_number,
        designated_on=designated_on,
        valid_until=last_day(designated_on, INITIAL_YEARS),
        created_at=now,
    )
    taken = CertificateNumberTaken(field="json.certificate_number")
    with conflict_on(session, uq_designation_certificate_number=taken):
        session.add(designation)
    record(
        session,
        action="designation.created",
        subject_type="product",
        subject_id=product_id,
        actor_id=actor_id,
        now=now,
        data={"designation_id": str(designation.id), "valid_until": str(designation.valid_until)},
    )
    return designation


def extend_designation(
    session: Session,
    *,
    product_id: UUID,
    designation_id: UUID,
    granted_on: date,
    actor_id: UUID | None,
    now: datetime,
) -> Designation:
    """Extend a designation: by one year the first time, by two the second.

    :param granted_on: the day of the decision, in Korea.
    :raises DesignationNotFound: when the product has no such designation.
    :raises DesignationFullyExtended: when both extensions were given.
    :raises ExtensionOutsideValidity: when the designation did not hold on that day.
    :raises DesignationInFuture: when the day is yet to come.
    """
    designation = session.scalar(
        select(Designation)
        .where(Designation.id == designation_id, Designation.product_id == product_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if designation is None:
        raise DesignationNotFound
    given = len(designation.extensions)
    if given == len(EXTENSION_YEARS):
        raise DesignationFullyExtended
    if granted_on > seoul_date(now):
        raise DesignationInFuture(field="json.granted_on")
    if not designation.designated_on <= granted_on <= designation.valid_until:
        raise ExtensionOutsideValidity(
            field="json.granted_on",
            designated_on=designation.designated_on,
            valid_until=designation.valid_until,
        )
    years = INITIAL_YEARS + sum(EXTENSION_YEARS[: given + 1])
    designation.valid_until = last_day(designation.designated_on, years)
    session.add(
        DesignationExtension(
            designation_id=designation.id,
            ordinal=given + 1,
            years=EXTENSION_YEARS[given],
            granted_on=granted_on,
            valid_until=designation.valid_until,
            created_at=now,
        )
    )
    session.flush()
    session.refresh(designation, ["extensions"])
    record(
        session,
        action="designation.extended",
        subject_type="product",
        subject_id=product_id,
        actor_id=actor_id,
        now=now,
        data={"designation_id": str(designation.id), "valid_until": str(designation.valid_until)},
    )
    return designation
