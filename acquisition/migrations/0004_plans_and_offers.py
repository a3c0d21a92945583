from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("acquisition", "0003_capture"),
        ("core", "__first__"),
        ("customers", "0004_documents"),
    ]

    operations = [
        migrations.CreateModel(
            name="Incentive",
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
                ("name_da", models.CharField(max_length=120, verbose_name="name in Danish")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("text_da", models.TextField(max_length=1000, verbose_name="text in Danish")),
                ("text_en", models.TextField(max_length=1000, verbose_name="text in English")),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=12,
                        verbose_name="cost to the bank",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incentives",
                        to="acquisition.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer of a campaign",
                "verbose_name_plural": "offers of campaigns",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="incentive_period",
                        violation_error_message="An offer cannot end before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cost__gte", 0)),
                        name="incentive_cost",
                        violation_error_message="A cost cannot be negative.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadOffer",
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
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("email", "E-mail"),
                            ("sms", "Text message"),
                            ("phone", "Telephone"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "incentive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="acquisition.incentive",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="acquisition.lead",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "offer to a lead",
                "verbose_name_plural": "offers to leads",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lead", "incentive"),
                        name="lead_offered_once",
                        violation_error_message="This was offered to the lead already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NurtureStep",
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
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "after_days",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="business days after the one before",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("sms", "Text message"),
                            ("phone", "Telephone"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "text_da",
                    models.TextField(blank=True, max_length=2000, verbose_name="text in Danish"),
                ),
                (
                    "text_en",
                    models.TextField(blank=True, max_length=2000, verbose_name="text in English"),
                ),
                ("is_used", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="acquisition.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "nurturing step",
                "verbose_name_plural": "nurturing steps",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "position"),
                        name="nurture_position_once",
                        violation_error_message="There is a step in this place already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadStep",
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
                ("due_at", models.DateTimeField(verbose_name="due at")),
                (
                    "done_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="done at"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("done", "Done"), ("skipped", "Left out")],
                        editable=False,
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="acquisition.lead",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="acquisition.nurturestep",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a lead",
                "verbose_name_plural": "steps of leads",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["due_at"],
                        name="lead_step_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("lead", "step"), name="lead_step_once")
                ],
            },
        ),
    ]
