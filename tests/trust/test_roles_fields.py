"""What the append function takes from a clerk can be read by everybody: it stays for good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from lifecycle.deciding.drafts import read_record
from lifecycle.events import BY_NAME
from lifecycle.events.codec import recorded_from, topic
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.recorders.append_batch import AppendBatch, ClaimChanges
from lifecycle.ledger.recorders.postgres_append import APPEND, append_parameters
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError
from projections.facts.effective_history import effective
from tests.given import CODE, TOWN, correction, of, reported, unit
from tests.postgres import running_server
from tests.trust.roles import RankedStore, ranked_store
from tests.trust.test_roles_append import HELD, RawEvent, rejected_by

JsonFields = dict[str, Any]
LONG, SHA = "长" * 4001, "a" * 64
FILE = {"name": "证明.pdf", "sha256": SHA}
TASK, TOPIC = "开招办交〔2024〕1号", "ActivityHeld/2"


def of_unit(name: str, **fields: Any) -> JsonFields:
    return {"event": name, "unit": TOWN, "occurred_on": "2024-03-01"} | fields


def of_resource(event: str, /, **fields: Any) -> JsonFields:
    return {"event": event, "resource": "ZY-1", "occurred_on": "2024-03-01"} | fields


def monthly(name: str, **fields: Any) -> JsonFields:
    return {"event": name, "unit": TOWN, "month": "2024-03"} | fields


RECORDS: list[JsonFields] = [
    of_unit("CadreSeconded", person="张三", group="landing_group"),
    of_unit("LandingServiceFailed", failure="not_first_time", about_project="P"),
    monthly("UnitListed", board="red", reason="第一"),
    of("AgreementAmended", contract_investment="4000"),
    of("ProjectTerminated", reason="撤资"),
    of("ViolationFound", finding="违建"),
    of("ViolationCleared", finding="已拆"),
    of("RecognitionDenied", reason="不符"),
    of("PerformanceAssessed", result="fulfilled", department="招商局", method="both"),
    of("WarningIssued", number="开招办警〔2024〕1号", about=TASK),
    of(
        "SupervisionIssued",
        number="开招办督〔2024〕1号",
        about=TASK,
        problem="逾期",
        rectify_by="2024-06-01",
    ),
    of("TaskReopened", about=TASK, reason="反弹"),
    of(
        "ExposurePublished",
        number="开招办曝〔2024〕1号",
        about=TASK,
        facts="未办",
        approved_by="局长",
    ),
    unit("桐村镇"),
    of_unit("UnitRenamed") | {"name": "华埠新镇"},
    of_unit("UnitRegrouped", sequence="部门", category="department"),
    of_unit("UnitDissolved", successor=TOWN),
    of("InvestorChanged", investor="甲公司", investor_code=CODE, outside_ratio="0.5"),
    of_unit("ActivityHeld", activity="赴杭", led_by_head=True),
    monthly("RoutineAssessed", item="宣传", points="-1.5"),
    of_unit("AwardWon", title="招商能手", person="张三"),
    of_unit("MajorProjectSupported", about_project="P"),
    of_unit("IndicatorReported", indicator="外资", period="2024-Q1", actual="3", shared_by=2),
    reported("Z", investor_code=CODE, outside_ratio="1", chains=["silicone"], lead_person="李四"),
    of("ConsultationHeld", outcome="passed"),
    of("AgreementSigned", contract_investment="3000", contract_fixed_assets="0.5"),
    of("LandAcquired", area_mu="10", transfer_fee="5", county_state_share="5"),
    of("ProjectFiled", project_code="2403-330824-04-01-123456"),
    of("StatisticsEntered"),
    of("InvestmentReported", None, month="2024-02", fixed_assets="1", occurred_on="2024-02-29"),
    of("TaxPaid", None, month="2024-03", amount="12"),
    of("ScheduleSet", milestones=[{"stage": "land", "due_on": "2024-06-30"}]),
    of("MilestoneReached", milestone="production_started"),
    of("ProjectFigureReported", figure="registered_capital", period="2024-Q2", actual="3000"),
    of("FollowedUp", content="面谈", next_step="报价", next_on="2024-12-01"),
    of("ProjectPaused", reason="市场变化"),
    of("ProjectResumed", reason="资金到位"),
    of("ProjectTransferred", to_unit=TOWN),
    of("ProjectTransferred", to_zone="外县"),
    of("ReviewHeld", findings="正常", evidence=[FILE], note="备注"),
    of(
        "TaskAssigned",
        number=TASK,
        task="摘牌",
        responsible_unit=TOWN,
        due_on="2024-05-01",
        stage="land",
    ),
    of(
        "TaskCleared",
        number="开招办销〔2024〕1号",
        about=TASK,
        result="完成",
        submitted_by="张三",
        reviewed_by="李四",
        evidence=[FILE],
    ),
    {"event": "MeetingHeld", "occurred_on": "2024-03-01", "meeting": "ad_hoc"},
    {
        "event": "TargetSet",
        "occurred_on": "2024-03-01",
        "year": 2024,
        "indicator": "投资",
        "amount": "1",
    },
    of_resource(
        "ResourceListed",
        kind="plot",
        name="甲地块",
        location="城东",
        area_mu="30",
        price="40",
        price_per="mu",
        industries=["硅材料"],
        available_on="2024-03-01",
    ),
    of_resource("ResourceChanged", floor_area_m2="1200", name="乙厂房"),
    of_resource("ResourceAllotted", project="P", area_mu="12.5"),
    of_resource("ResourceReleased", project="P"),
    of_resource("ResourceWithdrawn", reason="规划调整"),
    correction(1, None),
    correction(1, {"planned_investment": "4000", "lead_person": None, "chains": ["silicone"]}),
]


@pytest.fixture(scope="module")
def store() -> Iterator[RankedStore]:
    with ranked_store(running_server()) as ranked:
        yield ranked


def raw_event(store: RankedStore, record: JsonFields) -> RawEvent:
    draft = read_record(record)
    kind = type(draft.event)
    return RawEvent(
        store,
        stream=draft.stream.id,
        topic=topic(kind),
        fields=dict(draft.fields),
        are_all=True,
    )


def is_taken(store: RankedStore, event: RawEvent, fields: JsonFields) -> bool:
    """Whether the function takes an event of these fields; nothing is stored."""
    stamp: JsonFields = {
        "recorded_at": datetime.now(SHANGHAI).isoformat(),
        "recorded_by": store.logins["clerk"],
    }
    state = json.dumps(stamp | fields, ensure_ascii=False)
    question = (
        "SELECT lifecycle.ledger_first_unreadable("
        " ARRAY[%s], ARRAY[9::bigint], ARRAY[%s], ARRAY[convert_to(%s, 'UTF8')])"
    )
    with store.connect("owner") as connection:
        row = connection.execute(question, (event.stream, event.topic, state)).fetchone()
    assert row in {(None,), (1,)}
    return row == (None,)


def is_readable(event: RawEvent, fields: JsonFields) -> bool:
    """Whether the program can read it, as decisions and as results do."""
    stamp = {"recorded_at": "2024-04-01T00:00:00+08:00", "recorded_by": "x"}
    state = json.dumps(stamp | fields, ensure_ascii=False).encode()
    row = (1, event.stream, 1, event.topic, state)
    try:
        recorded_from(*row)
        effective([row])
    except StoreError:
        return False
    return True


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["event"])
def test_what_record_stores_is_taken(store: RankedStore, record: JsonFields) -> None:
    event = raw_event(store, record)
    assert is_readable(event, event.fields)
    assert is_taken(store, event, event.fields)


def test_every_event_that_a_clerk_may_record_is_tried(store: RankedStore) -> None:
    with store.connect("auditor") as connection:
        rows = connection.execute(
            "SELECT split_part(topic, '/', 1) FROM lifecycle.ledger_topics WHERE NOT reserved"
        ).fetchall()

    assert {str(name) for (name,) in rows} == {record["event"] for record in RECORDS}


@pytest.mark.parametrize("corrects", [3, 4, 99])
def test_a_correction_of_what_is_still_to_come_is_rejected(
    store: RankedStore, corrects: int
) -> None:
    event = raw_event(store, correction(corrects, None))
    assert rejected_by(event) == "fields"


VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**9, 1.5, 1e300, "", " ", "\u3000", "x", "是", LONG, "1e2", "01", "-0"),
    *("1.50", "1.0000001", "2024-02-30", "2100-02-29", "1899-01-01", "2024-02", "2024-13", SHA),
    *("2024-03-01T24:00:00+08:00", "2024-03-01T09:00:00Z", "91330824MA28F3XN0G", "\u0085"),
    *([], {}, [None], ["x"], [{}], [FILE] * 101, [{**FILE, "more": 1}], {"x": {"y": []}}),
    [{"stage": "land", "due_on": "2024-03-01"}],
    [{"stage": "land", "due_on": "2025-01-01"}] * 2,
)


@given(data=st.data())
@settings(
    max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_taken_can_be_read(store: RankedStore, data: st.DataObject) -> None:
    event = raw_event(store, data.draw(st.sampled_from(RECORDS)))
    kind = BY_NAME[event.topic.partition("/")[0]]
    fields = dict(event.fields)
    for name in data.draw(st.lists(st.sampled_from([*kind.model_fields, "more"]), min_size=1)):
        if data.draw(st.booleans()):
            fields.pop(name, None)
        else:
            fields[name] = data.draw(st.sampled_from(VALUES))
    if is_taken(store, event, fields):
        assert is_readable(event, fields)


@pytest.mark.parametrize("value", ["1", 1, True, None, [], ["x"], [FILE], [[]], {}, {"x": []}])
def test_a_field_that_no_shape_knows_is_rejected_whatever_its_value(
    store: RankedStore, value: Any
) -> None:
    """A comparison with the null of a missing rule is null, and `bool_and` overlooks it."""
    event = raw_event(store, HELD)
    assert is_taken(store, event, event.fields)
    assert not is_taken(store, event, event.fields | {"invented": value})
    assert rejected_by(replace(event, fields=event.fields | {"invented": value})) == "fields"
    with_file = event.fields | {"evidence": [FILE | {"invented": value}]}
    assert not is_taken(store, event, with_file)


@pytest.mark.parametrize(
    "fields",
    [
        {"activity": "a", "led_by_head": 5, "occurred_on": "2024-03-01"},
        {"activity": "a", "led_by_head": True, "occurred_on": "2024-03-01", "extra": 1},
        {"topic": "a", "led_by_head": True, "occurred_on": "2024-03-01"},
        {"led_by_head": True, "occurred_on": "2024-03-01"},
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_an_event_that_nobody_could_read_is_rejected(
    store: RankedStore, fields: JsonFields, version: int
) -> None:
    event = RawEvent(store, topic=f"ActivityHeld/{version}", fields=fields, are_all=True)
    assert rejected_by(event) == "fields"


def test_a_field_that_stands_there_twice_is_rejected(store: RankedStore) -> None:
    text = f'{{"name": "a", "sha256": "{SHA}", "name": "b"}}'
    with store.connect("owner") as connection:
        row = connection.execute(
            "SELECT lifecycle.ledger_fits(%s::json, 'Evidence', false)", (text,)
        ).fetchone()
    assert row == (False,)


@pytest.mark.parametrize(
    "replacement",
    [
        {"planned_investment": "viel"},
        {"planned_investment": None},
        {"invented": "1"},
        {"invented": []},
        {"invented": ["x"]},
        {"outside_ratio": "2"},
        {"reported_at": "yesterday"},
        {"chains": ["X"]},
    ],
)
def test_a_correction_after_which_nobody_could_read_the_fact_is_rejected(
    store: RankedStore, replacement: JsonFields
) -> None:
    event = raw_event(store, correction(1, {"planned_investment": "4000"}))
    fields = event.fields | {"replacement": replacement}
    assert rejected_by(replace(event, fields=fields)) == "fields"


def test_the_head_has_the_last_event_s_time_however_an_array_counts(store: RankedStore) -> None:
    moments = [datetime.now(SHANGHAI) + timedelta(seconds=seconds) for seconds in (0, 30)]
    with Ledger.open(store.url("owner")) as ledger, store.connect("clerk") as connection:
        position = ledger.head().position
        batch = AppendBatch([], [], [], "", ClaimChanges(), [])
        for number, moment in enumerate(moments, start=1):
            fields = read_record(HELD).fields | {"note": str(number)}
            stamp = {"recorded_at": moment.isoformat(), "recorded_by": store.logins["clerk"]}
            state = json.dumps(fields | stamp).encode()
            digest = f"{number:064}"
            batch.rows.append((position + number, f"unit/{TOWN}", 1 + number, TOPIC, state))
            batch.keys.append((digest, digest, position + number, b""))
        parameters = append_parameters(batch, None)
        states = ",".join(f'"\\\\x{state.hex()}"' for *_, state in batch.rows)
        parameters[4] = f"[2:3]={{{states}}}"
        connection.execute(APPEND.encode(), parameters)
        assert ledger.head().recorded_at == moments[-1].isoformat()
