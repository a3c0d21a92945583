"""Views of the kit; other apps build theirs on `StaffView`."""

from clm.core.web.views.staff import StaffFormView, StaffMixin, StaffRequest, StaffView, safe_next

__all__ = ["StaffFormView", "StaffMixin", "StaffRequest", "StaffView", "safe_next"]
