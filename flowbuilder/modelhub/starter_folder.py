"""Where the model that ships with Flowbuilder stands."""

from pathlib import Path

STARTER = Path(__file__).parent / "starter"
