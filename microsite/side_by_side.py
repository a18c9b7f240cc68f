"""Work on several things at a time, each in a process of its own, in rounds: none goes on before all have done what came before."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")


class Lost(RuntimeError):
    """A process ended without a word: it was ended from outside, for want of memory perhaps."""


def rounds(work: Callable[[Thing], Iterator[Result]], things: Iterable[Thing]) -> Iterator[list[Result]]:
    """For each round, what `work` yields for each thing, in the order of the things. All of them yield equally often.

    What one raises is raised here, and ends all; so does whoever closes the rounds. Each process knows what this one does; what it finds
    out besides is its own. Where a process cannot be parted in two, the works take turns in this one.
    """
    things = list(things)
    if len(things) > 1 and _can_part():
        yield from _parted(work, things)
    else:
        yield from map(list, zip(*map(work, things), strict=True))


def each(work: Callable[[Thing], Result], things: Iterable[Thing]) -> list[Result]:
    """What `work` returns for each thing, in the order of the things; see `rounds`."""

    def once(thing: Thing) -> Iterator[Result]:
        yield work(thing)

    return next(rounds(once, things), [])


def _can_part() -> bool:
    """Whether this process has one thread only, so that none is cut off in the middle of something. Other systems than Linux start some unseen."""
    return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1


def _parted(work: Callable[[Thing], Iterator[Result]], things: Sequence[Thing]) -> Iterator[list[Result]]:
    parting = multiprocessing.get_context("fork")
    started = []
    try:
        for thing in things:
            ours, theirs = parting.Pipe()
            process = parting.Process(target=_serve, args=(work, thing, theirs), daemon=True)
            process.start()
            theirs.close()
            started.append((process, ours))
        while True:
            for _, pipe in started:
                pipe.send(None)
            answers = [_answer(pipe) for _, pipe in started]
            if not all(answers):
                return
            yield [result for (result,) in answers]
    finally:
        for process, _ in started:
            process.terminate()
            process.join()


def _serve(work: Callable[[Thing], Iterator[Any]], thing: Thing, pipe: Connection) -> None:
    """Answer with the results one by one, each as a tuple of one; with an empty one at the end; with an exception if there is one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it reaches all of them; the one that started the others ends them
    results = work(thing)
    with contextlib.suppress(EOFError):
        while True:
            pipe.recv()
            try:
                answer: Any = (next(results),)
            except StopIteration:
                answer = ()
            except Exception as error:
                error.add_note(traceback.format_exc())
                answer = error
            pipe.send(answer)


def _answer(pipe: Connection) -> tuple[Any, ...]:
    try:
        answer = pipe.recv()
    except EOFError:
        raise Lost("A part of the work ended early") from None
    if isinstance(answer, Exception):
        raise answer
    return answer
