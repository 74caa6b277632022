"""Very many orders by bulk means: copies of orders that were really made, with all that belongs to them."""

from sandan.demo.bulk.filling import Filled, fill

__all__ = ["Filled", "fill"]
