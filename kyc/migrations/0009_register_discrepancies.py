import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_transactions"),
        ("kyc", "0008_case_team"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("onboarding", "New customer"),
                    ("customer_changed", "Customer changed"),
                    ("list_changed", "List changed"),
                    ("review", "Review due"),
                    ("alert", "Transaction alert"),
                    ("ownership_changed", "Ownership changed"),
                    ("rules_changed", "Rules changed"),
                    ("reactivated", "Awake again"),
                    ("register_discrepancy", "The register says otherwise"),
                    ("request", "Opened by hand"),
                ],
                max_length=20,
                verbose_name="opened because",
            ),
        ),
        migrations.AlterField(
            model_name="casehistory",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("onboarding", "New customer"),
                    ("customer_changed", "Customer changed"),
                    ("list_changed", "List changed"),
                    ("review", "Review due"),
                    ("alert", "Transaction alert"),
                    ("ownership_changed", "Ownership changed"),
                    ("rules_changed", "Rules changed"),
                    ("reactivated", "Awake again"),
                    ("register_discrepancy", "The register says otherwise"),
                    ("request", "Opened by hand"),
                ],
                max_length=20,
                verbose_name="opened because",
            ),
        ),
        migrations.CreateModel(
            name="RegisterDiscrepancy",
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
                ("register", models.CharField(max_length=60, verbose_name="register")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                "owner_untold",
                                "Owner in the register whom the customer did not name",
                            ),
                            ("owner_unregistered", "Owner who is not in the register"),
                            ("owner_share", "Owner with another share in the register"),
                            ("director_untold", "Director in the register whom we do not know"),
                            ("director_unregistered", "Director who is not in the register"),
                            ("address", "Another registered address"),
                        ],
                        max_length=24,
                        verbose_name="what differs",
                    ),
                ),
                ("ours", models.CharField(blank=True, max_length=300, verbose_name="our record")),
                (
                    "theirs",
                    models.CharField(blank=True, max_length=300, verbose_name="the register"),
                ),
                ("found_at", models.DateTimeField(verbose_name="found at")),
                ("due_on", models.DateField(verbose_name="to be settled by")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("corrected", "Our record was corrected"),
                            ("reported", "Reported to the register"),
                            ("register_corrected", "The register was corrected"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="comment")),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled at"),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "register discrepancy",
                "verbose_name_plural": "register discrepancies",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("customer", "register", "kind", "ours", "theirs"),
                        name="discrepancy_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("outcome", ""),
                                ("settled_at__isnull", True),
                                ("settled_by__isnull", True),
                            ),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="discrepancy_settled_whole",
                    ),
                ],
            },
        ),
    ]
