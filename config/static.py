"""One stylesheet, one script, one sprite: how the sources become four requests.

`BundleFinder` joins the sources into `var/bundle` whenever one of them is newer, so a
developer's server and `collectstatic` see the same files. `BundleStorage` names them
by their content for the far future. Source: 3-style, section 3; 10-face.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import django_htmx
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

LAYERS: Final = "@layer tokens, base, components, pages;\n"
COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT: Final = re.compile(r"\n\s*")


def source_root() -> Path:
    return Path(settings.BASE_DIR) / "static"


def bundle_root() -> Path:
    return Path(settings.BASE_DIR) / "var" / "bundle"


def htmx_path() -> Path:
    return (
        Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    )


def sources() -> dict[str, list[Path]]:
    """The files behind each bundle, in the order they are joined."""
    root = source_root()
    sheets = [root / "css" / name for name in ("tokens.css", "base.css")]
    sheets += sorted((root / "css" / "components").glob("*.css"))
    sheets += sorted((root / "css" / "pages").glob("*.css"))
    desk = [
        root / "css" / name
        for name in ("tokens.css", "components/words.css", "admin.css", "desk.css")
    ]
    return {
        "consign.css": sheets,
        "consign-admin.css": [*desk, *sorted((root / "css" / "desk").glob("*.css"))],
        "consign.js": [htmx_path(), *sorted((root / "js").glob("*.js"))],
    }


def joined_styles(paths: Iterable[Path]) -> str:
    """Style sheets without comments and indentation, layers named first."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return LAYERS + INDENT.sub("\n", COMMENT.sub("", text)).strip() + "\n"


def joined_scripts(paths: Iterable[Path]) -> str:
    """One ES module: htmx at its top, then each source in a block of its own."""
    htmx, *behaviours = (path.read_text(encoding="utf-8").strip() for path in paths)
    return "\n".join([htmx, *(f"{{\n{text}\n}}" for text in behaviours), ""])


def build(name: str) -> Path:
    """The bundle's path, written anew when a source is newer or was added."""
    paths = sources()[name]
    target = bundle_root() / name
    join = joined_scripts if name.endswith(".js") else joined_styles
    text = join(paths)
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f"{target.suffix}.{id(text)}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    return target


class BundleFinder(BaseFinder):
    """Finds the bundles for `runserver`, the tests' server and `collectstatic`."""

    def check(self, **_kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:  # noqa: FBT001, FBT002 -- Django's signature
        if path not in sources():
            return []
        found = str(build(path))
        return [found] if find_all else found

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, Storage]]:
        storage = FileSystemStorage(location=bundle_root())
        for name in sources():
            build(name)
            yield name, storage


class BundleStorage(CompressedManifestStaticFilesStorage):
    """Names by content hash, compressed beforehand.

    Before the first `collectstatic` (a developer's server, the tests) there is no
    manifest, and names stay as they are; the finders serve them.
    """

    def stored_name(self, name: str) -> str:
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))
