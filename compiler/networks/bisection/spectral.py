"""Lower bounds from eigenvalues: Kron-reduced, with endpoints as the mass, and sharpened by whole numbers."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, eigh, eigvalsh
from scipy.sparse.linalg import LinearOperator, eigsh

from compiler.networks.bisection.checker import Unproven, checked_potential
from compiler.networks.bisection.weighted import Loaded, quantum
from compiler.numerics.tolerances import ROUNDING, SAFETY

Floats = NDArray[np.float64]
SHARPENED = 800  # vertices up to which whole numbers are looked at: their gain is a few units
DENSE = 120  # vertices up to which all of the spectrum is cheap


@frozen
class Spectrum:
    """The fabric cut is at least rate t (N - t) / N when vertices with t of the N endpoints are on side A.

    Where all vertices carry alike, whole numbers add to that: the +-1 vector x of a cut has (Lx)_v an even multiple
    of the capacities' unit times x_v, so each entry of (L - r)x has size at least d = `distance`, that of the
    eigenvalue r to such multiples. Hence sum (mu_i - r)|x_i|^2 >= (n d^2 - r^2 |x_0|^2) / (mu_max - r), and the cut is
    a quarter of x'Lx. Hoffman-Singleton: 62.5 becomes 65.
    """

    rate: float
    endpoints: int
    vertices: int = 0
    distance: float = 0.0
    largest: float = np.inf

    def fabric(self, t: Floats) -> Floats:
        """Least fabric cut with t endpoints' vertices on A, shape of t."""
        n = self.endpoints
        plain = self.rate * t * (n - t) / n
        if not self.distance:
            return np.asarray(plain)
        own = self.rate * n / self.vertices
        constant = own**2 * (1 - 2 * t / n) ** 2 * self.vertices
        gain = (self.vertices * self.distance**2 - constant) / (self.largest - own) / 4
        return np.asarray(plain + np.maximum(gain, 0.0))


def laplacian(net: Loaded) -> Floats:
    """The dense Laplacian of the capacities, shape (n, n)."""
    n = net.loads.size
    out = np.zeros((n, n))
    np.add.at(out, (net.u, net.v), -net.capacity)
    np.add.at(out, (net.v, net.u), -net.capacity)
    out[np.arange(n), np.arange(n)] = -out.sum(axis=1)
    return out


def spectrum(net: Loaded) -> Spectrum | None:
    """The second generalised eigenvalue with its proof checked; None when it is zero or does not hold."""
    full = laplacian(net)
    reduced = _kron(full, net.loads > 0)
    if reduced is None or reduced.shape[0] < 2:
        return None
    mass = np.sqrt(net.loads[net.loads > 0].astype(np.float64))
    value = _second(reduced / np.outer(mass, mass))
    if value <= SAFETY * float(np.abs(full).max(initial=0.0)):
        return None
    for margin in (SAFETY, 1e-5, 1e-3):  # what does not hold to the last digit holds a little lower
        try:
            checked_potential(full, net.loads, value * (1 - margin))
        except Unproven:
            continue
        return _sharpened(net, full, value * (1 - margin))
    return None


def _second(form: Floats) -> float:
    """The second smallest eigenvalue of a positive form, by Lanczos on its inverse where it is large."""
    n = form.shape[0]
    if n <= DENSE:
        return float(eigh(form, eigvals_only=True, subset_by_index=[1, 1])[0])
    shift = 1e-3 * float(np.trace(form)) / n  # the form is singular: its inverse exists only a little beside it
    factor = cho_factor(form + shift * np.eye(n))
    inverse = LinearOperator((n, n), matvec=lambda x: cho_solve(factor, x, check_finite=False), dtype=np.float64)
    start = np.random.default_rng(1).random(n)  # by itself ARPACK would start anywhere, and end elsewhere each time
    largest = eigsh(inverse, k=2, which="LA", v0=start, tol=ROUNDING, return_eigenvectors=False)
    return float(1 / largest.min() - shift)


def _kron(full: Floats, kept: NDArray[np.bool_]) -> Floats | None:
    """The Laplacian among kept vertices with the others at rest, L_EE - L_ES L_SS^-1 L_SE."""
    if kept.all():
        return full
    gone = ~kept
    try:
        inner = np.linalg.solve(full[np.ix_(gone, gone)], full[np.ix_(gone, kept)])
    except np.linalg.LinAlgError:
        return None
    out = full[np.ix_(kept, kept)] - full[np.ix_(kept, gone)] @ inner
    return np.asarray((out + out.T) / 2)


def _sharpened(net: Loaded, full: Floats, rate: float) -> Spectrum:
    """The spectrum with what whole numbers add, where all vertices carry as many endpoints."""
    unit, each, n = quantum(net.capacity), int(net.loads.max()), net.loads.size
    plain = Spectrum(rate, net.endpoints)
    if unit is None or int(net.loads.min()) < each or n > SHARPENED:
        return plain
    own = rate * each
    distance = abs(own - 2 * unit * round(own / (2 * unit)))
    if distance < ROUNDING * unit:
        return plain
    start = np.random.default_rng(1).random(n)
    top = eigsh(full, k=1, which="LA", v0=start, return_eigenvectors=False) if n > DENSE else eigvalsh(full)[-1:]
    largest = float(top[0]) * (1 + ROUNDING)
    try:
        checked_potential(largest * np.eye(n) - full, np.zeros(n, dtype=np.int64), 0.0)
    except Unproven:
        return plain
    return Spectrum(rate, net.endpoints, n, distance, largest)
