"""Where the text of a rulebook's policy is: in the evidence of its adoption, or shipped."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from commands.intake.policy_clauses import PolicyClauses
from commands.intake.policy_file import policy_paragraphs, text_paragraphs
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.rejections import StoreError
from lifecycle.rulebook import LoadedRulebook
from lifecycle.rulebook.shipped_policies import shipped_policy_text


class PolicySource(NamedTuple):
    """The clauses of a policy, and the names of the files they are from; none if shipped."""

    clauses: PolicyClauses
    files: tuple[str, ...]


def policy_source(
    book: LoadedRulebook,
    adoptions: Iterable[RulebookAdopted],
    evidence: EvidenceStore | None,
) -> PolicySource:
    """The text of a rulebook's policy, as far as there is one.

    The evidence of the last adoption of just this rulebook goes before what is shipped. Files that
    are not here, altered, or no texts are passed over: `audit verify` names the altered ones.
    """
    if evidence is not None:
        adopted = [adoption for adoption in adoptions if adoption.digest == book.digest]
        for adoption in reversed(adopted):
            source = _attached(adoption, evidence)
            if source.files:
                return source
    text = shipped_policy_text(book)
    return PolicySource(PolicyClauses([text_paragraphs(text)]), ())


def _attached(adoption: RulebookAdopted, evidence: EvidenceStore) -> PolicySource:
    """The texts among the evidence of an adoption."""
    texts = []
    names = []
    for file in adoption.evidence or ():
        # A file that cannot be read has no text to show.
        with suppress(StoreError, OSError):
            if evidence.state_of(file.sha256) == "sound":
                texts.append(policy_paragraphs(evidence.path_of(file.sha256), file.name))
                names.append(file.name)
    return PolicySource(PolicyClauses(texts), tuple(names))
