import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="LawSet",
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
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("name_da", models.CharField(max_length=160, verbose_name="name in Danish")),
                ("name_en", models.CharField(max_length=160, verbose_name="name in English")),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        size=None,
                        verbose_name="countries",
                    ),
                ),
                ("in_force_from", models.DateField(verbose_name="in force from")),
                (
                    "in_force_to",
                    models.DateField(blank=True, null=True, verbose_name="in force until"),
                ),
                ("rules", models.JSONField(verbose_name="rules")),
                ("loaded_at", models.DateTimeField(verbose_name="loaded at")),
            ],
            options={
                "verbose_name": "law set",
                "verbose_name_plural": "law sets",
                "ordering": ["code", "number"],
            },
        ),
        migrations.CreateModel(
            name="Relation",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("ownership", "Ownership"),
                            ("director", "Director"),
                            ("signatory", "Signatory"),
                            ("power_of_attorney", "Power of attorney"),
                            ("spouse", "Spouse"),
                            ("guardian", "Guardian"),
                            ("household", "Household"),
                            ("nominee", "Nominee"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        verbose_name="share of capital",
                    ),
                ),
                (
                    "votes",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        verbose_name="share of votes",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "relation",
                "verbose_name_plural": "relations",
            },
        ),
        migrations.AddConstraint(
            model_name="lawset",
            constraint=models.UniqueConstraint(
                fields=("code", "number"), name="law_set_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="lawset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_force_to__isnull", True),
                    ("in_force_to__gt", models.F("in_force_from")),
                    _connector="OR",
                ),
                name="law_set_period",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lawset",
            trigger=pgtrigger.compiler.Trigger(
                name="version_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="871ee41089e0dc76686a62ad8be7be7b88d82cee",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_version_stays_8cbcc",
                    table="customers_lawset",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="relations",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="relations_to",
                to="customers.customer",
            ),
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(fields=["other", "kind"], name="relation_to"),
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(fields=["customer", "kind"], name="relation_from"),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(("customer", models.F("other")), _negated=True),
                name="relation_of_two",
                violation_error_message="Nobody is related to themselves.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("share__isnull", True),
                        models.Q(("share__gte", 0), ("share__lte", 100)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("votes__isnull", True),
                        models.Q(("votes__gte", 0), ("votes__lte", 100)),
                        _connector="OR",
                    ),
                ),
                name="relation_percentages",
                violation_error_message="A share is between 0 and 100 per cent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "ownership"),
                        models.Q(
                            ("share__isnull", False), ("votes__isnull", False), _connector="OR"
                        ),
                    ),
                    models.Q(
                        models.Q(("kind", "ownership"), _negated=True),
                        ("share__isnull", True),
                        ("votes__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="relation_shares_are_ownership",
                violation_error_message="An owner has a share, and nobody else has.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="relation_period",
                violation_error_message="A relation cannot end before it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("kind", "customer", "other"),
                name="relation_once",
                violation_error_message="This relation is recorded already.",
            ),
        ),
    ]
