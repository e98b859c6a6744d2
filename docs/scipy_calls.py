"""Calls of SciPy's functions with small arrays, for ``make_scipy.py``: by module and function.

A call gets the arrays of ``Arrays``, tensors or NumPy's. Those of functions that draw random numbers, or that find what is
determined up to a sign only, end in what can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
from scipy import (
    constants,
    differentiate,
    fft,
    integrate,
    interpolate,
    linalg,
    ndimage,
    optimize,
    signal,
    sparse,
    spatial,
    special,
    stats,
)
from scipy.cluster import hierarchy, vq
from scipy.optimize import elementwise
from scipy.spatial import distance
from scipy.spatial.transform import RigidTransform, Rotation


@dataclass(frozen=True)
class Arrays:
    """What functions are called with; float32 unless said otherwise."""

    xp: ModuleType
    x: Any  # (64,) between -1 and 1
    y: Any  # (64,) related to x
    t: Any  # (64,) ascending from 0 to 1
    p: Any  # (64,) between 0 and 1, both excluded
    n: Any  # (64,) whole numbers from 0 to 9
    m: Any  # (16, 8)
    s: Any  # (8, 8) symmetric, positive definite
    u: Any  # (8, 8) general, well-conditioned
    b: Any  # (8,)
    i: Any  # (16, 16) an image
    q: Any  # (16, 4) unit quaternions
    v: Any  # (16, 3)


def arrays(xp: ModuleType, of: Callable[[np.ndarray], Any]) -> Arrays:
    """The arrays, each made by ``of``."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, 64)
    square = rng.standard_normal((8, 8))
    q = rng.standard_normal((16, 4))
    host = {
        "x": x,
        "y": x + 0.3 * rng.standard_normal(64),
        "t": np.linspace(0, 1, 64),
        "p": rng.uniform(0.05, 0.95, 64),
        "n": rng.integers(0, 10, 64),
        "m": rng.standard_normal((16, 8)),
        "s": square @ square.T + 8 * np.eye(8),
        "u": square + 8 * np.eye(8),
        "b": rng.standard_normal(8),
        "i": rng.uniform(0, 1, (16, 16)),
        "q": q / np.linalg.norm(q, axis=1, keepdims=True),
        "v": rng.standard_normal((16, 3)),
    }
    return Arrays(xp, **{name: of(value.astype("float32")) for name, value in host.items()})


Call = Callable[[Arrays], Any]


def _all(module: Any, names: str, call: Callable[[Any, Arrays], Any], prefix: str = "") -> dict[str, Call]:
    """The same call of several functions of a module."""
    return {prefix + name: partial(call, getattr(module, name)) for name in names.split()}


def _rosenbrock(x: Any) -> Any:
    return float((100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum())


CALLS: dict[str, dict[str, Call]] = {
    "fft": {
        **_all(fft, "fft ifft rfft irfft hfft ihfft fftshift ifftshift", lambda f, a: f(a.x)),
        **_all(fft, "fft2 ifft2 rfft2 irfft2 fftn ifftn rfftn irfftn hfftn ihfftn", lambda f, a: f(a.m)),
        **_all(fft, "fftfreq rfftfreq", lambda f, a: f(64, xp=a.xp)),
        **_all(fft, "dct idct dst idst", lambda f, a: f(a.x)),
        **_all(fft, "dctn idctn dstn idstn", lambda f, a: f(a.m)),
        **_all(fft, "fht ifht", lambda f, a: f(a.x, 0.1, 1.0)),
    },
    "signal": {
        **_all(signal, "fftconvolve oaconvolve convolve correlate", lambda f, a: f(a.x, a.b)),
        **_all(signal, "convolve2d correlate2d", lambda f, a: f(a.i, a.u)),
        **_all(signal, "hilbert detrend envelope medfilt wiener periodogram cspline1d qspline1d czt", lambda f, a: f(a.x)),
        **_all(signal, "welch spectrogram stft", lambda f, a: f(a.x, nperseg=16)),
        **_all(signal, "csd coherence", lambda f, a: f(a.x, a.y, nperseg=16)),
        **_all(signal, "hilbert2 medfilt2d", lambda f, a: f(a.i)),
        "istft": lambda a: signal.istft(a.xp.fft.rfft(a.i[:, :16], axis=0), nperseg=16),
        "lfilter": lambda a: signal.lfilter(a.b[:3], a.t[:3] + 1, a.x),
        "filtfilt": lambda a: signal.filtfilt(a.b[:3], a.t[:3] + 1, a.x),
        "sosfilt": lambda a: signal.sosfilt(a.xp.asarray([[1.0, 0.2, 0.1, 1.0, 0.3, 0.1]], dtype=a.xp.float32), a.x),
        "sosfiltfilt": lambda a: signal.sosfiltfilt(a.xp.asarray([[1.0, 0.2, 0.1, 1.0, 0.3, 0.1]], dtype=a.xp.float32), a.x),
        "resample": lambda a: signal.resample(a.x, 32),
        "resample_poly": lambda a: signal.resample_poly(a.x, 2, 3),
        "decimate": lambda a: signal.decimate(a.x, 2),
        "upfirdn": lambda a: signal.upfirdn(a.b, a.x, 2),
        "savgol_filter": lambda a: signal.savgol_filter(a.x, 7, 2),
        "find_peaks": lambda a: signal.find_peaks(a.x)[0],
        "argrelmax": lambda a: signal.argrelmax(a.x)[0],
        "freqz": lambda a: signal.freqz(a.b),
        "lombscargle": lambda a: signal.lombscargle(a.t, a.x, a.t + 1),
        "chirp": lambda a: signal.chirp(a.t, 1, 1, 5),
        "gauss_spline": lambda a: signal.gauss_spline(a.t, 1),
        **_all(signal, "sawtooth square gausspulse", lambda f, a: f(a.t)),
        "deconvolve": lambda a: signal.deconvolve(a.x, a.t[:3] + 1),
        "minimum_phase": lambda a: signal.minimum_phase(a.t),
        "zpk2sos": lambda a: signal.zpk2sos(a.p[:6], a.p[6:12], 1.0),
        "tf2zpk": lambda a: a.xp.sum(signal.tf2zpk(a.b[:6], a.b[:6])[0]),
        "bilinear": lambda a: signal.bilinear(a.b, a.b),
        "get_window": lambda a: signal.get_window("hann", 64, xp=a.xp),
    },
    "signal.windows": {
        **_all(
            signal.windows,
            "barthann bartlett blackman blackmanharris bohman boxcar cosine exponential flattop hamming hann lanczos nuttall parzen taylor triang tukey",
            lambda f, a: f(64, xp=a.xp),
        ),
        "chebwin": lambda a: signal.windows.chebwin(64, 100, xp=a.xp),
        "gaussian": lambda a: signal.windows.gaussian(64, 8, xp=a.xp),
        "general_cosine": lambda a: signal.windows.general_cosine(64, a.b[:2]),
        "general_gaussian": lambda a: signal.windows.general_gaussian(64, 1.5, 8, xp=a.xp),
        "kaiser": lambda a: signal.windows.kaiser(64, 14, xp=a.xp),
        "kaiser_bessel_derived": lambda a: signal.windows.kaiser_bessel_derived(64, 14, xp=a.xp),
        "dpss": lambda a: signal.windows.dpss(64, 3, xp=a.xp),
    },
    "special": {
        **_all(
            special,
            "erf erfc erfinv gamma gammaln loggamma digamma psi rgamma expit logit log_expit exp1 expi expm1 log1p exp2 cbrt entr i0 i0e i1 i1e j0 j1 y0 k0 "
            "k1 ndtr ndtri log_ndtr ellipk ellipe sinc spence dawsn",
            lambda f, a: f(a.p),
        ),
        **_all(special, "xlogy xlog1py rel_entr kl_div beta betaln gammainc gammaincc chdtr chdtrc jv kv zeta poch binom", lambda f, a: f(a.p + 1, a.p + 2)),
        **_all(special, "betainc betaincc fdtr fdtrc", lambda f, a: f(a.p + 1, a.p + 2, a.p)),
        **_all(special, "stdtr stdtrit", lambda f, a: f(a.p + 1, a.p)),
        **_all(special, "logsumexp softmax log_softmax", lambda f, a: f(a.m, axis=1)),
        "multigammaln": lambda a: special.multigammaln(a.p + 3, 2),
        "polygamma": lambda a: special.polygamma(1, a.p),
        "comb": lambda a: special.comb(a.n + 5, 2),
        "factorial": lambda a: special.factorial(a.n),
        "hyp2f1": lambda a: special.hyp2f1(1, 2, 3, a.p),
        "eval_legendre": lambda a: special.eval_legendre(3, a.x),
    },
    "stats": {
        **_all(
            stats,
            "zscore gzscore skew kurtosis moment sem tmean tvar tstd tmin tmax tsem gmean hmean describe entropy variation circmean circvar circstd iqr "
            "median_abs_deviation differential_entropy skewtest kurtosistest normaltest jarque_bera shapiro anderson rankdata mode lmoment "
            "chisquare power_divergence false_discovery_control combine_pvalues bayes_mvs",
            lambda f, a: f(a.p),
        ),
        **_all(stats, "boxcox yeojohnson", lambda f, a: f(a.p, lmbda=0.5)),
        **_all(
            stats,
            "pearsonr spearmanr kendalltau ttest_ind ttest_rel mannwhitneyu wilcoxon ks_2samp f_oneway bartlett levene fligner ansari mood kruskal "
            "cramervonmises_2samp epps_singleton_2samp linregress theilslopes siegelslopes wasserstein_distance energy_distance alexandergovern zmap",
            lambda f, a: f(a.x, a.y),
        ),
        "ttest_1samp": lambda a: stats.ttest_1samp(a.x, 0.1),
        "pmean": lambda a: stats.pmean(a.p, 2),
        "trim_mean": lambda a: stats.trim_mean(a.x, 0.1),
        "trimboth": lambda a: stats.trimboth(a.x, 0.1),
        "quantile": lambda a: stats.quantile(a.x, a.p),
        "percentileofscore": lambda a: stats.percentileofscore(a.x, 0.1),
        "directional_stats": lambda a: stats.directional_stats(a.v).mean_direction,
        "binned_statistic": lambda a: stats.binned_statistic(a.x, a.y).statistic,
        "gaussian_kde": lambda a: stats.gaussian_kde(a.x)(a.t),
        "bootstrap": lambda a: stats.bootstrap((a.x,), stats.tmean, n_resamples=20, method="percentile", rng=1).standard_error,
        "monte_carlo_test": lambda a: stats.monte_carlo_test(a.x, lambda size: a.xp.zeros(size), stats.tmean, n_resamples=20).statistic,
        "permutation_test": lambda a: stats.permutation_test((a.x, a.y), lambda x, y, axis: stats.tmean(x, axis=axis) - stats.tmean(y, axis=axis), n_resamples=20, vectorized=True).statistic,
        "norm.pdf": lambda a: stats.norm.pdf(a.x),
        "norm.cdf": lambda a: stats.norm.cdf(a.x),
        "norm.fit": lambda a: stats.norm.fit(a.x),
        "multivariate_normal.pdf": lambda a: stats.multivariate_normal(np.zeros(3)).pdf(a.v),
        "Normal.pdf": lambda a: stats.Normal().pdf(a.x),
    },
    "integrate": {
        **_all(integrate, "trapezoid cumulative_trapezoid simpson cumulative_simpson", lambda f, a: f(a.x, x=a.t)),
        "romb": lambda a: integrate.romb(a.xp.concat([a.x, a.x[:1]])),
        "tanhsinh": lambda a: integrate.tanhsinh(lambda x: x**2, a.t, a.t + 1).integral,
        "nsum": lambda a: integrate.nsum(lambda k, y: 1 / (k**2 + y), 1.0, 9.0, args=(a.p,)).sum,
        "cubature": lambda a: integrate.cubature(lambda x: a.xp.sum(x**2, axis=-1), a.xp.zeros(3), a.xp.ones(3)).estimate,
        "quad_vec": lambda a: integrate.quad_vec(lambda x: x * a.b, 0, 1, epsrel=1e-3)[0],
        "solve_ivp": lambda a: integrate.solve_ivp(lambda t, y: -y, (0, 1), a.b).y[:, -1],
    },
    "cluster": {
        "vq.whiten": lambda a: vq.whiten(a.m),
        "vq.vq": lambda a: vq.vq(a.m, a.m[:4, :]),
        "vq.kmeans": lambda a: vq.kmeans(a.m, a.m[:4, :]),
        "vq.kmeans2": lambda a: vq.kmeans2(a.m, a.m[:4, :], minit="matrix"),
        **_all(hierarchy, "linkage ward average centroid", lambda f, a: f(a.m), "hierarchy."),
        **_all(
            hierarchy,
            "cophenet inconsistent leaves_list maxdists is_monotonic num_obs_linkage",
            lambda f, a: f(hierarchy.ward(a.m)),
            "hierarchy.",
        ),
        "hierarchy.fcluster": lambda a: hierarchy.fcluster(hierarchy.ward(a.m), 1.0),
    },
    "spatial": {
        "distance.pdist": lambda a: distance.pdist(a.m),
        **_all(distance, "cdist directed_hausdorff", lambda f, a: f(a.m, a.m + 1), "distance."),
        **_all(distance, "euclidean cosine correlation jensenshannon", lambda f, a: f(a.p, a.p + a.t), "distance."),
        "distance.squareform": lambda a: distance.squareform(a.x[:28]),
        "distance_matrix": lambda a: spatial.distance_matrix(a.m, a.m),
        "procrustes": lambda a: spatial.procrustes(a.m, a.m + 1)[2],
        "KDTree.query": lambda a: spatial.KDTree(a.v).query(a.v)[1],
        "Delaunay": lambda a: spatial.Delaunay(a.v).npoints,
        "ConvexHull": lambda a: spatial.ConvexHull(a.v).volume,
    },
    "spatial.transform": {
        **_all(Rotation, "as_quat as_matrix as_rotvec as_mrp magnitude", lambda f, a: f(Rotation.from_quat(a.q)), "Rotation."),
        "Rotation.mean": lambda a: Rotation.from_quat(a.q).mean().as_matrix(),
        "Rotation.as_euler": lambda a: Rotation.from_quat(a.q).as_euler("xyz"),
        "Rotation.inv": lambda a: Rotation.from_quat(a.q).inv().as_matrix(),
        "Rotation.apply": lambda a: Rotation.from_quat(a.q).apply(a.v),
        "Rotation products": lambda a: (Rotation.from_quat(a.q) * Rotation.from_quat(a.q)).as_matrix(),
        "Rotation.from_matrix": lambda a: Rotation.from_matrix(Rotation.from_quat(a.q).as_matrix()).as_matrix(),
        "Rotation.from_rotvec": lambda a: Rotation.from_rotvec(a.v).as_matrix(),
        "Rotation.from_euler": lambda a: Rotation.from_euler("xyz", a.v).as_matrix(),
        "Rotation.from_mrp": lambda a: Rotation.from_mrp(a.v / 10).as_matrix(),
        "Rotation.align_vectors": lambda a: Rotation.align_vectors(a.v, a.v + 0.1)[0].as_matrix(),
        "Rotation.reduce": lambda a: Rotation.from_quat(a.q).reduce().as_matrix(),
        "RigidTransform.as_matrix": lambda a: RigidTransform.from_components(a.v, Rotation.from_quat(a.q)).as_matrix(),
        "RigidTransform.apply": lambda a: RigidTransform.from_components(a.v, Rotation.from_quat(a.q)).apply(a.v),
    },
    "ndimage": {
        **_all(
            ndimage,
            "gaussian_filter uniform_filter median_filter maximum_filter minimum_filter gaussian_laplace gaussian_gradient_magnitude fourier_gaussian "
            "fourier_uniform grey_erosion",
            lambda f, a: f(a.i, 3),
        ),
        **_all(ndimage, "percentile_filter rank_filter", lambda f, a: f(a.i, 2, 3)),
        **_all(
            ndimage,
            "sobel prewitt laplace spline_filter maximum minimum mean sum variance standard_deviation center_of_mass extrema",
            lambda f, a: f(a.i),
        ),
        "histogram": lambda a: ndimage.histogram(a.i, 0, 1, 4),
        **_all(ndimage, "convolve correlate", lambda f, a: f(a.i, a.u)),
        **_all(ndimage, "label binary_erosion binary_dilation binary_opening binary_closing binary_fill_holes distance_transform_edt distance_transform_cdt", lambda f, a: f(a.i > 0.4)),
        "zoom": lambda a: ndimage.zoom(a.i, 2),
        "rotate": lambda a: ndimage.rotate(a.i, 30),
        "shift": lambda a: ndimage.shift(a.i, 1.5),
        "affine_transform": lambda a: ndimage.affine_transform(a.i, a.u[:2, :2] * 0.1),
        "map_coordinates": lambda a: ndimage.map_coordinates(a.i, a.xp.stack([a.p * 9, a.p * 5])),
    },
    "linalg": {
        **_all(linalg, "inv pinv det cholesky expm sqrtm norm lu lu_factor svdvals eigvalsh polar schur hessenberg", lambda f, a: f(a.s)),
        "eigh": lambda a: linalg.eigh(a.s)[0],
        "eig": lambda a: linalg.eig(a.s)[0].real.sum(),
        "svd": lambda a: linalg.svd(a.u)[1],
        "qr": lambda a: abs(linalg.qr(a.u)[1]),
        **_all(linalg, "solve lstsq", lambda f, a: f(a.u, a.b)),
        "cho_solve": lambda a: linalg.cho_solve(linalg.cho_factor(a.s), a.b),
        "lu_solve": lambda a: linalg.lu_solve(linalg.lu_factor(a.u), a.b),
        "solve_triangular": lambda a: linalg.solve_triangular(a.u, a.b),
        **_all(linalg, "toeplitz hankel circulant companion", lambda f, a: f(a.b + 2)),
        **_all(linalg, "orthogonal_procrustes khatri_rao", lambda f, a: f(a.m, a.m)),
        "block_diag": lambda a: linalg.block_diag(a.u, a.s),
        "null_space": lambda a: linalg.null_space(a.m).shape,
    },
    "optimize": {
        "minimize": lambda a: optimize.minimize(_rosenbrock, a.b, method="Nelder-Mead", options={"maxiter": 20}).nit,
        "least_squares": lambda a: optimize.least_squares(lambda z: z - 1, a.b).x,
        "curve_fit": lambda a: optimize.curve_fit(lambda t, k: k * t, a.t, a.t * 2)[0],
        "root": lambda a: optimize.root(lambda z: z - 1, a.b).x,
        "nnls": lambda a: optimize.nnls(a.m, a.x[:16])[0],
        "linear_sum_assignment": lambda a: optimize.linear_sum_assignment(a.s)[1],
        "lsq_linear": lambda a: optimize.lsq_linear(a.m, a.x[:16]).x,
        "elementwise.find_root": lambda a: elementwise.find_root(lambda z, c: z**2 - c, (a.p * 0, a.p * 0 + 2), args=(a.p,)).x,
        "elementwise.find_minimum": lambda a: elementwise.find_minimum(lambda z, c: (z - c) ** 2, (a.p - 1, a.p + 0.1, a.p + 2), args=(a.p,)).x,
        "elementwise.bracket_root": lambda a: elementwise.bracket_root(lambda z, c: z - c, a.p * 0, args=(a.p,)).bracket,
        "rosen": lambda a: optimize.rosen(a.b),
    },
    "differentiate": {
        "derivative": lambda a: differentiate.derivative(a.xp.exp, a.t).df,
        "jacobian": lambda a: differentiate.jacobian(lambda z: z**2, a.b).df,
    },
    "interpolate": {
        **_all(
            interpolate,
            "interp1d CubicSpline PchipInterpolator Akima1DInterpolator BarycentricInterpolator KroghInterpolator UnivariateSpline AAA",
            lambda f, a: f(a.t[:8], a.b)(a.p * 0.1),
        ),
        "BSpline": lambda a: interpolate.make_interp_spline(a.t, a.x)(a.p),
        "RegularGridInterpolator": lambda a: interpolate.RegularGridInterpolator((a.t[:16], a.t[:16]), a.i)(a.xp.stack([a.p, a.p], axis=-1) * 0.2),
        "RBFInterpolator": lambda a: interpolate.RBFInterpolator(a.v, a.x[:16])(a.v),
        "griddata": lambda a: interpolate.griddata(a.v, a.x[:16], a.v * 0.5, method="nearest"),
        "PPoly": lambda a: interpolate.PPoly(a.m.T[:3, :15], a.t[:16])(a.p * 0.2),
    },
    "sparse": {
        "csr_array": lambda a: sparse.csr_array(a.s).sum(),
        "csr_array @ x": lambda a: sparse.csr_array(np.eye(8, dtype="float32")) @ a.b,
        "linalg.cg": lambda a: sparse.linalg.cg(a.s, a.b)[0],
        "linalg.LinearOperator @ x": lambda a: sparse.linalg.aslinearoperator(a.s) @ a.b,
        "csgraph.shortest_path": lambda a: sparse.csgraph.shortest_path(abs(a.s)),
    },
    "constants": {
        "convert_temperature": lambda a: constants.convert_temperature(a.p, "C", "K"),
        **_all(constants, "lambda2nu nu2lambda", lambda f, a: f(a.p)),
    },
}
