"""Texts, images, audio, tables and histograms in `log()` become artifacts with key and step."""

from __future__ import annotations

import io
import json
import math
import struct
import wave
import zlib
from typing import Any, Dict, List

from support import SdkTest

import descent
from descent.logged_media import split_media


def decoded_png(data: bytes) -> Any:
    """Width, height, colour type and the rows without their filter bytes."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, content, head = 8, b"", b""
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.pack(">I", zlib.crc32(name + body)) == data[at + 8 + length : at + 12 + length]
        head, content = (body if name == b"IHDR" else head), content + (body if name == b"IDAT" else b"")
        at += 12 + length
    width, height, _, colour = struct.unpack(">IIBB", head[:10])
    rows = zlib.decompress(content)
    stride = len(rows) // height
    assert all(rows[i * stride] == 0 for i in range(height))
    return width, height, colour, [list(rows[i * stride + 1 : (i + 1) * stride]) for i in range(height)]


class Array:
    """As much of an array of another library as the client looks at."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def copy(self) -> "Array":
        return Array(json.loads(json.dumps(self.rows)))

    def tolist(self) -> Any:
        return self.rows


class Medias(SdkTest):
    def sent(self, server: Any) -> List[Dict[str, Any]]:
        """What was announced, each with its bytes."""
        return [dict(told, data=server.artifacts[told["sha256"]]) for told in server.announced]

    def test_each_kind_arrives_with_its_key_and_step_beside_the_numbers_of_the_same_call(self) -> None:
        with self.server() as server:
            run = self.start()
            table = descent.Table([{"prompt": "2+2", "answer": "4", "ok": True}, {"prompt": "ü", "answer": None}])
            run.log(
                {
                    "loss": 1.5,
                    "sample": "Once upon a time",
                    "eval": {"answers": table},
                    "grad": descent.Histogram([0.0, 1.0, 1.0, 4.0, math.nan], bins=4),
                    "sound": descent.Audio([0.0, 1.0, -1.0], rate=8000),
                    "attention": descent.Image([[0, 255], [128, 1]]),
                },
                step=40,
            )
            self.assertTrue(run.finish())
        self.assertEqual(server.points(), {("loss", 40): 1.5})
        sent = {told["key"]: told for told in self.sent(server)}
        self.assertEqual({told["step"] for told in sent.values()}, {40})
        self.assertEqual(
            {key: (told["type"], told["name"]) for key, told in sent.items()},
            {
                "sample": ("text", "media/sample/40.txt"),
                "eval/answers": ("table", "media/eval/answers/40.jsonl"),
                "grad": ("histogram", "media/grad/40.json"),
                "sound": ("audio", "media/sound/40.wav"),
                "attention": ("image", "media/attention/40.png"),
            },
        )
        self.assertEqual(sent["sample"]["data"], b"Once upon a time")
        rows = [json.loads(line) for line in sent["eval/answers"]["data"].splitlines()]
        self.assertEqual(
            rows, [{"prompt": "2+2", "answer": "4", "ok": True}, {"prompt": "ü", "answer": None, "ok": None}]
        )
        self.assertEqual(
            json.loads(sent["grad"]["data"]),
            {"edges": [0.0, 1.0, 2.0, 3.0, 4.0], "counts": [1.0, 2.0, 0.0, 1.0], "not_finite": 1},
        )
        with wave.open(io.BytesIO(sent["sound"]["data"])) as file:
            self.assertEqual((file.getframerate(), file.getnchannels(), file.getnframes()), (8000, 1, 3))
            self.assertEqual(struct.unpack("<3h", file.readframes(3)), (0, 32767, -32767))
        self.assertEqual(decoded_png(sent["attention"]["data"]), (2, 2, 0, [[0, 255], [128, 1]]))
        self.assertEqual(self.spools(), [])

    def test_several_under_one_key_are_numbered_and_the_next_step_follows(self) -> None:
        with self.server() as server:
            run = self.start()
            run.log({"samples": [descent.Text("a"), "b"]}, step=7)
            run.log({"samples": "c"})
            run.log({"loss": 1.0})
            run.finish()
        self.assertEqual(
            [(told["name"], told["step"]) for told in self.sent(server)],
            [("media/samples/7-1.txt", 7), ("media/samples/7-2.txt", 7), ("media/samples/8.txt", 8)],
        )
        self.assertEqual(server.points(), {("loss", 9): 1.0})

    def test_a_text_that_stays_the_same_is_sent_once(self) -> None:
        with self.server() as server:
            run = self.start()
            for step, phase in enumerate(["warm-up", "warm-up", "decay", "warm-up"]):
                run.log({"phase": phase, "loss": 1.0}, step=step)
            run.finish()
        self.assertEqual([told["step"] for told in self.sent(server)], [0, 2, 3])

    def test_what_is_logged_is_as_it_was_when_it_was_logged(self) -> None:
        pixels, samples, rows = [[0.0, 1.0]], Array([0.5]), [{"a": 1}]
        with self.server() as server:
            run = self.start()
            sound = descent.Audio(samples, 8000)
            run.log({"image": descent.Image(pixels), "sound": sound, "rows": descent.Table(rows)})
            pixels[0][0], samples.rows[0], rows[0]["a"] = 1.0, -1.0, 9
            run.finish()
        sent = {told["key"]: told["data"] for told in self.sent(server)}
        self.assertEqual(decoded_png(sent["image"])[3], [[0, 255]])
        self.assertEqual(struct.unpack("<h", sent["sound"][-2:]), (16384,))
        self.assertEqual(json.loads(sent["rows"]), {"a": 1})

    def test_files_go_as_they_are_and_pixels_may_have_their_channels_first(self) -> None:
        jpeg = b"\xff\xd8\xff\xe0 not really"
        path = self.write("in/picture.jpg", jpeg)
        self.assertEqual(descent.Image(path).encode(), (jpeg, "jpg"))
        self.assertEqual(descent.Image(jpeg).encode(), (jpeg, "jpg"))
        self.assertEqual(descent.Audio(b"OggS...").encode(), (b"OggS...", "ogg"))
        last = descent.Image([[[1, 2, 3], [4, 5, 6]]]).encode()[0]
        first = descent.Image([[[1, 4]], [[2, 5]], [[3, 6]]]).encode()[0]
        self.assertEqual(last, first)
        self.assertEqual(decoded_png(first), (2, 1, 2, [[1, 2, 3, 4, 5, 6]]))

        class Figure:
            def savefig(self, file: Any, format: str) -> None:
                file.write(b"\x89PNG\r\n\x1a\n" + format.encode())

        self.assertEqual(descent.Image(Figure()).encode(), (b"\x89PNG\r\n\x1a\npng", "png"))

    def test_what_is_no_medium_is_named_once_and_the_rest_is_recorded(self) -> None:
        with self.server() as server:
            run = self.start()
            for step in range(2):
                run.log({"image": descent.Image(b"<svg/>"), "sound": descent.Audio([0.1]), "loss": 1.0}, step=step)
            run.log({"h": descent.Histogram(edges=[0, 1], counts=[1, 2]), "text": "fine"}, step=2)
            run.finish()
        self.assertEqual(server.points(), {("loss", 0): 1.0, ("loss", 1): 1.0})
        self.assertEqual([told["key"] for told in self.sent(server)], ["text"])
        said = self.said.getvalue()
        self.assertEqual(said.count("neither PNG nor JPEG"), 1)
        self.assertEqual(said.count("need rate="), 1)
        self.assertIn("ascending edges", said)

    def test_secrets_in_texts_and_tables_are_taken_out_first(self) -> None:
        text = "key sk-" + "a1B2" * 10
        self.assertNotIn(b"a1B2", descent.Text(text).encode()[0])
        self.assertNotIn(b"a1B2", descent.Table([{"prompt": text}]).encode()[0])

    def test_a_table_that_is_too_large_is_cut_and_lists_need_names(self) -> None:
        table = descent.Table(([i, i] for i in range(100_010)), columns=["a", "b"])
        self.assertEqual((len(table.rows), table.left_out), (100_000, 10))
        with self.assertRaises(ValueError):
            descent.Table([[1, 2]])

    def test_media_that_were_not_sent_wait_in_the_spool_and_are_sent_later(self) -> None:
        self.offline()
        run = self.start()
        run.log({"sample": "kept"}, step=3)
        self.assertFalse(run.finish(timeout=0.2))
        from descent.sync import sync_path

        with self.server() as server:
            (spool,) = self.spools()
            self.assertEqual(sync_path(spool, server.url), 0)
            sent = [(told["key"], told["step"], told["data"]) for told in self.sent(server)]
            self.assertEqual(sent, [("sample", 3, b"kept")])

    def test_numbers_alone_are_not_looked_at_twice(self) -> None:
        self.assertIsNone(split_media({"a": 1.0, "b": {"c": 2}, "d": [1, 2], "e": []}))
