"""Contracts between the rooms: nothing about a customer is left out of privacy and merge."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models

from clm import reactions
from clm.core import events, lifecycle, registries
from customers.models import Customer

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = {
    "customers", "kyc", "acquisition", "onboarding", "engagement", "retention", "offboarding",
    "journeys", "analytics", "core",
}  # fmt: skip


def models_about_customers() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and any(
            isinstance(field, models.ForeignKey) and field.related_model is Customer
            for field in model._meta.get_fields()
        )
        and not model._meta.label.endswith("History")
    ]


@pytest.mark.parametrize("model", models_about_customers(), ids=lambda model: model._meta.label)
def test_a_model_about_a_customer_is_registered(model: type[models.Model]) -> None:
    assert registries.personal_data.get(model), "registries.personal_data has no entry"
    assert registries.merge_handlers.get(model), "registries.merge_handlers has no entry"


# Words and bodies that stand behind a wall or a right of their own, and digests that tell nobody
# anything.
NOT_IN_THE_WORKBENCH = {
    "kyc.SuspicionReport", "kyc.SuspicionGrant", "kyc.SuspicionEntry", "kyc.SuspicionWords",
    "core.EventDetail", "core.IdempotencyKey", "core.SignInAttempts", "core.JobError",
    "core.ChainHead", "core.SealLeaf", "customers.TransactionKey", "journeys.TouchpointKey",
}  # fmt: skip


def test_every_model_stands_in_the_workbench() -> None:
    missing = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and not model._meta.label.endswith("History")
        and not admin.site.is_registered(model)
    }
    assert missing - NOT_IN_THE_WORKBENCH == set()


@pytest.mark.parametrize("model", models_about_customers(), ids=lambda model: model._meta.label)
def test_every_end_of_a_row_is_about_its_customer(model: type[models.Model]) -> None:
    """A row with two customers is held about both: access and erasure find it from either."""
    entry = registries.personal_data.get(model)
    assert entry is not None
    ends = {
        one.name
        for one in model._meta.concrete_fields
        if isinstance(one, models.ForeignKey) and one.related_model is Customer
    }
    if model is Customer:
        # Where the record went; what was merged is found by following it.
        ends.discard("merged_into")
    assert ends <= {entry.customer_path, *entry.also}


def test_personal_data_names_real_fields() -> None:
    for entry in registries.personal_data:
        for name in entry.fields:
            entry.model._meta.get_field(name)


def test_every_reaction_answers_a_real_event() -> None:
    """A key is a model and one of its transitions, or an action some code announces."""
    announced = {"create", "change"}
    for app in OURS - {"core"}:
        for path in (ROOT / app).rglob("*.py"):
            announced |= _announced(path)
    machines = {machine.label: machine for machine in lifecycle.machines()}
    for label, action in reactions.REACTIONS:
        apps.get_model(label)
        known = set(machines[label].transitions()) if label in machines else set()
        assert action in known | announced, f"nothing announces {label} {action}"


def test_reactions_are_wired() -> None:
    names = [name for one in reactions.REACTIONS.values() for name in one]
    for function in names:
        assert events.reaction_named(f"{function.__module__}.{function.__qualname__}") is function


def _announced(path: Path) -> set[str]:
    """Every word an app's modules write out: an announced action is one of them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
