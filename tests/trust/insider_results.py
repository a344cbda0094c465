"""What an insider publishes or certifies past the commands, and which program notices it.

Here the insider records events as a program could, so that the tree is sound and every witness file
and receipt fits. What is left is to recompute the result, and to look at what it rests on.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from copy import deepcopy
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from commands.handlers.publishing import publish_scores
from lifecycle.deciding.drafts import Draft, read_record
from lifecycle.events import COUNTY
from lifecycle.events.county_events import ScoresPublished
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import LoadedRulebook, canonical, parse, shipped
from projections.audit.bundles import write_bundle
from projections.audit.certificates import unit_certificate
from projections.audit.publication_problems import check_publications
from projections.audit.verifier import verify_bundle as verifier
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.requested_axes import RequestedAxes
from tests.given import REPORTED, TOWN, of, reported
from tests.ledgers import CLERK, LATER
from tests.trust.insider import DOCS

YEAR_END: Final = date(2024, 12, 31)
IN_FORCE: Final = shipped("kaihua-2024")
NAMESAKE: Final = parse(IN_FORCE.content.replace('issuer = "', 'issuer = "另一', 1))
"""Another rulebook with the id of the one in force."""
BY_A_COMMAND: Final = "lifecycle audit publications"
BY_THE_VERIFIER: Final = "verify_bundle.py"
EYES: Final = (BY_A_COMMAND, BY_THE_VERIFIER)

PUBLISHED: Final[dict[str, tuple[LoadedRulebook, dict[str, Any]]]] = {
    "published by an unadopted rulebook of this id": (NAMESAKE, {}),
    "published by another rulebook": (shipped("city-2024"), {}),
    "published by another rulebook under this id": (
        shipped("city-2024"),
        {"rulebook_id": "kaihua-2024"},
    ),
    "published at an old position": (IN_FORCE, {"position": 4}),
    "published as 0.1.0 did, at an old position": (
        IN_FORCE,
        {"position": 4, "evaluator": "lifecycle 0.1.0"},
    ),
    "published with another total": (IN_FORCE, {}),
}
ANOTHER_TOTAL: Final = "published with another total"
Change = Callable[[dict[str, Any]], object]


CHANGES: Final[dict[str, Change]] = {
    "certificate: a line names another project": lambda c: c["lines"][0].update(project="Q"),
    "certificate: a line names another clause": lambda c: c["lines"][0].update(clause="考(九)"),
    "certificate: a line shows other inputs": lambda c: c["lines"][0]["inputs"].update(points="9"),
    "certificate: a line rests on other events": lambda c: c["lines"][0].update(events=["P#1"]),
    "certificate: other lines of the same sum": lambda c: c["lines"].reverse(),
    "certificate: a rank added": lambda c: c["score"].update(rank=1),
}
LEFT_OUT: Final = "certificate: a project left out whole"
"""No certificate can show that nothing was left out; a bundle does."""
CERTIFIED: Final = (*CHANGES, LEFT_OUT)


class ResultsScene:
    """A small ledger on which an insider publishes, with its bundle."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.ledger = Ledger.open(url, create=True, clock=lambda: LATER)
        self.key = create_signer(self.ledger, folder / "key.pem")
        for record in _RECORDS:
            self.ledger.record(read_record(record), CLERK)

    def publish(self) -> None:
        """Publish the right result, as the command does."""
        publish_scores(self.ledger, RequestedAxes(2024, YEAR_END), CLERK)

    def forge(self, deed: str) -> None:
        """Record a publication of the same subject as a program of the insider's could."""
        book, fields = PUBLISHED[deed]
        event = self.ledger.history(COUNTY)[-1].event
        assert isinstance(event, ScoresPublished)
        head = self.ledger.head()
        position = fields.get("position", head.position)
        result = score_json(evaluate(self.ledger, View(2024, YEAR_END, position, book)))
        if deed == ANOTHER_TOTAL:
            result["units"][0]["total"] = "199"
        named = {"rulebook_id": book.id, "rulebook_digest": book.digest, "result": result}
        tree = {"tree_size": head.position, "root": head.tree().root().hex(), "position": position}
        forgery = event.model_copy(update=named | tree | fields)
        self.ledger.record(Draft(COUNTY, forgery), CLERK)

    def seen(self) -> dict[str, bool]:
        """By each eye: whether the last publication is named as different or as not official."""
        last = check_publications(self.ledger)[-1]
        is_official = last.publication.standing.official
        by_command = bool(last.differing) or last.missing is not None or not is_official
        return {BY_A_COMMAND: by_command, BY_THE_VERIFIER: self._verifier_notices()}

    def _verifier_notices(self) -> bool:
        sign_checkpoint(self.ledger, self.key)
        path = self.folder / "b.zip"
        write_bundle(self.ledger, path)
        # Who makes the bundle can put any rulebook into it.
        with zipfile.ZipFile(path, "a") as archive:
            name = f"rulebooks/{NAMESAKE.digest}.json"
            if name not in archive.namelist():
                archive.writestr(name, canonical(NAMESAKE.rulebook))
        printed = StringIO()
        with redirect_stdout(printed):
            verifier.main([str(path), "--key", str(self.key.verifier)])
        *lines, verdict = printed.getvalue().splitlines()
        is_named = any("is NOT OFFICIAL and supersedes nothing" in line for line in lines)
        return verdict.startswith("DIFFERS: ") or is_named


class CertifiedScene:
    """A certificate of a unit with two projects, and one as if it had the first alone."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        with Ledger.open(url, create=True, clock=lambda: LATER) as ledger:
            self.key = create_signer(ledger, folder / "key.pem")
            for record in _RECORDS:
                ledger.record(read_record(record), CLERK)
            note = sign_checkpoint(ledger, self.key)
            view = View(2024, YEAR_END, ledger.head().position, IN_FORCE)
            whole = unit_certificate(ledger, view, TOWN, note).as_json()
            # As known before the second project was reported: the rest is the same.
            before = View(2024, YEAR_END, _FIRST_PROJECT, IN_FORCE)
            partial = unit_certificate(ledger, before, TOWN, note).as_json()
        self.certificate: dict[str, Any] = json.loads(json.dumps(whole))
        partial["axes"]["position"] = view.position
        partial["events"] = [row for row in partial["events"] if row["stream"] != "project/Q"]
        self.partial: dict[str, Any] = json.loads(json.dumps(partial))

    def is_noticed(self, deed: str | None) -> bool:
        """Whether the verifier notices what was done to the certificate; None is nothing."""
        changed = deepcopy(self.partial if deed == LEFT_OUT else self.certificate)
        if deed in CHANGES:
            CHANGES[deed](changed)
        path = self.folder / "c.json"
        path.write_text(json.dumps(changed), encoding="utf-8")
        with redirect_stdout(StringIO()):
            return verifier.main([str(path), "--key", str(self.key.verifier)]) != 0


_PASSED: Final = of("ConsultationHeld", "2024-02-01", outcome="passed")
_ACTIVITY: Final = {
    "event": "ActivityHeld",
    "unit": TOWN,
    "occurred_on": "2024-03-01",
    "activity": "推介",
    "led_by_head": True,
}
_FIRST_PROJECT: Final = len(REPORTED) + 2
_RECORDS: Final = [
    *REPORTED,
    _PASSED,
    _ACTIVITY,
    reported("Q"),
    of("ConsultationHeld", "2024-02-02", "Q", outcome="passed"),
]


def expected_of(deed: str) -> bool:
    """Whether a deed must be noticed by whoever can look at it."""
    return deed != LEFT_OUT


# The table for auditors ---------------------------------------------------------------------------

PAGES: Final[dict[str, dict[str, str]]] = {
    "audit.md": {},
    "audit.zh-CN.md": {
        "what an insider made": "内部人员的做法",
        "noticed": "发现",
        "not noticed": "未发现",
        "published by an unadopted rulebook of this id": "以同一编号、未经采用的规则手册公布",
        "published by another rulebook": "以另一份自带的规则手册公布",
        "published by another rulebook under this id": "冒用编号，以另一份自带的规则手册公布",
        "published at an old position": "以过去的数据时点公布",
        "published as 0.1.0 did, at an old position": "冒充 0.1.0 版，以过去的数据时点公布",
        ANOTHER_TOTAL: "公布时改动总分",
        "certificate: a line names another project": "得分证明：分项改为另一项目",
        "certificate: a line names another clause": "得分证明：分项改为另一条款",
        "certificate: a line shows other inputs": "得分证明：改动分项的计算依据",
        "certificate: a line rests on other events": "得分证明：分项改为依据其他事件",
        "certificate: other lines of the same sum": "得分证明：换成合计相同的其他分项",
        "certificate: a rank added": "得分证明：加上名次",
        LEFT_OUT: "得分证明：整个项目不列入",
    },
}
"""The pages that show the table, and each one's words."""
BEGIN: Final = "<!-- the results matrix, written by `python -m tests.trust.insider_results` -->\n"
END: Final = "<!-- end of the results matrix -->\n"


def results_table(
    noticed: Mapping[tuple[str, str], bool],
    words: Mapping[str, str],
) -> str:
    """A row for each deed, a column for each program; a certificate is read by the verifier."""

    def say(text: str) -> str:
        return words.get(text, text)

    lines = [
        f"| {say('what an insider made')} | `{BY_A_COMMAND}` | `{BY_THE_VERIFIER}` |",
        "| --- | --- | --- |",
    ]
    for deed in [*PUBLISHED, *CERTIFIED]:
        cells = [say(deed)]
        for eye in EYES:
            if (deed, eye) not in noticed:
                cells.append("–")
            else:
                cells.append(say("noticed") if noticed[deed, eye] else f"**{say('not noticed')}**")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Do every deed on a store of its own and write down who noticed."""
    noticed: dict[tuple[str, str], bool] = {}
    for deed in PUBLISHED:
        with TemporaryDirectory() as name:
            scene = ResultsScene(f"sqlite:///{name}/l.db", Path(name))
            scene.publish()
            scene.forge(deed)
            for eye, is_noticed in scene.seen().items():
                noticed[deed, eye] = is_noticed
            scene.ledger.close()
    with TemporaryDirectory() as name:
        certified = CertifiedScene(f"sqlite:///{name}/l.db", Path(name))
        for deed in CERTIFIED:
            noticed[deed, BY_THE_VERIFIER] = certified.is_noticed(deed)
    for page, words in PAGES.items():
        before, _, rest = (DOCS / page).read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        text = f"{before}{BEGIN}{results_table(noticed, words)}{END}{after}"
        (DOCS / page).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
