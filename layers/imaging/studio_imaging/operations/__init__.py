"""Classical versions of the studio's operations, from file to file, without a model.

Each does what is possible with pixels and refuses the rest with ``OperationRefusedError``. The same
arguments give the same bytes.
"""
