"""What `log_preferences` sends: every battle whole, checkpoints by their ids, and nothing of a call with a bad one."""

from __future__ import annotations

import os
from typing import Any, Dict

from support import SdkTest

from descent.preferences import BATTLES_PER_CALL, battle_records

BATTLE: Dict[str, Any] = dict(a="m1", b="m2", winner="a", prompt="p1", rater="ann", rater_kind="person")


class Preferences(SdkTest):
    def test_a_checkpoint_that_is_still_on_its_way_is_named_by_the_id_that_it_gets(self) -> None:
        weights = os.path.join(self.folder, "weights.bin")
        with open(weights, "wb") as file:
            file.write(b"weights")
        with self.server() as server:
            run = self.start(project="lm")
            checkpoint = run.log_checkpoint(weights, step=3)
            run.log_preferences(
                [
                    {"a": checkpoint, "b": "other-7b@1", "winner": "tie", "prompt": 7, "first": "b", "length_a": 12},
                    {"id": "mine", "a": "x", "b": "y", "winner": "b", "prompt": "p", "category": "code"},
                ],
                rater="judge-70b@2",
                rater_kind="model",
                judge_prompt="pairwise@3",
            )
            self.assertTrue(run.finish())
        first, second = server.battles
        judge = dict(rater="judge-70b@2", rater_kind="model", judge_prompt="pairwise@3")
        self.assertEqual(len(first.pop("id")), 32)
        self.assertEqual(
            first,
            dict(judge, a=checkpoint.id, b="other-7b@1", winner="tie", prompt="7", first="b", length_a=12.0),
        )
        self.assertEqual(second, dict(judge, id="mine", a="x", b="y", winner="b", prompt="p", category="code"))

    def test_a_bad_battle_is_named_and_nothing_of_its_call_is_sent(self) -> None:
        wrong = [
            (dict(BATTLE, winner="c"), "winner is 'c'; give one of a, b, tie"),
            (dict(BATTLE, b="m1"), "m1 battles itself"),
            (dict(BATTLE, a=None), "a is None"),
            (dict(BATTLE, prompt=None), "prompt is missing"),
            (dict(BATTLE, rater_kind="cat"), "rater_kind is 'cat'"),
            (dict(BATTLE, length_b=-1), "length_b is -1"),
            (dict(BATTLE, looser="b"), "looser is none of"),
            (("m1", "m2"), "give a dictionary"),
        ]
        for battle, words in wrong:
            with self.subTest(words=words), self.assertRaisesRegex(ValueError, "battle 1.*" + words):
                list(battle_records([BATTLE, battle], {}))
        with self.server() as server:
            run = self.start()
            run.log_preferences([BATTLE, dict(BATTLE, winner="c")])
            self.assertTrue(run.finish())
        self.assertEqual(server.battles, [])

    def test_many_battles_go_in_several_calls(self) -> None:
        calls = list(battle_records((BATTLE for _ in range(BATTLES_PER_CALL + 1)), {}))
        self.assertEqual([len(call) for call in calls], [BATTLES_PER_CALL, 1])
