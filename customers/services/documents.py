"""Documents: asked for, handed in, described, run out, erased."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, files, lifecycle, records, uploads
from clm.core.models import User
from customers.document_lifecycle import STANDING, DocumentState
from customers.documents import mrz as zone
from customers.models import Customer, Document, DocumentKind, PartyKind
from customers.models.documents import WITH_ZONE
from customers.selectors.documents import EXPIRING_DAYS
from customers.services.parts import lock

#: Files of one customer that may wait to be looked at, and that may come in a day.
MOST_WAITING = 25
MOST_A_DAY = 40


def request_document(
    *, customer: Customer, kind: str, note: str = "", actor: User, at: datetime
) -> Document:
    """
    Ask the customer for a document; the same that is asked for already is the answer.

    :raises PermissionDenied: `actor` may not ask
    :raises ValidationError: no such kind
    """
    if not actors.may(actor=actor, permission="customers.add_document"):
        raise PermissionDenied(_("You may not ask for documents."))
    note = note.strip()
    with transaction.atomic():
        locked = lock(customer=customer)
        asked = Document.objects.filter(
            customer=locked, kind=kind, note=note, state=DocumentState.REQUESTED
        ).first()
        return asked or _begin(Document(customer=locked, kind=kind, note=note), True, actor, at)


def upload_document(
    *,
    customer: Customer,
    kind: str,
    file: IO[bytes] | bytes,
    name: str = "",
    expires_on: date | None = None,
    zone_lines: str = "",
    request: Document | None = None,
    actor: User,
    at: datetime,
) -> Document:
    """
    Hand in a document. It answers `request`, else what was first asked for of its kind, if
    anything. The same file a second time is the document that is there already.

    :param name: what the sender calls the file; not kept
    :param zone_lines: the typed lines of its machine-readable zone, which say when it expires
    :raises PermissionDenied: `actor` may not
    :raises ValidationError: by field: `file` (:class:`clm.core.uploads.UploadRefused`),
        `zone_lines`, `expires_on`, `kind`
    """
    if not actors.may(actor=actor, permission="customers.upload_document"):
        raise PermissionDenied(_("You may not hand in documents."))
    if kind not in DocumentKind.values:
        raise ValidationError({"kind": _("Choose what it is.")})
    told = _described(customer, kind, expires_on, zone_lines, at)
    taken = uploads.take_in(file=file, name=name)
    with files.dropped_on_error(), transaction.atomic():
        locked = lock(customer=customer)
        same = _the_same(locked, kind, taken.digest)
        if same is not None:
            return same
        _not_too_many(locked, at)
        told |= {
            "file": files.store(content=taken.content, name=f"{kind}.{taken.suffix}"),
            "content_type": taken.content_type,
            "size": len(taken.content),
            "pages": taken.pages,
            "digest": taken.digest,
            "uploaded_at": at,
        }
        document = _answered(locked, kind, request)
        if document is None:
            document = _begin(Document(customer=locked, kind=kind, **told), False, actor, at)
        else:
            document = records.change(record=document, changes=told, actor=actor, at=at)
        return lifecycle.perform(record=document, name="upload", actor=actor, at=at)


def describe_document(
    *,
    document: Document,
    expires_on: date | None = None,
    zone_lines: str = "",
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Document:
    """
    Say when a document expires, or what its machine-readable zone says.

    :raises TransitionRefused: it was decided already
    :raises ValidationError: by field
    """
    told = _described(document.customer, document.kind, expires_on, zone_lines, at)
    with transaction.atomic():
        locked = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if locked.state not in (DocumentState.REQUESTED, DocumentState.UPLOADED):
            raise lifecycle.TransitionRefused([_("The document waits to be looked at")])
        return records.change(record=locked, changes=told, actor=actor, at=at, version=version)


def ask_again(*, record: Any, actor: User, at: datetime) -> None:
    """Beside `reject`: the same is asked for once more, by a row that knows in whose place."""
    _begin(
        Document(
            customer_id=record.customer_id, kind=record.kind, note=record.note, again_of=record
        ),
        True,
        actor,
        at,
    )


def expire_documents(*, at: datetime, limit: int = 500) -> int:
    """Let accepted documents go whose last day has passed; how many."""
    over = list(
        Document.objects.filter(
            state=DocumentState.ACCEPTED, expires_on__lt=timezone.localdate(at)
        ).order_by("expires_on", "id")[:limit]
    )
    system = actors.system_user()
    outcome = lifecycle.perform_many(records=over, name="expire", actor=system, at=at)
    return len(outcome.done)


def announce_expiring(*, at: datetime, limit: int = 500) -> int:
    """
    Event `expiring` for each accepted document that ends within 60 days, once for its end.

    :returns: how many
    """
    today = timezone.localdate(at)
    with transaction.atomic():
        found = list(
            Document.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(
                state=DocumentState.ACCEPTED,
                expires_on__range=(today, today + timedelta(days=EXPIRING_DAYS)),
                expiry_told_on=None,
            )
            .order_by("expires_on", "id")[:limit]
        )
        for document in found:
            assert document.expires_on is not None
            records.note(
                record=document,
                action="expiring",
                actor=actors.system_user(),
                at=at,
                payload={
                    "customer_id": str(document.customer_id),
                    "kind": document.kind,
                    "expires_on": document.expires_on.isoformat(),
                },
            )
        Document.objects.filter(pk__in=[one.pk for one in found]).update(expiry_told_on=today)
    return len(found)


def drop_documents(*, customer_ids: Sequence[UUID]) -> None:
    """Erase the files and what describes them; that there was a document stays."""
    held = Document.objects.filter(customer_id__in=customer_ids)
    keys = [one for one in held.values_list("file", flat=True) if one]
    held.update(
        note="", file="", content_type="", size=None, pages=None, digest=None, issuer="",
        number_end="", zone_differs=None,
    )  # fmt: skip

    def delete() -> None:
        for key in keys:
            files.delete(key=key)

    transaction.on_commit(delete)


def _begin(document: Document, asked: bool, actor: User, at: datetime) -> Document:
    document.state_since = at
    return records.create(
        record=document,
        actor=actor,
        at=at,
        payload={
            "customer_id": str(document.customer_id),
            "kind": document.kind,
            "asked": asked,
            "again_of": str(document.again_of_id) if document.again_of_id else None,
        },
    )


def _answered(customer: Customer, kind: str, request: Document | None) -> Document | None:
    """
    What was asked for and is answered now.

    :raises TransitionRefused: `request` is answered or called off, or is another customer's
    """
    asked = Document.objects.select_for_update(of=("self",)).filter(
        customer=customer, state=DocumentState.REQUESTED
    )
    if request is None:
        return asked.filter(kind=kind).order_by("created_at", "id").first()
    found = asked.filter(pk=request.pk, kind=kind).first()
    if found is None:
        raise lifecycle.TransitionRefused([_("This document is still asked for")])
    return found


def _the_same(customer: Customer, kind: str, digest: bytes) -> Document | None:
    """
    The document of the kind that has this very file and still stands.

    :raises ValidationError: it is the file that was rejected
    """
    found = Document.objects.filter(customer=customer, kind=kind, digest=digest)
    here = found.filter(state__in=STANDING).order_by("-uploaded_at").first()
    if here is None and found.filter(state=DocumentState.REJECTED).exists():
        raise ValidationError(
            {"file": _("This is the file that could not be used. Send another one.")}
        )
    return here


def _not_too_many(customer: Customer, at: datetime) -> None:
    theirs = Document.objects.filter(customer=customer)
    waiting = theirs.filter(state=DocumentState.UPLOADED).count()
    today = theirs.filter(uploaded_at__gt=at - timedelta(days=1)).count()
    if waiting >= MOST_WAITING or today >= MOST_A_DAY:
        raise ValidationError(
            {"file": _("There are many files already that we have not looked at. Send more later.")}
        )


def _described(
    customer: Customer, kind: str, expires_on: date | None, zone_lines: str, at: datetime
) -> dict[str, Any]:
    """What is told of the document, as its fields; only what was told."""
    today = timezone.localdate(at)
    told: dict[str, Any] = {}
    if zone_lines.strip():
        if kind not in WITH_ZONE:
            raise ValidationError({"zone_lines": _("Such a document has no such lines.")})
        try:
            read = zone.read(text=zone_lines, today=today)
        except zone.MrzRefused as refusal:
            raise ValidationError({"zone_lines": str(refusal)}) from None
        if expires_on is not None and expires_on != read.expires_on:
            raise ValidationError({"expires_on": _("The lines of the document say another day.")})
        expires_on = read.expires_on
        told = {
            "issuer": read.issuer,
            "number_end": read.number[-4:] if len(read.number) > 5 else "",
            "zone_differs": _differs(customer, read),
        }
    if expires_on is not None:
        if expires_on < today:
            raise ValidationError({"expires_on": _("This document has expired.")})
        told["expires_on"] = expires_on
    return told


def _differs(customer: Customer, read: zone.Mrz) -> list[str]:
    if customer.kind != PartyKind.PERSON:
        return []
    found = []
    if not zone.same_name(
        given_names=customer.given_names, family_name=customer.family_name, mrz=read
    ):
        found.append("name")
    if customer.born_on and read.born_on and customer.born_on != read.born_on:
        found.append("born_on")
    return found
