"""Everything up to the first release, in one step; see decision 0012."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("core", "0001_initial"),
        ("core", "0003_history"),
        ("core", "0004_erase_histories"),
        ("core", "0005_sign_in_attempts"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessLog",
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
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("read", "Read"),
                            ("list", "Listed"),
                            ("reveal", "Revealed"),
                            ("export", "Exported"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("route", models.CharField(max_length=160, verbose_name="route")),
                ("record_type", models.CharField(max_length=80, verbose_name="record type")),
                ("record_ids", models.JSONField(default=list, verbose_name="records")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("xact_id", models.BigIntegerField(db_default=0, editable=False)),
            ],
            options={
                "verbose_name": "access",
                "verbose_name_plural": "access log",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                ("at", models.DateTimeField(verbose_name="at")),
                ("record_type", models.CharField(max_length=80, verbose_name="record type")),
                ("record_id", models.UUIDField(verbose_name="record")),
                ("action", models.CharField(max_length=80, verbose_name="action")),
                ("source", models.CharField(blank=True, max_length=50, verbose_name="from state")),
                ("target", models.CharField(blank=True, max_length=50, verbose_name="to state")),
                ("payload", models.JSONField(default=dict, verbose_name="facts")),
                ("detail_mac", models.BinaryField(null=True)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("cause_id", models.UUIDField(null=True)),
                ("sequence", models.PositiveIntegerField(verbose_name="number")),
                ("prev_hash", models.BinaryField()),
                ("hash", models.BinaryField()),
                ("xact_id", models.BigIntegerField(db_default=0, editable=False)),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "permissions": [("verify_audit", "Can verify the audit trail")],
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Branch",
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
                ("code", models.SlugField(unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
            ],
            options={
                "verbose_name": "branch",
                "verbose_name_plural": "branches",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="BranchHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="core.branch",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                (
                    "id",
                    models.UUIDField(default=clm.core.ids.uuid7, editable=False, serialize=False),
                ),
                ("code", models.SlugField(db_index=False, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
            ],
            options={
                "db_table": "core_branch_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("record_type", models.CharField(max_length=80)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("hash", models.BinaryField(default=b"")),
            ],
            options={
                "verbose_name": "chain head",
                "verbose_name_plural": "chain heads",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("event_id", models.UUIDField()),
                ("reaction", models.CharField(max_length=160, verbose_name="reaction")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                ("dead_at", models.DateTimeField(null=True, verbose_name="given up at")),
                ("error", models.TextField(blank=True, verbose_name="error")),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "permissions": [("replay_delivery", "Can send a dead letter again")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("dead_at", None), ("done_at", None)),
                        fields=["due_at"],
                        name="delivery_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event_id", "reaction"), name="delivery_once_per_event"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EventDetail",
            fields=[
                ("event_id", models.UUIDField(primary_key=True, serialize=False)),
                ("record_id", models.UUIDField(db_index=True)),
                ("key", models.BinaryField()),
                ("content", models.JSONField()),
            ],
            options={
                "verbose_name": "event detail",
                "verbose_name_plural": "event details",
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
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
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="core.branch",
                        verbose_name="branch",
                    ),
                ),
                ("is_robot", models.BooleanField(default=False, verbose_name="robot")),
                (
                    "robot_reach",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own", "Own portfolio"),
                            ("branch", "Own branch"),
                            ("all", "Everything"),
                        ],
                        max_length=8,
                        verbose_name="reach of a robot",
                    ),
                ),
                ("language", models.CharField(default="da", max_length=8, verbose_name="language")),
                (
                    "theme",
                    models.CharField(
                        choices=[("system", "As the system"), ("light", "Light"), ("dark", "Dark")],
                        default="system",
                        max_length=8,
                        verbose_name="theme",
                    ),
                ),
                ("shortcuts", models.BooleanField(default=True, verbose_name="keyboard shortcuts")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.BinaryField()),
                ("created_at", models.DateTimeField(db_index=True)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField(default=b"")),
            ],
            options={
                "verbose_name": "idempotency key",
                "verbose_name_plural": "idempotency keys",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="idempotency_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
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
                ("kind", models.CharField(max_length=80, verbose_name="kind")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "Waiting"),
                            ("RUNNING", "Running"),
                            ("DONE", "Done"),
                            ("FAILED", "Failed"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="QUEUED",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("parameters", models.JSONField(default=dict, verbose_name="parameters")),
                ("cursor", models.JSONField(default=dict)),
                ("done", models.PositiveBigIntegerField(default=0, verbose_name="done")),
                ("total", models.PositiveBigIntegerField(null=True, verbose_name="of")),
                ("message", models.TextField(blank=True, verbose_name="message")),
                ("outcome", models.JSONField(default=dict, verbose_name="outcome")),
                ("file", models.CharField(blank=True, max_length=255)),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="file")),
                ("result_file", models.CharField(blank=True, max_length=255)),
                ("result_name", models.CharField(blank=True, max_length=255)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="started by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started at")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                ("lease_until", models.DateTimeField(null=True)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "permissions": [("view_all_jobs", "Can see the jobs of others")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["QUEUED", "RUNNING"])),
                        fields=["lease_until"],
                        name="job_open",
                    ),
                    models.Index(fields=["created_by", "-created_at"], name="job_mine"),
                ],
            },
        ),
        migrations.CreateModel(
            name="JobError",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="errors",
                        to="core.job",
                    ),
                ),
                ("line", models.PositiveIntegerField(null=True, verbose_name="line")),
                ("column", models.CharField(blank=True, max_length=80, verbose_name="column")),
                ("code", models.CharField(max_length=40)),
                ("detail", models.TextField(verbose_name="reason")),
            ],
            options={
                "verbose_name": "job error",
                "verbose_name_plural": "job errors",
            },
        ),
        migrations.CreateModel(
            name="SavedView",
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
                ("page", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(max_length=1000)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("shared", models.BooleanField(default=False, verbose_name="shared")),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "owner", "name"), name="saved_view_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScheduledRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, verbose_name="task")),
                ("period", models.DateTimeField(verbose_name="period")),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                ("error", models.TextField(blank=True, verbose_name="error")),
            ],
            options={
                "verbose_name": "scheduled run",
                "verbose_name_plural": "scheduled runs",
                "constraints": [
                    models.UniqueConstraint(fields=("name", "period"), name="scheduled_run_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("from_xact", models.BigIntegerField()),
                ("to_xact", models.BigIntegerField()),
                ("events", models.PositiveIntegerField(verbose_name="events")),
                ("access_entries", models.PositiveIntegerField(verbose_name="access entries")),
                ("access_digest", models.BinaryField()),
                ("prev_root", models.BinaryField()),
                ("root", models.BinaryField()),
                ("signature", models.BinaryField()),
            ],
            options={
                "verbose_name": "seal",
                "verbose_name_plural": "seals",
            },
        ),
        migrations.CreateModel(
            name="SealLeaf",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        to="core.seal",
                    ),
                ),
                ("record_type", models.CharField(max_length=80)),
                ("record_id", models.UUIDField()),
                ("sequence", models.PositiveIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "verbose_name": "sealed head",
                "verbose_name_plural": "sealed heads",
                "constraints": [
                    models.UniqueConstraint(fields=("seal", "record_id"), name="seal_leaf_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInAttempts",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "attempts to sign in",
                "verbose_name_plural": "attempts to sign in",
            },
        ),
        migrations.CreateModel(
            name="Task",
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
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("record_type", models.CharField(blank=True, max_length=80)),
                ("record_id", models.UUIDField(blank=True, null=True)),
                ("url", models.CharField(blank=True, max_length=255)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="for",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due at")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
                "indexes": [models.Index(fields=["assignee", "due_at"], name="task_mine")],
            },
        ),
        migrations.CreateModel(
            name="UserHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "id",
                    models.UUIDField(default=clm.core.ids.uuid7, editable=False, serialize=False),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.branch",
                        verbose_name="branch",
                    ),
                ),
                ("is_robot", models.BooleanField(default=False, verbose_name="robot")),
                (
                    "robot_reach",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own", "Own portfolio"),
                            ("branch", "Own branch"),
                            ("all", "Everything"),
                        ],
                        max_length=8,
                        verbose_name="reach of a robot",
                    ),
                ),
                ("language", models.CharField(default="da", max_length=8, verbose_name="language")),
                (
                    "theme",
                    models.CharField(
                        choices=[("system", "As the system"), ("light", "Light"), ("dark", "Dark")],
                        default="system",
                        max_length=8,
                        verbose_name="theme",
                    ),
                ),
                ("shortcuts", models.BooleanField(default=True, verbose_name="keyboard shortcuts")),
            ],
            options={
                "db_table": "core_user_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Approval",
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
                ("record_type", models.CharField(max_length=80, verbose_name="record type")),
                ("record_id", models.UUIDField(verbose_name="record")),
                ("action", models.CharField(max_length=80, verbose_name="action")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("shown", models.JSONField(verbose_name="what was shown")),
                ("digest", models.BinaryField()),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "maker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals_made",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="asked at")),
                (
                    "checker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals_checked",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("voided", "Voided"),
                        ],
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_id", "action", "round"), name="approval_round_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decision", "")),
                        fields=("record_id", "action"),
                        name="approval_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "approved"), _negated=True),
                            models.Q(
                                ("checker__isnull", False),
                                models.Q(("checker", models.F("maker")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="approval_checker_is_not_maker",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="branch",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "core_branch_history" ("code", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."code", OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id"); RETURN NULL;',
                    hash="84e46fef8f753388dd536d12202ff0af2a42ddc0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ba035",
                    table="core_branch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="branch",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "core_branch_history" ("code", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."code", OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="d86f70c5da3f82292258fb98870ab9671c05f69e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_012ac",
                    table="core_branch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seal",
            trigger=pgtrigger.compiler.Trigger(
                name="seal_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="dc8fa884824a6f95696e10e23d3ce8a1fe1afd30",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_seal_append_only_a92db",
                    table="core_seal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approval",
            trigger=pgtrigger.compiler.Trigger(
                name="approval_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="9178d33a4bd26f7414725074a5987dafda9d7fd8",
                    operation="DELETE",
                    pgid="pgtrigger_approval_kept_ab32f",
                    table="core_approval",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approval",
            trigger=pgtrigger.compiler.Trigger(
                name="approval_decided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (OLD.\"decision\" = ''))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e0f5359575ffff87352e75b58090cd2f8d405c87",
                    operation="UPDATE",
                    pgid="pgtrigger_approval_decided_once_4ffbf",
                    table="core_approval",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."branch_id" IS DISTINCT FROM (NEW."branch_id") OR OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."first_name" IS DISTINCT FROM (NEW."first_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_robot" IS DISTINCT FROM (NEW."is_robot") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."last_name" IS DISTINCT FROM (NEW."last_name") OR OLD."robot_reach" IS DISTINCT FROM (NEW."robot_reach") OR OLD."shortcuts" IS DISTINCT FROM (NEW."shortcuts") OR OLD."theme" IS DISTINCT FROM (NEW."theme") OR OLD."username" IS DISTINCT FROM (NEW."username"))',
                    func='INSERT INTO "core_user_history" ("branch_id", "date_joined", "email", "first_name", "id", "is_active", "is_robot", "is_staff", "is_superuser", "language", "last_login", "last_name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "robot_reach", "shortcuts", "theme", "username") VALUES (OLD."branch_id", OLD."date_joined", OLD."email", OLD."first_name", OLD."id", OLD."is_active", OLD."is_robot", OLD."is_staff", OLD."is_superuser", OLD."language", OLD."last_login", OLD."last_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."robot_reach", OLD."shortcuts", OLD."theme", OLD."username"); RETURN NULL;',
                    hash="b58f60e114064f7fe46b0a3bab942d6f89a2b199",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6ccff",
                    table="core_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "core_user_history" ("branch_id", "date_joined", "email", "first_name", "id", "is_active", "is_robot", "is_staff", "is_superuser", "language", "last_login", "last_name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "robot_reach", "shortcuts", "theme", "username") VALUES (OLD."branch_id", OLD."date_joined", OLD."email", OLD."first_name", OLD."id", OLD."is_active", OLD."is_robot", OLD."is_staff", OLD."is_superuser", OLD."language", OLD."last_login", OLD."last_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."robot_reach", OLD."shortcuts", OLD."theme", OLD."username"); RETURN NULL;',
                    hash="c0c76b010b07c5e9e1c1306c0d5c25328851e5d7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1425a",
                    table="core_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealleaf",
            trigger=pgtrigger.compiler.Trigger(
                name="seal_leaf_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="02496623b05380023f940b5023ecc14af1d727ec",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_seal_leaf_append_only_98905",
                    table="core_sealleaf",
                    when="BEFORE",
                ),
            ),
        ),
    ]
