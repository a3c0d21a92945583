"""The administrator's workbench in a real browser: as readable as the rest of the house."""

import pytest

from retention.models import Playbook
from tests import browser as real

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize("look", real.LOOKS)
def test_the_workbench_is_clean(live_server, admin_, ada, aarhus, look):
    playbook = Playbook.objects.all()[0]
    paths = {
        "index": "/admin/",
        "users": "/admin/core/user/",
        "role": "/admin/core/user/?role=adviser",
        "user": f"/admin/core/user/{ada.pk}/change/",
        "branches": "/admin/core/branch/",
        "branch": f"/admin/core/branch/{aarhus.pk}/change/",
        "history": f"/admin/core/branch/{aarhus.pk}/history/",
        "tasks": "/admin/core/task/",
        "playbook": f"/admin/retention/playbook/{playbook.pk}/change/",
    }
    real.assert_clean(admin_, base_url=live_server.url, paths=paths, look=look, name="admin")


def test_only_the_banks_roles_are_offered_as_a_filter(admin_, ada, client_for):
    page = client_for(admin_).get("/admin/core/user/?role=adviser").content.decode()
    assert "Onboarding officer" in page
    assert "scope " not in page.partition('id="changelist-filter"')[2]
    assert f"/admin/core/user/{ada.pk}/change/" in page
    assert f"/admin/core/user/{admin_.pk}/change/" not in page
