"""How a fault of ours is told."""

from __future__ import annotations


def crash_line(who: str, error: BaseException) -> str:
    """One line on a fault of ours: who, what and where in our code, and never a value of the input's."""
    return f"{who} failed with {failure(error)}; please report it, the rest was linted"


def failure(error: BaseException) -> str:
    """What failed, and where in our code: the same for all who came upon one fault of what they share."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = ""
    if trace:
        file = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("runcrew_lint/")[2]
        where = f" at {file}:{trace.tb_lineno}"
    return f"{type(error).__name__}{where}"
