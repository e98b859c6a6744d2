"""Types and promotion against the standard's tables, and against NumPy where it agrees."""

import pickle
from types import SimpleNamespace

import numpy as np
import pytest

from webgpu_array import dtypes
from webgpu_array.ops import data_types

SIGNED = ("int8", "int16", "int32", "int64")
INTEGERS = (*SIGNED, "uint8", "uint16", "uint32", "uint64")
INEXACT = ("float16", "float32", "float64", "complex64", "complex128")


class Machine:
    """A device with a set of features."""

    def __init__(self, *features):
        self.features = frozenset(features)

    def __str__(self):
        return "machine:0"


@pytest.mark.parametrize("first", dtypes.BY_NAME)
@pytest.mark.parametrize("second", dtypes.BY_NAME)
def test_promotion_is_numpys_but_for_integers_with_floats(first, second):
    names = {first, second}
    if first != second and ("bool" in names or ("uint64" in names and names & set(SIGNED))):
        with pytest.raises(TypeError) as error:
            dtypes.promote(dtypes.BY_NAME[first], dtypes.BY_NAME[second])
        assert str(error.value) == (
            f"{first} and {second} do not promote to a common type; convert one with astype()"
        )
        return
    expected = np.result_type(first, second).name
    if names & set(INTEGERS) and names & set(INEXACT):
        (expected,) = names & set(INEXACT)
    assert dtypes.promote(dtypes.BY_NAME[first], dtypes.BY_NAME[second]).name == expected


@pytest.mark.parametrize("name", dtypes.BY_NAME)
def test_python_scalars_keep_the_type_of_the_array(name):
    dtype = dtypes.BY_NAME[name]
    if name == "bool":
        assert dtypes.promote_scalar(bool, dtype) is dtype
        for scalar in (int, float, complex):
            with pytest.raises(TypeError) as error:
                dtypes.promote_scalar(scalar, dtype)
            assert str(error.value) == (
                f"a Python {scalar.__name__} does not promote with a bool array; convert the array with astype()"
            )
        return
    assert dtypes.promote_scalar(int, dtype) is dtype
    inexact = dtype if name in INEXACT else dtypes.float32
    assert dtypes.promote_scalar(float, dtype) is inexact
    expected = "complex128" if name in ("float64", "complex128") else "complex64"
    assert dtypes.promote_scalar(complex, dtype).name == expected


@pytest.mark.parametrize("name", dtypes.BY_NAME)
def test_types_are_found_by_any_of_their_names(name):
    dtype = dtypes.BY_NAME[name]
    assert dtypes.as_dtype(name) is dtypes.as_dtype(dtype) is dtypes.as_dtype(np.dtype(name)) is dtype
    assert dtypes.as_dtype(getattr(np, name)) is dtype
    assert pickle.loads(pickle.dumps(dtype)) is dtype
    assert dtype.itemsize == np.dtype(name).itemsize


def test_pythons_types_are_types():
    assert dtypes.as_dtype(bool) is dtypes.bool_
    assert dtypes.as_dtype(float) is dtypes.float32


@pytest.mark.parametrize("name", INEXACT)
def test_finfo_is_numpys(name):
    found, expected = data_types.finfo(dtypes.BY_NAME[name]), np.finfo(name)
    for field in ("bits", "eps", "max", "min", "smallest_normal"):
        assert getattr(found, field) == getattr(expected, field)
    assert found.dtype is dtypes.real_of(dtypes.BY_NAME[name])


@pytest.mark.parametrize("name", INTEGERS)
def test_iinfo_is_numpys(name):
    found, expected = data_types.iinfo(dtypes.BY_NAME[name]), np.iinfo(name)
    assert (found.bits, found.min, found.max) == (expected.bits, expected.min, expected.max)


def test_info_of_the_wrong_kind():
    with pytest.raises(TypeError) as error:
        data_types.finfo(dtypes.int32)
    assert str(error.value) == "finfo: int32 is not a floating type; use iinfo()"
    with pytest.raises(TypeError) as error:
        data_types.iinfo(dtypes.bool_)
    assert str(error.value) == "iinfo: bool is not an integer type; use finfo()"


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("bool", {"bool"}),
        ("signed integer", set(SIGNED)),
        ("unsigned integer", set(INTEGERS) - set(SIGNED)),
        ("integral", set(INTEGERS)),
        ("real floating", {"float16", "float32", "float64"}),
        ("complex floating", {"complex64", "complex128"}),
        ("numeric", {*INTEGERS, *INEXACT}),
        (("bool", "real floating"), {"bool", "float16", "float32", "float64"}),
        (dtypes.int32, {"int32"}),
    ],
)
def test_kinds_are_the_standards(kind, members):
    assert {d.name for d in dtypes.ALL if data_types.isdtype(d, kind)} == members


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError) as error:
        data_types.isdtype(dtypes.int32, "floating")
    assert str(error.value) == (
        "isdtype: kind 'floating' is unknown; use one of: bool, signed integer, unsigned integer, integral, "
        "real floating, complex floating, numeric"
    )


def test_can_cast_follows_promotion():
    assert data_types.can_cast(dtypes.int32, dtypes.int64)
    assert data_types.can_cast(dtypes.int32, dtypes.float32)
    assert not data_types.can_cast(dtypes.float64, dtypes.float32)
    assert not data_types.can_cast(dtypes.bool_, dtypes.int32)


def test_result_type_of_types_and_scalars():
    assert data_types.result_type(dtypes.int32, dtypes.uint32) is dtypes.int64
    assert data_types.result_type(dtypes.float32, 1, 2.0) is dtypes.float32
    assert data_types.result_type(dtypes.int32, 2.0) is dtypes.float32
    with pytest.raises(TypeError) as error:
        data_types.result_type(dtypes.bool_, dtypes.int32)
    assert str(error.value) == (
        "result_type: bool and int32 do not promote to a common type; convert one with astype()"
    )
    with pytest.raises(ValueError) as error:
        data_types.result_type(1, 2.0)
    assert str(error.value) == "result_type: at least one argument must be a tensor or a dtype"


def test_a_device_has_the_types_of_its_features(monkeypatch):
    monkeypatch.delenv("WEBGPU_ARRAY_PRECISION", raising=False)
    full = Machine("shader-f16", "shader-f64", "shader-int64")
    assert all(dtypes.available(dtype, full) is dtype for dtype in dtypes.ALL)
    for wide, narrow in ((dtypes.float64, dtypes.float32), (dtypes.complex128, dtypes.complex64)):
        with pytest.warns(dtypes.PrecisionWarning, match="^machine:0 has no 64-bit floats"):
            assert dtypes.available(wide, Machine()) is narrow
    with pytest.raises(dtypes.DTypeNotSupportedError) as error:
        dtypes.available(dtypes.float16, Machine())
    assert str(error.value) == (
        "machine:0 has no float16 (feature shader-f16); `webgpu-array info` lists the devices that have it"
    )


def test_integers_of_64_bits_are_words_where_a_device_has_none():
    for dtype in (dtypes.int64, dtypes.uint64):
        assert dtypes.available(dtype, Machine()) is dtype
        assert dtypes.lowered(dtype, Machine("shader-int64")) is dtype
        assert dtypes.lowered(dtype, Machine()).wgsl == "vec2<u32>"


def test_an_unknown_precision_is_refused(monkeypatch):
    monkeypatch.setenv("WEBGPU_ARRAY_PRECISION", "exact")
    with pytest.raises(ValueError) as error:
        dtypes.available(dtypes.float64, SimpleNamespace(features=frozenset()))
    assert str(error.value) == "WEBGPU_ARRAY_PRECISION is 'exact'; set it to 'strict', or not at all"


def test_types_may_be_named_wherever_a_type_is_asked_for():
    assert data_types.result_type(dtypes.float32, "float64", np.dtype("int8")) is dtypes.float64
    assert data_types.result_type("int8", np.float32(2)) is dtypes.float32
    assert data_types.can_cast("int8", "int16") and data_types.can_cast(dtypes.int8, np.int16)
    assert data_types.isdtype("float32", "real floating") and data_types.isdtype(float, dtypes.float32)
    assert data_types.isdtype(dtypes.float32, (np.float32, "bool"))


@pytest.mark.parametrize(
    "call",
    [
        lambda x: data_types.result_type(dtypes.int32, x),
        lambda x: data_types.can_cast(dtypes.int32, x),
        lambda x: data_types.isdtype(x, "numeric"),
        lambda x: data_types.finfo(x),
    ],
    ids=["result_type", "can_cast", "isdtype", "finfo"],
)
@pytest.mark.parametrize("no_dtype", ["decimal", None])
def test_what_is_no_type_is_refused(call, no_dtype):
    with pytest.raises(TypeError) as error:
        call(no_dtype)
    assert str(error.value) == (
        f"dtype {no_dtype!r} is not one of this namespace; use one of: {', '.join(dtypes.BY_NAME)}"
    )


@pytest.fixture
def wide_defaults():
    """float64 and int32 as the default types."""
    data_types.set_default_dtypes(floating="float64", integral="int32")
    yield
    data_types.set_default_dtypes()


def test_pythons_types_are_the_default_types(wide_defaults):
    found = [dtypes.as_dtype(python) for python in (bool, int, float, complex)]
    assert found == [dtypes.bool_, dtypes.int32, dtypes.float64, dtypes.complex128]


def test_a_default_type_that_a_device_lacks_is_the_next_narrower(wide_defaults):
    assert dtypes.default_floating() is dtypes.default_floating(Machine("shader-f64", "shader-int64")) is dtypes.float64
    assert (dtypes.default_floating(Machine()), dtypes.default_complex(Machine())) == (dtypes.float32, dtypes.complex64)
