"""One lane of a spool: numbered append-only segment files that one thread writes and one thread sends.

A lane that is a stream numbers its records from 1 (`seq`) in the moment they are spooled. What the disk refuses stays
in memory, bounded, and is written when the disk takes it again. A record that is dropped before it has a number
leaves no hole in its stream.
"""

from __future__ import annotations

import collections
import os
import threading
from typing import Any, Deque, Dict, List, NamedTuple, Optional

from .segments import Block, decode_payload, encode_block, read_block

SEGMENT_BYTES = 4 * 1024 * 1024
MEMORY_BYTES_MAX = 16 * 1024 * 1024


class Record(NamedTuple):
    """A record as the sender sees it; segment 0 means that it lies in memory only."""

    head: Dict[str, Any]
    body: bytes
    segment: int
    next_offset: int


class _Segment:
    """What is known of one file: bytes on disk, number of records, greatest seq."""

    __slots__ = ("bytes", "records", "last_seq")

    def __init__(self) -> None:
        self.bytes = 0
        self.records = 0
        self.last_seq = 0


class Lane:
    """Records of one kind. `name` is also the prefix of the segment files."""

    def __init__(self, folder: str, name: str) -> None:
        self.folder = folder
        self.name = name
        self.lock = threading.RLock()
        self.wakeup = threading.Event()
        self.segments: Dict[int, _Segment] = {}
        self.last_seq = 0
        self.contiguous = 0
        self.read_segment = 0
        self.read_offset = 0
        self.damaged = 0
        self.holes = 0
        self._memory: Deque[Record] = collections.deque()
        self._memory_bytes = 0
        self._file = -1
        self._write_segment = 0
        self._dirty = False

    # Opening what an earlier process left

    def restore(self, progress: Dict[str, Any]) -> None:
        """Find the segments on disk, the greatest seq and the damage, and go on where `progress` stopped."""
        for name in os.listdir(self.folder):
            number = _segment_number(self.name, name)
            if number:
                self.segments[number] = _Segment()
        self.last_seq = _count(progress.get("last_seq"))
        self.contiguous = _count(progress.get("contiguous"))
        self.holes = _count(progress.get("holes"))
        self.read_segment = _count(progress.get("segment"))
        self.read_offset = _count(progress.get("offset"))
        expected = 0
        for number in sorted(self.segments):
            expected = self._scan(number, expected)
            self._write_segment = number

    def _scan(self, number: int, expected: int) -> int:
        segment = self.segments[number]
        path = self._path(number)
        segment.bytes = os.path.getsize(path)
        with open(path, "rb") as file:
            offset = 0
            while True:
                block = read_block(file, offset, segment.bytes)
                if block is None:
                    return expected
                offset = block.next_offset
                seq = _seq_of(block)
                if seq is None:
                    continue
                segment.records += 1
                segment.last_seq = max(segment.last_seq, seq)
                self.last_seq = max(self.last_seq, seq)
                if expected and seq > expected:
                    self.holes += seq - expected
                expected = max(expected, seq + 1)

    # Writing

    def append(self, head: Dict[str, Any], body: bytes) -> bool:
        """Number the record and put it on disk, or into memory while the disk refuses. False: there was no room."""
        with self.lock:
            self._flush_memory()
            seq = self.last_seq + 1
            head = dict(head, seq=seq)
            if self._memory or not self._write(head, body):
                if self._memory_bytes + len(body) > MEMORY_BYTES_MAX:
                    return False
                self._memory.append(Record(head, body, 0, 0))
                self._memory_bytes += len(body)
            self.last_seq = seq
        self.wakeup.set()
        return True

    def _flush_memory(self) -> None:
        while self._memory:
            record = self._memory[0]
            if not self._write(record.head, record.body):
                return
            self._memory.popleft()
            self._memory_bytes -= len(record.body)

    def _write(self, head: Dict[str, Any], body: bytes) -> bool:
        block = encode_block(head, body)
        try:
            if self._file < 0 or self.segments[self._write_segment].bytes >= SEGMENT_BYTES:
                self._open_segment()
            segment = self.segments[self._write_segment]
            _write_whole(self._file, block)
        except (OSError, KeyError):
            self._abandon_tail()
            return False
        segment.bytes += len(block)
        segment.records += 1
        segment.last_seq = head["seq"]
        self._dirty = True
        return True

    def _open_segment(self) -> None:
        self._close_file()
        number = max([self._write_segment, *self.segments]) + 1
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._file = os.open(self._path(number), flags, 0o600)
        self._write_segment = number
        self.segments[number] = _Segment()
        if self.read_segment == 0:
            self.read_segment = number

    def _abandon_tail(self) -> None:
        segment = self.segments.get(self._write_segment)
        if self._file < 0 or segment is None:
            return
        try:
            os.ftruncate(self._file, segment.bytes)
        except (OSError, AttributeError):
            self._close_file()

    def sync(self) -> None:
        """fsync what was written since the last call."""
        with self.lock:
            if not self._dirty or self._file < 0:
                return
            descriptor = os.dup(self._file)
            self._dirty = False
        try:
            os.fsync(descriptor)
        except OSError:
            self._dirty = True
        finally:
            os.close(descriptor)

    def retry_memory(self) -> None:
        """Write what waits in memory if the disk takes it again."""
        with self.lock:
            self._flush_memory()

    def _close_file(self) -> None:
        if self._file >= 0:
            try:
                os.close(self._file)
            except OSError:
                pass
            self._file = -1

    def close(self) -> None:
        """Write what waits in memory if the disk takes it, sync, and close the file; reading goes on."""
        self.retry_memory()
        self.sync()
        with self.lock:
            self._close_file()

    # Reading

    def peek(self) -> Optional[Record]:
        """The first record that is not acknowledged; None when there is none. Damaged blocks are skipped, counted."""
        with self.lock:
            for number in sorted(n for n in self.segments if n >= self.read_segment):
                if number != self.read_segment:
                    self.read_segment, self.read_offset = number, 0
                record = self._peek_in(number)
                if record is not None:
                    return record
            self.wakeup.clear()
            return self._memory[0] if self._memory else None

    def _peek_in(self, number: int) -> Optional[Record]:
        try:
            with open(self._path(number), "rb") as file:
                while True:
                    block = read_block(file, self.read_offset, self.segments[number].bytes)
                    if block is None:
                        return None
                    if block.payload is not None:
                        try:
                            head, body = decode_payload(block.payload)
                            return Record(head, body, number, block.next_offset)
                        except ValueError:
                            pass
                    self.damaged += 1
                    self.read_offset = block.next_offset
        except OSError:
            return None

    def ack(self, record: Record, contiguous: Optional[int] = None) -> None:
        """The server has `record` (or never will): move on, and remove the segments that it has whole."""
        with self.lock:
            if record.segment == 0:
                if self._memory and self._memory[0] is record:
                    self._memory.popleft()
                    self._memory_bytes -= len(record.body)
            elif record.segment >= self.read_segment:
                self.read_segment, self.read_offset = record.segment, record.next_offset
            self.contiguous = max(self.contiguous, contiguous if contiguous is not None else 0)
            self._remove_sent(None if contiguous is None else self.contiguous)

    def _remove_sent(self, contiguous: Optional[int]) -> None:
        for number in sorted(self.segments):
            segment = self.segments[number]
            if number >= self.read_segment:
                return
            if contiguous is not None and contiguous < segment.last_seq and not self.holes:
                return
            self._remove(number)

    def _remove(self, number: int) -> None:
        if number == self._write_segment:
            self._close_file()
        try:
            os.unlink(self._path(number))
        except OSError:
            pass
        self.segments.pop(number, None)

    def rewind(self) -> None:
        """Read again from the oldest record that is still here."""
        with self.lock:
            if self.segments:
                self.read_segment, self.read_offset = min(self.segments), 0

    def drop_oldest(self) -> int:
        """Remove the oldest segment to make room; the number of records that were lost with it."""
        with self.lock:
            if not self.segments:
                return 0
            number = min(self.segments)
            lost = self.segments[number].records
            self.holes += lost
            self._remove(number)
            return lost

    # What is left

    @property
    def bytes(self) -> int:
        """Bytes on disk and in memory."""
        with self.lock:
            return sum(segment.bytes for segment in self.segments.values()) + self._memory_bytes

    @property
    def waiting(self) -> int:
        """Records that only memory holds, because the disk refuses them."""
        return len(self._memory)

    def empty(self) -> bool:
        """True when every record is acknowledged."""
        return self.peek() is None

    def progress(self) -> Dict[str, int]:
        """Where a later process must go on."""
        with self.lock:
            return {
                "segment": self.read_segment,
                "offset": self.read_offset,
                "last_seq": self.last_seq,
                "contiguous": self.contiguous,
                "holes": self.holes,
            }

    def paths(self) -> List[str]:
        """The segment files, oldest first."""
        with self.lock:
            return [self._path(number) for number in sorted(self.segments)]

    def _path(self, number: int) -> str:
        return os.path.join(self.folder, "%s-%06d.seg" % (self.name, number))


def _write_whole(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _seq_of(block: Block) -> Optional[int]:
    if block.payload is None:
        return None
    try:
        return _count(decode_payload(block.payload)[0].get("seq"))
    except ValueError:
        return None


def _segment_number(lane: str, name: str) -> int:
    start, end = lane + "-", ".seg"
    middle = name[len(start) : -len(end)]
    return int(middle) if name.startswith(start) and name.endswith(end) and middle.isdigit() else 0


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
