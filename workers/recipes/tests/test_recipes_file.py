"""recipes.yaml, the agent's allow-list, says what the programs themselves say. Needs torch to import them."""

from __future__ import annotations

import importlib
import re
import unittest
from pathlib import Path

from .needs_torch import require_torch

require_torch()

RECIPES = Path(__file__).resolve().parent.parent
TYPES = {None: "string", int: "int", float: "float"}
# Decided by the agent and its environment, never by a job.
NOT_FOR_JOBS = {"help", "out", "parent", "reference", "target", "json", "project", "experiment"}


def listed() -> dict[str, dict[str, str]]:
    """Recipe → parameter → its line, read by indentation (the file is written that plainly on purpose)."""
    recipes: dict[str, dict[str, str]] = {}
    for line in (RECIPES / "recipes.yaml").read_text().splitlines():
        if name := re.fullmatch(r"  (\w+):", line):
            recipes[name[1]] = {}
        elif parameter := re.fullmatch(r"      (\w+): \{ (.*) \}", line):
            recipes[list(recipes)[-1]][parameter[1]] = parameter[2]
    return recipes


class AllowList(unittest.TestCase):
    def test_every_recipe_lists_exactly_the_parameters_its_program_takes(self):
        for name, parameters in listed().items():
            actions = {a.dest: a for a in importlib.import_module(name).parser()._actions if a.dest not in NOT_FOR_JOBS}
            self.assertEqual(set(parameters), set(actions), name)
            for key, line in parameters.items():
                action = actions[key]
                expected = "path" if key == "data" else TYPES[action.type]
                self.assertIn(f"type: {expected}", line, f"{name}.{key}")
                default = re.search(r"default: ([^,]+)$", line)
                if key != "data" and action.default not in (None, ""):
                    self.assertIsNotNone(default, f"{name}.{key}")
                    kind = action.type or str
                    self.assertEqual(kind(default[1]), action.default, f"{name}.{key}")

    def test_every_program_of_the_folder_is_listed(self):
        programs = {path.stem for path in RECIPES.glob("*.py")} - {"prepare_data"}
        self.assertEqual(set(listed()), programs)

    def test_the_pipeline_uses_listed_recipes_and_parameters_only(self):
        known = listed()
        pipeline = (RECIPES / "lifecycle.yaml").read_text()
        for block in re.findall(r"recipe: (\w+)\n(?:.*\n)*?\s+params: \{ (.*) \}", pipeline):
            name, parameters = block
            self.assertIn(name, known)
            for key in re.findall(r"(\w+):", parameters):
                self.assertIn(key, known[name], f"{name}.{key}")
