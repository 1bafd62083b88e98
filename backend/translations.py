"""Owns the caller's language and the Korean for the messages of the validation library.

Sentences about our own rules stand beside the rules (`backend.errors.DomainError`).
"""

import re

from flask import request

LANGUAGES = ("ko", "en")

_MESSAGES = (
    (r"Missing data for required field\.", "꼭 있어야 하는 항목입니다."),
    (r"Unknown field\.", "알 수 없는 항목입니다."),
    (r"Field may not be null\.", "비워 둘 수 없습니다."),
    (r"Not a valid string\.", "글자여야 합니다."),
    (r"Not a valid (?:integer|number)\.", "숫자여야 합니다."),
    (r"Not a valid boolean\.", "true 또는 false여야 합니다."),
    (r"Not a valid (?:datetime|aware datetime)\.", "시간대가 있는 날짜와 시각이어야 합니다."),
    (r"Not a time of our days\.", "1900년에서 2999년 사이의 시각이어야 합니다."),
    (r"Not a valid date\.", "날짜(YYYY-MM-DD)여야 합니다."),
    (r"Not a valid UUID\.", "UUID여야 합니다."),
    (r"Not a valid list\.", "목록이어야 합니다."),
    (r"Not a valid mapping type\.", "객체여야 합니다."),
    (r"Not a valid email address\.", "이메일 주소가 아닙니다."),
    (r"Invalid input type\.", "JSON 객체여야 합니다."),
    (r"Invalid value\.", "값이 올바르지 않습니다."),
    (r"Not valid JSON\.|Invalid JSON body\.", "올바른 JSON이 아닙니다."),
    (r"Must be one of: (.*)\.", r"다음 중 하나여야 합니다: \1."),
    (r"Shorter than minimum length (\d+)\.", r"\1자 이상이어야 합니다."),
    (r"Longer than maximum length (\d+)\.", r"\1자를 넘을 수 없습니다."),
    (r"Length must be between (\d+) and (\d+)\.", r"길이는 \1에서 \2 사이여야 합니다."),
    (r"Length must be (\d+)\.", r"길이는 \1이어야 합니다."),
    (r"Must be greater than or equal to (\S+?)\.", r"\1 이상이어야 합니다."),
    (r"Must be less than or equal to (\S+?)\.", r"\1 이하여야 합니다."),
    (
        r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.",
        r"\1 이상 \2 이하여야 합니다.",
    ),
    (r"Special numeric values \(nan or infinity\) are not permitted\.", "유한한 수여야 합니다."),
    (r"Number too large\.", "수가 너무 큽니다."),
    (r"Not a region code\.", "법정동 코드가 아닙니다."),
    (r"Not a code of a local government\.", "지방자치단체 코드가 아닙니다."),
    (r"Not plain text\.", "보이지 않는 제어 문자가 들어 있습니다."),
    (r"Not a cursor of this list\.", "이 목록의 커서가 아닙니다."),
    (
        r"Not a box: west,south,east,north\.",
        "범위는 서,남,동,북(west,south,east,north) 순서의 도 단위 숫자 네 개여야 합니다.",
    ),
    (
        r"Not a circle: lon,lat,radius_m\.",
        "원은 경도,위도,반지름(lon,lat,radius_m) 순서의 숫자 세 개여야 합니다.",
    ),
    (r"Not a position in or around Korea\.", "대한민국 안이나 둘레의 위치가 아닙니다."),
    (
        r"A radius is more than 0 and at most (\d+) m\.",
        r"반지름은 0보다 크고 \1m를 넘지 않아야 합니다.",
    ),
    (r"Ends before it begins\.", "끝이 시작보다 앞섭니다."),
    (
        r"Not a box of four or six numbers\.",
        "범위는 서,남,동,북 순서의 도 단위 숫자 네 개(높이가 있으면 여섯 개)여야 합니다.",
    ),
    (
        r"Not a time or interval of RFC 3339\.",
        "RFC 3339 시각이거나 '/'로 이은 기간이어야 하고, 열린 끝은 '..'입니다.",
    ),
    (r"Given more than once\.", "두 번 이상 들어 있습니다."),
    (
        r"Longitude and latitude seem to be swapped\.",
        "경도와 위도가 서로 바뀐 것 같습니다. 서,남,동,북 순서로 적어 주세요.",
    ),
    (
        r"Not a position: \[lon, lat\] in degrees\.",
        "위치는 [경도, 위도] 순서의 도 단위 숫자 두 개여야 합니다.",
    ),
    (r"Duplicate values\.", "같은 값이 두 번 들어 있습니다."),
    (
        r"Give location or region_code, not both\.",
        "location과 region_code 가운데 하나만 보내 주세요.",
    ),
    (
        r"Give circle or region_code, not both\.",
        "circle과 region_code 가운데 하나만 보내 주세요.",
    ),
    (
        r"Give transfer_to with the outcome transferred, and only then\.",
        "transfer_to는 outcome이 transferred일 때만, 그때는 꼭 보내 주세요.",
    ),
)
_KOREAN = tuple((re.compile(pattern), korean) for pattern, korean in _MESSAGES)


def language() -> str:
    """Return ``ko`` or ``en``, as the request's Accept-Language prefers; Korean by default."""
    for tag, quality in request.accept_languages:
        # `en-US` wants English before the Korean that comes after it.
        primary = tag.split("-")[0].lower()
        if quality > 0 and primary in LANGUAGES:
            return primary
    return LANGUAGES[0]


def translate_message(message: str, to: str) -> str:
    """Return a validation message in the language `to`; unknown messages stay as they are."""
    if to != "ko":
        return message
    for pattern, korean in _KOREAN:
        match = pattern.fullmatch(message)
        if match:
            return match.expand(korean)
    return message
