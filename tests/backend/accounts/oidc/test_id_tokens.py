"""What an ID token has to be, one rule at a time."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import pytest
from joserfc import jwt

from backend.accounts.oidc.directory import choose_key
from backend.accounts.oidc.id_tokens import IdTokenInvalid, read_subject
from tests.conftest import NOW, Clock
from tests.support.oidc_provider import CLIENT_ID, KIT_CLIENT_ID, TestProvider, new_key

ISSUER = "https://provider.example"
NONCE = "of this attempt"
IN_TIME = int(NOW.timestamp())


@pytest.fixture(scope="module")
def signer() -> TestProvider:
    """A provider that signs and is not served."""
    return TestProvider(ISSUER, Clock())


def read(signer: TestProvider, token: str) -> str:
    """Return whom a token of the code flow is about."""
    return read_subject(
        token,
        issuer=ISSUER,
        client_ids={CLIENT_ID},
        accepted={CLIENT_ID, KIT_CLIENT_ID},
        nonce_sha256=sha256(NONCE.encode()).hexdigest(),
        find_key=lambda key_id, algorithm: choose_key(signer.keys, key_id, algorithm),
        now=NOW,
    )


def reason(signer: TestProvider, token: str) -> str:
    """Return why a token is refused."""
    with pytest.raises(IdTokenInvalid) as refused:
        read(signer, token)
    return refused.value.params["reason"]


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"aud": [CLIENT_ID]},
        {"aud": [CLIENT_ID, KIT_CLIENT_ID], "azp": CLIENT_ID},
        {"aud": CLIENT_ID, "azp": CLIENT_ID},
        {"exp": IN_TIME - 59},
        {"iat": IN_TIME + 59},
        {"iat": float(IN_TIME) - 0.5},
        {"nbf": IN_TIME + 59},
        {"sub": "s" * 255},
        {"email": "somebody@example.com", "unknown": [1, {"two": 2}]},
    ],
)
def test_a_good_token_tells_whom_it_is_about(signer: TestProvider, claims: dict[str, Any]) -> None:
    token = signer.sign(nonce=NONCE, **claims)
    assert read(signer, token) == claims.get("sub", "248289761001")


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("iss", {"iss": ISSUER + "/"}),
        ("iss", {"iss": "https://other.example"}),
        ("iss", {"iss": None}),
        ("iss", {"iss": [ISSUER]}),
        ("aud", {"aud": "another app"}),
        ("aud", {"aud": KIT_CLIENT_ID}),
        ("aud", {"aud": [CLIENT_ID, "another app"], "azp": CLIENT_ID}),
        ("aud", {"aud": []}),
        ("aud", {"aud": None}),
        ("aud", {"aud": [CLIENT_ID, {}], "azp": CLIENT_ID}),
        ("azp", {"aud": [CLIENT_ID, KIT_CLIENT_ID]}),
        ("azp", {"azp": "another app"}),
        ("azp", {"azp": [CLIENT_ID]}),
        ("exp", {"exp": IN_TIME - 60}),
        ("exp", {"exp": None}),
        ("exp", {"exp": str(IN_TIME + 300)}),
        ("exp", {"exp": True}),
        ("exp", {"exp": float("nan")}),
        ("iat", {"iat": IN_TIME + 61}),
        ("iat", {"iat": None}),
        ("iat", {"iat": "now"}),
        ("nbf", {"nbf": IN_TIME + 61}),
        ("nbf", {"nbf": "soon"}),
        ("nonce", {"nonce": "of another attempt"}),
        ("nonce", {"nonce": None}),
        ("nonce", {"nonce": 1}),
        ("sub", {"sub": None}),
        ("sub", {"sub": ""}),
        ("sub", {"sub": "s" * 256}),
        ("sub", {"sub": 248289761001}),
    ],
)
def test_a_claim_that_does_not_hold_is_named(
    signer: TestProvider, name: str, claims: dict[str, Any]
) -> None:
    assert reason(signer, signer.sign(**{"nonce": NONCE, **claims})) == name


def test_a_token_of_an_elliptic_curve_is_read(signer: TestProvider) -> None:
    key = new_key("EC")
    both = TestProvider(ISSUER, Clock())
    both.keys = [signer.keys[0], key]
    assert read(both, both.sign(key=key, nonce=NONCE)) == "248289761001"


def test_an_unsigned_token_is_refused(signer: TestProvider) -> None:
    _, claims, _ = signer.sign(nonce=NONCE).split(".")
    none = "eyJhbGciOiJub25lIn0"
    assert [reason(signer, f"{none}.{claims}.{end}") for end in ("", "AAAA")] == ["alg"] * 2


def test_a_key_that_everybody_knows_signs_nothing(signer: TestProvider) -> None:
    """The public key taken as a shared secret (RFC 8725, 2.1)."""
    public = signer.keys[0].as_pem(private=False)
    head = urlsafe_b64encode(f'{{"alg":"HS256","kid":"{signer.keys[0].kid}"}}'.encode()).decode()
    _, claims, _ = signer.sign(nonce=NONCE).split(".")
    signed = f"{head.rstrip('=')}.{claims}"
    mac = urlsafe_b64encode(hmac.digest(public, signed.encode(), "sha256")).decode()
    token = f"{signed}.{mac.rstrip('=')}"
    assert reason(signer, token) == "alg"


def test_an_algorithm_that_is_not_on_the_list_is_refused(signer: TestProvider) -> None:
    key = signer.keys[0]
    token = jwt.encode({"alg": "PS256", "kid": key.kid}, {"sub": "x"}, key, algorithms=["PS256"])
    assert reason(signer, token) == "alg"


def test_a_key_for_another_algorithm_is_not_taken(signer: TestProvider) -> None:
    other = TestProvider(ISSUER, Clock())
    other.keys = [type(signer.keys[0]).import_key(signer.keys[0].as_dict() | {"alg": "RS512"})]
    assert reason(other, signer.sign(nonce=NONCE)) == "kid"


def test_a_stranger_who_names_our_key_is_refused(signer: TestProvider) -> None:
    stranger = new_key()
    token = signer.sign(key=stranger, header={"kid": signer.keys[0].kid}, nonce=NONCE)
    assert reason(signer, token) == "signature"


def test_a_changed_claim_breaks_the_signature(signer: TestProvider) -> None:
    head, _, signature = signer.sign(nonce=NONCE).split(".")
    _, claims, _ = signer.sign(nonce=NONCE, sub="somebody else").split(".")
    assert reason(signer, f"{head}.{claims}.{signature}") == "signature"


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u"])
def test_a_key_that_the_token_brings_along_is_not_looked_at(
    signer: TestProvider, name: str
) -> None:
    stranger = new_key("EC")
    brought = {
        "jwk": stranger.as_dict(private=False),
        "jku": "https://attacker.example/keys",
        "x5u": "https://attacker.example/certificate",
    }
    header = {name: brought[name]}
    assert read(signer, signer.sign(nonce=NONCE, header=header)) == "248289761001"
    forged = signer.sign(nonce=NONCE, key=stranger, header=header)
    assert reason(signer, forged) == "kid"


def test_a_token_without_a_key_id_is_read_where_only_one_key_fits(signer: TestProvider) -> None:
    token = signer.sign(nonce=NONCE, header={"kid": None})
    assert read(signer, token) == "248289761001"
    several = TestProvider(ISSUER, Clock())
    several.keys = [signer.keys[0], new_key()]
    assert reason(several, token) == "kid"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("typ", {"typ": "at+jwt"}),
        ("typ", {"typ": "logout+jwt"}),
        ("kid", {"kid": "unknown"}),
    ],
)
def test_a_header_that_does_not_hold_is_named(
    signer: TestProvider, name: str, header: dict[str, Any]
) -> None:
    assert reason(signer, signer.sign(nonce=NONCE, header=header)) == name


def test_a_rule_that_we_do_not_know_and_must_keep_is_no_token(signer: TestProvider) -> None:
    _, claims, signature = signer.sign(nonce=NONCE).split(".")
    critical = "eyJhbGciOiJSUzI1NiIsImNyaXQiOlsiYmFuIl0sImJhbiI6MX0"
    assert reason(signer, f"{critical}.{claims}.{signature}") in ("form", "kid", "signature")


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "a.b", "ä.ö.ü", "a.b.c.d.e", "." * 99])
def test_what_is_no_token_is_refused(signer: TestProvider, token: str) -> None:
    assert reason(signer, token) == "form"
