"""The goals in speed, size and cost, measured: ``python -m benchmarks``."""

import sys
from pathlib import Path

# Where pytest finds them too; on Lambda the layers are on the path.
_ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(_ROOT / folder) for folder in ("layers/core", "layers/imaging", "cli")]
