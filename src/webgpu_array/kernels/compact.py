"""Where the flags that are set stand: counted per chunk, and written once the counts before each chunk are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import uint32
from ..plans.indexing import FLAGS_PER_CHUNK, Compact, CountFlags
from ..shader import declare, load
from .protocol import Capabilities, Config, Launch, Work

_SUM = "fn combine(a: T, b: T) -> T { return a + b; }\n"


@dataclass(frozen=True)
class CountFlagsKernel:
    """A workgroup per chunk. Configuration: ``workgroup`` invocations, a power of two."""

    name: str = "count_flags"
    operation: str = "count_flags"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: CountFlags, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: CountFlags, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 128}]

    def launches(self, plan: CountFlags, device: Capabilities, config: Config) -> Work:
        return Work([_chunks("compact_count", plan.n, config)])


@dataclass(frozen=True)
class CompactKernel:
    """A workgroup per chunk. Configuration: ``workgroup`` invocations, a power of two."""

    name: str = "compact"
    operation: str = "compact"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Compact, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Compact, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 128}]

    def launches(self, plan: Compact, device: Capabilities, config: Config) -> Work:
        return Work([_chunks("compact_positions", plan.n, config)])


def _chunks(file: str, n: int, config: Config) -> Launch:
    declarations = declare(WORKGROUP=config["workgroup"], CHUNK=FLAGS_PER_CHUNK, T=uint32) + _SUM
    return Launch(load(file, declarations), -(-n // FLAGS_PER_CHUNK), {"n": n})
