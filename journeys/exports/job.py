"""The job that makes a map's file."""

from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from clm.core import files, jobs
from clm.core.models import Job, User
from clm.core.sayings import gettext as _
from journeys import selectors
from journeys.exports.content import tell
from journeys.exports.drawing import svg
from journeys.exports.page import page
from journeys.exports.paper import paper
from journeys.models import JourneyMap

KIND = "journeys.map_export"
#: What a map can be taken along as, with the ending of its file.
FORMS = {
    "svg": (gettext_lazy("Drawing with layers (SVG)"), "svg"),
    "pdf": (gettext_lazy("Paper, A3 (PDF)"), "pdf"),
    "boards": (gettext_lazy("Boards to write on, A3 (PDF)"), "pdf"),
    "html": (gettext_lazy("Page that needs no server (HTML)"), "html"),
}


@jobs.registry.register
class MapExport:
    """One map as a file. Parameters: `map_id`, `form`, `language`."""

    name = KIND
    label = gettext_lazy("Journey map as a file")
    permission = "journeys.view_journeymap"

    def step(self, *, job: Job, at: datetime) -> bool:
        found = _of(job, job.created_by)
        if found is None:
            raise jobs.JobFailed(_("You may not see this map any more."))
        form, language = job.parameters["form"], job.parameters["language"]
        with translation.override(language):
            told = tell(of=found, actor=job.created_by, language=language, at=at)
            if form == "svg":
                content = svg(told).encode()
            elif form == "html":
                content = page(told).encode()
            else:
                content = paper(told, boards=form == "boards", at=at)
        job.total = job.done = 1
        job.result_file = files.store(content=content)
        name = slugify(found.name)[:80] or "map"
        job.result_name = f"{name}{'-boards' if form == 'boards' else ''}.{FORMS[form][1]}"
        return True

    def may_fetch(self, *, job: Job, actor: User) -> bool:
        """Only who made it: what is measured on it is within their reach."""
        return actor.is_active and actor.pk == job.created_by_id and _of(job, actor) is not None


def _of(job: Job, actor: User) -> JourneyMap | None:
    key = UUID(job.parameters["map_id"])
    return selectors.visible_maps(actor=actor).filter(pk=key).first()
