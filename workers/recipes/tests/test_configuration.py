"""Where parameters come from, and what is refused. Standard library only: runs without torch."""

from __future__ import annotations

import json
import unittest

from parts.configuration import add_size_arguments, add_training_arguments, read_config, recipe_parser, scaled_steps
from parts.refusal import Refusal


def read(argv: list[str], config: object = None):
    """Reads a small recipe's config from a command line and a DESCENT_CONFIG."""
    it = recipe_parser("a recipe")
    add_size_arguments(it, fixed=False)
    add_training_arguments(it, steps=100, batch=4, lr=0.5, decay=0.0)
    return read_config(it, argv, {} if config is None else {"DESCENT_CONFIG": json.dumps(config)})


class Precedence(unittest.TestCase):
    def test_the_environment_wins_over_defaults_and_a_flag_over_both(self):
        self.assertEqual(read([], {"steps": 7}).steps, 7)
        self.assertEqual(read(["--steps", "9"], {"steps": 7}).steps, 9)
        self.assertEqual(read([]).steps, 100)

    def test_a_whole_number_serves_as_a_rate(self):
        self.assertEqual(read([], {"lr": 1}).lr, 1.0)

    def test_scale_leaves_at_least_two_steps(self):
        self.assertEqual(scaled_steps(read([], {"scale": 0.5})), 50)
        self.assertEqual(scaled_steps(read([], {"scale": 0.001})), 2)


class Refusals(unittest.TestCase):
    def test_an_unknown_parameter_is_named(self):
        with self.assertRaisesRegex(Refusal, '"stepz".*it knows .*steps'):
            read([], {"stepz": 7})

    def test_a_value_of_the_wrong_type_is_named(self):
        for value in ("7", True, 1.5):
            with self.assertRaisesRegex(Refusal, '"steps".*int expected'):
                read([], {"steps": value})

    def test_a_value_outside_the_choices_is_named(self):
        with self.assertRaisesRegex(Refusal, "float32"):
            read([], {"dtype": "int8"})

    def test_something_other_than_an_object_is_refused(self):
        with self.assertRaisesRegex(Refusal, "list"):
            read([], [1])
