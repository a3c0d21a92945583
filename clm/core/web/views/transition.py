"""The one place where a page takes a record through a transition."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from clm.core import lifecycle
from clm.core.models import Record
from clm.core.web import transitions
from clm.core.web.views.staff import StaffMixin, StaffRequest, safe_next


def refusal_response(
    request: HttpRequest, *, title: str, reasons: Sequence[str], status: int, back: str
) -> HttpResponse:
    """
    Say no in words: a toast for htmx with `status`, else a message on the page one came from.
    """
    if getattr(request, "htmx", False):
        response = render(
            request,
            "core/_toast.html",
            {"kind": "error", "title": title, "reasons": reasons},
            status=status,
        )
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
        response["HX-Reselect"] = ".toast-n"
        return response
    text = format_html("{}", title)
    if reasons:
        items = format_html_join("", "<li>{}</li>", ((one,) for one in reasons))
        text = format_html("{}<ul>{}</ul>", title, items)
    messages.error(request, text)
    return HttpResponseRedirect(back)


class TransitionView(StaffMixin):
    """
    POST `reason`, `version`, `next`: through the gate, then back to where the person was.

    A record out of reach is 404, a missing permission 403, a refusal names every guard.
    """

    http_method_names = ["post"]
    request: StaffRequest

    def page_of(self) -> str:
        label = "{app}.{model}".format(**self.kwargs)
        return transitions.url_of(
            transitions.reachable(label=label, pk=self.kwargs["pk"], actor=self.request.user)
        )

    def post(
        self, request: StaffRequest, app: str, model: str, pk: UUID, name: str, **_kwargs: Any
    ) -> HttpResponse:
        record = transitions.reachable(label=f"{app}.{model}", pk=pk, actor=request.user)
        offered = {
            o.name: o
            for o in lifecycle.available(
                record=record, actor=request.user, at=timezone.now(), everywhere=True
            )
        }
        if name not in offered:
            raise Http404
        back = safe_next(request, transitions.url_of(record))
        label = offered[name].label
        try:
            done = lifecycle.perform(
                record=record,
                name=name,
                actor=request.user,
                at=timezone.now(),
                reason=request.POST.get("reason", "").strip(),
                version=_version(request),
            )
        except lifecycle.TransitionRefused as refusal:
            title = _("“%(action)s” is not possible yet. What is missing:") % {"action": label}
            return refusal_response(
                request, title=title, reasons=refusal.reasons, status=409, back=back
            )
        except lifecycle.StaleVersion:
            return self._conflict(record, back)
        except PermissionDenied:
            raise
        messages.success(request, self._done(done, label))
        return HttpResponseRedirect(back)

    def _conflict(self, record: Record, back: str) -> HttpResponse:
        title = _("Somebody changed this while you were looking at it.")
        advice = _("Nothing was done. The page now shows how it stands; look again and decide.")
        return refusal_response(self.request, title=title, reasons=[advice], status=409, back=back)

    def _done(self, record: Record, label: str) -> str:
        machine = lifecycle.machine_of(type(record))
        return _("%(action)s: done. Now: %(state)s.") % {
            "action": label,
            "state": machine.state_label(machine.state_of(record)),
        }


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
