"""What each piece of evidence from outside is worth, and what becomes of evidence that is forged.

Every ledger is judged by `audit verify` on its store and by `verify_bundle.py` on its bundle, and
the two must agree. Ledgers with the county's name are invented, or written anew with its own key;
receipts and witness files are forged, or denied by the ledger.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.known_facts import TrustedKeys
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.log import witness_file
from lifecycle.log.receipts import Receipts
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rejections import StoreError
from projections.audit.bundles import write_bundle
from projections.audit.verifier import verify_bundle as verifier
from tests.ledgers import CLERK, LATER
from tests.outside_changes import change_outside
from tests.receipt_files import first_version, signed, unsigned
from tests.trust.insider import DOCS

EVENTS: Final = 12
WITNESSED: Final = 10
RECEIPT_AT: Final = 5
LEDGERS: Final = (
    "nothing",
    "the whole invented, unsigned",
    "the whole invented, signed with another key",
    "an event rewritten, signed with the stolen key",
    "the last events removed, signed with the stolen key",
)
OUTSIDE: Final = ("no evidence", "key", "witness file", "signed receipt", "unsigned receipt")
FORGED_EVIDENCE: Final = (
    "a receipt signed with another key",
    "an unsigned receipt invented",
    "a receipt of version 1 invented",
    "a signed receipt moved to another position",
    "a signed receipt under another event's name",
    "a signed receipt with another entry",
    "an empty witness file",
    "a witness file of the empty ledger",
    "a receipt file without events",
)
MakeStore = Callable[[str], str]
"""From a name to the URL of a database without a store."""


class EvidenceScene:
    """A sound ledger, what outsiders keep of it, and ledgers that pretend to be it."""

    def __init__(self, make_store: MakeStore, folder: Path) -> None:
        self.folder = folder
        self.urls = {name: make_store(f"ledger{index}") for index, name in enumerate(LEDGERS)}
        with Ledger.open(self.urls["nothing"], create=True, clock=lambda: LATER) as ledger:
            self.key = create_signer(ledger, folder / "key.pem")
            self.origin = ledger.head().origin
            self._keep_evidence(ledger)
            sign_checkpoint(ledger, self.key)
            write_bundle(ledger, self.bundle("nothing"))
        another_key = SigningKey.create(self.origin, folder / "another.pem")
        self._pretend(LEDGERS[1], _records("伪造", EVENTS), None)
        self._pretend(LEDGERS[2], _records("伪造", EVENTS), another_key)
        rewritten = [*_records("单位", RECEIPT_AT - 1), *_records("改名", 1)]
        rewritten += _records("单位", EVENTS)[RECEIPT_AT:]
        self._pretend(LEDGERS[3], rewritten, self.key)
        self._pretend(LEDGERS[4], _records("单位", RECEIPT_AT - 1), self.key)
        self._forge(another_key)

    def bundle(self, name: str) -> Path:
        """The bundle of a ledger."""
        return self.folder / f"{LEDGERS.index(name)}.zip"

    def file(self, name: str) -> Path:
        """An outsider's file."""
        return self.folder / f"{name}.jsonl"

    def _keep_evidence(self, ledger: Ledger) -> None:
        for number, record in enumerate(_records("单位", EVENTS), start=1):
            entry = ledger.record(read_record(record), CLERK)
            if number == RECEIPT_AT:
                kept = signed(ledger, [entry], self.key)
                self.file("signed receipt").write_bytes(kept.encode())
                self.file("unsigned receipt").write_bytes(unsigned(ledger, [entry]).encode())
                self.file("first").write_bytes(first_version(ledger, [entry]))
            if number == WITNESSED:
                note = sign_checkpoint(ledger, self.key)
                path = self.file("witness file")
                leaves = ledger.leaves(1, number)
                witness_file.append_witness_line(path, self.key.verifier, note, leaves)

    def _pretend(
        self,
        name: str,
        records: Sequence[Mapping[str, Any]],
        key: SigningKey | None,
    ) -> None:
        """Write a ledger of the county's name, with a key in its head and its signature."""
        url = self.urls[name]
        Ledger.open(url, create=True).close()
        signer = str(key.verifier) if key else ""
        change_outside(
            url, ("UPDATE ledger_head SET origin = ?, signer = ?", (self.origin, signer))
        )
        with Ledger.open(url, clock=lambda: LATER) as ledger:
            for record in records:
                ledger.record(read_record(record), CLERK)
            if key is not None:
                sign_checkpoint(ledger, key)
            write_bundle(ledger, self.bundle(name))

    def _forge(self, another_key: SigningKey) -> None:
        """Write the forged files, each named as in the table."""
        document = json.loads(self.file("signed receipt").read_bytes())
        (event,) = document["events"]
        size = Receipts.parse(json.dumps(document).encode(), "r").tree
        assert size is not None
        other = {"event": f"单位{RECEIPT_AT}#1", "position": RECEIPT_AT, "leaf": "00" * 32}
        alone = Checkpoint(self.origin, 1, bytes(32))
        first = json.loads(self.file("first").read_bytes())
        forged: dict[str, Any] = {
            FORGED_EVIDENCE[0]: {
                **document,
                "checkpoint": str(another_key.sign(alone.text)),
                "events": [{**other, "position": 1, "proof": []}],
            },
            FORGED_EVIDENCE[1]: {**document, "checkpoint": None, "events": [other]},
            FORGED_EVIDENCE[2]: {**first, "events": [other]},
            FORGED_EVIDENCE[3]: {**document, "events": [{**event, "position": RECEIPT_AT - 1}]},
            FORGED_EVIDENCE[4]: {**document, "events": [{**event, "event": "单位9#1"}]},
            FORGED_EVIDENCE[5]: {**document, "events": [{**event, "entry": "x\n1\ty/1\n{}"}]},
            FORGED_EVIDENCE[8]: {**document, "events": []},
        }
        for name, content in forged.items():
            self.file(name).write_text(json.dumps(content), encoding="utf-8")
        self.file(FORGED_EVIDENCE[6]).touch()
        empty = self.key.sign(Checkpoint(self.origin, 0, bytes.fromhex(_EMPTY_ROOT)).text)
        witness_file.append_witness_line(
            self.file(FORGED_EVIDENCE[7]), self.key.verifier, empty, []
        )

    def verdicts(self, ledger: str, evidence: str) -> tuple[str, str]:
        """Return the verdict on the store, and that on its bundle, with a piece of evidence."""
        return self._store_verdict(ledger, evidence), self._bundle_verdict(ledger, evidence)

    def _store_verdict(self, name: str, evidence: str) -> str:
        keys = TrustedKeys(given=[self.key.verifier]) if evidence == "key" else TrustedKeys()
        path = self.file(evidence)
        try:
            receipts = []
            if "receipt" in evidence:
                receipts.append((path.name, Receipts.parse(path.read_bytes(), path)))
            witnesses = [path] if "witness" in evidence else []
            with Ledger.open(self.urls[name]) as ledger:
                return verify(ledger, witnesses, receipts, keys=keys).verdict.value
        except StoreError:
            return "UNUSABLE"

    def _bundle_verdict(self, name: str, evidence: str) -> str:
        arguments = [str(self.bundle(name))]
        if evidence == "key":
            arguments += ["--key", str(self.key.verifier)]
        elif evidence != "no evidence":
            option = "--witness" if "witness" in evidence else "--receipt"
            arguments += [option, str(self.file(evidence))]
        with redirect_stdout(io.StringIO()) as output:
            verifier.main(arguments)
        return output.getvalue().splitlines()[-1].partition(" ")[0].rstrip(":")


_EMPTY_ROOT: Final = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""The hash of nothing: the root of every empty tree (RFC 6962, 2.1)."""


def _records(name: str, count: int) -> list[dict[str, Any]]:
    return [
        {
            "event": "UnitRegistered",
            "unit": f"{name}{number}",
            "occurred_on": "2024-01-02",
            "sequence": "乡镇",
            "category": "township",
        }
        for number in range(1, count + 1)
    ]


def expected_verdict(ledger: str, evidence: str) -> str:
    """The verdict that the documentation promises."""
    if evidence == "no evidence":
        return "CONSISTENT"
    if ledger == "nothing":
        return "CONSISTENT" if evidence == "unsigned receipt" else "VERIFIED"
    # Who has the key signs any history; only what was kept of the true one contradicts it.
    if evidence == "key" and "stolen key" in ledger:
        return "VERIFIED"
    return "DIFFERS"


def expected_of_forged(evidence: str) -> str:
    """The verdict on the sound ledger with forged evidence."""
    return "UNUSABLE" if evidence in FORGED_EVIDENCE[6:] else "DIFFERS"


# The tables for auditors --------------------------------------------------------------------------

PAGES: Final[dict[str, dict[str, str]]] = {
    "audit.md": {},
    "audit.zh-CN.md": {
        "what was done": "所做的手脚",
        "forged evidence, sound ledger": "伪造的凭据（账本本身无误）",
        "verdict": "核验结果",
        "nothing": "没有手脚",
        "no evidence": "无凭据",
        "key": "公钥",
        "witness file": "见证文件",
        "signed receipt": "已签名的回执",
        "unsigned receipt": "未签名的回执",
        LEDGERS[1]: "整本伪造，未签名",
        LEDGERS[2]: "整本伪造，用别的密钥签名",
        LEDGERS[3]: "改写一条，用偷来的密钥签名",
        LEDGERS[4]: "删去末尾各条，用偷来的密钥签名",
        FORGED_EVIDENCE[0]: "用别的密钥签名的回执",
        FORGED_EVIDENCE[1]: "伪造的未签名回执",
        FORGED_EVIDENCE[2]: "伪造的第1版回执",
        FORGED_EVIDENCE[3]: "已签名的回执改了总序号",
        FORGED_EVIDENCE[4]: "已签名的回执改了记录名称",
        FORGED_EVIDENCE[5]: "已签名的回执改了记录内容",
        FORGED_EVIDENCE[6]: "空的见证文件",
        FORGED_EVIDENCE[7]: "只有空账本检查点的见证文件",
        FORGED_EVIDENCE[8]: "没有记录的回执文件",
    },
}
"""The pages that show the tables, and each one's words."""
BEGIN: Final = "<!-- the evidence matrix, written by `python -m tests.trust.insider_evidence` -->\n"
END: Final = "<!-- end of the evidence matrix -->\n"


def evidence_tables(
    verdicts: Mapping[tuple[str, str], str],
    words: Mapping[str, str],
) -> str:
    """Return two tables: ledgers by what outsiders keep, and forged evidence."""

    def say(text: str) -> str:
        return words.get(text, text)

    lines = [f"| {' | '.join(map(say, ('what was done', *OUTSIDE)))} |", "| --- " * 6 + "|"]
    for ledger in LEDGERS:
        cells = [say(ledger)]
        for evidence in OUTSIDE:
            verdict = verdicts[ledger, evidence]
            is_deceived = ledger != "nothing" and verdict == "VERIFIED"
            cells.append(f"**{verdict}**" if is_deceived else verdict)
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", f"| {say('forged evidence, sound ledger')} | {say('verdict')} |", "| --- | --- |"]
    for evidence in FORGED_EVIDENCE:
        lines.append(f"| {say(evidence)} | {verdicts['nothing', evidence]} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Judge every ledger with every piece of evidence and write down the verdicts."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        scene = EvidenceScene(lambda store: f"sqlite:///{folder / store}.db", folder)
        verdicts: dict[tuple[str, str], str] = {}
        for ledger in LEDGERS:
            for evidence in OUTSIDE:
                verdicts[ledger, evidence] = scene.verdicts(ledger, evidence)[0]
        for evidence in FORGED_EVIDENCE:
            verdicts["nothing", evidence] = scene.verdicts("nothing", evidence)[0]
    for page, words in PAGES.items():
        before, _, rest = (DOCS / page).read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        text = f"{before}{BEGIN}{evidence_tables(verdicts, words)}{END}{after}"
        (DOCS / page).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
