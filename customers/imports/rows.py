"""Rows become customers: checked, compared with what is known, stored in bulk."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import bulk, crypto
from clm.core.models import Branch, User
from clm.core.table_jobs import Fault
from clm.core.tables import Row
from customers.imports import sources
from customers.imports.columns import CONVERTERS, IDENTIFIERS, BadCell, cell_text, is_plain
from customers.lifecycle import Stage
from customers.models import Customer, ImportBatch, SourceRecord
from customers.services import drafts, golden
from customers.services.sources import name_system
from customers.single_view.payloads import pack

_PARTS = {"email", "phone", "address", "postal_code", "city", "country", *IDENTIFIERS}
#: Looked up among what exists, or set when the customer is stored.
_SET_LATER = frozenset({"stage_since", "adviser", "branch", "created_at", "updated_at"})
#: The field of a customer -> the column it came from, for naming faults.
_COLUMN_OF = {"emails": "email", "phones": "phone"}


@dataclass
class Candidate:
    """
    A row that can be read: its draft, its key in the source system, its digest.

    `token` is what a source record keeps that says this for the first time.
    """

    line: int
    key: str
    digest: bytes
    new: drafts.NewCustomer
    values: dict[str, Any]
    token: str


@dataclass
class Chunk:
    """What became of some rows."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    linked: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Lookups:
    """Branches and advisers by the words a file uses for them."""

    branches: Mapping[str, Branch]
    advisers: Mapping[str, User]

    @classmethod
    def load(cls) -> "Lookups":
        branches = {}
        for branch in Branch.objects.all():
            branches[branch.code.lower()] = branches[branch.name.lower()] = branch
        people = User.objects.filter(is_active=True, is_robot=False)
        return cls(branches, {user.username.lower(): user for user in people})

    def branch(self, text: str) -> Branch:
        """:raises BadCell:"""
        found = self.branches.get(text.lower())
        if found is None:
            raise BadCell("branch", _("There is no such branch."))
        return found

    def adviser(self, text: str) -> User:
        """:raises BadCell:"""
        found = self.advisers.get(text.lower())
        if found is None:
            raise BadCell("adviser", _("There is no such adviser."))
        return found


@dataclass(frozen=True)
class Reading:
    """How the rows of a file are read: its source, what its columns mean, and what exists."""

    source: str
    meaning: Mapping[int, str]
    lookups: Lookups
    at: datetime

    @cached_property
    def columns(self) -> list[tuple[int, str, Callable[[str], Any] | None]]:
        """Where each column stands, its name, and what makes its value of its text."""
        known = {**CONVERTERS, "branch": self.lookups.branch, "adviser": self.lookups.adviser}
        return [(place, name, known.get(name)) for place, name in self.meaning.items()]

    @cached_property
    def today(self) -> date:
        return timezone.localdate(self.at)


def understand(*, row: Row, reading: Reading) -> Candidate | list[Fault]:
    """A candidate, or every fault of the row."""
    if row.fault:
        return [Fault(row.line, "", *row.fault)]
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    cells = row.cells
    plain = is_plain(cells)
    for place, name, convert in reading.columns:
        text = cells[place]
        try:
            text = text.strip() if plain else cell_text(name, text)
            if text:
                values[name] = text if convert is None else convert(text)
        except BadCell as exc:
            faults.append(Fault(row.line, name, exc.code, str(exc)))
    if faults:
        return faults
    try:
        new = _draft(values, reading)
    except ValidationError as exc:
        return _faults(row.line, exc)
    key = _key(values, new)
    if key is None:
        sentence = _("The row has neither an id nor a CPR, CVR or LEI number.")
        return [Fault(row.line, "external_id", "no_key", sentence)]
    token = pack(values=sources.said(values=values, new=new), at=reading.at)
    return Candidate(row.line, key, _digest(reading.source, values), new, values, token)


def settle(
    *,
    candidates: Iterable[Candidate],
    source: str,
    actor: User,
    at: datetime,
    batch: ImportBatch | None,
    dry_run: bool,
) -> Chunk:
    """
    Store new customers, write changed ones, link known ones; or with `dry_run` only count.

    A row whose digest is the one last seen changes nothing.
    """
    chunk = Chunk()
    fresh = _distinct(list(candidates), chunk)
    known = _known(source, [one.key for one in fresh])
    held = drafts.taken([index for one in fresh for index in one.new.indexes])
    new: list[Candidate] = []
    links: list[tuple[Candidate, UUID]] = []
    changed: list[tuple[Candidate, UUID]] = []
    for one in fresh:
        record = known.get(one.key)
        holders = {held[index] for index in one.new.indexes if index in held}
        if record is not None:
            if _again(one, record, holders, chunk, batch=batch):
                changed.append((one, record.id))
        elif len(holders) > 1:
            sentence = _("The numbers of this row belong to different customers.")
            chunk.faults.append(Fault(one.line, "", "identifiers", sentence))
        elif holders:
            links.append((one, holders.pop()))
        else:
            new.append(one)
    chunk.created, chunk.linked, chunk.changed = len(new), len(links), len(changed)
    if not dry_run:
        before = SourceRecord.objects.select_related("customer").in_bulk(pk for _one, pk in changed)
        for one, pk in changed:
            sources.say_again(
                record=before[pk], values=one.values, new=one.new, digest=one.digest, actor=actor,
                at=at,
            )  # fmt: skip
        _write(new, links, source=source, actor=actor, at=at, batch=batch)
    return chunk


class _Seen(NamedTuple):
    """What has to be known of a source record to tell whether its row says anything new."""

    id: UUID
    digest: bytes
    customer_id: UUID
    batch_id: UUID | None


def _known(source: str, keys: Sequence[str]) -> dict[str, _Seen]:
    rows = SourceRecord.objects.filter(system=source, external_id__in=keys).values_list(
        "external_id", "id", "digest", "customer_id", "batch_id"
    )
    return {key: _Seen(pk, bytes(digest), *rest) for key, pk, digest, *rest in rows}


def _again(
    one: Candidate,
    record: _Seen,
    holders: set[Any],
    chunk: Chunk,
    *,
    batch: ImportBatch | None,
) -> bool:
    """
    Whether a row whose id is known says something new.

    Else it is unchanged, or cannot be used: the same id twice in this file, another's number.
    """
    if record.digest == one.digest:
        chunk.unchanged += 1
        return False
    if batch is not None and record.batch_id == batch.pk:
        sentence = _("This id stood in the file before, with other content.")
        chunk.faults.append(Fault(one.line, "external_id", "duplicate", sentence))
        return False
    if holders - {record.customer_id}:
        sentence = _("Another customer has this number already.")
        chunk.faults.append(Fault(one.line, "", "identifiers", sentence))
        return False
    return True


_NOT_FIELDS = _PARTS | {"external_id", "kind"}


def _write(
    new: list[Candidate],
    links: list[tuple[Candidate, UUID]],
    *,
    source: str,
    actor: User,
    at: datetime,
    batch: ImportBatch | None,
) -> None:
    drafts.store(drafts=[one.new for one in new], actor=actor, at=at, source=source, validate=False)
    batch_id = batch.pk if batch is not None else None
    pairs = [(one, one.new.customer.id, batch_id) for one in new]
    pairs += [(one, customer_id, None) for one, customer_id in links]
    bulk.insert(
        model=SourceRecord,
        columns=(
            "customer_id", "system", "external_id", "digest", "ciphertext", "batch_id", "seen_at",
        ),
        rows=(
            (customer_id, source, one.key, one.digest, one.token, batch_id, at)
            for one, customer_id, batch_id in pairs
        ),
    )  # fmt: skip
    if pairs:
        name_system(code=source)
    for linked in Customer.objects.filter(pk__in={customer_id for _one, customer_id in links}):
        golden.settle(customer=linked, actor=actor, at=at)


def _distinct(candidates: list[Candidate], chunk: Chunk) -> list[Candidate]:
    """The candidates without those whose id or number an earlier row of the chunk has."""
    seen: dict[Any, Candidate] = {}
    fresh: list[Candidate] = []
    for one in candidates:
        # Ids are text and indexes bytes, so that none is taken for another.
        marks = [one.key, *one.new.indexes]
        earlier = next(filter(None, map(seen.get, marks)), None)
        if earlier is None:
            seen.update(dict.fromkeys(marks, one))
            fresh.append(one)
        elif earlier.key == one.key and earlier.digest == one.digest:
            chunk.unchanged += 1
        else:
            sentence = _("This id or number stands in line %(line)d already.") % {
                "line": earlier.line
            }
            chunk.faults.append(Fault(one.line, "external_id", "duplicate", sentence))
    return fresh


def _draft(values: Mapping[str, Any], reading: Reading) -> drafts.NewCustomer:
    kind = values.get("kind") or _guessed_kind(values)
    fields = {name: value for name, value in values.items() if name not in _NOT_FIELDS}
    addresses = []
    if "address" in values:
        addresses.append(
            {
                "kind": "home" if kind == "person" else "registered",
                "line1": values["address"][:200],
                "postal_code": values.get("postal_code", "")[:20],
                "city": values.get("city", "")[:120],
                "country": values.get("country", "DK"),
            }
        )
    new = drafts.draft(
        kind=kind,
        stage=Stage.UNADMITTED,
        source=reading.source,
        emails=values.get("email", ()),
        phones=values.get("phone", ()),
        identifiers=[(name, values[name]) for name in IDENTIFIERS if name in values],
        addresses=addresses,
        **fields,
    )
    new.customer.clean_fields(exclude=_SET_LATER)
    _refuse_nameless(new.customer, reading.today)
    return new


def _guessed_kind(values: Mapping[str, Any]) -> str:
    return "organisation" if "name" in values and "family_name" not in values else "person"


def _refuse_nameless(customer: Customer, today: date) -> None:
    if customer.kind == "person":
        if not customer.family_name:
            raise ValidationError({"family_name": _("A person needs a family name.")})
        if customer.name:
            raise ValidationError(
                {"name": _("A person has given names and a family name instead.")}
            )
    elif not customer.name:
        raise ValidationError({"name": _("An organisation needs a name.")})
    elif customer.given_names or customer.family_name:
        raise ValidationError({"family_name": _("An organisation has only one name.")})
    if customer.born_on and not date(1880, 1, 1) <= customer.born_on <= today:
        raise ValidationError({"born_on": _("This date of birth cannot be.")})


def _key(values: Mapping[str, Any], new: drafts.NewCustomer) -> str | None:
    if "external_id" in values:
        return str(values["external_id"])[:120]
    if new.identifiers:
        first = new.identifiers[0]
        # The blind index stands for the number, which must not be kept in clear.
        return f"{first.kind}:{new.indexes[0].hex()}"
    return None


def _digest(source: str, values: Mapping[str, Any]) -> bytes:
    canonical = "\x1f".join([f"{name}={values[name]!s}" for name in sorted(values)])
    return crypto.blind_index(value=canonical, purpose=f"customers.import.{source}")


def _faults(line: int, exc: ValidationError) -> list[Fault]:
    if not hasattr(exc, "error_dict"):
        return [Fault(line, "", "invalid", " ".join(exc.messages))]
    return [
        Fault(line, _COLUMN_OF.get(name, name), name, " ".join(messages))
        for name, messages in exc.message_dict.items()
    ]
