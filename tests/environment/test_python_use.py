"""What Python asks of the environment, and which files are not parsed for it."""

from __future__ import annotations

import ast

import pytest

from runcrew_lint.domains.environment import python_use
from runcrew_lint.text import Source

ASKED = "print(x['A'], y.get('B'), z('C'), w.v('D'))\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import os\n", []),
        ("import os\nos.environ['A']\n", ["A"]),
        ("import os as o\n\n\nx = 1\no.environ['A']; o.getenv('B')\n", ["A", "B"]),
        ("import os \\\n  as o\no.getenv('A')\n", ["A"]),
        ("from os import (\n  environ as x,\n  getenv as z,\n)\n" + ASKED, ["A", "C"]),
        ("import os\nx = os.environ\ny = x\n" + ASKED, ["A", "B"]),
        ("import os\nclass W:\n  def __init__(self):\n    self.v = os.getenv\n    self.v('E')\n", ["E"]),
        ("import os\n변수 = os.environ\ndef f():\n  return 변수['A']\n", ["A"]),
        ("from environs import Env\nx = Env()\nx.str('A')\nx('B')\n", ["A", "B"]),
        ("import environ\nx = environ.Env()\nx('A')\n", ["A"]),
        ("from starlette.config import Config\nz = Config('.env')\n" + ASKED, ["C"]),
        ("from decouple import config as z\n" + ASKED, ["C"]),
        ("from decouple import Config\nz = Config(r)\n" + ASKED, ["C"]),
        ("from other import Config\nz = Config()\nnothing.starlette\n" + ASKED, []),
        ("import os\n@app(\n  os.environ['A']\n)\nclass B:\n  '''\n  '''\n", ["A"]),
        ("import os\nf'''\n{os.environ['A']}\n{'B' in os.environ}\n'''\n", ["A", "B"]),
        ("from pydantic_settings import BaseSettings\n@d\nclass A(BaseSettings):\n  b: int\n", ["B"]),
        ("from pydantic import BaseSettings\nclass A(BaseSettings): pass\nclass C(A):\n  b: int\n", ["B"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert sorted(each.name for each in python_use.read(Source("a.py", text)).reads) == names


@pytest.mark.parametrize(
    "text",
    [
        "environment = 1\nimport os\n",
        "def app(environ, start): return environ['A']\n",
        "from starlette.requests import Request\n",
        "class Config: pass\nos.path\n",
        "environments = os.getenvironment\n",
    ],
)
def test_a_file_without_the_words_is_not_parsed(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(_text: str) -> ast.Module:
        raise AssertionError("nothing in it can ask for a variable")

    monkeypatch.setattr(ast, "parse", parse)
    assert python_use.read(Source("a.py", text)).reads == ()
