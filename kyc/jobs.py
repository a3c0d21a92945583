"""Loading lists, screening the whole bank again, monitoring transactions, replaying a rule."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_lazy

from clm.core import files
from clm.core.jobs import JobFailed, registry, say
from clm.core.models import Job
from clm.core.sayings import gettext as _
from customers.models import Customer
from kyc import companies, screening
from kyc.lists import ListError
from kyc.models import MonitoringDue, Trigger, WatchlistEntry
from kyc.services import (
    load_list,
    monitor_next,
    note_register_extract,
    replay_next,
    replay_of,
    rescreen,
)
from kyc.services.monitoring import MONITOR
from kyc.services.portfolio import RESCREEN
from kyc.services.registers import READ
from kyc.services.rules import REPLAY
from kyc.services.uploads import LOAD

#: Most of a range is read and compared; few have a match that is looked at.
CHUNK = 5_000


@registry.register
class LoadList:
    """
    One list from its file, in one step: whole or not at all.

    Parameters: `format`, `list` (its name, or empty). A list in doubt is held back, and the job
    says so.
    """

    name = LOAD
    label = gettext_lazy("Load of a watchlist")
    permission = "kyc.import_watchlist"
    # The versions keep what a list states, and a held one its file.
    keeps_file = False

    def step(self, *, job: Job, at: datetime) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "list"
            with files.open_file(key=job.file) as kept, path.open("wb") as copy:
                shutil.copyfileobj(kept, copy)
            try:
                loaded = load_list(
                    format=job.parameters["format"], path=path, name=job.parameters["list"],
                    actor=job.created_by, at=at,
                )  # fmt: skip
            except ListError as error:
                raise JobFailed(*error.args, _("The version in force stays.")) from None
        said: list[str] = list(loaded.notes)
        if loaded.version is None:
            said.insert(0, _("Nothing changed: this version is in force already."))
        else:
            version = loaded.version
            job.outcome = {
                "entries": version.entries,
                "names": version.names,
                "added": version.added,
                "changed": version.changed,
                "removed": version.removed,
            }
            if loaded.held:
                # Nothing has changed yet; what it would change is known when it is accepted.
                job.outcome = {"entries": version.entries, "names": version.names}
                said[:0] = [_("Held back."), *loaded.doubts]
        if said:
            say(job, f"{loaded.watchlist}:", *said)
        job.done = job.total = loaded.version.entries if loaded.version else 0
        return True


@registry.register
class Rescreen:
    """One step screens the next customers in order of their id against a version's new entries."""

    name = RESCREEN
    label = gettext_lazy("Screen all customers against a list change")
    permission = "kyc.import_watchlist"

    def step(self, *, job: Job, at: datetime) -> bool:
        """Screen one range; running a range again opens no second case."""
        version = UUID(job.parameters["version_id"])
        entries = set(
            WatchlistEntry.objects.filter(changed_in=version, removed_in=None).values_list(
                "pk", flat=True
            )
        )
        customers = Customer.objects.order_by("pk")
        if not job.total:
            job.total = customers.count()
        last = job.cursor.get("last")
        if last:
            customers = customers.filter(pk__gt=last)
        part = list(customers.values_list(*screening.ASKED, named=True)[:CHUNK])
        if not part or not entries:
            job.done = job.total
            return True
        parties = [screening.customer_party(one) for one in part]
        screened = screening.screen(parties=parties, entries=entries)
        found = {one.pk: rows for one, rows in zip(part, screened, strict=True) if rows}
        opened = rescreen(
            customers=list(Customer.objects.filter(pk__in=found).order_by("pk")),
            trigger=Trigger.LIST_CHANGED,
            at=at,
            cause=version,
            found=found,
        )
        job.cursor = {
            "last": str(part[-1].pk),
            "opened": job.cursor.get("opened", 0) + opened,
        }
        job.done += len(part)
        return len(part) < CHUNK


@registry.register
class Monitor:
    """
    One step looks at the next customers that are due.

    It counts customers and nothing that was found: who sees every job is not for that told of
    suspicions.
    """

    name = MONITOR
    label = gettext_lazy("Transaction monitoring")
    permission = "kyc.run_monitoring"

    def step(self, *, job: Job, at: datetime) -> bool:
        last = job.cursor.get("last")
        if job.total is None:
            job.total = MonitoringDue.objects.count()
        after, count = monitor_next(after=UUID(last) if last else None, at=at)
        job.done += count
        if after is None:
            job.total = job.done
            return True
        job.cursor = {"last": str(after)}
        return False


@registry.register
class ReplayRule:
    """One step replays the next customers; what it finds stands with the rule, not with the job."""

    name = REPLAY
    label = gettext_lazy("Replay of a monitoring rule")
    permission = "kyc.change_monitoringrule"

    def step(self, *, job: Job, at: datetime) -> bool:
        replay, last = replay_of(job=job), job.cursor.get("last")
        if job.total is None:
            job.total = Customer.objects.count()
        after, count = replay_next(replay=replay, after=UUID(last) if last else None, at=at)
        job.done += count
        if after is None:
            job.total = job.done
            return True
        job.cursor = {"last": str(after)}
        return False


@registry.register
class ReadRegister:
    """One question to a company register, in one step; what it says otherwise opens a case."""

    name = READ
    label = gettext_lazy("Question to a company register")
    permission = "kyc.add_case"

    def step(self, *, job: Job, at: datetime) -> bool:
        customer = Customer.objects.get(pk=UUID(job.parameters["customer_id"]))
        register = companies.registered()[job.parameters["register"]]
        try:
            said = register.read(companies.number_of(customer=customer, kind=register))
        except companies.NotInRegister:
            raise JobFailed(_("The register knows no company of this number.")) from None
        except companies.RegisterTrouble as trouble:
            why = _("The register does not answer as agreed (%(why)s). Ask it again later.")
            raise JobFailed(why % {"why": trouble}) from None
        found = note_register_extract(customer=customer, extract=said, actor=job.created_by, at=at)
        job.done = job.total = 1
        job.outcome = {"differences": len(found)}
        return True
