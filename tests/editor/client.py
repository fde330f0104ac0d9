"""A client over stdio: the real server in a process of its own, asked message by message."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

PATIENCE = 60  # seconds; more than any answer takes on a machine under load
CAPABILITIES: dict[str, Any] = {
    "workspace": {
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "workspaceFolders": True,
    }
}
COMMAND = (sys.executable, "-m", "runcrew_lint.cli.main", "server")


class Client:
    """An editor, as far as the protocol sees one."""

    def __init__(self, cache: Path, command: Sequence[str] = COMMAND, *options: str) -> None:
        environment = {**os.environ, "RUNCREW_LINT_CACHE_DIR": str(cache)}
        self.process = subprocess.Popen(
            [*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        self._incoming: Queue[dict[str, Any]] = Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._number = 0
        self._answers: dict[int, dict[str, Any]] = {}
        self.diagnostics: dict[str, dict[str, Any]] = {}  # the newest of each file
        self.published: list[dict[str, Any]] = []
        self.logged: list[str] = []
        self.registered: list[str] = []

    def start(self, *folders: Path, capabilities: Mapping[str, Any] = CAPABILITIES) -> dict[str, Any]:
        """Introduces itself; what the server can do."""
        named = [{"uri": each.as_uri(), "name": each.name} for each in folders]
        asked = {"processId": os.getpid(), "rootUri": None, "capabilities": capabilities}
        answer: dict[str, Any] = self.ask("initialize", {**asked, "workspaceFolders": named})
        self.tell("initialized", {})
        return answer

    def ask(self, method: str, params: Any) -> Any:
        """A request's result."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        self.until(lambda: number in self._answers)
        answer = self._answers.pop(number)
        assert "error" not in answer, answer
        return answer["result"]

    def tell(self, method: str, params: Any) -> None:
        """Sends a notification."""
        self._send({"method": method, "params": params})

    def open(self, file: Path, text: str | None = None, version: int = 1) -> None:
        """Opens a file, with the text that lies there where none is given."""
        content = file.read_bytes().decode() if text is None else text
        document = {"uri": file.as_uri(), "languageId": "plaintext", "version": version, "text": content}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def change(self, file: Path, text: str, version: int) -> None:
        """Types a whole new text."""
        document = {"uri": file.as_uri(), "version": version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def close(self, file: Path) -> None:
        """Closes a file."""
        self.tell("textDocument/didClose", {"textDocument": {"uri": file.as_uri()}})

    def rules(self, file: Path, version: int | None = None) -> list[str]:
        """The rules that speak in a file, once it is told of in this version."""
        return [each["code"] for each in self.shown(file, version)]

    def shown(self, file: Path, version: int | None = None) -> list[dict[str, Any]]:
        """A file's diagnostics, once they are those of this version."""
        uri = file.as_uri()
        self.until(
            lambda: (
                uri in self.diagnostics
                and (version is None or self.diagnostics[uri].get("version") == version)
            )
        )
        found: list[dict[str, Any]] = self.diagnostics[uri]["diagnostics"]
        return found

    def until(self, done: Callable[[], bool]) -> None:
        """Listens until something is so."""
        while not done():
            try:
                self._hear(self._incoming.get(timeout=PATIENCE))
            except Empty:
                raise AssertionError(f"the server said no more; its log: {self.logged}") from None

    def listen(self, seconds: float) -> None:
        """Hears what comes until nothing has come for so long."""
        while True:
            try:
                self._hear(self._incoming.get(timeout=seconds))
            except Empty:
                return

    def stop(self) -> int:
        """Ends the server; its exit code."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """Ends it at once."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def _hear(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params") or {}
        if method is None:
            self._answers[message["id"]] = message
        elif method == "textDocument/publishDiagnostics":
            self.diagnostics[params["uri"]] = params
            self.published.append(params)
        elif method == "window/logMessage":
            self.logged.append(params["message"])
        elif method == "client/registerCapability":
            self.registered += [each["method"] for each in params["registrations"]]
        if method is not None and "id" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream
        while line := stream.readline():
            length = int(line.split(b":")[1])
            while stream.readline().strip():
                pass
            self._incoming.put(json.loads(stream.read(length)))
