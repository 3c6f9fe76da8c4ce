"""`python -m descent sync [PATH]` sends what earlier runs could not send."""

from __future__ import annotations

import argparse
import sys
from typing import List, Optional

from .sync import GIVE_UP_S, sync_path


def main(arguments: Optional[List[str]] = None) -> int:
    """Parse the command line and run the command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m descent", description="Client of Descent.")
    commands = parser.add_subparsers(dest="command", required=True)
    sync = commands.add_parser("sync", help="send spools that are left on this machine")
    where = "a spool, or a folder of spools (default: DESCENT_SPOOL_DIR or .descent-spool)"
    sync.add_argument("path", nargs="?", help=where)
    sync.add_argument("--url", help="send to this server instead of the recorded one")
    patience = "stop after so long without an answer (default: %(default)s)"
    sync.add_argument("--give-up", type=float, default=GIVE_UP_S, metavar="SECONDS", help=patience)
    options = parser.parse_args(arguments)
    return sync_path(options.path, options.url, options.give_up)


if __name__ == "__main__":
    sys.exit(main())
