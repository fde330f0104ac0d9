"""`runcrew-lint server`: the Language Server Protocol over standard input and output, by pygls."""

from __future__ import annotations

import gc
import logging
import sys
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from runcrew_lint import __version__
from runcrew_lint.editor.actions import FIX_ALL, Takes
from runcrew_lint.editor.desk import Desk
from runcrew_lint.editor.roots import file_of
from runcrew_lint.editor.view import View
from runcrew_lint.engine.run import Request


class Server(LanguageServer):
    """The protocol's side: what an editor says goes to the desk, what a run finds goes to the editor.

    Texts are sent whole: pygls counts lines as Python's splitlines does, where a form feed ends one, so that
    changes in part would come to lie elsewhere.
    """

    def __init__(self, base: Request) -> None:
        super().__init__("runcrew-lint", f"v{__version__}", lsp.TextDocumentSyncKind.Full)
        self.desk = Desk(base, self.publish, self.log)
        self.takes = Takes()
        self.watches = False
        self._published: dict[Path, set[str]] = {}  # the addresses that show something, by root
        self._noted: set[str] = set()  # what runs said of themselves, each told once

    def log(self, line: str, kind: lsp.MessageType = lsp.MessageType.Info) -> None:
        """A line of the editor's log."""
        self.window_log_message(lsp.LogMessageParams(kind, line))

    def set_up(self, params: lsp.InitializeParams) -> None:
        """What the editor can do, and what it has open."""
        workspace = params.capabilities.workspace
        edits = workspace.workspace_edit if workspace else None
        self.takes = Takes(
            documents=bool(edits and edits.document_changes),
            creates=lsp.ResourceOperationKind.Create in ((edits and edits.resource_operations) or ()),
        )
        watching = workspace.did_change_watched_files if workspace else None
        self.watches = bool(watching and watching.dynamic_registration)
        self.desk.units = self.workspace.position_encoding or self.desk.units
        self.look_around()

    def look_around(self) -> None:
        """Takes the workspace's folders as they are now."""
        uris = [*self.workspace.folders, self.workspace.root_uri or ""]
        self.desk.roots.are(file for uri in uris if (file := file_of(uri)))

    def publish(self, view: View) -> None:
        """Shows what a run found, and takes back what is found no more."""
        for line in view.judged.wrong:
            self.log(line, lsp.MessageType.Error)
        notices = view.judged.outcome.report.notices if view.judged.outcome else ()
        for line in (each for each in notices if each not in self._noted):
            self._noted.add(line)
            self.log(line)
        before = self._published.get(view.session.root, set())
        now = self._published[view.session.root] = set()
        for path, found in view.diagnostics().items():
            uri = view.uri(path)
            now.add(uri)
            self.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(uri, found, view.version(path))
            )
        for uri in before - now:
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


def serve(base: Request) -> None:
    """Serves one editor until it ends; `base` says by which policy and cache."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    gc.enable()  # the command line does without: it ends soon
    server = made(base)
    try:
        server.start_io()
    finally:
        server.desk.close()


def made(base: Request) -> Server:
    """The server with everything that it answers."""
    server = Server(base)

    @server.feature(lsp.INITIALIZE)
    def initialize(ls: Server, params: lsp.InitializeParams) -> None:
        ls.set_up(params)

    @server.feature(lsp.INITIALIZED)
    async def initialized(ls: Server, _: lsp.InitializedParams) -> None:
        if ls.watches:
            watchers = [lsp.FileSystemWatcher(glob_pattern="**/*")]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
            await ls.client_register_capability_async(
                lsp.RegistrationParams([lsp.Registration("files", method, options)])
            )

    @server.feature(lsp.SHUTDOWN)
    def shut_down(ls: Server, _: None) -> None:
        ls.desk.close()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        ls.desk.opened(document.uri, document.version, document.text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        text = ls.workspace.get_text_document(uri).source
        ls.desk.typed(uri, params.text_document.version, text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def did_save(ls: Server, params: lsp.DidSaveTextDocumentParams) -> None:
        if not ls.watches:  # then nobody else says that the disk may hold something else
            ls.desk.saved(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
        ls.desk.closed(params.text_document.uri)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(ls: Server, params: lsp.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            ls.desk.stirred(change.uri)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(ls: Server, _: lsp.DidChangeWorkspaceFoldersParams) -> None:
        ls.look_around()

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix, FIX_ALL]),
    )
    async def code_action(ls: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        asked, only = params.range, params.context.only
        return await ls.desk.asked(
            params.text_document.uri, lambda view, path: view.actions(path, asked, only, ls.takes)
        )

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
        return await ls.desk.asked(
            params.text_document.uri, lambda view, path: view.hover(path, params.position)
        )

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_LINK)
    async def document_link(ls: Server, params: lsp.DocumentLinkParams) -> list[lsp.DocumentLink] | None:
        return await ls.desk.asked(params.text_document.uri, View.links)

    return server
