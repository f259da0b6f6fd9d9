"""Errors that a person reads: what, where, what next."""


class PolicyCorpusError(Exception):
    """Could not start: wrong folder, unreadable setting, missing file. The command ends with 2."""

    def __init__(self, what: str, where: str | None = None, remedy: str | None = None) -> None:
        self.what, self.where, self.remedy = what, where, remedy
        parts = [what]
        if where:
            parts.append(f"({where})")
        if remedy:
            parts.append(f"→ {remedy}")
        super().__init__(" ".join(parts))


class SettingsError(PolicyCorpusError):
    """A TOML, TSV or model file is not what it should be; ``where`` names file and line."""


class CorpusError(PolicyCorpusError):
    """The corpus folder is missing, foreign, locked or of another version."""
