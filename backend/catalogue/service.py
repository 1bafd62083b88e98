"""Owns the rules of entering and changing a product."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.catalogue.models import Product
from backend.catalogue.queries import get_product
from backend.db import new_id
from backend.errors import Invalid
from backend.organizations.models import Supplier
from backend.proposals.categories import check_category
from geo.regions import LocalGovernmentNotFound, get_local_government

EDITABLE = (
    "name_ko",
    "name_en",
    "summary",
    "category",
    "supplier_id",
    "unit_price_krw",
    "rnd_local_government_code",
    "rnd_project",
    "ministry_weight",
)
"""What an officer may change of a product later on; an offer keeps the price it was made at."""


class SupplierUnknown(Invalid):
    """No supplier has that id."""

    code = "supplier_unknown"
    ko = "등록된 공급기업이 아닙니다."
    en = "No registered supplier has this id."


class RndOriginIncomplete(Invalid):
    """A local government's research is named by the government and the project together."""

    code = "rnd_origin_incomplete"
    ko = "지방자치단체 연구개발 제품은 지방자치단체 코드와 과제명을 함께 적어 주세요."
    en = "Give the local government and the project together, or neither."


class RndGovernmentUnknown(Invalid):
    """No local government in force has that code."""

    code = "rnd_local_government_unknown"
    ko = "현재 지방자치단체에 없는 코드입니다."
    en = "No local government in force has this code."


def create_product(
    session: Session,
    *,
    name_ko: str,
    name_en: str,
    summary: str,
    category: str,
    unit_price_krw: int,
    actor_id: UUID | None,
    now: datetime,
    supplier_id: UUID | None = None,
    rnd_local_government_code: str | None = None,
    rnd_project: str | None = None,
    ministry_weight: int = 0,
    is_sample: bool = False,
) -> Product:
    """Enter a product in the catalogue; it can be offered once it is designated.

    :param rnd_local_government_code: the local government whose research the product is.
    :param ministry_weight: sum of the weights that ministries' policy demands give it.
    :param is_sample: made up for a demonstration, and shown as such.
    :raises UnknownCategory: when the category is none.
    :raises SupplierUnknown: when no supplier has the id.
    :raises RndOriginIncomplete: when government and project are not both there or both not.
    :raises RndGovernmentUnknown: when no local government has the code.
    """
    product = Product(
        id=new_id(),
        name_ko=name_ko,
        name_en=name_en,
        summary=summary,
        category=category,
        supplier_id=supplier_id,
        unit_price_krw=unit_price_krw,
        rnd_local_government_code=rnd_local_government_code,
        rnd_project=rnd_project,
        ministry_weight=ministry_weight,
        is_sample=is_sample,
        created_at=now,
    )
    _check(session, product)
    session.add(product)
    record(
        session,
        action="product.created",
        subject_type="product",
        subject_id=product.id,
        actor_id=actor_id,
        now=now,
    )
    return product


def edit_product(
    session: Session,
    *,
    product_id: UUID,
    changes: Mapping[str, Any],
    actor_id: UUID | None,
    now: datetime,
) -> Product:
    """Change some facts of a product; what `changes` does not name stays.

    :param changes: values by name, names of `EDITABLE` only.
    :raises ProductNotFound: when there is no such product.
    :raises KeyError: when `changes` names anything else.
    """
    product = get_product(session, product_id, lock=True)
    for name, value in changes.items():
        if name not in EDITABLE:
            raise KeyError(name)
        setattr(product, name, value)
    with session.no_autoflush:
        _check(session, product)
    record(
        session,
        action="product.edited",
        subject_type="product",
        subject_id=product.id,
        actor_id=actor_id,
        now=now,
        data={"fields": sorted(changes)},
    )
    return product


def _check(session: Session, product: Product) -> None:
    check_category(product.category)
    if product.supplier_id is not None and session.get(Supplier, product.supplier_id) is None:
        raise SupplierUnknown(field="json.supplier_id")
    if (product.rnd_local_government_code is None) != (product.rnd_project is None):
        raise RndOriginIncomplete(field="json.rnd_project")
    if product.rnd_local_government_code is not None:
        try:
            get_local_government(session, product.rnd_local_government_code)
        except LocalGovernmentNotFound as exc:
            raise RndGovernmentUnknown(field="json.rnd_local_government_code") from exc
