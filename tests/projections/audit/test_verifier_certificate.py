"""What the standalone verifier prints of a sound certificate, and what it rejects."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.log.merkle_tree import Frontier, leaf_hash
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.log.witness_file import append_witness_line
from lifecycle.rulebook import canonical, parse
from projections.audit.bundles import write_bundle
from projections.audit.certificates import unit_certificate
from projections.audit.verifier import verify_bundle as verifier
from projections.scoring.result_view import View
from tests.given import OTHER, REPORTED, TOWN, of
from tests.ledgers import CLERK, fill, new_ledger
from tests.projections.audit.bundle_parts import (
    BOOK,
    CONSISTENT,
    FACTS,
    STRANGER,
    SealedLedger,
    Verify,
    verified,
)
from tests.projections.scoring.test_lines import OF_EVERY_KIND

# The certificate ----------------------------------------------------------------------------------

# Neither a receipt nor a cosigner is checked against a certificate.
CERTIFICATE_CONSISTENT = CONSISTENT.replace(", --cosigner, --receipt, --witness", " or --witness")


NOT_SHOWN = [
    (
        f"note: no event here adopts the rulebook kaihua-2024 {BOOK.digest[:16]}; "
        "compare its digest with one that you know"
    ),
    (
        "note: a certificate shows neither the unit's rank nor that no project or event of the "
        "unit was left out; only a bundle shows both"
    ),
]


YEAR_BEFORE = {"year": 2023, "as_of": "2023-12-31"}
NOBODY = "no such unit is registered in these events"


def test_a_sound_certificate_is_confirmed_check_by_check(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path, key = tmp_path / "c.json", sealed.certificate["key"]
    path.write_text(json.dumps(sealed.certificate), encoding="utf-8")
    signed = "ok: the checkpoint at 9 events is signed"
    rest = [
        "ok: 4 events are in the signed tree",
        (
            f"ok: {TOWN}: total 3.5 in 2024, as of 2024-12-31, as known at position 9, "
            "recomputed from these events"
        ),
        (
            f"ok: {len(sealed.certificate['lines'])} lines, recomputed, have the certified rules, "
            "clauses, projects, inputs, events and points"
        ),
        *NOT_SHOWN,
    ]
    assert verify(path) == [
        signed,
        f"note: compare this key with the one that you noted: {key}",
        *rest,
        CERTIFICATE_CONSISTENT,
    ]
    assert verify(path, "--key", key) == [signed, *rest, verified(9, 9)]
    assert verifier.verify_certificate(str(path), key) == (9, 9, "", "--key or --witness")
    assert (
        verify(path, "--key", STRANGER)[-1]
        == f"DIFFERS: the checkpoint is signed by {key}, not by the key that you trust"
    )
    assert verify(path, "--key", "x")[-1] == "UNUSABLE: 'x' is not an Ed25519 verifier key"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: c.update(more="1e9"), "'1e9' is not a plain number"),
        (lambda c: c.update(key=1), "key is not text"),
        (lambda c: c.update(checkpoint=1), "checkpoint is not text"),
        (lambda c: c.update(events={}), "events is not a list"),
        (lambda c: c["events"][0].update(position="1"), "position is not a count"),
        (lambda c: c["events"][0].update(topic=1), "topic is not text"),
        (lambda c: c["events"][0].update(state=1), "state is not text"),
        (lambda c: c["events"][0].update(stream=1), "stream is not text"),
        (lambda c: c["events"][0].update(version="1"), "version is not a count"),
        (lambda c: c["events"][0].update(proof=1), "proof is not a list"),
        (lambda c: c["events"][0].update(proof=[1]), "a proof is not text"),
        (lambda c: c["events"][0].update(proof=["x"]), "a proof is not 64 hex digits"),
        (
            lambda c: c["events"][0].update(position=2),
            f"{TOWN}#1, position 2, is not in the signed tree",
        ),
        (
            lambda c: c["events"][0].update(version=2),
            f"{TOWN}#2, position 1, is not in the signed tree",
        ),
        (
            lambda c: c["events"][0].update(stream="unit/x"),
            "x#1, position 1, is not in the signed tree",
        ),
        (
            lambda c: c["events"][0].update(topic="ActivityHeld/1"),
            f"{TOWN}#1, position 1, is not in the signed tree",
        ),
        (lambda c: c["events"].pop(0), f"version 1 of unit/{TOWN} is not among the events"),
        (lambda c: c["events"].pop(1), "version 1 of project/P is not among the events"),
        (lambda c: c["axes"].update(rulebook_digest=1), "rulebook_digest is not text"),
        (lambda c: c.update(rulebook=1), "rulebook is not text"),
        (lambda c: c["axes"].update(year="2024"), "year is not a count"),
        (lambda c: c["axes"].update(position="1"), "position is not a count"),
        (lambda c: c["axes"].update(as_of=1), "as_of is not text"),
        (lambda c: c.update(unit=1), "unit is not text"),
        (lambda c: c.update(unit="无"), f"{NOBODY}: 无"),
        (lambda c: c.update(score=None), f"{TOWN}: it is not a JSON object"),
        (
            lambda c: c["score"].update(total="4"),
            f'{TOWN}, total: certified "4", recomputed "3.5"',
        ),
        (
            lambda c: c["score"].update(sequence="x"),
            f'{TOWN}, sequence: certified "x", recomputed "乡镇"',
        ),
        (lambda c: c["score"].update(rank=1), f"{TOWN}, rank: certified 1, recomputed nothing"),
        (
            lambda c: c["score"].pop("sequence"),
            f'{TOWN}, sequence: certified nothing, recomputed "乡镇"',
        ),
        (lambda c: c["score"].update(groups={}), f"{TOWN}, groups: certified {{}}, recomputed {{"),
        (lambda c: c.update(lines=1), "lines is not a list"),
        (lambda c: c["axes"].update(rulebook_id="x"), "the rulebook has another id"),
        (
            lambda c: c["axes"].update(calendar_digest="x"),
            "the calendar is unknown to this verifier",
        ),
        (lambda c: c["axes"].update(evaluator=1), "evaluator is not text"),
        (
            lambda c: c["axes"].update(evaluator="lifecycle 9.0.0"),
            "'lifecycle 9.0.0' is unknown to this verifier",
        ),
        (lambda c: c["axes"].update(position=10), "position 10 lies beyond the 9 events signed"),
        (lambda c: c["axes"].update(position=8), CERTIFICATE_CONSISTENT),
        (lambda c: c["axes"].update(position=5), f'{TOWN}, total: certified "3.5", recomputed "3"'),
        # Version 0.1 ranked every registered unit, also on a day before its registration.
        (lambda c: c["axes"].update(YEAR_BEFORE), f"{NOBODY}: {TOWN}"),
        (
            lambda c: c["axes"].update(YEAR_BEFORE, evaluator="lifecycle 0.1.0"),
            f'{TOWN}, total: certified "3.5", recomputed "0"',
        ),
    ],
)
def test_a_certificate_that_does_not_hold_is_rejected(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: Callable[[Any], object],
    sentence: str,
) -> None:
    last_line = _last_line_about(sealed.certificate, change, tmp_path, verify)
    expected = sentence.replace("{path}", str(tmp_path / "c.json"))
    if expected == CERTIFICATE_CONSISTENT:
        assert last_line == CERTIFICATE_CONSISTENT
    elif expected.endswith("{"):  # a whole object follows
        assert last_line.startswith(f"DIFFERS: {expected}")
    else:
        assert last_line == f"DIFFERS: {expected}"


def _last_line_about(
    certificate: dict[str, Any],
    change: Callable[[Any], object],
    folder: Path,
    verify: Verify,
    *options: object,
) -> str:
    """The verdict on a changed certificate."""
    data = deepcopy(certificate)
    change(data)
    path = folder / "c.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return verify(path, *options)[-1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda line: line.update(rule="x"), "line 1, rule: certified "),
        (lambda line: line.update(clause="x"), 'line 1, clause: certified "x", recomputed '),
        (lambda line: line.update(project="Q"), 'line 1, project: certified "Q", recomputed '),
        (lambda line: line.update(unit=OTHER), f'line 1, unit: certified "{OTHER}", recomputed '),
        (lambda line: line.update(module="none"), 'line 1, module: certified "none", recomputed '),
        (lambda line: line.update(points="1.0000000001"), "line 1, points: certified "),
        (lambda line: line.update(basis="x"), 'line 1, basis: certified "x", recomputed '),
        (lambda line: line.update(inputs={}), "line 1, inputs: certified {}, recomputed {"),
        (lambda line: line["inputs"].update(more=None), "line 1, inputs: certified {"),
        (lambda line: line.update(events=["P#9"]), 'line 1, events: certified ["P#9"], recomputed'),
        (lambda line: line.update(more=None), "line 1, more: certified null, recomputed nothing"),
        (lambda line: line.pop("unit"), f'line 1, unit: certified nothing, recomputed "{TOWN}"'),
    ],
)
def test_a_line_that_says_anything_else_is_named(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: Callable[[Any], object],
    sentence: str,
) -> None:
    def change_first_line(certificate: dict[str, Any]) -> None:
        change(certificate["lines"][0])

    key = sealed.certificate["key"]
    last_line = _last_line_about(
        sealed.certificate, change_first_line, tmp_path, verify, "--key", key
    )
    assert last_line.startswith(f"DIFFERS: {TOWN}, {sentence}")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda lines: lines.pop(), ": {one_less} lines are certified, {all} recomputed"),
        (
            lambda lines: lines.append(lines[0]),
            ": {one_more} lines are certified, {all} recomputed",
        ),
        (lambda lines: lines.reverse(), ", line 1, "),
        (lambda lines: lines.insert(0, 7), ", line 1: it is not a JSON object"),
    ],
)
def test_lines_left_out_added_or_in_another_order_are_named(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: Callable[[Any], object],
    sentence: str,
) -> None:
    def change_lines(certificate: dict[str, Any]) -> None:
        change(certificate["lines"])

    count = len(sealed.certificate["lines"])
    expected = sentence.format(one_less=count - 1, one_more=count + 1, all=count)
    last_line = _last_line_about(sealed.certificate, change_lines, tmp_path, verify)
    assert last_line.startswith(f"DIFFERS: {TOWN}{expected}")


# The first format ---------------------------------------------------------------------------------


def of_first_format(certificate: dict[str, Any]) -> dict[str, Any]:
    """The certificate as 0.1.0 wrote it."""
    first = deepcopy(certificate)
    first["format"] = "lifecycle-certificate/1"
    first["score"]["rank"] = 1
    del first["not_shown"]
    return first


LINES_NOT_SHOWN = (
    "CONSISTENT: the lines of a certificate/1 are not shown; ask for a certificate/2 or a bundle"
)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda _: None, LINES_NOT_SHOWN),
        (lambda c: c["lines"][0].update(project="Q", clause="x", inputs={}), LINES_NOT_SHOWN),
        (lambda c: c["score"].update(rank=9), LINES_NOT_SHOWN),
        (lambda c: c.update(score=None), f"DIFFERS: {TOWN}, total: certified None, recomputed 3.5"),
        (
            lambda c: c["score"].update(modules={}),
            f"DIFFERS: {TOWN}, modules: certified {{}}, recomputed {{modules}}",
        ),
        (
            lambda c: c["score"].update(groups={}),
            f"DIFFERS: {TOWN}, groups: certified {{}}, recomputed {{groups}}",
        ),
        (
            lambda c: c["score"].update(basis={}),
            f"DIFFERS: {TOWN}, basis: certified {{}}, recomputed {{basis}}",
        ),
        (
            lambda c: c["score"].update(sequence="x"),
            f"DIFFERS: {TOWN}, sequence: certified x, recomputed 乡镇",
        ),
        (lambda c: c.update(lines=1), "DIFFERS: lines is not a list"),
        (lambda c: c["lines"].pop(), f"DIFFERS: {TOWN}: the lines of {{last}} do not sum to it"),
        (
            lambda c: c["lines"][0].update(module="none"),
            f"DIFFERS: {TOWN}: lines of none, which is no module of the score",
        ),
        (
            lambda c: c["lines"][0].update(points="1.0000000002"),
            f"DIFFERS: {TOWN}: the lines of {{first}} do not sum to it",
        ),
    ],
)
def test_of_the_first_format_the_lines_are_not_shown(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: Callable[[Any], object],
    sentence: str,
) -> None:
    certificate = of_first_format(sealed.certificate)
    lines = certificate["lines"]
    expected = sentence.replace("{last}", lines[-1]["module"])
    expected = expected.replace("{first}", lines[0]["module"])
    for name in ("modules", "groups", "basis"):
        expected = expected.replace(f"{{{name}}}", str(certificate["score"][name]))
    # A trusted key vouches for the tree, and never for what is not shown.
    key = certificate["key"]
    assert _last_line_about(certificate, change, tmp_path, verify, "--key", key) == expected


def test_a_witness_file_gives_the_key_and_the_tree_to_compare_a_certificate_with(
    tmp_path: Path,
    verify: Verify,
) -> None:
    certificates: dict[str, Path] = {}
    witnesses: dict[str, Path] = {}
    for name in ("first", "other"):
        certificates[name] = tmp_path / f"{name}.json"
        witnesses[name] = tmp_path / f"{name}.jsonl"
        with new_ledger(tmp_path, name) as ledger:
            fill(ledger, REPORTED, keep=False)
            key = create_signer(ledger, tmp_path / f"{name}.pem")
            note = sign_checkpoint(ledger, key)
            size = ledger.head().position
            view = View(2024, date(2024, 12, 31), size, BOOK)
            content = unit_certificate(ledger, view, TOWN, note).as_json()
            append_witness_line(witnesses[name], key.verifier, note, ledger.leaves(1, size))
        certificates[name].write_text(json.dumps(content), encoding="utf-8")
    own = verify(certificates["first"], "--witness", witnesses["first"])
    assert own[-1] == verified(size, size)
    assert not any("compare this key" in line for line in own)
    foreign = verify(certificates["first"], "--witness", witnesses["other"])
    assert foreign[-1] == f"DIFFERS: {witnesses['other']}:1 belongs to another ledger"


def test_a_witness_file_with_another_tree_of_the_same_size_contradicts_a_certificate(
    tmp_path: Path,
    verify: Verify,
) -> None:
    witness = tmp_path / "w.jsonl"
    path = tmp_path / "c.json"
    with new_ledger(tmp_path) as ledger:
        fill(ledger, REPORTED, keep=False)
        key = create_signer(ledger, tmp_path / "k.pem")
        note = sign_checkpoint(ledger, key)
        size = ledger.head().position
        view = View(2024, date(2024, 12, 31), size, BOOK)
        content = unit_certificate(ledger, view, TOWN, note).as_json()
        leaves = [leaf_hash(b"another history")] * size
        tree = Frontier()
        tree.append(leaves)
        other = key.sign(Checkpoint(origin=key.verifier.name, size=size, root=tree.root()).text)
        append_witness_line(witness, key.verifier, other, leaves)
    path.write_text(json.dumps(content), encoding="utf-8")
    assert verify(path, "--witness", witness)[-1] == (
        f"DIFFERS: {witness}:1 has another root for the first {size} events"
    )


def test_a_certificate_is_checked_alone_and_must_be_readable(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(sealed.certificate), encoding="utf-8")
    assert verify(path, "--receipt", path)[-1] == (
        "UNUSABLE: receipts and cosigners can only be checked against a bundle; a certificate "
        "takes --key and --witness"
    )
    assert (
        verify(tmp_path / "none")[-1]
        == f"UNUSABLE: {tmp_path / 'none'} cannot be read: No such file or directory"
    )
    assert verify(tmp_path)[-1] == f"UNUSABLE: {tmp_path} is no regular file"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "is not valid JSON, so it is neither a bundle nor a certificate"),
        ("", "is not valid JSON, so it is neither a bundle nor a certificate"),
        ("[]", "is not a JSON object, so it is neither a bundle nor a certificate"),
        ('{"format": "lifecycle-certificate/3"}', "is not in the format lifecycle-certificate/2"),
    ],
)
def test_a_file_that_is_no_certificate_shows_nothing(
    content: str, reason: str, tmp_path: Path, verify: Verify
) -> None:
    path = tmp_path / "c.json"
    path.write_text(content, encoding="utf-8")
    assert verify(path)[-1] == f"UNUSABLE: {path} {reason}"


def test_a_key_that_was_pasted_may_bring_blanks_along(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(sealed.certificate), encoding="utf-8")
    pasted = f" {sealed.certificate['key']} "
    assert verify(path, "--key", pasted)[-1].startswith("VERIFIED")


def test_the_lines_of_a_certificate_may_differ_by_their_rounding_and_no_more() -> None:
    thirds = [{"module": "a", "points": "0.33"}] * 3
    verifier.check_certified_lines("u", thirds, {"a": "1", "b": "0"}, 2)
    verifier.check_certified_lines("u", [], {"a": "0.005"}, 2)
    for lines, modules, module in (
        (thirds, {"a": "1.02"}, "a"),
        (thirds, {"a": "1", "b": "0.01"}, "b"),
        (thirds, {"a": "0.96"}, "a"),
        ([], {"a": "0.01"}, "a"),
    ):
        with pytest.raises(
            verifier.VerificationError, match=f"^u: the lines of {module} do not sum to it$"
        ):
            verifier.check_certified_lines("u", lines, modules, 2)


def test_the_event_that_adopts_the_rulebook_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    book = verifier.CheckedRulebook(json.loads(canonical(BOOK.rulebook)) | {"id": "x"})
    events = [
        verifier.StoredEvent(
            at, "county", at, "RulebookAdopted/1", json.dumps({"digest": digest}).encode()
        )
        for at, digest in ((1, "a" * 64), (2, "b" * 64), (3, "b" * 64))
    ]
    verifier.report_adoption(
        [
            verifier.StoredEvent(
                9, "county", 9, "TargetSet/1", json.dumps({"digest": "b" * 64}).encode()
            ),
            *events,
        ],
        book,
        "b" * 64,
    )
    verifier.report_adoption(events, book, "c" * 64)
    assert capsys.readouterr().out.splitlines() == [
        f"ok: the rulebook x {'b' * 16} was adopted by county#2",
        (
            f"note: no event here adopts the rulebook x {'c' * 16}; "
            "compare its digest with one that you know"
        ),
    ]


@pytest.fixture(scope="session")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A certificate under a rulebook with every kind of rule.

    It has a target that was corrected, grades and outcomes.
    """
    folder = tmp_path_factory.mktemp("every-kind")
    with new_ledger(folder) as ledger:
        meeting = {"event": "MeetingHeld", "occurred_on": "2024-01-04", "meeting": "ad_hoc"}
        lower = {
            "event": "FactCorrected",
            "occurred_on": "2024-06-01",
            "corrects": 2,
            "replacement": {"amount": "7"},
            "reason": "误录",
            "approved_by": "余敏",
        }
        fill(ledger, [meeting, *OF_EVERY_KIND, lower], keep=False)
        key = create_signer(ledger, folder / "k.pem")
        book = parse(
            (Path(__file__).parents[1] / "scoring/lines/every-kind.toml").read_text(
                encoding="utf-8"
            )
        )
        certificate: dict[str, Any] = json.loads(
            json.dumps(
                unit_certificate(
                    ledger,
                    View(2024, date(2024, 12, 31), ledger.head().position, book),
                    TOWN,
                    sign_checkpoint(ledger, key),
                ).as_json()
            )
        )
    return certificate


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda _: None, CERTIFICATE_CONSISTENT),
        (
            lambda c: c["score"].update(grade="优"),
            f'{TOWN}, grade: certified "优", recomputed "差"',
        ),
        (
            lambda c: c["score"].update(outcomes=[]),
            (
                f"{TOWN}, outcomes: certified [], "
                'recomputed [{"clause": "款words", "outcome": "降等", "rule": "words"}]'
            ),
        ),
        (
            lambda c: c["events"].pop(-1),
            f'{TOWN}, total: certified "54.605", recomputed "62.605"',
        ),  # the target as it was: 5, not 7
        (
            lambda c: c["events"].pop(-2),
            f'{TOWN}, total: certified "54.605", recomputed "44.605"',
        ),  # no target
    ],
)
def test_a_certificate_under_targets_and_grades(
    every_kind: dict[str, Any],
    tmp_path: Path,
    verify: Verify,
    change: Callable[[Any], object],
    sentence: str,
) -> None:
    data = deepcopy(every_kind)
    change(data)
    path = tmp_path / "c.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert verify(path)[-1].removeprefix("DIFFERS: ") == sentence


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("grade", "优", "grade: certified 优, recomputed 差"),
        ("outcomes", [], "outcomes: certified [], recomputed [{"),
    ],
)
def test_grades_and_outcomes_of_the_first_format_are_compared(
    every_kind: dict[str, Any],
    tmp_path: Path,
    verify: Verify,
    field: str,
    value: object,
    sentence: str,
) -> None:
    data = deepcopy(every_kind) | {"format": "lifecycle-certificate/1"}
    data["score"][field] = value
    last_line = _last_line_about(data, lambda _: None, tmp_path, verify)
    assert last_line.startswith(f"DIFFERS: {TOWN}, {sentence}")


# Numbers made to exhaust the memory ---------------------------------------------------------------


@pytest.mark.parametrize("value", ["1e9", "1E-9", " 1.5e+9 ", "e9", {"a": ["2e5"]}, "-1_0e1_0"])
def test_a_number_with_an_exponent_is_rejected(value: Any) -> None:
    with pytest.raises(verifier.VerificationError, match="is not a plain number"):
        verifier.plain_numbers({"x": value})


@pytest.mark.parametrize(
    "value", ["19", "1.5", "e", "8e", "abe9", "1e9x", "x1e9", 7, None, {"a": ["b"]}]
)
def test_any_other_text_is_accepted(value: Any) -> None:
    assert verifier.plain_numbers({"x": value}) == {"x": value}


def test_only_events_that_bear_on_scores_are_kept_in_memory(
    tmp_path: Path,
) -> None:
    with new_ledger(tmp_path) as ledger:
        review = (
            of("ReviewHeld", "2024-03-01", findings="正常"),
            of("ConsultationHeld", "2024-02-01", outcome="passed"),
        )
        fill(
            ledger,
            [
                *REPORTED,
                FACTS[-1],
                *review,
                {"event": "MeetingHeld", "occurred_on": "2024-01-04", "meeting": "ad_hoc"},
            ],
            keep=False,
        )
        ledger.record(
            read_record(
                {
                    "event": "FactCorrected",
                    "occurred_on": "2024-06-01",
                    "corrects": 1,
                    "replacement": {"amount": "120"},
                    "reason": "误录",
                    "approved_by": "余敏",
                }
            ),
            CLERK,
        )
        create_signer(ledger, tmp_path / "k.pem")
        write_bundle(ledger, tmp_path / "b.zip")
    claims = verifier.TreeClaims()
    with verifier.open_zip(str(tmp_path / "b.zip")) as archive:
        streams, publications = verifier.grow(
            verifier.read_lines(archive, "events.txt"),
            verifier.MerkleTree("sha256"),
            claims,
            "x",
            [],
            verifier.RecordTimes(),
        )
    assert publications == []
    assert {stream: [event.name for event in events] for stream, events in streams.items()} == {
        f"unit/{TOWN}": [f"{TOWN}#1"],
        f"unit/{OTHER}": [f"{OTHER}#1"],
        "unit/驻杭州招商组": ["驻杭州招商组#1"],
        # Any event of a project may be what a time limit waits for.
        "project/P": ["P#1", "P#2", "P#3"],
        "county": ["county#1", "county#3"],
    }
    book = verifier.CheckedRulebook(json.loads(canonical(BOOK.rulebook)))
    span = verifier.AssessedSpan(book, 2024, date(2024, 12, 31))
    amounts = []
    for position in (8, 9):
        targets = verifier.targets_set(streams["county"], span, position)
        amounts.append({subject: fact.number("amount") for subject, fact in targets.items()})
    assert amounts == [{(TOWN, "到位资金"): 100}, {(TOWN, "到位资金"): 120}]
