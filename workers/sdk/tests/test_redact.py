"""Secrets are taken out before anything is written; ordinary configuration of language models survives."""

from __future__ import annotations

import json
import os
import subprocess
from unittest import mock

from support import SdkTest, only

from descent import capture
from descent.redact import REDACTED, is_secret_name, redact, redact_command, redact_text

KEY = "dsc_ing-" + "0123456789" * 4


class Redaction(SdkTest):
    def test_names_are_judged_by_whole_words(self) -> None:
        for name in (
            "password api_key apiKey API-KEY db.password HF_TOKEN accessToken aws_secret_access_key client_secret dsn"
        ).split():
            self.assertTrue(is_secret_name(name), name)
        for name in (
            "max_tokens eos_token_id pad_token tokenizer author num_key_value_heads key tokens keyboard secretary authority "
            "bearers access_pattern token passwordless_mode_count_tokens_x hidden_size n_tokens tokens_per_s"
        ).split():
            self.assertFalse(is_secret_name(name), name)

    def test_ordinary_configuration_survives(self) -> None:
        config = {
            "max_tokens": 512, "num_key_value_heads": 8, "eos_token_id": 2, "pad_token": "<pad>", "tokenizer": "bpe1k",
            "author": "me", "key": "value", "lr": 1e-3, "deep": {"list": [1, 2.5, True, None, "text"]}, "password": 7,
            "use_api_key": True, "url": "https://example.org/a?b=c", "sha": "0f" * 20,
        }  # fmt: skip
        self.assertEqual(redact(config), config)

    def test_secrets_go_by_name_and_by_shape(self) -> None:
        config = {
            "api_key": "hunter2", "password": ["a", {"b": "c"}], "nested": {"wandbKey": "x"},
            "note": "use %s please" % KEY, "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "repo": "https://me:pw@git.example/x",
            "aws": "AKIAABCDEFGHIJKLMNOP", "hub": "hf_" + "a" * 34, "header": "Bearer abcdefghijklmnop",
        }  # fmt: skip
        text = json.dumps(redact(config))
        for secret in ("hunter2", '"a"', '"c"', '"x"', KEY, "eyJ", "me:pw", "AKIA", "hf_a", "abcdefghijklmnop"):
            self.assertNotIn(secret, text)
        self.assertIn("https://[redacted]@git.example/x", text)

    def test_free_text_loses_keys_blocks_and_assignments(self) -> None:
        block = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
        text = 'API_KEY=abc123 password: "hunter2"\n%s\nlr = 0.1 max_tokens=5' % block
        clean = redact_text(text)
        for secret in ("abc123", "hunter2", "MIIE"):
            self.assertNotIn(secret, clean)
        self.assertIn("lr = 0.1 max_tokens=5", clean)
        self.assertEqual(redact_text("a\0b\ud800"), "a\ufffdb?")

    def test_the_command_line_loses_the_values_of_secret_options(self) -> None:
        command = ["train.py", "--api-key", "abc", "--password=abc", "--lr", "0.1", "--max-tokens", "5", "--token", KEY]
        self.assertEqual(
            redact_command(command),
            "train.py --api-key [redacted] --password=[redacted] --lr 0.1 --max-tokens 5 --token [redacted]".split(),
        )

    def test_git_is_captured_with_the_diff_and_without_secrets(self) -> None:
        def git(*arguments: str) -> None:
            subprocess.run(["git", *arguments], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

        git("init", "-q", "-b", "main")
        git("config", "user.email", "a@b.c")
        git("config", "user.name", "a")
        git("remote", "add", "origin", "https://me:pw@git.example/x.git")
        self.write("train.py", b"lr = 1\n")
        git("add", ".")
        git("commit", "-q", "-m", "one")
        self.write("train.py", b"lr = 2\nKEY = '%s'\n" % KEY.encode())
        with mock.patch("os.getcwd", lambda: self.folder):
            before = os.path.abspath(os.curdir)
            os.chdir(self.folder)
            try:
                found = capture.capture_environment()
            finally:
                os.chdir(before if os.path.isdir(before) and before != self.folder else "/")
        self.assertEqual((found["git"]["dirty"], found["git"]["branch"]), (True, "main"))
        self.assertIn("+lr = 2", found["git"]["diff"])
        text = json.dumps(found)
        for secret in (KEY, "me:pw"):
            self.assertNotIn(secret, text)
        self.assertNotIn("environment", found)
        for part in ("host", "python", "command", "packages", "cpu"):
            self.assertTrue(found[part], part)

    def test_planted_secrets_reach_neither_spool_nor_server(self) -> None:
        os.environ["MY_SECRET"] = "planted-in-environment"
        with self.server() as server:
            run = self.start(config={"api_key": "planted-one", "hub": "hf_" + "p" * 30}, name="uses " + KEY)
            run.log_eval("suite", items=[{"id": "1", "score": 1.0, "output": "my key is " + KEY}], checkpoint="c")
            run.finish(error="ValueError: https://u:planted-two@host failed", reason="failed")
        everything = b"".join(body for _, _, _, body in server.requests)
        for secret in (b"planted", b"p" * 30, KEY.encode()):
            self.assertNotIn(secret, everything)
        self.assertEqual(only(server.evaluations)["items"][0]["output"], "my key is " + REDACTED)
