"""Owns what can be wrong with a request for layers; the standard wants 400 and 404 for it."""

from backend.errors import DomainError, NotFound
from backend.translations import translate_message


class ParameterUnknown(DomainError):
    """The operation has no such parameter (/req/core/query-param-unknown)."""

    code = "parameter_unknown"
    ko = "이 주소에는 ‘{name}’ 매개변수가 없습니다."
    en = "There is no parameter “{name}” here."


class ParameterInvalid(DomainError):
    """A parameter has a value that it cannot have (/req/core/query-param-invalid).

    :param params: ``name``, and ``reason``: a sentence of the validation, in English.
    """

    code = "parameter_invalid"
    ko = "‘{name}’ 값이 올바르지 않습니다. {reason}"
    en = "The value of “{name}” is not valid. {reason}"

    def sentence(self, language: str) -> str:
        """Return what happened as a sentence, the reason in the same language."""
        reason = translate_message(self.params["reason"], language)
        template = self.ko if language == "ko" else self.en
        return template.format(name=self.params["name"], reason=reason)


class CollectionNotFound(NotFound):
    """There is no layer of that name."""

    code = "collection_not_found"
    ko = "그런 레이어가 없습니다."
    en = "There is no such collection."


class FeatureNotFound(NotFound):
    """The layer has no such feature."""

    code = "feature_not_found"
    ko = "이 레이어에 그런 개체가 없습니다."
    en = "There is no such feature in this collection."
