import numpy as np
def test_layouts(device, as_laid_out):
    base = np.arange(24, dtype=np.float32).reshape(2,3,4)
    for v in (base, base.T, base[::-1], base[:, 1:, ::-2], np.broadcast_to(base[:, :1], (2, 3, 4)), np.asfortranarray(base)):
        np.testing.assert_array_equal(np.asarray(as_laid_out(v)), v)
