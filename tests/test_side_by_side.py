"""Works go on side by side in rounds; what fails in one is told, and ends all."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from microsite import side_by_side

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(params=["in turn", "parted"])
def parted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Both ways. The tests' own program has threads, which wait here for work and hold nothing."""
    if request.param == "parted" and sys.platform != "linux":
        pytest.skip("processes are parted on Linux only")
    monkeypatch.setattr(side_by_side, "_can_part", lambda: request.param == "parted")
    return request.param == "parted"


def test_no_work_begins_a_round_before_all_have_ended_the_last(parted: bool, tmp_path: Path) -> None:
    def work(name: str) -> Iterator[tuple[str, bool]]:
        if name == "slow":
            time.sleep(0.3)
        (tmp_path / name).touch()
        yield name, os.getpid() == here
        yield name, all((tmp_path / other).exists() for other in names)

    here, names = os.getpid(), ["slow", "fast", "fast too"]
    first, second = side_by_side.rounds(work, names)
    assert first == [(name, not parted) for name in names]
    assert second == [(name, True) for name in names]


def test_each_gives_results_in_order(parted: bool) -> None:
    assert side_by_side.each(lambda number: number * number, range(5)) == [0, 1, 4, 9, 16]
    assert side_by_side.each(lambda number: number * number, [7]) == [49]
    assert side_by_side.each(lambda number: number, []) == []


def test_what_one_raises_is_raised_and_says_where(parted: bool) -> None:
    def work(number: int) -> Iterator[int]:
        yield number
        if number == 2:
            raise ValueError("the second is wrong")
        yield number

    rounds = side_by_side.rounds(work, [1, 2, 3])
    assert next(rounds) == [1, 2, 3]
    with pytest.raises(ValueError, match="the second is wrong") as caught:
        next(rounds)
    if parted:
        assert "in work" in caught.value.__notes__[0]


def test_whoever_asks_no_more_ends_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("processes are parted on Linux only")

    def work(number: int) -> Iterator[int]:
        yield os.getpid()
        time.sleep(60)
        yield 0

    monkeypatch.setattr(side_by_side, "_can_part", lambda: True)
    rounds = side_by_side.rounds(work, [1, 2])
    started = next(rounds)
    rounds.close()
    assert len(set(started)) == 2
    for one in started:
        with pytest.raises(ProcessLookupError):
            os.kill(one, 0)


def test_a_process_that_vanishes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("processes are parted on Linux only")
    monkeypatch.setattr(side_by_side, "_can_part", lambda: True)
    with pytest.raises(side_by_side.Lost, match="ended early"):
        side_by_side.each(lambda number: os._exit(3) if number == 2 else number, [1, 2])


def test_a_program_with_threads_is_not_parted() -> None:
    if sys.platform != "linux":
        pytest.skip("processes are parted on Linux only")
    program = (
        "import sys, threading; sys.path.insert(0, '.')\n"
        "from microsite.side_by_side import _can_part\n"
        "print(_can_part())\n"
        "gate = threading.Event(); threading.Thread(target=gate.wait).start()\n"
        "print(_can_part()); gate.set()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
