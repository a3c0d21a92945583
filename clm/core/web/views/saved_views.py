"""Saving a list's filters under a name."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from clm.core.models import SavedView
from clm.core.web.views.staff import StaffMixin, StaffRequest, safe_next

# Where a list stands in its pages is not part of a view.
_TRANSIENT = ("after", "before", "csrfmiddlewaretoken")


class SaveView(StaffMixin):
    """POST `page`, `query`, `name`, `shared`; the same name again overwrites one's own view."""

    http_method_names = ["post"]

    def post(self, request: StaffRequest) -> HttpResponse:
        back = safe_next(request)
        page = request.POST.get("page", "")[:80]
        if request.POST.get("delete"):
            own = SavedView.objects.filter(owner=request.user, page=page)
            wanted = request.POST.get("view", "")
            for view in own:
                if str(view.pk) == wanted:
                    view.delete()
            messages.success(request, _("The view is removed."))
            return HttpResponseRedirect(back.split("?")[0])
        name = request.POST.get("name", "").strip()[:60]
        query = QueryDict(request.POST.get("query", "")[:1000], mutable=True)
        for key in _TRANSIENT:
            query.pop(key, None)
        if not (page and name):
            messages.error(request, _("A view needs a name."))
            return HttpResponseRedirect(back)
        SavedView.objects.update_or_create(
            page=page,
            owner=request.user,
            name=name,
            defaults={
                "query": query.urlencode()[:1000],
                "shared": bool(request.POST.get("shared")),
            },
        )
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": name})
        return HttpResponseRedirect(back)
