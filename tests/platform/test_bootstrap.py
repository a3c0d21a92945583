"""The way from a bare Python to the locked packages."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from clm import bootstrap

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with locks and no environment."""
    locks = {}
    for kind in ("base", "dev"):
        locks[kind] = tmp_path / f"{kind}.txt"
        locks[kind].write_text(f"{kind}-package==1\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "LOCKS", locks)
    return tmp_path


def stamp(*kinds: str) -> dict[str, str]:
    return {kind: bootstrap.digest(bootstrap.LOCKS[kind]) for kind in kinds}


@pytest.mark.parametrize(
    ("inside", "importable", "installed", "wanted", "step"),
    [
        (False, False, (), "base", "install"),
        (False, False, ("base",), "base", "enter"),
        (False, True, (), "base", "run"),  # an image or an active environment
        (False, False, ("base",), "dev", "install"),  # `test` after `demo`
        (False, False, ("base", "dev"), "dev", "enter"),
        (True, True, ("base",), "base", "run"),
        (True, True, (), "base", "install"),  # an install that was interrupted
        (True, True, ("base",), "dev", "install"),
    ],
)
def test_decision(project, inside, importable, installed, wanted, step):
    decided = bootstrap.decide(
        inside_venv=inside, importable=importable, stamp=stamp(*installed), wanted=wanted
    )
    assert decided == step


def test_a_changed_lock_is_installed_again(project):
    old = stamp("base")
    bootstrap.LOCKS["base"].write_text("base-package==2\n")
    assert (
        bootstrap.decide(inside_venv=True, importable=True, stamp=old, wanted="base") == "install"
    )


def test_a_damaged_stamp_counts_as_none(project):
    bootstrap.VENV.mkdir()
    (bootstrap.VENV / "clm-lock.json").write_text('{"base": ')
    assert bootstrap.stamp_of(venv=bootstrap.VENV) == {}


def test_nothing_is_stamped_when_pip_fails(project, monkeypatch):
    monkeypatch.setattr(bootstrap, "make_venv", bootstrap.VENV.mkdir)

    def fail(*, lock):
        raise bootstrap.BootstrapError("no network")

    monkeypatch.setattr(bootstrap, "pip_install", fail)
    with pytest.raises(bootstrap.BootstrapError):
        bootstrap.install(wanted="base")
    assert bootstrap.stamp_of(venv=bootstrap.VENV) == {}


def test_the_dev_lock_stands_for_both(project, monkeypatch):
    monkeypatch.setattr(bootstrap, "make_venv", bootstrap.VENV.mkdir)
    monkeypatch.setattr(bootstrap, "pip_install", lambda lock: None)
    bootstrap.install(wanted="dev")
    written = json.loads((bootstrap.VENV / "clm-lock.json").read_text())
    assert written == stamp("base", "dev")


def test_missing_venv_is_said_in_a_sentence(project, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(bootstrap.BootstrapError, match="apt-get install python3-venv"):
        bootstrap.make_venv()


def test_imports_on_a_bare_interpreter():
    """Without any installed package, as on a machine that has nothing but Python."""
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from clm import bootstrap; "
        "assert not bootstrap.packages_importable(need='base')"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)


def test_every_direct_dependency_is_in_the_lock():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    base = (ROOT / "requirements/base.txt").read_text().lower()
    dev = (ROOT / "requirements/dev.txt").read_text().lower()
    for requirement in project["project"]["dependencies"]:
        name = requirement.split("[")[0].split("~")[0].lower()
        assert f"\n{name}==" in f"\n{base}", name
        assert f"\n{name}==" in f"\n{dev}", name
    for name in project["dependency-groups"]["dev"]:
        bare = name.split("[")[0].lower()
        assert f"\n{bare}==" in f"\n{dev}", name


def test_locks_name_no_registry():
    for name in ("base.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert "://" not in text
        assert "--index-url" not in text
