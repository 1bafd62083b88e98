"""Owns what signing in with a provider looks like from outside."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from backend.accounts.oidc.exchange import LONGEST_TOKEN
from backend.accounts.sign_in_schemas import OnDeviceSchema, TokenPairSchema
from backend.fields import Instant, Text
from backend.schemas import Schema


class ProviderSchema(Schema):
    """A provider that people may sign in with."""

    key = fields.String(required=True)
    name_ko = fields.String(required=True)
    name_en = fields.String(required=True)
    issuer = fields.String(required=True)
    client_id = fields.String(required=True, metadata={"description": "Of the code flow"})
    scopes = fields.List(fields.String(), required=True)


class ProviderListSchema(Schema):
    """All providers, in the operator's order."""

    items = fields.List(fields.Nested(ProviderSchema), required=True)


class AttemptCreateSchema(Schema):
    """Beginning to sign in; without redirect and challenge for a provider's own kit."""

    provider = Text(required=True, max_length=32)
    redirect_uri = Text(load_default=None, max_length=500)
    code_challenge = fields.String(
        load_default=None,
        validate=validate.Regexp(r"[A-Za-z0-9_-]{43}\Z"),
        metadata={"description": "base64url(SHA-256(verifier)), RFC 7636; S256 is the only method"},
    )

    @validates_schema
    def check_flow(self, facts: dict[str, Any], **_: Any) -> None:
        """Refuse half of what the code flow needs."""
        if (facts["redirect_uri"] is None) != (facts["code_challenge"] is None):
            missing = "code_challenge" if facts["code_challenge"] is None else "redirect_uri"
            raise ValidationError({missing: ["Missing data for required field."]})


class AttemptSchema(Schema):
    """An attempt just begun; state and nonce are told this once."""

    id = fields.UUID(required=True)
    provider = fields.String(required=True)
    nonce = fields.String(required=True)
    state = fields.String(required=True, allow_none=True)
    authorization_url = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "For the browser of the system, never for a web view (RFC 8252)"},
    )
    expires_at = Instant(required=True)


class ProofSchema(Schema):
    """What came back: state, code and the verifier, or the ID token of a provider's own kit."""

    attempt_id = fields.UUID(required=True)
    state = Text(load_default=None, max_length=200)
    code = Text(load_default=None, max_length=2_000)
    code_verifier = fields.String(
        load_default=None, validate=validate.Regexp(r"[A-Za-z0-9._~-]{43,128}\Z")
    )
    id_token = fields.String(load_default=None, validate=validate.Length(min=1, max=LONGEST_TOKEN))

    @validates_schema
    def check_flow(self, facts: dict[str, Any], **_: Any) -> None:
        """Refuse what is neither of the two, or some of both."""
        of_code = ("state", "code", "code_verifier")
        if facts["id_token"] is not None:
            wrong = [name for name in of_code if facts[name] is not None]
            message = "Not together with id_token."
        else:
            wrong = [name for name in of_code if facts[name] is None]
            message = "Missing data for required field."
        if wrong:
            raise ValidationError({name: [message] for name in wrong})


class ProviderSignInSchema(OnDeviceSchema, ProofSchema):
    """Signing in with what came back; the name is that of a new account."""

    display_name = Text(load_default=None, max_length=50)


class ProviderTokenPairSchema(TokenPairSchema):
    """A sign-in; a new person still has to agree to the documents and to declare their age."""

    is_new = fields.Boolean(required=True)


class ExternalIdentitySchema(Schema):
    """A provider that one's account can be signed in with."""

    id = fields.UUID(required=True)
    provider = fields.String(required=True)
    linked_at = Instant(required=True)


class ExternalIdentityListSchema(Schema):
    """All of them: at most one of each provider's accounts that the person linked."""

    items = fields.List(fields.Nested(ExternalIdentitySchema), required=True)
