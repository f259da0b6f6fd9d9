"""Where the shared gold and data lie: beside the checkout, or where POLICY_CORPUS_SHARED says."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("POLICY_CORPUS_SHARED") or Path(__file__).resolve().parents[2] / "shared")
GOLD = SHARED / "gold"
DATA = SHARED / "data"

needs_shared = pytest.mark.skipif(not GOLD.is_dir(), reason="floor not run: the shared gold folder is absent")
