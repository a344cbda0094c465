"""The standard templates of Word and PDF."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
