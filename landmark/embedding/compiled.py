"""What Numba compiles, kept on the disk: UMAP compiles for some fifteen seconds, in every process anew."""

import sys
from collections.abc import Collection
from contextlib import suppress

from numba.core.dispatcher import Dispatcher


def keep_compiled(packages: Collection[str]) -> None:
    """Let the functions of imported packages be read from the disk where an earlier process has compiled them.

    Numba puts them beside the source of each function, or, where it may not write there, into the user's cache; a
    function whose source has changed is compiled again.

    Parameters
    ----------
    packages
        Names of packages that were imported before.
    """
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in packages:
            for function in list(vars(module).values()):
                if isinstance(function, Dispatcher) and not function.stats.cache_path:
                    with suppress(RuntimeError):  # no place to write: it is compiled anew, as before
                        function.enable_caching()
