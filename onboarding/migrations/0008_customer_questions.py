"""Questions of customers to a person, and the articles that the assistant starts with."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clm.core.ids
from clm.core.assistant import services

SEED = Path(__file__).resolve().parent.parent / "seed" / "articles.json"
FROM = datetime(2026, 1, 1, tzinfo=UTC)


def load_articles(apps: Any, schema_editor: Any) -> None:
    services.load_articles(
        model=apps.get_model("assistant", "Article"),
        shipped=json.loads(SEED.read_text(encoding="utf-8")),
        at=FROM,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_event_log"),
        ("onboarding", "0007_refusal_letters"),
        ("assistant", "0001_articles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerQuestion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clm.core.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_index=True, editable=False, verbose_name="created at"),
                ),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="updated at")),
                ("text", models.TextField(max_length=500, verbose_name="question")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("reply", models.TextField(blank=True, max_length=2000, verbose_name="answer")),
                (
                    "replied_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="onboarding.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "replied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "verbose_name": "question of a customer",
                "verbose_name_plural": "questions of customers",
                "ordering": ["created_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("replied_at__isnull", True)),
                        fields=["due_at"],
                        name="question_open",
                    )
                ],
            },
        ),
        migrations.RunPython(load_articles, migrations.RunPython.noop),
    ]
