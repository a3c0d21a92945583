"""Welcome plans with their messages."""

import django.db.models.deletion
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0008_customer_questions"),
    ]

    operations = [
        migrations.CreateModel(
            name="WelcomePlan",
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
                ("begun_at", models.DateTimeField(verbose_name="begun")),
                (
                    "login_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="first login"),
                ),
                (
                    "payment_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="first payment"),
                ),
                (
                    "salary_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="salary in"),
                ),
                (
                    "card_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="card in use"),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="welcome",
                        to="onboarding.application",
                        verbose_name="application",
                    ),
                ),
            ],
            options={
                "verbose_name": "welcome plan",
                "verbose_name_plural": "welcome plans",
            },
        ),
        migrations.CreateModel(
            name="WelcomeMessage",
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
                ("step", models.CharField(max_length=40, verbose_name="step")),
                (
                    "sending",
                    models.CharField(
                        choices=[
                            ("waiting", "To come"),
                            ("sent", "Sent"),
                            ("skipped", "Not needed or not allowed"),
                            ("failed", "Could not be sent"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="sending",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("channel", models.CharField(blank=True, max_length=8, verbose_name="channel")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="why")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="onboarding.welcomeplan",
                        verbose_name="welcome plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "message of a welcome plan",
                "verbose_name_plural": "messages of welcome plans",
                "ordering": ["due_at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="welcomeplan",
            index=models.Index(fields=["begun_at"], name="welcome_begun"),
        ),
        migrations.AddIndex(
            model_name="welcomemessage",
            index=models.Index(
                condition=models.Q(("sending", "waiting")),
                fields=["due_at"],
                name="welcome_message_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="welcomemessage",
            constraint=models.UniqueConstraint(
                fields=("plan", "step"), name="welcome_message_once"
            ),
        ),
    ]
