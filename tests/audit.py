"""Known weaknesses of the locked packages: `python -m tests.audit`.

pip-audit ends with 0 where its advisory service is out of reach; with `--strict` it
does not. Then the audit is NOT DONE, which is no failure, and never "passed".
"""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("pip-audit")
OPTIONS = ["--strict", "--disable-pip", "--require-hashes", "--timeout=10"]


def main() -> int:
    done = subprocess.run(
        [PROGRAM, *OPTIONS, "-r", "requirements.lock"],
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode == 0:
        sys.stdout.write("audit: no known weakness in requirements.lock\n")
        return 0
    if "Found" in said and "vulnerabilit" in said:
        sys.stdout.write(said)
        return 1
    last = said.strip().splitlines()[-1:] or ["no answer"]
    sys.stdout.write(f"audit: NOT DONE: {last[0][:200]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
