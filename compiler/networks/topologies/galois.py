"""Finite fields: prime powers, and addition and multiplication of their elements as whole arrays."""

from functools import cache
from math import isqrt

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Elements = NDArray[np.int64]


def factors(number: int) -> dict[int, int]:
    """Prime factors of a number above 0, with their powers."""
    found: dict[int, int] = {}
    prime = 2
    while prime <= isqrt(number):
        while number % prime == 0:
            found[prime] = found.get(prime, 0) + 1
            number //= prime
        prime += 1
    if number > 1:
        found[number] = found.get(number, 0) + 1
    return found


def is_prime_power(number: int) -> bool:
    """True when a field of so many elements exists."""
    return len(factors(number)) == 1


@frozen(eq=False)
class FiniteField:
    """The field of `order` = prime^degree elements, numbered by their digits: the number is the polynomial at `prime`.

    `powers`, shape (order - 1,), has the i-th power of a generator at i; `logarithms`, shape (order,), is the way back.
    """

    order: int
    prime: int
    degree: int
    powers: Elements
    logarithms: Elements

    def add(self, a: Elements, b: Elements) -> Elements:
        """Sums, digit by digit, in the common shape of both."""
        if self.degree == 1:
            return (a + b) % self.prime
        total = np.zeros(np.broadcast_shapes(a.shape, b.shape), dtype=np.int64)
        for place in range(self.degree):
            unit = self.prime**place
            total += (a // unit + b // unit) % self.prime * unit
        return total

    def negative(self, a: Elements) -> Elements:
        """Additive inverses, in the shape of a: each adds to 0 with its own."""
        units = [self.prime**place for place in range(self.degree)]
        return np.asarray(sum((-(a // unit)) % self.prime * unit for unit in units))

    def multiply(self, a: Elements, b: Elements) -> Elements:
        """Products, by logarithms, in the common shape of both."""
        product = self.powers[(self.logarithms[a] + self.logarithms[b]) % (self.order - 1)]
        return np.where((a == 0) | (b == 0), 0, product)

    def inverse(self, a: Elements) -> Elements:
        """Multiplicative inverses, in the shape of a; that of 0 means nothing."""
        return self.powers[-self.logarithms[a] % (self.order - 1)]


@cache
def galois(order: int) -> FiniteField:
    """The field of a prime power, built on the first polynomial of its degree whose root generates all elements.

    Raises `ValueError` for an order that is no prime power.
    """
    ((prime, degree),) = factors(order).items()
    for tail in range(order):
        powers = _powers(prime, degree, tail)
        if powers is not None:
            logarithms = np.zeros(order, dtype=np.int64)
            logarithms[powers] = np.arange(order - 1)
            return FiniteField(order, prime, degree, powers, logarithms)
    raise AssertionError("every finite field has a primitive polynomial")


def _powers(prime: int, degree: int, tail: int) -> Elements | None:
    """Powers of a root of x^degree = tail (a polynomial by its digits), None when they repeat before their time."""
    order, top = prime**degree, prime ** (degree - 1)
    digits = [tail // prime**place % prime for place in range(degree)]
    powers, power = [], 1
    for _ in range(order - 1):
        powers.append(power)
        lead, rest = power // top, power % top * prime
        power = sum((rest // prime**i + lead * digits[i]) % prime * prime**i for i in range(degree))
        if power in (0, 1):
            break
    return np.array(powers, dtype=np.int64) if len(powers) == order - 1 and power == 1 else None
