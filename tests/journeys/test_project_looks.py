"""Every page of a mapping project in both languages and looks, wide and narrow."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clm.core.models import Branch
from clm.demobank import golive, mapping, staff
from journeys.models import MappingProject, ResearchNote
from tests.browser import LOOKS, assert_clean, needs_chromium
from tests.factories import customers as make


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_project_are_clean(live_server: Any) -> None:
    users, now = staff.make_staff(), timezone.now()
    for branch in Branch.objects.all():
        make.customer(branch=branch, at=now - timedelta(days=720))
    start = now - timedelta(days=730)
    mapping.plant(golive.Bank(rng=random.Random(1), users=users, products={}, start=start, now=now))
    project, note = MappingProject.objects.get(), ResearchNote.objects.earliest("pk")
    home = f"/journeys/projects/{project.pk}/"
    paths = {
        name: f"{home}?module={name}"
        for name in ("briefing", "research", "workshop", "analysis", "plan")
    } | {
        "list": "/journeys/projects/",
        "edit": f"{home}edit/",
        "note": f"/journeys/parts/notes/{note.pk}/",
        "dna": "/journeys/dna/",
    }
    for look in LOOKS:
        assert_clean(
            users["nina"], base_url=live_server.url, paths=paths, look=look, name="project"
        )
