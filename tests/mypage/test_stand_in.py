"""The stand-in belongs to the demo: a deployment with it is not let go."""

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from clm import demo


def found(settings, **given):
    for name, value in given.items():
        setattr(settings, name, value)
    every = run_checks(tags=["security"], include_deployment_checks=True)
    return [one.id for one in every if str(one.id).startswith("clm.E")]


def test_a_deployment_with_the_stand_in_is_refused(settings):
    known = {"EID_CLIENT_ID": "bank", "EID_CLIENT_SECRET": "s"}
    assert found(settings, EID_ISSUER="", EID_CLIENT_ID="") == []
    assert found(settings, EID_ISSUER="https://broker.example", **known) == []
    for address in ("http://127.0.0.1:9", "https://localhost", "http://[::1]:9"):
        assert found(settings, EID_ISSUER=address, **known) == ["clm.E001"]
    assert found(settings, EID_ISSUER="http://broker.example", **known) == ["clm.E002"]
    assert found(settings, EID_ISSUER="https://x.example", EID_CLIENT_SECRET="") == ["clm.E003"]


def test_it_does_not_run_outside_the_demo(settings):
    settings.CLM_DEMO, settings.EID_ISSUER = False, "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="belongs to the demo"):
        call_command("stand_in_identity")
    settings.CLM_DEMO, settings.EID_ISSUER = True, "https://broker.example"
    with pytest.raises(CommandError, match="belongs to the demo"):
        call_command("stand_in_identity")


def test_the_demo_finds_it_where_it_was(tmp_path):
    first = demo.identity_stand_in(data_dir=tmp_path)
    assert first == demo.identity_stand_in(data_dir=tmp_path)
    assert first["EID_ISSUER"].startswith("http://127.0.0.1:")
    assert (tmp_path / "identity.json").stat().st_mode & 0o777 == 0o600
