"""The pages of acquisition in a real browser: readable by everybody, on a phone as well."""

import pytest

from acquisition.lifecycle import LeadState
from tests import browser as real
from tests.factories import acquisition as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize("look", real.LOOKS)
def test_pages_are_clean(live_server, ada, make_user, aarhus, look):
    campaign = make.campaign()
    lead = make.lead(branch=aarhus, campaign=campaign)
    make.lead(state=LeadState.CONTACTED, branch=aarhus)
    paths = {
        "board": "/acquisition/",
        "leads": "/acquisition/leads/",
        "nothing": "/acquisition/leads/?state=LOST",
        "lead": f"/acquisition/leads/{lead.pk}/",
        "edit": f"/acquisition/leads/{lead.pk}/edit/",
        "new": "/acquisition/leads/new/",
    }
    real.assert_clean(ada, base_url=live_server.url, paths=paths, look=look, name="acquisition")
    form = make.capture_form(campaign=campaign, code="studerende", product=None)
    plans = {
        "import": "/acquisition/leads/import/",
        "results": "/acquisition/results/?by=channel",
        "steps": "/acquisition/steps/",
        "new-step": f"/acquisition/campaigns/{campaign.pk}/steps/new/",
        "form": f"/acquisition/forms/{form.pk}/edit/",
        "interest": "/acquisition/interest/studerende/",
        "campaigns": "/acquisition/campaigns/",
        "campaign": f"/acquisition/campaigns/{campaign.pk}/",
        "campaign-edit": f"/acquisition/campaigns/{campaign.pk}/edit/",
    }
    maria = make_user("maria", "manager", branch=aarhus)
    real.assert_clean(maria, base_url=live_server.url, paths=plans, look=look, name="acquisition")
