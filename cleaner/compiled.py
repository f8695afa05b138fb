"""Kernels: functions that numba compiles. Where numba is missing or broken, callers take the plain path.

A module of kernels decorates them with `kernel`, or with `borrower`, and is imported inside the function that needs it,
once `usable()` said yes. Every kernel has a plain twin that defines what it must give; a property test holds them
equal.

Loading numba takes half a second, and the first compilation of a machine several. A process that cleans little never
does it: `on()` says whether there was, or will be, enough text to repay it.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

REPAID = 400_000
"""Characters from which the start of kernels is repaid that were compiled before: either way cleans them in 1.5 s."""
ENOUGH = 2_000_000
"""Characters from which kernels are compiled where they were not: once on a machine, and slower than doing without."""
_NEEDED = "line_verdict_kernel"
"""A module whose kernel every run needs that cleans much: where that is kept, one took place."""

KNOWN = "0.68."
"""The numba whose way of keeping kernels is known; any other one loads them as it does."""


_LOOKING = "numba.np.arraymath"
"""The last of numba's modules to look for scipy; a kernel may need it, or a compiler."""


class _Work:
    seen = 0
    on = False
    sources: ClassVar[dict[object, frozenset[str]]] = {}
    """The files that the machine code of a kernel comes from."""


@cache
def usable() -> bool:
    """Whether numba works here. Says once, as a warning, when it does not: everything still works, but slowly."""
    try:
        _load_numba()
    except Exception as error:  # a broken binary raises whatever it likes
        warnings.warn(f"numba does not work here ({error}); the slow path is taken", RuntimeWarning, stacklevel=2)
        return False
    return True


def _load_numba() -> None:
    """Import numba. What is kept of kernels starts without a compiler, and without their bitcode."""
    with _without_unused():
        from numba import __version__
        from numba.core.codegen import CPUCodeLibrary

    if __version__.startswith(KNOWN):
        CPUCodeLibrary._unserialize = staticmethod(_unserialized)  # type: ignore[method-assign]  # noqa: SLF001


@contextmanager
def _without_unused(unused: tuple[str, ...] = ("scipy", "cffi", "yaml")) -> Iterator[None]:
    """Have numba import what it needs, but not what no kernel uses: products of matrices and C libraries.

    It imports a third of scipy to see whether it could, which takes as long as numba itself, and parsers of C and YAML.
    Once it has looked nothing is hidden any more: another thread may want it.
    """
    absent = [name for name in unused if name not in sys.modules and _LOOKING not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # importing it fails, as if it were not there
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _unserialized(codegen: Any, state: Any) -> Any:
    """A kernel from what is kept of it. Its bitcode is read when a kernel that calls it is compiled.

    numba reads it at once, and names all functions in it, which takes as long as to load the machine code.
    """
    from llvmlite.binding import parse_bitcode

    name, _, (machine_code, bitcode) = state
    library = codegen.create_library(name)

    @cache
    def module() -> Any:
        read = parse_bitcode(bitcode)
        codegen._engine._load_defined_symbols(read)  # noqa: SLF001
        return read

    library.enable_object_caching()
    library._set_compiled_object(machine_code)  # noqa: SLF001
    library._finalize_final_module()  # noqa: SLF001
    library._get_module_for_linking = module  # noqa: SLF001
    library.get_pointer_to_function = codegen._engine.get_function_address  # noqa: SLF001
    return library


def expect(characters: int) -> None:
    """Count text that this process cleans, or is about to."""
    _Work.seen += characters


def foresee(characters: int) -> None:
    """Count text that this process will have cleaned, about, so that its first document is read by kernels already."""
    _Work.seen = max(_Work.seen, characters)


def on() -> bool:
    """Whether this process has so much text to clean that kernels pay, and can have them."""
    return _Work.on or (_Work.seen >= REPAID and _turned_on())


def _turned_on() -> bool:
    _Work.on = (_Work.seen >= ENOUGH or _is_kept()) and usable()
    return _Work.on


@cache
def _is_kept() -> bool:
    """Whether kernels were compiled here since this program was installed; numba is not asked, which takes long."""
    here = Path(__file__).parent
    written = max(Path(path).stat().st_mtime for path in (__file__, here / f"{_NEEDED}.py"))
    python = "py{}{}".format(*sys.version_info)
    return any(path.stat().st_mtime > written for path in (here / "__pycache__").glob(f"{_NEEDED}.*.{python}.nbi"))


def kernel(function: Function) -> Function:
    """Compile a function of arrays and numbers on its first call, and keep the machine code beside the source.

    Where no folder for it can be written, it is compiled again in every process.
    """
    return _compiled(function, counting=True)


def borrower(function: Function) -> Function:
    """The same for a function that makes no array and gives none: it is compiled without counting references.

    numba counts those of every array that is passed on, cut or taken a record of, by instructions that lock the
    memory: a kernel of many small functions is busy with little else. One that does make an array does not compile.
    """
    return _compiled(function, counting=False)


def inner(function: Function) -> Function:
    """The same for a function that only kernels call: no entry for Python, nothing kept, as they hold its code too.

    All kernels are compiled in two thirds of the time that way. Calling one from Python ends the process; a test sees
    to it that nobody does.
    """
    return _compiled(function, counting=False, inner=True)


def inlined(function: Function) -> Function:
    """The same for an inner function that is called for every word: its code is put where it is called.

    An array is handed on as seven numbers, most of them by way of memory, which takes as long as a word does.
    """
    return _compiled(function, counting=False, inline=True, inner=True)


def _compiled(function: Function, *, counting: bool, inline: bool = False, inner: bool = False) -> Function:
    from numba import njit

    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": counting, "forceinline": inline}
    options |= {"no_cfunc_wrapper": True, "no_cpython_wrapper": inner}
    try:
        compiled = njit(function, cache=not inner, **options)
    except RuntimeError:  # numba found no place for its cache
        return cast("Function", njit(function, **options))
    _Work.sources[compiled] = _sources(function, type(compiled))
    if not inner:
        compiled._cache.load_overload = partial(_loaded, compiled._cache)  # noqa: SLF001
        compiled._cache.save_overload = partial(_saved, compiled._cache)  # noqa: SLF001
        stamps = [_stamp(path) for path in sorted(_Work.sources[compiled])]
        compiled._cache._cache_file._source_stamp = stamps  # noqa: SLF001  (numba has no public way)
    return cast("Function", compiled)


def _loaded(cache: Any, signature: Any, context: Any) -> Any:
    """What a cache holds of a kernel, nothing where it has to be compiled.

    numba would read in before all that a compiler knows, which takes an eighth of a second and is not asked: a compiler
    does so itself. What machine code needs of numba, to count references, is there.
    """
    from numba.core.runtime.nrt import rtsys

    rtsys.initialize(context)
    with _without_unused(), cache._guard_against_spurious_io_errors():  # noqa: SLF001
        found = cache._load_overload(signature, context)  # noqa: SLF001
        if found is None:
            import_module(_LOOKING)  # as the compiler would
    return found


def _saved(cache: Any, signature: Any, compiled: Any) -> None:
    """Keep what was compiled. A disk without room for it must not end the work that it was compiled for."""
    with suppress(OSError):
        cache._save_overload(signature, compiled)  # noqa: SLF001


def _sources(function: Callable[..., Any], kind: type) -> frozenset[str]:
    """The files of a kernel and of the kernels, objects of a `kind`, that it can call: machine code holds theirs too.

    This one is among them: it says how they are compiled. numba looks at the first one alone, and would go on with what
    was compiled before another one changed.
    """
    others = [value for value in function.__globals__.values() if type(value) is kind]
    own = frozenset({__file__, function.__code__.co_filename})
    return own.union(*(_Work.sources.get(other, ()) for other in others))


@cache
def _stamp(path: str) -> tuple[float, int]:
    """When a file was written, and its size, once for all its kernels: they were imported at once too."""
    status = Path(path).stat()
    return status.st_mtime, status.st_size
