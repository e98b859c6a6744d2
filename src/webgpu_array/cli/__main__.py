"""``python -m webgpu_array.cli``: the same as the command ``webgpu-array``."""

from __future__ import annotations

import sys

from . import main

sys.exit(main())
