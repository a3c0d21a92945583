"""Everything up to the first release, in one step; see decision 0012."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("engagement", "0001_initial"),
    ]

    dependencies = [
        ("core", "0001_baseline"),
        ("customers", "0001_baseline"),
    ]

    operations = [
        migrations.CreateModel(
            name="Interaction",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Telephone"),
                            ("meeting", "Meeting in the branch"),
                            ("video", "Video meeting"),
                            ("email", "E-mail"),
                            ("sms", "Text message"),
                            ("app", "Mobile or online bank"),
                            ("letter", "Letter"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "Service"),
                            ("advice", "Advice"),
                            ("sales", "Offer"),
                            ("retention", "Keeping the customer"),
                            ("complaint", "Complaint"),
                            ("welcome", "Welcome"),
                            ("review", "Yearly review"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached", "Spoke with the customer"),
                            ("not_reached", "Not reached"),
                            ("agreed", "Agreed on something"),
                            ("declined", "Customer declined"),
                            ("follow_up", "To be followed up"),
                            ("resolved", "Resolved"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "sentiment",
                    models.SmallIntegerField(
                        blank=True,
                        choices=[
                            (-2, "Very unhappy (−2)"),
                            (-1, "Unhappy (−1)"),
                            (0, "Neutral (0)"),
                            (1, "Happy (+1)"),
                            (2, "Very happy (+2)"),
                        ],
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-2),
                            django.core.validators.MaxValueValidator(2),
                        ],
                        verbose_name="mood of the customer",
                    ),
                ),
                (
                    "text",
                    models.TextField(blank=True, max_length=4000, verbose_name="what was said"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "interaction",
                "verbose_name_plural": "interactions",
                "indexes": [
                    models.Index(fields=["customer", "-at", "-id"], name="interaction_of_customer"),
                    models.Index(fields=["-at", "-id"], name="interaction_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sentiment__isnull", True),
                            ("sentiment__range", (-2, 2)),
                            _connector="OR",
                        ),
                        name="interaction_sentiment_scale",
                    )
                ],
            },
        ),
    ]
