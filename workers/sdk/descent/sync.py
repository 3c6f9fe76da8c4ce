"""Sends spools that earlier processes left. A second time writes nothing: every record has its number or its key."""

from __future__ import annotations

import os
import time
from typing import List, Optional

from .calls import CallSender
from .link import Link
from .notices import say
from .settings import SPOOL_FOLDER
from .spool import STREAMS, SpoolBusy, find_spools, open_spool
from .transmit import StreamSender

GIVE_UP_S = 60.0


def sync_path(path: Optional[str] = None, url: Optional[str] = None, give_up_s: float = GIVE_UP_S) -> int:
    """Send the spool at `path`, or all spools below it (default: where `init` puts them). Returns the exit code: 0 when
    the server has everything, 1 when something is left, 2 when there is no such folder.

    `url` replaces the address that was recorded; `give_up_s` is how long a server may fail before we stop."""
    path = path or os.environ.get("DESCENT_SPOOL_DIR") or SPOOL_FOLDER
    if not os.path.isdir(path):
        say("%s is no folder; give the spool's path, as finish printed it" % path)
        return 2
    folders = find_spools(path)
    if not folders:
        say("nothing to send in %s" % path)
        return 0
    left = [folder for folder in folders if not sync_spool(folder, url, give_up_s)]
    return 1 if left else 0


def sync_spool(folder: str, url: Optional[str] = None, give_up_s: float = GIVE_UP_S) -> bool:
    """Send one spool and remove it; True when the server has everything."""
    try:
        spool = open_spool(folder)
    except SpoolBusy:
        say("%s is in use by a running process, which sends it itself" % folder)
        return False
    except (OSError, ValueError) as error:
        say("%s cannot be read: %s" % (folder, error))
        return False
    if url:
        spool.meta["url"] = url
    link = Link(spool, give_up_s)
    streams = [StreamSender(link, name) for name in STREAMS]
    threads: List[object] = [*streams, CallSender(link, streams, {})]
    letters, damaged = spool.dead_letters, 0
    for thread in threads:
        thread.start()  # type: ignore[attr-defined]
    while not link.halted and not spool.complete():
        time.sleep(0.02)
        for client in link.clients:
            client.expire()
    link.ending.set()
    for thread in threads:
        thread.join(5.0)  # type: ignore[attr-defined]
    for client in link.clients:
        client.close()
    done = spool.complete()
    damaged = sum(lane.damaged for lane in spool.lanes.values())
    refused = spool.dead_letters - letters
    spool.close()
    _report(folder, done, damaged, refused, link.halted)
    return done


def _report(folder: str, done: bool, damaged: int, refused: int, reason: str) -> None:
    notes = []
    if damaged:
        notes.append("%d damaged blocks were skipped" % damaged)
    if refused:
        notes.append("%d records were refused, see dead-letter.jsonl" % refused)
    tail = " (%s)" % "; ".join(notes) if notes else ""
    say("sent %s%s" % (folder, tail) if done else "not everything of %s was sent: %s%s" % (folder, reason, tail))
