"""How an epoch is cut into mini-batches."""


def minibatches(order, batch_size):
    """Cut `order` into batches, from its beginning to its end.

    Args:
        order: integer array (n,), the examples' indices in the order in which they are to be seen.
        batch_size: int ≥ 1; n makes one batch of everything, 1 makes n batches of one.
    Returns:
        list of integer arrays of `batch_size` indices each; the last one holds what is left, and may be smaller.
    """
    return [order[first : first + batch_size] for first in range(0, len(order), batch_size)]
