"""Where the browser of the browser tests is: Debian's chromium, nothing downloaded."""

import shutil


def chromium() -> str | None:
    """The path of the first one found, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)
