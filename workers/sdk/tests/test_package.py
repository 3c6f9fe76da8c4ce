"""Facts about the package itself."""

from __future__ import annotations

import ast
import os
import sys

from support import SDK, SdkTest

import descent

OWN = {"descent", "support", "fake_server"}


class Package(SdkTest):
    def sources(self) -> list:
        """(path, text) of every Python file of the client and its tests."""
        found = []
        for folder in ("descent", "tests"):
            for name in sorted(os.listdir(os.path.join(SDK, folder))):
                if name.endswith(".py"):
                    path = os.path.join(SDK, folder, name)
                    with open(path, encoding="utf-8") as file:
                        found.append((path, file.read()))
        return found

    def test_every_file_is_python_3_9(self) -> None:
        for path, text in self.sources():
            ast.parse(text, path, feature_version=(3, 9))
            self.assertIn("from __future__ import annotations", text, path)

    def test_only_the_standard_library_is_imported(self) -> None:
        known = getattr(sys, "stdlib_module_names", None)
        if known is None:
            self.skipTest("this Python does not list its standard library")
        for path, text in self.sources():
            for node in ast.walk(ast.parse(text)):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.level == 0:
                    names = [node.module or ""]
                for name in names:
                    self.assertIn(name.partition(".")[0], known | OWN, path)

    def test_the_public_names_are_there_and_documented(self) -> None:
        for name in descent.__all__:
            self.assertTrue(name == "run" or getattr(descent, name).__doc__, name)
        with open(os.path.join(SDK, "pyproject.toml"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn('version = "%s"' % descent.__version__, text)
        self.assertNotIn("[project.scripts]", text)
