"""
A stand-in for an identity provider (OpenID Connect), over real HTTP.

For the demo and for tests, on this machine only: it listens on loopback, and whoever opens its
page may be anybody on its list. It is as strict as a real one about what it is asked: a known
client and address to return to, PKCE, a code that is good once and for a minute.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from clm.core.identity.standin_page import page
from clm.core.standin import StandInHandler, StandInServer

SESSION = "stand_in_session"
LEVELS = ("low", "substantial", "high")
_CODE_SECONDS = 60.0
_LARGEST = 64 * 1024


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in: a name for the list, a note on who they are, and their claims."""

    name: str
    note: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Granted:
    """What a code or an access token stands for."""

    person: Person
    level: str
    asked: Mapping[str, str]
    until: float
    transaction: str


class StandIn(StandInServer):
    """
    The provider; `with StandIn(…) as provider:` gives it at `provider.issuer`.

    :param redirects: where it sends people back to, each exactly as it is asked for
    :param people: asked for anew each time the list is shown
    :param clock: seconds since the epoch, for the tokens
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        redirects: Sequence[str],
        people: Callable[[], Sequence[Person]],
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(port=port, handler=Handler)
        self.client_id = client_id
        self.client_secret = client_secret
        self.redirects = list(redirects)
        self.people = people
        self.clock = clock
        self.renew_key()
        #: For tests: what a token says, and how it is signed, may be bent here.
        self.bend: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.sign: Callable[[dict[str, Any]], str] = self._sign
        self.codes: dict[str, _Granted] = {}
        self.access: dict[str, _Granted] = {}
        self.sessions: set[str] = set()

    @property
    def issuer(self) -> str:
        return self.address

    def renew_key(self) -> None:
        """A new key to sign with; the old one is known no more."""
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.kid = secrets.token_hex(8)

    def public_key(self) -> dict[str, Any]:
        found = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        return {**found, "kid": self.kid, "use": "sig", "alg": "ES256"}

    def approve(self, asked: Mapping[str, str], person: Person, level: str) -> str:
        """The address that somebody who signed in goes back to."""
        code = secrets.token_urlsafe(24)
        with self.lock:
            self.codes[code] = _Granted(
                person, level, dict(asked), self.clock() + _CODE_SECONDS, secrets.token_hex(12)
            )
        answer = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def claims(self, granted: _Granted) -> dict[str, Any]:
        now = int(self.clock())
        name = granted.person.name
        return {
            "iss": self.issuer,
            "sub": hashlib.sha256(name.encode()).hexdigest()[:32],
            "aud": self.client_id,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": granted.asked["nonce"],
            "acr": f"https://data.gov.dk/concept/core/nsis/{granted.level.title()}",
            "transaction_id": granted.transaction,
        }

    def _sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="ES256", headers={"kid": self.kid})


class Handler(StandInHandler):
    """Answers one connection."""

    stand_in: StandIn

    def handle_request(self) -> None:
        provider = self.stand_in
        parts = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), _LARGEST)
        body = _flat(self.rfile.read(length).decode("utf-8", "replace"))
        provider.requests.append(f"{self.command} {parts.path}")
        if provider.instead is not None and provider.instead(self, parts.path):
            return
        query = _flat(parts.query)
        where = (self.command, parts.path)
        if where == ("GET", "/.well-known/openid-configuration"):
            self.answer(200, self._discovery())
        elif where == ("GET", "/jwks"):
            self.answer(200, {"keys": [provider.public_key()]})
        elif parts.path == "/authorize":
            self._authorize(query, body)
        elif where == ("POST", "/token"):
            self._token(body)
        elif where == ("GET", "/userinfo"):
            self._userinfo()
        elif where == ("GET", "/logout"):
            self._log_out(query)
        else:
            self.answer(404, {"error": "not_found"})

    def _discovery(self) -> dict[str, Any]:
        issuer = self.stand_in.issuer
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "end_session_endpoint": f"{issuer}/logout",
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        }

    def _authorize(self, asked: dict[str, str], body: dict[str, str]) -> None:
        provider = self.stand_in
        fits = (
            asked.get("client_id") == provider.client_id
            and asked.get("redirect_uri") in provider.redirects
            and asked.get("response_type") == "code"
            and asked.get("code_challenge_method") == "S256"
            and all(asked.get(name) for name in ("state", "nonce", "code_challenge"))
        )
        if not fits:
            # Nobody is sent on to an address that is not known.
            self.answer(400, {"error": "invalid_request"})
            return
        people = list(provider.people())
        if self.command == "GET":
            self.show(page(people=people, language=asked.get("ui_locales", "da")))
            return
        chosen = body.get("person", "")
        if not chosen.isdecimal() or int(chosen) >= len(people):
            answer = {"error": "access_denied", "state": asked["state"], "iss": provider.issuer}
            self._go(f"{asked['redirect_uri']}?{urlencode(answer)}")
            return
        level = body.get("level", "") if body.get("level", "") in LEVELS else "substantial"
        session = secrets.token_urlsafe(16)
        provider.sessions.add(session)
        where = provider.approve(asked, people[int(chosen)], level)
        self._go(where, cookie=f"{SESSION}={session}; Path=/; HttpOnly; SameSite=Lax")

    def _token(self, body: dict[str, str]) -> None:
        provider = self.stand_in
        given = f"{provider.client_id}:{provider.client_secret}".encode()
        if self.headers.get("Authorization") != f"Basic {base64.b64encode(given).decode()}":
            self.answer(401, {"error": "invalid_client"})
            return
        with provider.lock:
            granted = provider.codes.pop(body.get("code", ""), None)
        digest = hashlib.sha256(body.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            granted is None
            or granted.until < provider.clock()
            or granted.asked["redirect_uri"] != body.get("redirect_uri")
            or granted.asked["code_challenge"] != challenge
        ):
            self.answer(400, {"error": "invalid_grant"})
            return
        access = secrets.token_urlsafe(24)
        provider.access[access] = granted
        token = provider.sign(provider.bend(provider.claims(granted)))
        self.answer(200, {"access_token": access, "token_type": "Bearer", "id_token": token})

    def _userinfo(self) -> None:
        provider = self.stand_in
        scheme, _space, access = self.headers.get("Authorization", "").partition(" ")
        granted = provider.access.get(access) if scheme == "Bearer" else None
        if granted is None:
            self.answer(401, {"error": "invalid_token"})
            return
        self.answer(200, {"sub": provider.claims(granted)["sub"], **granted.person.claims})

    def _log_out(self, asked: dict[str, str]) -> None:
        provider = self.stand_in
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get(SESSION)
        provider.sessions.discard(cookie.value if cookie else "")
        back = asked.get("post_logout_redirect_uri", "")
        known = {f"{urlsplit(one).scheme}://{urlsplit(one).netloc}" for one in provider.redirects}
        if f"{urlsplit(back).scheme}://{urlsplit(back).netloc}" not in known:
            self.answer(400, {"error": "invalid_request"})
            return
        self._go(back, cookie=f"{SESSION}=; Path=/; Max-Age=0")

    def _go(self, where: str, *, cookie: str = "") -> None:
        self.send_response(303)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()


def _flat(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text).items()}
