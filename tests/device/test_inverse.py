"""``inv`` as a caller meets it: the one word that it reads, what it says of bad input and where, and memory that is not there."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.errors import DeviceMemoryError, IllConditionedWarning, LinAlgError

REGULAR = np.array([[[2, 0], [0, 4]], [[0, 1], [1, 0]]], np.float32)
SINGULAR = np.array([[[2, 0], [0, 4]], [[1, 1], [1, 1]]], np.float32)
ILL_CONDITIONED = np.array([[[1, 0], [0, 1e-9]]], np.float32)


def test_regular_matrices_after_singular_ones_are_not_complained_of(own_device: Any) -> None:
    regular, singular = (xp.asarray(host, device=own_device) for host in (REGULAR, SINGULAR))
    for _ in range(3):
        for _ in range(2):
            np.testing.assert_array_equal(xp.linalg.inv(regular).numpy(), np.linalg.inv(REGULAR))
        with pytest.raises(LinAlgError) as caught:
            xp.linalg.inv(singular)
        assert str(caught.value) == "inv: matrix 1 of the batch is singular: the pivot of step 2 is zero"


def test_the_word_that_stays_zero_is_used_again(own_device: Any) -> None:
    x = xp.asarray(REGULAR, device=own_device)
    xp.linalg.inv(x)
    (word,) = own_device.zero_words
    for _ in range(3):
        xp.linalg.inv(x)
    assert own_device.zero_words == [word]
    with pytest.raises(LinAlgError):
        xp.linalg.inv(xp.asarray(SINGULAR, device=own_device))
    assert own_device.zero_words == []


def test_threads_do_not_hear_of_each_others_matrices(own_device: Any) -> None:
    def work(number: int) -> None:
        x = xp.asarray(SINGULAR if number % 2 else REGULAR, device=own_device)
        for _ in range(20):
            if number % 2:
                with pytest.raises(LinAlgError):
                    xp.linalg.inv(x)
            else:
                np.testing.assert_array_equal(xp.linalg.inv(x).numpy(), np.linalg.inv(REGULAR))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))


@pytest.mark.parametrize("call", [lambda x: xp.linalg.inv(x), lambda x: x.inverse()], ids=["inv", "inverse"])
def test_the_warning_points_at_the_caller(device: Any, call: Callable[[Any], Any]) -> None:
    x = xp.asarray(ILL_CONDITIONED, device=device)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(x)
    (warning,) = caught
    assert warning.category is IllConditionedWarning
    assert Path(warning.filename) == Path(__file__)
    assert warning.lineno == call.__code__.co_firstlineno


@pytest.mark.parametrize("n", [3, 200])
@pytest.mark.parametrize("view", [False, True])
def test_whatever_there_is_no_room_for_nothing_is_recorded(
    own_device: Any, monkeypatch: pytest.MonkeyPatch, n: int, view: bool
) -> None:
    x = xp.asarray(np.tile(np.eye(n, dtype=np.float32), (8, 1, 1)), device=own_device)
    if view:
        x = xp.matrix_transpose(x)
    own_device.synchronize()
    pool = own_device.pool
    pool.trim()
    recorded: list[Any] = []
    monkeypatch.setattr(type(own_device.recorder), "record", lambda *arguments: recorded.append(arguments))
    in_use, room, refused = pool.bytes_allocated, 256, 0
    while not recorded:
        pool.budget = in_use + room
        try:
            xp.linalg.inv(x)
        except DeviceMemoryError as error:
            assert "the budget is reached" in str(error)
            assert not recorded
            refused += 1
        room += x.buffer.size
        pool.collect()
        pool.trim()
    # The result; the copy of a view; scratch of large matrices, which takes one as large at least.
    assert refused >= 1 + view + (n > 128)


def test_an_impossible_size_is_refused_before_anything_is_asked_of_the_device(own_device: Any) -> None:
    x = xp.broadcast_to(xp.ones((1, 1), device=own_device), (1 << 20, 1 << 20))
    own_device.synchronize()
    before = own_device.recorder.submission
    with pytest.raises(MemoryError, match=r"^an array of 4,398,046,511,104 bytes exceeds the largest buffer of "):
        xp.linalg.inv(x)
    assert own_device.recorder.submission == before
