"""Lower bounds from eigenvalues: Kron-reduced, with endpoints as the mass, and sharpened by whole numbers."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, eigh
from scipy.sparse.linalg import LinearOperator, eigsh

from compiler.bisection.checker import Unproven, checked_potential
from compiler.bisection.loaded import Loaded, quantum

Floats = NDArray[np.float64]
SAFETY = 1e-8
DENSE = 120  # vertices up to which all of the spectrum is cheap


@frozen
class Spectrum:
    """`rate`: fabric cut at t is at least rate t (N - t) / N. `extra` is what whole numbers add at the halves."""

    rate: float
    extra: float


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
    for margin in (SAFETY, 1e-5, 1e-3):
        try:
            checked_potential(full, net.loads, value * (1 - margin))
        except Unproven:
            continue
        return Spectrum(value * (1 - margin), _whole_number_gain(net, full, value * (1 - margin)))
    return None


def _second(form: Floats) -> float:
    """The second smallest eigenvalue of a positive form, by Lanczos on its inverse where it is large."""
    n = form.shape[0]
    if n <= DENSE:
        return float(eigh(form, eigvals_only=True, subset_by_index=[1, 1])[0])
    shift = 1e-3 * float(np.trace(form)) / n
    factor = cho_factor(form + shift * np.eye(n))
    inverse = LinearOperator((n, n), matvec=lambda x: cho_solve(factor, x), dtype=np.float64)
    start = np.random.default_rng(1).random(n)
    largest = eigsh(inverse, k=2, which="LA", v0=start, tol=1e-9, return_eigenvectors=False)
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


def _whole_number_gain(net: Loaded, full: Floats, rate: float) -> float:
    """What the cut of halves must have beyond the plain bound, where every vertex is an endpoint.

    For the +-1 vector x of a cut, (Lx)_v is an even multiple of the capacities' unit times x_v, so each entry of
    (L - r)x has size at least d, the distance of r to such multiples. Hence sum (mu_i - r)|x_i|^2 >=
    (n d^2 - r^2 |x_0|^2) / (mu_max - r), and the cut is a quarter of x'Lx. Hoffman-Singleton: 62.5 becomes 65.
    """
    unit = quantum(net.capacity)
    if unit is None or not net.is_direct:
        return 0.0
    n = net.loads.size
    even = 2 * unit
    distance = abs(rate - even * round(rate / even))
    largest = float(eigh(full, eigvals_only=True, subset_by_index=[n - 1, n - 1])[0]) * (1 + SAFETY)
    try:
        checked_potential(largest * np.eye(n) - full, np.zeros(n, dtype=np.int64), 0.0)
    except Unproven:
        return 0.0
    constant = rate * rate * (n % 2) / n
    return max(0.0, (n * distance * distance - constant) / (largest - rate) / 4)
