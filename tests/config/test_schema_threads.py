"""The first callers of a fresh process meet at the schema: nobody may stumble."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_CALLERS = """
import threading
import django
django.setup()
from config.api import schema
barrier, found = threading.Barrier(16), []
def call():
    barrier.wait()
    found.append(len(schema.published_parameters()))
threads = [threading.Thread(target=call) for _ in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found), len(set(found)))
"""


def test_sixteen_first_callers_get_the_same_schema():
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CALLERS],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["16", "1"], done.stderr[-2000:]
