"""Owns what organizations, institutions, suppliers and memberships look like from outside."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate
from webargs.fields import DelimitedList

from backend.accounts.schemas import AccountCreateSchema
from backend.auth.identity import Role
from backend.fields import Instant, Metres, RegionCode, Text
from backend.organizations.invitations import Registration
from backend.organizations.models import INSTITUTION_TYPES, KINDS, SCOPES, Position
from backend.schemas import LocationSchema, PageQuerySchema, Schema
from geo.proximity import MAX_RADIUS_M

_MAX_JURISDICTION = 300
"""More than there are local governments; whoever works everywhere is nationwide."""


class OrganizationQuerySchema(PageQuerySchema):
    """Which organizations are asked for."""

    kind = fields.String(validate=validate.OneOf(KINDS), load_default=None)
    q = Text(max_length=100, load_default=None, metadata={"description": "Part of the Korean name"})
    local_government_code = RegionCode(load_default=None, metadata={"example": "11140"})


class OrganizationSchema(Schema):
    """An organization, as everybody may see it."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name_ko = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)
    local_government_code = fields.String(required=True, allow_none=True)
    is_synthetic = fields.Boolean(
        required=True, metadata={"description": "Made up for a demonstration"}
    )
    closed_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it ceased to exist"}
    )


class InstitutionQuerySchema(PageQuerySchema):
    """Which institutions are asked for."""

    type = fields.String(
        attribute="institution_type",
        validate=validate.OneOf(INSTITUTION_TYPES),
        load_default=None,
    )
    region = RegionCode(
        load_default=None, metadata={"description": "Sido, sigungu or emd of the site"}
    )
    local_government_code = RegionCode(
        load_default=None, metadata={"description": "Local government of the site"}
    )


class NearestQuerySchema(LocationSchema):
    """Around which point, how far and for which institutions is looked."""

    radius_m = fields.Float(
        load_default=10_000.0,
        validate=validate.Range(min=1, max=MAX_RADIUS_M),
        metadata={"description": "Metres at most 100,000"},
    )
    type = fields.String(
        attribute="institution_type",
        validate=validate.OneOf(INSTITUTION_TYPES),
        load_default=None,
    )
    limit = fields.Integer(load_default=10, validate=validate.Range(min=1, max=50))
    bands_m = DelimitedList(
        fields.Float(validate=validate.Range(min=1, max=MAX_RADIUS_M)),
        validate=validate.Length(max=5),
        metadata={
            "description": "Distances in metres, divided by commas, within which all are counted",
            "example": "1000,3000,10000",
        },
    )


class SiteSchema(LocationSchema):
    """Where an institution is, in WGS 84."""

    @post_load
    def _position(self, data: dict[str, float], **_: Any) -> Position:
        return Position(**data)


class JurisdictionCodes(fields.List[str]):
    """Codes of regions and local governments, none twice."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            RegionCode(),
            validate=validate.Length(max=_MAX_JURISDICTION),
            metadata={
                "description": "Sido, sigungu, emd or local government; empty unless the scope is"
                " `regions`",
                "example": ["11140"],
            },
            **kwargs,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        codes = super()._deserialize(value, attr, data, **kwargs)
        if len(set(codes)) != len(codes):
            raise ValidationError("Duplicate values.")
        return tuple(codes)


class InstitutionCreateSchema(Schema):
    """A public body that can pilot products."""

    name_ko = Text(required=True, max_length=100)
    name_en = Text(max_length=200, load_default=None, allow_none=True)
    institution_type = fields.String(required=True, validate=validate.OneOf(INSTITUTION_TYPES))
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    jurisdiction_codes = JurisdictionCodes(load_default=())
    site = fields.Nested(SiteSchema, required=True)
    site_address = Text(max_length=200, load_default=None, allow_none=True)


class InstitutionUpdateSchema(Schema):
    """Facts to change; what is left out stays."""

    name_ko = Text(max_length=100)
    name_en = Text(max_length=200, allow_none=True)
    institution_type = fields.String(validate=validate.OneOf(INSTITUTION_TYPES))
    scope = fields.String(validate=validate.OneOf(SCOPES))
    jurisdiction_codes = JurisdictionCodes()
    site = fields.Nested(SiteSchema)
    site_address = Text(max_length=200, allow_none=True)


class InstitutionSchema(Schema):
    """An institution, as everybody may see it."""

    id = fields.UUID(required=True, attribute="organization_id")
    name_ko = fields.String(required=True, attribute="organization.name_ko")
    name_en = fields.String(required=True, allow_none=True, attribute="organization.name_en")
    institution_type = fields.String(required=True, validate=validate.OneOf(INSTITUTION_TYPES))
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    jurisdiction_codes = fields.List(fields.String(), required=True)
    site = fields.Nested(LocationSchema, required=True)
    site_address = fields.String(required=True, allow_none=True)
    site_emd_code = fields.String(
        required=True, allow_none=True, metadata={"description": "Null overseas"}
    )
    local_government_code = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Whose priorities count for it; null overseas"},
    )
    is_synthetic = fields.Boolean(required=True, attribute="organization.is_synthetic")
    closed_at = Instant(required=True, allow_none=True, attribute="organization.closed_at")


class NearInstitutionSchema(Schema):
    """An institution and how far its site is."""

    distance_m = Metres(required=True)
    institution = fields.Nested(InstitutionSchema, required=True)


class CountWithinSchema(Schema):
    """How many institutions there are within a distance."""

    within_m = fields.Float(required=True)
    count = fields.Integer(required=True)


class NearestInstitutionsSchema(Schema):
    """The nearest institutions of today, the nearest first; those abroad are never near."""

    items = fields.List(fields.Nested(NearInstitutionSchema), required=True)
    bands = fields.List(fields.Nested(CountWithinSchema), required=True)


class SupplierCreateSchema(Schema):
    """A company that supplies products."""

    name_ko = Text(required=True, max_length=100)
    name_en = Text(max_length=200, load_default=None, allow_none=True)
    business_number = fields.String(
        required=True,
        validate=validate.Length(min=10, max=20),
        metadata={"description": "Business registration number", "example": "123-45-67891"},
    )


class SupplierSchema(Schema):
    """A supplier, as those who register it see it."""

    id = fields.UUID(required=True, attribute="organization_id")
    name_ko = fields.String(required=True, attribute="organization.name_ko")
    name_en = fields.String(required=True, allow_none=True, attribute="organization.name_en")
    business_number = fields.String(required=True)
    is_synthetic = fields.Boolean(required=True, attribute="organization.is_synthetic")


class InvitationCreateSchema(Schema):
    """Whom to invite to which role."""

    email = fields.Email(required=True, validate=validate.Length(max=254))
    role = fields.Enum(Role, by_value=True, required=True)


class InvitationOfferSchema(Schema):
    """An invitation just made; its token is shown this one time."""

    id = fields.UUID(required=True, attribute="invitation.id")
    organization_id = fields.UUID(required=True, attribute="invitation.organization_id")
    email = fields.Email(required=True, attribute="invitation.email")
    role = fields.String(required=True, attribute="invitation.role")
    expires_at = Instant(required=True, attribute="invitation.expires_at")
    token = fields.String(
        required=True, metadata={"description": "To hand over to the invited person"}
    )


class RegistrationSchema(AccountCreateSchema):
    """An account for the invited address."""

    class Meta(AccountCreateSchema.Meta):
        exclude = ("email",)

    @post_load
    def _registration(self, data: dict[str, Any], **_: Any) -> Registration:
        return Registration(**data)


class AcceptanceSchema(Schema):
    """An invitation's token and, for whom has no account yet, what makes one."""

    token = fields.String(required=True, validate=validate.Length(min=1, max=200))
    registration = fields.Nested(RegistrationSchema, load_default=None, allow_none=True)


class MembershipSchema(Schema):
    """One's own role at an organization."""

    id = fields.UUID(required=True)
    organization = fields.Nested(OrganizationSchema, required=True)
    role = fields.String(required=True)
    granted_at = Instant(required=True)


class MemberSchema(Schema):
    """Somebody who works for an organization, as colleagues and administrators see them."""

    id = fields.UUID(required=True)
    account_id = fields.UUID(required=True)
    email = fields.Email(required=True, allow_none=True, attribute="account.email")
    display_name = fields.String(required=True, attribute="account.display_name")
    role = fields.String(required=True)
    granted_at = Instant(required=True)
