"""Bodies in binary: what is written is what the server reads, bit for bit, and what is damaged is noticed."""

from __future__ import annotations

import json
import os
import random
import unittest
from array import array
from typing import Any, Dict, List

from support import SdkTest

from descent.binary_batch import decode_batch, decode_deltas, encode_batch, encode_deltas, encode_values, regular_stride
from descent.points import BatchBuilder, json_group, load_groups
from descent.transmit import readable, split_batch, without_key

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../test/fixtures/wire/metrics-v1.json")


def bits(groups: List[Dict[str, Any]]) -> List[Any]:
    """Groups in a form whose equality tells -0 from 0 and takes NaN for itself."""
    return [
        (group["step"], group["t"], [(key, [float(v).hex() for v in values]) for key, values in group["m"].items()])
        for group in groups
    ]


class GoldenVectors(unittest.TestCase):
    def setUp(self) -> None:
        with open(VECTORS, encoding="utf-8") as file:
            self.vectors = json.load(file)

    def test_good_bodies_are_read_and_the_canonical_ones_written_byte_for_byte(self) -> None:
        for vector in self.vectors["good"]:
            with self.subTest(vector["name"]):
                body = bytes.fromhex(vector["hex"])
                held = [
                    {
                        "step": group["step"],
                        "t": group["t"],
                        "m": {column["name"]: [float(v) for v in column["values"]] for column in group["columns"]},
                    }
                    for group in vector["groups"]
                ]
                self.assertEqual(bits(decode_batch(body)), bits(held))
                self.assertEqual(encode_batch(held) == body, vector["canonical"])

    def test_bad_bodies_are_refused(self) -> None:
        for vector in self.vectors["bad"]:
            with self.subTest(vector["name"]), self.assertRaises(ValueError):
                decode_batch(bytes.fromhex(vector["hex"]))


class Encoding(unittest.TestCase):
    def test_four_bytes_are_taken_exactly_where_they_keep_every_bit(self) -> None:
        chance = random.Random(7)
        for _ in range(2000):
            exponent = chance.choice((-1070, -150, -149, -127, -112, -100, 0, 100, 113, 127, 128, 1000))
            value = chance.choice((1, -1)) * (1 + chance.randrange(2**23) / 2**23) * 2.0**exponent
            value = chance.choice((value, chance.uniform(-1, 1), 0.0, -0.0, float("inf"), 3.5))
            raw, width = encode_values(array("d", [value]))
            try:
                single = array("f", [value])[0]
            except OverflowError:
                single = None
            self.assertEqual(width, 4 if single == value else 8, value)
            self.assertEqual(array("f" if width == 4 else "d", raw).tolist(), [value])

    def test_integers_come_back_from_their_differences(self) -> None:
        chance = random.Random(8)
        for _ in range(300):
            values = [chance.randrange(2 ** chance.choice((3, 7, 14, 30, 53))) for _ in range(chance.randrange(20))]
            self.assertEqual(decode_deltas(encode_deltas(values), len(values)), values)

    def test_even_distances_are_found_up_down_and_standing_still(self) -> None:
        cases = [([5], 1), ([5, 5, 5], 0), ([5, 5, 6], None), ([9, 6, 3], -3), ([0, 10, 20], 10), ([0, 10, 21], None)]
        for steps, stride in cases:
            self.assertEqual(regular_stride(steps), stride)


class Batches(SdkTest):
    """One builder, two wires: the same points."""

    calls = [
        (0, {"a": 1.5, "b": float("nan")}),
        (1, {"a": 2.5, "b": float("inf")}),
        (2, {"a": 0.1}),
        (1, {"a": -0.0, "b": 7}),
        (3, {"x": {"y": 1}, "bad\n": 1, "text": "1", "none": None}),
    ]

    def build(self, wire: str) -> bytes:
        builder = BatchBuilder(wire)
        for step, values in self.calls:
            builder.add(step, 1_700_000_000_000 + step, values)
        body, head = builder.take()
        self.assertEqual(head, {"points": 8, "wire": wire})
        self.assertEqual((builder.points, builder.bytes), (0, 0))
        return body

    def test_binary_and_json_hold_the_same_and_keep_the_order_of_one_keys_points(self) -> None:
        binary, text = self.build("binary"), self.build("json")
        groups = [json_group(group) for group in decode_batch(binary)]
        self.assertEqual(groups, load_groups(text, "json"))
        self.assertEqual(readable(binary, "binary"), json.loads(text))
        # Step 1 came again after other points of its keys: it lies behind them.
        self.assertEqual([group["step"] for group in groups], [[0, 1], [2], [1], [3]])
        self.assertEqual(groups[0]["m"], {"a": [1.5, 2.5], "b": ["NaN", "Infinity"]})
        self.assertEqual(groups[3]["m"], {"x/y": [1.0]})

    def test_halves_hold_the_points_of_the_whole_down_to_single_points(self) -> None:
        for wire in ("binary", "json"):
            body = self.build(wire)
            whole = bits([json_free(group) for group in load_groups(body, wire)])
            pieces, waiting = [], [body]
            while waiting:
                halves = split_batch(waiting[0], wire)
                if halves is None:
                    pieces.append(waiting.pop(0))
                else:
                    waiting[:1] = halves
            found = [json_free(group) for piece in pieces for group in load_groups(piece, wire)]
            self.assertEqual(len(found), 8)
            self.assertEqual(points_of(bits(found)), points_of(whole))

    def test_a_key_is_taken_out_of_every_group(self) -> None:
        for wire in ("binary", "json"):
            fewer = without_key(self.build(wire), "a", wire)
            assert fewer is not None
            self.assertEqual([list(group["m"]) for group in load_groups(fewer, wire)], [["b"], ["b"], ["x/y"]])
            self.assertIsNone(without_key(fewer, "a", wire))

    def test_a_batch_without_its_last_key_is_an_empty_one(self) -> None:
        builder = BatchBuilder()
        builder.add(0, 0, {"a": 1.0})
        fewer = without_key(builder.take()[0], "a", "binary")
        assert fewer is not None
        self.assertEqual(decode_batch(fewer), [])

    def test_more_names_than_the_binary_form_counts_go_as_json(self) -> None:
        builder = BatchBuilder()
        builder.add(0, 0, {"key_%d" % number: 1.0 for number in range(65_536)})
        body, head = builder.take()
        self.assertEqual(head["wire"], "json")
        self.assertEqual(len(load_groups(body, "json")[0]["m"]), 65_536)


def json_free(group: Dict[str, Any]) -> Dict[str, Any]:
    return dict(group, m={key: [float(v) for v in values] for key, values in group["m"].items()})


def points_of(groups: List[Any]) -> List[Any]:
    return sorted((key, s, t, v) for step, times, columns in groups for key, vs in columns for s, t, v in zip(step, times, vs))


if __name__ == "__main__":
    unittest.main()
