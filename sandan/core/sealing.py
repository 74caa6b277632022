"""The due work of the journal: sealing new lines every few seconds."""

from sandan.core import chain
from sandan.core.tasks import due


@due("* * * * * */5")
def seal() -> None:
    """Seal the lines of finished transactions into the next block."""
    chain.seal()
