"""Run a command beside a temporary PostgreSQL: `python -m tests.kit.with_postgres COMMAND … {url} …`.

`{url}` in the command becomes the server's address. It writes to the disk before it answers, as a real one does.
"""

import subprocess
import sys
from collections.abc import Sequence

from tests.kit.postgres import running_postgres

HONEST = "-c listen_addresses='' -c max_connections=200 -c shared_buffers=256MB -c work_mem=16MB -c max_wal_size=4GB"


def main(command: Sequence[str]) -> int:
    """The exit code of the command."""
    with running_postgres(HONEST) as url:
        return subprocess.run([word.replace("{url}", url) for word in command], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
