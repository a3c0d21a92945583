"""
One conversation with another bank's account interface (Berlin Group NextGenPSD2, AIS 1.3).

Certificates are verified, redirects are not followed, an answer has a size and a time it must
come in, and links in an answer lead nowhere but to the same interface. Whatever is wrong ends
in one of two exceptions: the bank is in trouble, or the consent has ended.
"""

import http.client
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from clm.core.ids import uuid7
from customers.openbanking import shapes
from customers.openbanking.addresses import check_address

T = TypeVar("T")

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
MOST_BYTES = 5 * 1024 * 1024
MOST_PAGES = 500
_JSON = frozenset({"application/json", "application/problem+json"})
#: Codes of the interface that say that a consent is over, and who ended it.
ENDED = {
    "CONSENT_EXPIRED": "expired",
    "CONSENT_INVALID": "revoked",
    "CONSENT_UNKNOWN": "revoked",
}


class BankTrouble(Exception):
    """The other bank does not answer, or not as it should; worth another try later."""


class ConsentEnded(Exception):
    """The other bank says that the consent is over: `expired` or `revoked`."""

    def __init__(self, how: str) -> None:
        self.how = how
        super().__init__(how)


class AisClient:
    """
    Talks to one bank; holds nothing open between calls.

    :param address: of the interface, up to but without `/v1`
    :param context: for tests with a certificate of their own
    """

    def __init__(
        self,
        *,
        address: str,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        most_bytes: int = MOST_BYTES,
        context: ssl.SSLContext | None = None,
    ) -> None:
        check_address(address)
        self.address = address.rstrip("/")
        self.connect_seconds = connect_seconds
        self.answer_seconds = answer_seconds
        self.most_bytes = most_bytes
        self.context = context or ssl.create_default_context()

    def ask_consent(
        self, *, request_id: UUID, scopes: list[str], valid_until: date, frequency: int
    ) -> shapes.ConsentAnswer:
        """Ask for a consent; the same `request_id` again gives the same one."""
        body = {
            # Empty lists: the customer chooses the accounts over there.
            "access": {scope: [] for scope in scopes},
            "recurringIndicator": True,
            "validUntil": valid_until.isoformat(),
            "frequencyPerDay": frequency,
            "combinedServiceIndicator": False,
        }
        return _shaped(
            shapes.consent, self._call("POST", "/v1/consents", request_id=request_id, body=body)
        )

    def consent_status(self, *, consent_id: str) -> str:
        """`received`, `valid`, `rejected`, `expired`, `revokedByPsu`, `terminatedByTpp`."""
        path = f"/v1/consents/{_part(consent_id)}/status"
        return _shaped(shapes.status, self._call("GET", path))

    def end_consent(self, *, consent_id: str) -> None:
        """Tell the bank that the consent is over; one that it has forgotten is over as well."""
        try:
            self._call("DELETE", f"/v1/consents/{_part(consent_id)}")
        except ConsentEnded:
            return

    def accounts(self, *, consent_id: str) -> list[shapes.Account]:
        return _shaped(shapes.accounts, self._call("GET", "/v1/accounts", consent_id=consent_id))

    def balance(self, *, consent_id: str, account: str) -> shapes.Balance | None:
        """What was booked last, else what the bank says is there; None where it says nothing."""
        path = f"/v1/accounts/{_part(account)}/balances"
        return _shaped(shapes.balance, self._call("GET", path, consent_id=consent_id))

    def transactions(
        self, *, consent_id: str, account: str, since: date
    ) -> Iterator[list[Mapping[str, Any]]]:
        """
        Booked transactions from a day on, page by page.

        :raises BankTrouble: also for a page that leads back to an earlier one, or without end
        """
        path = (
            f"/v1/accounts/{_part(account)}/transactions"
            f"?dateFrom={since.isoformat()}&bookingStatus=booked"
        )
        seen: set[str] = set()
        while path:
            if path in seen or len(seen) >= MOST_PAGES:
                raise BankTrouble(_("Its pages of transactions do not come to an end."))
            seen.add(path)
            rows, following = _shaped(shapes.page, self._call("GET", path, consent_id=consent_id))
            yield rows
            path = self._inner(following) if following else ""

    def _inner(self, link: str) -> str:
        """The path of a link in an answer, which must lead to the same interface."""
        base, target = urlsplit(self.address), urlsplit(urljoin(f"{self.address}/", link))
        same = (base.scheme, base.netloc) == (target.scheme, target.netloc)
        # A link may be written with or without the path that the interface lies under.
        path = target.path.removeprefix(base.path)
        if not same or not path.startswith("/v1/") or ".." in path.split("/"):
            raise BankTrouble(_("It sends us to another address."))
        return f"{path}?{target.query}" if target.query else path

    def _call(
        self,
        method: str,
        path: str,
        *,
        consent_id: str = "",
        request_id: UUID | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        headers = {"Accept": "application/json", "X-Request-ID": str(request_id or uuid7())}
        if consent_id:
            headers["Consent-ID"] = consent_id
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        try:
            status, kind, raw = self._exchange(method, path, headers, content)
        except (OSError, http.client.HTTPException, ValueError) as error:
            # Names the trouble by its kind: an address or an answer may hold a number.
            why = _("It does not answer (%(kind)s).") % {"kind": type(error).__name__}
            raise BankTrouble(why) from None
        return self._judge(status, kind, raw)

    def _judge(self, status: int, kind: str, raw: bytes) -> Any:
        if status == http.HTTPStatus.NO_CONTENT:
            return None
        if 300 <= status < 400:
            raise BankTrouble(_("It sends us to another address."))
        if kind.partition(";")[0].strip().lower() not in _JSON:
            told = _("It answers with something else than JSON (%(status)d).")
            raise BankTrouble(told % {"status": status})
        try:
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            raise BankTrouble(_("Its answer is not valid JSON.")) from None
        if status in {401, 403, 404}:
            for code in shapes.codes(answer):
                if code in ENDED:
                    raise ConsentEnded(ENDED[code])
        if not 200 <= status < 300:
            raise BankTrouble(_("It answers with status %(status)d.") % {"status": status})
        return answer

    def _exchange(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes | None
    ) -> tuple[int, str, bytes]:
        parts = urlsplit(self.address)
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                parts.hostname or "", parts.port, timeout=self.connect_seconds, context=self.context
            )
        else:
            connection = http.client.HTTPConnection(
                parts.hostname or "", parts.port, timeout=self.connect_seconds
            )
        # The time-out of a socket begins anew with every byte; this one does not.
        guard = threading.Timer(self.answer_seconds, _hang_up, [connection])
        guard.daemon = True
        try:
            connection.connect()
            guard.start()
            connection.request(method, f"{parts.path}{path}", body=content, headers=dict(headers))
            response = connection.getresponse()
            raw = self._body(response)
            return response.status, response.headers.get("Content-Type", ""), raw
        finally:
            guard.cancel()
            connection.close()

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        raw = bytearray()
        while piece := response.read1(1 << 16):
            raw += piece
            if len(raw) > self.most_bytes:
                raise BankTrouble(_("Its answer is too large."))
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return bytes(raw)


def _shaped(take: Callable[[Any], T], answer: Any) -> T:
    try:
        return take(answer)
    except shapes.Misshapen as error:
        why = _("Its answer is not shaped as agreed (%(member)s).") % {"member": error}
        raise BankTrouble(why) from None


def _hang_up(connection: http.client.HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(2)
        except OSError:
            return


def _part(identifier: str) -> str:
    """An id of the other bank's as a part of a path."""
    if not identifier or not all(one.isalnum() or one in "-_.~" for one in identifier):
        raise BankTrouble(_("It uses an id that cannot be part of an address."))
    return identifier
