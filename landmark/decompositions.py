"""Decompositions of matrices with some hundred rows, on one thread of the processor.

OpenBLAS hands them to all cores, which then wait for each other most of the time: the eigenvalues of 490 x 490 values
took 0.24 s of processor time on two cores beside other work and 0.03 s on one, those of 943 x 943 values 2.4 s and
0.14 s; on two cores with little else to do 0.07 and 0.03 s, 0.47 and 0.17 s. Products of matrices stay on all cores.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
import scipy.linalg
from threadpoolctl import ThreadpoolController

Given = ParamSpec("Given")
Found = TypeVar("Found")


@cache
def _libraries() -> ThreadpoolController:
    """Find the libraries of NumPy and SciPy, once, as that takes milliseconds."""
    return ThreadpoolController().select(user_api="blas")


def one_thread() -> AbstractContextManager[Any]:
    """Keep what is computed within a ``with`` block on one thread."""
    return _libraries().limit(limits=1)


def _alone(function: Callable[Given, Found]) -> Callable[Given, Found]:
    @wraps(function)
    def on_one_thread(*given: Given.args, **named: Given.kwargs) -> Found:
        with one_thread():
            return function(*given, **named)

    return on_one_thread


eigh = _alone(np.linalg.eigh)
inv = _alone(np.linalg.inv)
qr = _alone(np.linalg.qr)
solve = _alone(np.linalg.solve)
svd = _alone(np.linalg.svd)
cholesky = _alone(scipy.linalg.cholesky)
eigh_of_part = _alone(scipy.linalg.eigh)
