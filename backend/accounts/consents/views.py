"""Documents and consents over HTTP."""

from typing import Any

from backend import clock
from backend.accounts.consents import documents, queries, schemas, service
from backend.auth.guards import current_account_id, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint(
    "consents", __name__, url_prefix=URL_PREFIX, description="What people agree to, by version"
)


@blp.get("/consent-documents")
@public
@blp.response(200, schemas.ConsentDocumentListSchema)
def list_documents() -> Any:
    """List the documents in force: required and optional ones, for people and for guardians."""
    return {"items": documents.current_documents(clock.now())}


@blp.get("/consent-documents/<string:document>/versions/<string:version>")
@public
@blp.response(200, schemas.ConsentDocumentSchema)
def show_document(document: str, version: str) -> Any:
    """Show one version of a document, such as the one that somebody agreed to years ago."""
    return documents.get_version(document, version)


@blp.get("/me/consents")
@requires(Permission.Me.READ)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.ConsentSchema))
def list_consents(query: dict[str, Any]) -> Any:
    """List all that one ever said to a document, the latest first."""
    page = queries.list_consents(db.session(), account_id=current_account_id(), **query)
    return with_next_link(page)


@blp.put("/me/consents/<string:document>")
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.ConsentDecisionSchema)
@blp.response(200, schemas.ConsentSchema)
def decide_consent(payload: dict[str, Any], document: str) -> Any:
    """Agree to a document, or take one's consent back."""
    with unit_of_work() as session:
        return service.decide_consent(
            session,
            account_id=current_account_id(),
            document=document,
            **payload,
            now=clock.now(),
        )
