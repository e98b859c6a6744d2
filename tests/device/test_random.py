"""Random numbers: equal bits to the reference, the right distributions, and every error."""

from __future__ import annotations

import copy
import hashlib
import pickle
import runpy
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from webgpu_array.dtypes import float32, float64, int32, int64, uint32, uint64
from webgpu_array.errors import PrecisionWarning
from webgpu_array.interop import from_numpy, to_numpy
from webgpu_array.random import Generator, default_rng
from webgpu_array.shader import declare, read
from webgpu_array.tensor import allocate

reference = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "random_reference.py")))

# Seeds and positions, such that the counter carries into its second word and wraps around.
STREAMS = [(0, 0), (12345, 7), (2**64 - 1, 2**32 - 100), (2**63 + 5, 2**64 - 100)]


def _skip_without(dtype, device):
    if not device.supports(dtype):
        pytest.skip(f"{device} has no {dtype.name}")


def _launch(device, code, access, tensors, n_groups):
    """Runs WGSL with the whole of each tensor bound, in order."""
    pipeline = device.recorder.pipeline(code, access, "test")
    ranges = [(t.buffer, 0, t.nbytes) for t in tensors]
    device.recorder.record(pipeline, ranges, bytes(16), n_groups)


def test_philox_gives_the_published_answers(device):
    inputs = [[int(w, 16) for w in f"{counter} {key} 0 0".split()] for counter, key, _ in reference.KNOWN_ANSWERS]
    code = (
        read("lib/wide_u32")
        + read("lib/philox")
        + """
        @group(0) @binding(0) var<storage, read_write> out: array<vec4<u32>>;
        @group(0) @binding(1) var<storage, read> x: array<vec4<u32>>;
        @compute @workgroup_size(1)
        fn main(@builtin(workgroup_id) id: vec3<u32>) { out[id.x] = philox(x[2u * id.x], x[2u * id.x + 1u].xy); }
        """
    )
    x = from_numpy(np.array(inputs, np.uint32), uint32, device)
    out = allocate((len(inputs), 4), uint32, device)
    _launch(device, code, ("read_write", "read"), (out, x), len(inputs))
    assert [" ".join(f"{w:08x}" for w in row) for row in to_numpy(out)] == [e for _, _, e in reference.KNOWN_ANSWERS]


@pytest.mark.parametrize("dtype", [float32, float64], ids=lambda d: d.name)
def test_normal_numbers_of_every_octave_equal_the_reference(device, dtype):
    """Tails that no seed reaches in a test: words are given instead of drawn."""
    _skip_without(dtype, device)
    rng = np.random.default_rng(3)
    words = []
    for octave in range(64):
        low = 2 ** (63 - octave)
        words += [low, 2 * low - 1, *(low + int(f * low) for f in rng.random(14))]
    suffix, word = ("f32", uint32) if dtype is float32 else ("f64", uint64)
    code = (
        read(f"lib/wide_u{dtype.bits}")
        + read(f"lib/fixed_{suffix}")
        + read(f"lib/normal_{suffix}")
        + declare(N=len(words))
        + """
        @group(0) @binding(0) var<storage, read_write> out: array<Bits>;
        @group(0) @binding(2) var<storage, read> x: array<vec2<u32>>;
        @compute @workgroup_size(64)
        fn main(@builtin(global_invocation_id) id: vec3<u32>) {
            if (id.x < N) {
                out[id.x] = value(vec4<u32>(x[id.x], x[id.x]), id.x % PER_BLOCK);
            }
        }
        """
    )
    x = from_numpy(np.array(words, np.uint64).view(np.uint32), uint32, device)
    table = default_rng(0)._table(dtype, device)
    assert table.dtype is word
    out = allocate((len(words),), dtype, device)
    _launch(device, code, ("read_write", "read", "read"), (out, table, x), -(-len(words) // 64))
    expected = b"".join(reference.normal_from(w, dtype.name) for w in words)
    assert to_numpy(out).tobytes() == expected


@pytest.mark.parametrize("dtype", [float32, float64], ids=lambda d: d.name)
@pytest.mark.parametrize("function", ["random", "standard_normal"])
@pytest.mark.parametrize(("key", "position"), STREAMS)
def test_bits_equal_the_reference(device, function, dtype, key, position):
    _skip_without(dtype, device)
    found = getattr(Generator(key, position), function)(777, dtype=dtype, device=device)
    assert found.dtype is dtype
    assert to_numpy(found).tobytes() == getattr(reference, function)(key, position, 777, dtype.name)


@pytest.mark.parametrize(("function", "dtype", "seed"), reference.FINGERPRINTS)
def test_bits_have_the_fingerprint_of_every_device(device, function, dtype, seed):
    if dtype == "float64":
        _skip_without(float64, device)
    found = getattr(default_rng(seed), function)(100_000, dtype=dtype, device=device)
    assert hashlib.sha256(to_numpy(found)).hexdigest() == reference.FINGERPRINTS[function, dtype, seed]


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [
        (int32, -5, 6),
        (int32, 7, 8),
        (int32, -(2**31), 2**31),
        # Nearly half of all words fail here, so that blocks are drawn again.
        (uint32, 3, 2**31 + 4),
        (int64, -(2**40), 2**40 + 1),
        (int64, -(2**63), 2**63),
        (uint64, 0, 2**63 + 1),
    ],
)
@pytest.mark.parametrize(("key", "position"), STREAMS[::3])
def test_integers_equal_the_reference(device, dtype, low, high, key, position):
    _skip_without(dtype, device)
    found = Generator(key, position).integers(low, high, 300, dtype=dtype, device=device)
    assert found.dtype is dtype
    assert to_numpy(found).tolist() == reference.integers(key, position, low, high, 300, dtype.bits)


def test_integers_are_all_equally_likely(device):
    found = to_numpy(default_rng(4).integers(0, 7, 70_000, dtype=int32, device=device))
    assert stats.chisquare(np.bincount(found)).pvalue > 1e-3


def test_integers_take_one_bound_and_an_endpoint(device):
    assert set(to_numpy(default_rng(1).integers(3, size=200, device=device)).tolist()) == {0, 1, 2}
    found = to_numpy(default_rng(1).integers(1, 3, 200, endpoint=True, device=device))
    assert set(found.tolist()) == {1, 2, 3}


def test_pieces_join_to_the_whole(own_device):
    """A binding of 13 KiB holds the largest table, but not the numbers: several launches make them."""

    def draw_all():
        drawn = [default_rng(9).integers(100, size=9001, dtype=int32, device=own_device)]
        for dtype in filter(own_device.supports, (float32, float64)):
            drawn.append(default_rng(9).random(9001, dtype=dtype, device=own_device))
            drawn.append(default_rng(9).standard_normal(9001, dtype=dtype, device=own_device))
        return [to_numpy(numbers).tolist() for numbers in drawn]

    whole = draw_all()
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 13 * 1024}
    assert draw_all() == whole


@pytest.fixture(scope="module")
def normals(device):
    """Ten million normal numbers of one seed, as float32."""
    return to_numpy(default_rng(2024).standard_normal(10_000_000, device=device))


# Bounds are five standard errors: one false alarm in a million seeds, and the seed is fixed.


def test_normal_moments(normals):
    n = normals.size
    z = normals.astype(np.float64)
    assert abs(z.mean()) < 5 / n**0.5
    assert abs(z.var() - 1) < 5 * (2 / n) ** 0.5
    assert abs((z**3).mean()) < 5 * (15 / n) ** 0.5
    assert abs((z**4).mean() - 3) < 5 * (96 / n) ** 0.5


def test_normal_distribution_function(normals):
    assert stats.kstest(normals[:1_000_000].astype(np.float64), "norm").pvalue > 1e-3


@pytest.mark.parametrize("sigma", [1, 2, 3, 4, 5])
def test_normal_tails(normals, sigma):
    expected = stats.norm.sf(sigma) * normals.size
    for side in (normals, -normals):
        assert abs(np.count_nonzero(side > sigma) - expected) < 5 * expected**0.5


@pytest.mark.parametrize("lag", [1, 2, 3, 4, 64, 128])
def test_normal_neighbours_are_not_correlated(normals, lag):
    z = normals[:1_000_000].astype(np.float64)
    for a, b in ((z[lag:], z[:-lag]), (z[lag:] ** 2, z[:-lag] ** 2)):
        assert abs(np.corrcoef(a, b)[0, 1]) < 5 / z.size**0.5


def test_streams_of_neighbouring_seeds_are_not_correlated(device):
    a, b = (to_numpy(default_rng(s).standard_normal(200_000, device=device)).astype(np.float64) for s in (0, 1))
    assert abs(np.corrcoef(a, b)[0, 1]) < 5 / a.size**0.5


@pytest.mark.parametrize("dtype", [float32, float64], ids=lambda d: d.name)
def test_uniform_distribution(device, dtype):
    _skip_without(dtype, device)
    u = to_numpy(default_rng(8).random(500_000, dtype=dtype, device=device)).astype(np.float64)
    assert u.min() >= 0 and u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 5 / u.size**0.5


def test_normal_shifts_and_scales(device):
    z = to_numpy(default_rng(6).standard_normal((50, 3), device=device))
    found = default_rng(6).normal(10.0, 0.5, (50, 3), device=device)
    np.testing.assert_allclose(to_numpy(found), 10 + 0.5 * z, rtol=2e-7)
    assert np.all(to_numpy(default_rng(6).normal(3, 0, 5, device=device)) == 3)


def test_uniform_shifts_and_scales(device):
    u = to_numpy(default_rng(6).random(50, device=device))
    found = default_rng(6).uniform(-2.0, 6.0, 50, device=device)
    np.testing.assert_allclose(to_numpy(found), -2 + 8 * u, rtol=0, atol=1e-6)


def test_sizes(device):
    g = default_rng(0)
    for draw in (g.random, g.standard_normal, lambda s, device: g.integers(9, size=s, device=device)):
        assert draw(None, device=device).shape == ()
        assert draw((), device=device).shape == ()
        assert draw(5, device=device).shape == (5,)
        assert draw([2, np.int64(3)], device=device).shape == (2, 3)
        assert to_numpy(draw((2, 0, 3), device=device)).shape == (2, 0, 3)


def test_default_dtypes(device):
    assert default_rng(0).random(1, device=device).dtype is float32
    assert default_rng(0).standard_normal(1, device=device).dtype is float32
    assert default_rng(0).integers(9, size=1, device=device).dtype is (int64 if "shader-int64" in device.features else int32)


@pytest.mark.parametrize(
    ("draw", "blocks"),
    [
        (lambda g, device: g.random(9, device=device), 3),
        (lambda g, device: g.uniform(1, 2, 9, device=device), 3),
        (lambda g, device: g.standard_normal(9, device=device), 5),
        (lambda g, device: g.integers(9, size=9, device=device), 9),
        (lambda g, device: g.standard_normal(0, device=device), 0),
    ],
)
def test_a_call_consumes_what_the_documentation_says(device, draw, blocks):
    generator = default_rng(1)
    draw(generator, device)
    assert generator.state == {"key": 1, "position": blocks}


def test_generator_shows_pickles_and_restores_its_state(device):
    generator = default_rng(0xABC)
    generator.random(6, device=device)
    assert repr(generator) == "Generator(key=0xabc, position=2)"
    state = generator.state
    twins = [copy.copy(generator), copy.deepcopy(generator), pickle.loads(pickle.dumps(generator))]
    expected = to_numpy(generator.standard_normal(5, device=device))
    for twin in twins:
        np.testing.assert_array_equal(to_numpy(twin.standard_normal(5, device=device)), expected)
    generator.state = state
    np.testing.assert_array_equal(to_numpy(generator.standard_normal(5, device=device)), expected)


def test_threads_never_share_a_block(device):
    generator = default_rng(3)
    with ThreadPoolExecutor(4) as pool:
        draws = list(pool.map(lambda _: generator.random(4, device=device), range(100)))
    found = {to_numpy(draw).tobytes() for draw in draws}
    assert found == {struct.pack("<4f", *row) for row in to_numpy(default_rng(3).random((100, 4), device=device))}


def test_seeds():
    generator = default_rng(np.int64(7))
    assert generator.state["key"] == 7
    assert default_rng(generator) is generator
    assert default_rng().state["key"] != default_rng(None).state["key"]


def test_float64_without_the_device_is_announced(own_device):
    own_device.features = frozenset()
    with pytest.warns(PrecisionWarning):
        found = default_rng(0).standard_normal(4, dtype=float64, device=own_device)
    assert found.dtype is float32
    assert default_rng(0).integers(9, device=own_device).dtype is int32


_SEED = "default_rng: seed must be an integer"


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda g: default_rng(-1), ValueError, f"{_SEED} from 0 to 2**64 - 1, not -1"),
        (lambda g: default_rng(2**64), ValueError, f"{_SEED} from 0 to 2**64 - 1, not {2**64}"),
        (lambda g: default_rng(1.5), TypeError, f"{_SEED}, a Generator or None, not 1.5 of type float"),
        (
            lambda g: Generator(0, -1),
            ValueError,
            "default_rng: position must be an integer from 0 to 2**64 - 1, not -1",
        ),
        (
            lambda g: g.random(2.5),
            TypeError,
            "random: size must be an integer, a tuple of integers or None, not 2.5",
        ),
        (
            lambda g: g.standard_normal("5"),
            TypeError,
            "standard_normal: size must be an integer, a tuple of integers or None, not '5'",
        ),
        (
            lambda g: g.standard_normal((2, -1)),
            ValueError,
            "standard_normal: size must not be negative, got (2, -1)",
        ),
        (
            lambda g: g.random(3, dtype=int32),
            TypeError,
            "random: dtype must be float32 or float64, not int32; convert with astype()",
        ),
        (lambda g: g.normal(0, -1, 3), ValueError, "normal: scale must not be negative, got -1.0"),
        (lambda g: g.normal(float("nan"), 1, 3), ValueError, "normal: loc must be finite, got nan"),
        (
            lambda g: g.normal([1, 2], 1, 3),
            TypeError,
            "normal: loc must be a real number, not list; for arrays, scale and shift the result",
        ),
        (lambda g: g.uniform(2, 1, 3), ValueError, "uniform: low must not exceed high, got low=2.0, high=1.0"),
        (lambda g: g.uniform(-1.7e308, 1.7e308, 3), ValueError, "uniform: high - low must be finite, got inf"),
        (
            lambda g: g.integers(5, 5, dtype=int32),
            ValueError,
            "integers: the range 5 to 4 must not be empty and must fit int32, which holds -2147483648 to 2147483647",
        ),
        (
            lambda g: g.integers(-1, 5, dtype=uint32),
            ValueError,
            "integers: the range -1 to 4 must not be empty and must fit uint32, which holds 0 to 4294967295",
        ),
        (lambda g: g.integers(0, 2.5), TypeError, "integers: low and high must be integers, not 0 and 2.5"),
        (
            lambda g: g.integers(5, dtype=float32),
            TypeError,
            "integers: dtype must be an integer type, not float32; convert with astype()",
        ),
    ],
)
def test_errors_have_these_texts(device, call, error, text):
    with pytest.raises(error) as raised:
        call(default_rng(0))
    assert str(raised.value) == text
