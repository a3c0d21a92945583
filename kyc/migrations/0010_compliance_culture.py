import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("kyc", "0009_register_discrepancies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QualitySample",
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
                ("month", models.DateField(unique=True, verbose_name="month")),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="percent",
                    ),
                ),
                ("seed", models.CharField(max_length=40, verbose_name="seed")),
                ("population", models.PositiveIntegerField(verbose_name="cases cleared")),
            ],
            options={
                "verbose_name": "quality sample",
                "verbose_name_plural": "quality samples",
                "ordering": ["-month"],
            },
        ),
        migrations.CreateModel(
            name="PolicyText",
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
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="version")),
                ("title_da", models.CharField(max_length=120, verbose_name="title in Danish")),
                ("title_en", models.CharField(max_length=120, verbose_name="title in English")),
                ("text_da", models.TextField(max_length=20000, verbose_name="text in Danish")),
                ("text_en", models.TextField(max_length=20000, verbose_name="text in English")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        size=None,
                        verbose_name="roles that attest",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="to be attested by")),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "permissions": [("view_culture", "Can see compliance culture and early warning")],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "number"), name="policy_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Attestation",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attestations",
                        to="kyc.policytext",
                    ),
                ),
            ],
            options={
                "verbose_name": "attestation",
                "verbose_name_plural": "attestations",
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "user"), name="attested_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityReview",
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
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("agree", "Agree"), ("error", "Error")],
                        max_length=8,
                        verbose_name="verdict",
                    ),
                ),
                (
                    "error_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("decision", "The decision is wrong"),
                            ("hit", "A hit was decided wrongly"),
                            ("evidence", "Evidence is missing"),
                            ("reason", "The reason does not carry the decision"),
                            ("late", "A deadline was passed"),
                        ],
                        max_length=12,
                        verbose_name="kind of error",
                    ),
                ),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="comment")),
                (
                    "examined_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="examined at"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kyc.case"
                    ),
                ),
                (
                    "examiner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="examined by",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="kyc.qualitysample",
                    ),
                ),
            ],
            options={
                "verbose_name": "quality review",
                "verbose_name_plural": "quality reviews",
                "constraints": [
                    models.UniqueConstraint(fields=("sample", "case"), name="sampled_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "error"), _negated=True),
                            models.Q(("error_kind", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="quality_error_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("examined_at__isnull", True),
                                ("examiner__isnull", True),
                                ("verdict", ""),
                            ),
                            models.Q(
                                models.Q(("verdict", ""), _negated=True),
                                ("examined_at__isnull", False),
                                ("examiner__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="quality_examined_whole",
                    ),
                ],
            },
        ),
    ]
