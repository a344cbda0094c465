"""Random valid rulebooks that use every kind of rule and every table that a score looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from .choices import up_to
from .draw_limits import LEVELS, LIMIT_IDS, limit_table
from .limit_days import LIMIT_MEASURES
from .policies import COMPARISONS, UNIT_MEASURES
from .projects import PROJECT_MEASURES
from .recognition import MILESTONES, STAGES

Data = dict[str, Any]
INDICATORS = ("visits", "funds", "days")
POINTS = tuple(map(Decimal, ("1", "0.5", "2.25", "-1", "3", "0.1")))
WEIGHTS = tuple(map(Decimal, ("10", "15", "0.5")))
OF_UNIT = tuple(measure for measure in UNIT_MEASURES if measure != "indicator")
# The measures with the most branches are drawn twice as often.
# A figure of projects needs a rulebook that declares it: `draw_words` draws both.
_OF_ANY_BOOK = tuple(measure for measure in PROJECT_MEASURES if measure != "project_figure")
OF_PROJECTS = (*_OF_ANY_BOOK, "nodes_reached", "funds_in_place", "limits_missed", "limits_kept")
PROJECT_FILTERS: tuple[Data, ...] = (
    {"sector": ["industrial"]},
    {"kind": ["technical_upgrade"]},
    {"traits": ["foreign"]},
    {"chains": ["cards"]},
    {"site": ["new_land"]},
    {"site": ["standard_factory"]},
    {"scale": "[2000,)"},
    {"investment": "(,12000]"},
    {"invested_share": "[0.05,)"},
    {"information_years": [2023, 2024]},
    {"sequence": ["一序列"]},
    {"except_sequence": ["一序列"]},
    {"category": ["township"]},
    {"consulted_in_year": True},
    {"consulted_in_year": False},
    {"reached": {"stage": "signing", "period": "quarter"}},
    {"reached": {"stage": "land", "period": "month"}},
    {"reached": {"stage": "filing", "period": "half_year"}},
    {"reached": {"stage": "consultation", "period": "year"}},
    {"reached": {"stage": "completed", "period": "quarter"}},
)
EXCLUSIONS = ("denied", "violation", "government_funded")
FUND_SOURCES = ("fixed_assets", "land_fee", "self_held", "tax")
CHECK_PERIODS = ("month", "quarter", "half_year")
CHANGING_KINDS = ("exclusive", "coefficient", "gate", "outcome")  # `changing_rules` draws them
NOTE = {"basis": "interpretation", "note": "一种读法"}


class Draw:
    """Draws the parts of a rulebook."""

    def __init__(self, draw: st.DrawFn, *, compares: bool = False) -> None:
        self.draw = draw
        # Whether every value is compared with others, in place of one in five.
        self.compares = compares

    def pick(self, options: Any) -> Any:
        """One of them."""
        listed = list(options)
        return listed[self.draw(up_to(len(listed) - 1))]

    def maybe(self, **fields: Any) -> Data:
        """Some of the fields, each drawn where it is a function."""
        return {
            name: field() if callable(field) else field
            for name, field in fields.items()
            if self.draw(st.booleans())
        }

    def maybe_rows(self, *rows: Data) -> list[Data]:
        """Some of the rows."""
        return [row for row in rows if self.draw(st.booleans())]

    def some(self, options: Any) -> list[Any]:
        """One of them, or more, in their order."""
        chosen = self.draw(st.sets(st.sampled_from(range(len(options))), min_size=1))
        return [options[place] for place in sorted(chosen)]

    def plain(self, *, of_units: bool | None = None) -> Data:
        """A measure, of projects or units, perhaps of some only."""
        of_units = self.draw(st.integers(0, 3)) > 0 if of_units is None else of_units
        if of_units:
            measure = self.pick(("indicator", "indicator", "indicator", self.pick(OF_UNIT)))
            return {
                "measure": measure,
                **(
                    {"indicator": self.pick(INDICATORS), **self.marks()}
                    if measure == "indicator"
                    else {}
                ),
                **self.maybe(where=self.unit_filter),
            }
        measure = self.pick(OF_PROJECTS)
        limits = {"time_limit": self.pick(LIMIT_IDS)} if measure in LIMIT_MEASURES else {}
        stages = (
            {name: self.pick((*STAGES, *MILESTONES)) for name in ("from_stage", "to_stage")}
            if measure == "days_between"
            else {}
        )
        if stages:
            stages |= self.maybe(unreached=lambda: self.pick(("as_of", "none")))
        if measure == "nodes_reached":
            stages = self.maybe(stages=lambda: self.some((*STAGES, *MILESTONES)))
        return {
            "measure": measure,
            **stages,
            **limits,
            **self.maybe(
                where=self.project_filter,
                needs=lambda: self.pick(
                    (["recognised"], ["not_excluded"], ["eligible"], ["recognised", "eligible"])
                ),
            ),
        }

    def marks(self) -> Data:
        """Now and then a range outside which a figure is not counted."""
        if self.draw(st.integers(0, 5)):
            return {}
        return {"range": self.pick(("[1,3]", "(0,5)", "[2.5,)"))}

    def of_each_project(self) -> Data:
        """A measure of projects by themselves: as it is, or held against a fixed number."""
        # Most projects have few events: what they all have is drawn more often than a filter.
        counted = self.plain(of_units=False)
        if self.draw(st.integers(0, 2)):
            stages = {"from_stage": "information", "to_stage": self.pick(STAGES[1:])}
            so_far = self.maybe(unreached="as_of")
            days = {"measure": "days_between", **stages, **so_far}
            limited = {"measure": self.pick(LIMIT_MEASURES), "time_limit": self.pick(LIMIT_IDS)}
            counted = self.pick(
                (days, days, {"measure": "fixed_assets"}, {"measure": "nodes_reached"}, limited)
            )
        fixed = {"fixed": self.pick(map(Decimal, ("1", "30", "2500")))}
        ways: tuple[Data, ...] = (
            {},
            {"reaching": fixed["fixed"]},
            {"short_of": fixed},
            {"beyond": fixed},
        )
        return {**counted, "each": "project", **self.pick(ways)}

    def bound(self) -> Data:
        """Perhaps a bound for each project."""
        return self.maybe(at_most_per_project=lambda: self.pick((Decimal("1.5"), Decimal(40))))

    def unit_filter(self) -> Data:
        """Units of a sequence or category."""
        return self.pick(  # type: ignore[no-any-return]
            ({"sequence": ["一序列"]}, {"except_sequence": ["二序列"]}, {"category": ["township"]})
        )

    def project_filter(self) -> Data:
        """Projects of a kind or size."""
        first, second = (self.pick(PROJECT_FILTERS) for _ in range(2))
        return {**first, **(second if self.draw(st.integers(0, 3)) == 0 else {})}

    def reference(self, plain: Data) -> Data:
        """What a value is held against."""
        options: list[Data] = [
            {"fixed": Decimal("2.5")},
            {"source": "set", "indicator": "goal"} | self.maybe(per="share"),
            {"counted": self.plain()},
        ]
        return self.pick(  # type: ignore[no-any-return]
            options + ([{"source": "reported"}] if plain["measure"] == "indicator" else [])
        )

    def counted(
        self,
        *,
        target: bool = False,
        of_units: bool | None = None,
    ) -> Data:
        """A measure with what becomes of it."""
        counted = self.plain(of_units=of_units)
        each = self.pick(CHECK_PERIODS)
        ways: list[Callable[[], Data]] = [
            dict,
            dict,
            lambda: {"each": each, "reaching": Decimal(1)},
            lambda: {"each": each, "short_of": {"fixed": Decimal("1.5")}},
            lambda: {"short_of": self.reference(counted)},
            lambda: {"beyond": self.reference(counted)},
        ]
        counted |= self.pick(ways)()
        if target or self.draw(st.integers(0, 3)) == 0:
            counted |= {
                "target": self.reference(counted),
                "when_zero": self.pick((Decimal(0), Decimal(1))),
            }
        counted |= self.comparison()
        return counted | self.silence(counted, ("none", Decimal("1.25"), "1/3", Decimal(-2)))

    def quotient(self) -> Data:
        """A measure over a target, or compared as a quotient without one."""
        counted = self.counted(target=True)
        if counted.get("as", "place_change") != "place_change" and self.draw(st.booleans()):
            counted.pop("target")
            counted.pop("when_missing", None)
            counted |= self.silence(counted, ("none", Decimal("1.25")))
        return counted

    def comparison(self) -> Data:
        """Now and then a comparison with the sequence, or with last year."""
        if not self.compares and self.draw(st.integers(0, 4)):
            return {}
        way = self.pick(COMPARISONS)
        if way == "place_change":
            return {"as": way}
        return {"as": way, "when_zero": self.pick((Decimal(0), Decimal(1)))}

    def counted_without_target(self, options: tuple[Any, ...]) -> Data:
        """A measure that is not held against a target."""
        rule = self.counted()
        for name in ("target", "when_missing"):
            rule.pop(name, None)
        if "as" not in rule:
            rule.pop("when_zero", None)
        return rule | self.silence(rule, options)

    def silence(self, counted: Data, options: tuple[Any, ...]) -> Data:
        """What counts where a target was never told, for some of the values that need one.

        A value that is compared with last year's always says it.
        """
        if counted.get("as") in ("to_last_year", "place_change"):
            return {"when_missing": self.pick(options)}
        references = [counted.get(name, {}) for name in ("short_of", "beyond", "target")]
        if not any("source" in reference for reference in references):
            return {}
        return self.maybe(when_missing=lambda: self.pick(options))

    def condition(self) -> Data:
        """A bound upon a value, or upon periods running."""
        bound = {
            self.pick(("at_least", "at_most", "above", "below")): self.pick(
                map(Decimal, ("0", "1", "2.5"))
            )
        }
        if self.draw(st.integers(0, 2)) == 0:
            return {**self.plain(), "each": self.pick(CHECK_PERIODS), "in_a_row": 2, **bound}
        counted = self.counted()
        counted.pop("when_missing", None)
        return {**counted, **self.silence(counted, ("holds", "fails")), **bound}

    def any_of(self, results: Sequence[Data] = ()) -> list[Data]:
        """Alternatives of conditions on what is counted, or on some of the results."""
        alternatives = []
        for _ in range(self.draw(st.integers(1, 2))):
            conditions = []
            for _ in range(self.draw(st.integers(1, 2))):
                of_result = bool(results) and self.draw(st.integers(0, 2)) > 0
                conditions.append(self.result(results) if of_result else self.condition())
            alternatives.append({"all": conditions})
        return alternatives

    def result(self, results: Sequence[Data]) -> Data:
        """A condition on a result: its number, the modules that are low, or a place."""
        result = self.pick(results)
        where = self.maybe(where=self.unit_filter) if self.draw(st.integers(0, 3)) == 0 else {}
        numbers = tuple(map(Decimal, ("0", "1", "2.5", "5")))
        way = self.draw(st.integers(0, 3))
        if way == 0 and "modules" in result:
            low = {"each_below": self.pick(numbers), "at_least": self.pick((1, 2))}
            return {"result": result, **where, **low}
        if way == 1:
            place = {"place": self.pick(("top", "bottom")), "at_most": self.pick((1, 2))}
            return {"result": result, **where, **place, **self.maybe(of_at_least=2)}
        bound = self.pick(("at_least", "at_most", "above", "below"))
        return {"result": result, **where, bound: self.pick(numbers)}

    def points(self) -> Decimal:
        """Some points."""
        return self.pick(POINTS)  # type: ignore[no-any-return]


def ends(drawn: Draw) -> Data:
    """A floor below a cap, or one, or none."""
    return drawn.maybe(floor=Decimal(-2), cap=Decimal("7.5"))


def bands(
    drawn: Draw,
    name: str,
    cuts: tuple[str, str],
    *,
    slope: bool = False,
) -> list[Data]:
    """Three bands that join."""
    texts = (f"(,{cuts[0]})", f"[{cuts[0]},{cuts[1]}]", f"({cuts[1]},)")
    return [
        {
            name: text,
            "points": drawn.points(),
            **(drawn.maybe(slope=Decimal("0.5")) if slope else {}),
        }
        for text in texts
    ]


LABELS = {
    "nodes_reached": (*STAGES, *MILESTONES),
    "awards_won": ("招商能手",),
    "landing_failures": ("not_first_time", "absent_from_decision"),
}


def per_item(drawn: Draw) -> Data:
    rule = drawn.counted_without_target(("none", Decimal("1.25")))
    limit = drawn.maybe(limit=Decimal("2.5"))
    per = drawn.maybe(limit_per=lambda: drawn.pick(CHECK_PERIODS)) if limit else {}
    has_labels = rule["measure"] in LABELS and "as" not in rule
    if has_labels and not limit and drawn.draw(st.booleans()):
        labels = rule.get("stages", LABELS[rule["measure"]])
        return {**rule, "points_by": {label: drawn.points() for label in labels}}
    return {
        **rule,
        "points": drawn.points() if not limit else Decimal("0.75"),
        **limit,
        **per,
        **drawn.maybe(places=1),
    }


def sized(drawn: Draw) -> Data:
    name = drawn.pick(("scale", "investment"))
    measure = {"measure": "projects_signed"}
    return {
        **measure,
        "bands": bands(drawn, name, ("2000", "12000")),
        **drawn.maybe(coefficient="size"),
    }


def per_amount(drawn: Draw) -> Data:
    rule = drawn.plain(of_units=False)
    rule |= drawn.comparison()
    if "as" in rule:
        # Quotients are small: so is what they are held against.
        rule |= {"per": Decimal("0.3"), "points": drawn.points(), **drawn.maybe(whole_steps=True)}
        return rule | drawn.silence(rule, ("none", Decimal("1.25")))
    return {
        **rule,
        "per": Decimal(3000),
        "points": drawn.points(),
        **drawn.pick(({}, {"coefficient": "size", **drawn.bound()}, {"whole_steps": True})),
    }


def credit(drawn: Draw) -> Data:
    of_units = drawn.draw(st.booleans())
    rule = drawn.plain(of_units=of_units)
    rule |= drawn.comparison()
    return {
        **rule,
        **drawn.silence(rule, ("none", Decimal("1.25"))),
        "points": drawn.points(),
        "to": "equally" if of_units else "first_reporter",
    }


def deduct(drawn: Draw) -> Data:
    return {
        **drawn.counted_without_target(("none", Decimal("-1.25"))),
        "points": Decimal("-0.7"),
        **drawn.pick(
            (
                {},
                {"start": Decimal(5)},
                {"start": Decimal(5), "floor": Decimal(0)},
                {"floor": Decimal(-2)},
            )
        ),
    }


def escalating(drawn: Draw) -> Data:
    low, high = drawn.pick(
        (("(,2]", "(2,)"), ("(,3)", "[3,)"), ("(,2.5]", "(2.5,)"), ("(,1]", "(1,)"))
    )
    rule = drawn.plain()
    rule |= drawn.comparison()
    return {
        **rule,
        **drawn.silence(rule, ("none", Decimal("1.25"))),
        "bands": [{"count": low, "points": Decimal(1)}, {"count": high, "points": Decimal("1.5")}],
        "applies_to": drawn.pick(("all", "further")),
    }


def bracket(drawn: Draw) -> Data:
    return {
        **drawn.counted(),
        "bands": bands(drawn, "value", ("1", "3"), slope=True),
        **ends(drawn),
    }


def ratio(drawn: Draw) -> Data:
    rule = {**drawn.quotient(), "weight": drawn.pick(WEIGHTS)}
    return {**rule, **ends(drawn), **whole_percents(drawn)}


def stepped(drawn: Draw) -> Data:
    segments = [
        {"percent": text, "step": drawn.pick((Decimal("0.1"), Decimal("0.2")))}
        for text in ("(,100)", "[100,130]", "(130,)")
    ]
    return {
        **drawn.quotient(),
        "base": Decimal(25),
        "segments": segments,
        **drawn.maybe(most=Decimal(10), least=Decimal(-10)),
        **whole_percents(drawn),
    }


def composite(drawn: Draw) -> Data:
    parts = []
    for share in ("0.7", "1/3"):
        part = {**drawn.counted(), "share": Decimal(share) if "/" not in share else share}
        part["take"] = drawn.pick(("sum", "mean"))
        if part["take"] == "mean":
            part |= drawn.maybe(when_missing=lambda: drawn.pick(("none", Decimal(2))))
        parts.append(part)
    return {"parts": parts, "weight": drawn.pick(WEIGHTS), "out_of": Decimal(100), **ends(drawn)}


def rank(drawn: Draw) -> Data:
    places = [{"place": "[1,1]", "points": Decimal(7)}, {"place": "[2,3]", "points": Decimal(4)}]
    return {
        **drawn.counted(),
        "bands": places,
        "first": drawn.pick(("greatest", "least")),
        "ties": drawn.pick(("share", "mean")),
        **drawn.maybe(above=Decimal(0)),
    }


def minmax(drawn: Draw) -> Data:
    return {
        **drawn.counted(),
        "span": Decimal(40),
        "base": Decimal(60),
        "out_of": Decimal(100),
        "weight": Decimal(30),
        "when_equal": Decimal(100),
    }


def relative(drawn: Draw) -> Data:
    return {
        **drawn.counted(),
        "weight": drawn.pick(WEIGHTS),
        "when_none": Decimal(0),
        **drawn.maybe(places=1),
    }


def of_projects(drawn: Draw) -> Data:
    """A rule of each project by itself, its `kind` among the five that score one."""
    kind = drawn.pick(("per_item", "per_amount", "deduct", "bracket", "stepped"))
    rule = {"kind": kind, **drawn.of_each_project(), **drawn.bound()}
    rule |= drawn.maybe(coefficient="size", places=1)
    if kind == "per_item":
        return {**rule, "points": drawn.pick((Decimal("0.5"), "1/30")), **drawn.maybe(limit=3)}
    if kind == "per_amount":
        steps = drawn.maybe(whole_steps=True)
        return {**rule, "per": Decimal(7), "points": drawn.points(), **steps}
    if kind == "deduct":
        start = drawn.maybe(start=Decimal(5))
        return {**rule, "points": Decimal("-0.1"), **start, **drawn.maybe(floor=Decimal(-3))}
    target = {"target": {"fixed": drawn.pick((Decimal(30), Decimal(0)))}, "when_zero": Decimal(1)}
    if kind == "bracket":
        bands_of_value = bands(drawn, "value", ("1", "3"), slope=True)
        return {**rule, **drawn.pick(({}, target)), "bands": bands_of_value, **ends(drawn)}
    segments = [{"percent": "(,)", "step": Decimal("0.1")}]
    return {**rule, **target, "base": Decimal(5), "segments": segments, **whole_percents(drawn)}


def whole_percents(drawn: Draw) -> Data:
    """Perhaps whole steps of percentage points."""
    return drawn.maybe(whole_steps=lambda: drawn.pick((Decimal(5), "1/3", Decimal("12.5"))))


KINDS: dict[str, Callable[[Draw], Data]] = {
    "per_item": per_item,
    "per_amount": per_amount,
    "credit": credit,
    "deduct": deduct,
    "escalating": escalating,
    "bracket": bracket,
    "ratio": ratio,
    "stepped": stepped,
    "composite": composite,
    "rank": rank,
    "minmax": minmax,
    "relative": relative,
}


GROUP: Data = {
    "id": "g",
    "chinese": "板块",
    "modules": ["m0", "m1"],
    "cap": Decimal(12),
    "clause": "一",
    "basis": "policy",
}


@st.composite
def rulebooks(
    draw: st.DrawFn,
    kinds: tuple[str, ...] = (),
    *,
    compares: bool = False,
) -> Data:
    """A valid rulebook of one to six scoring rules, and perhaps some that change their points.

    `kinds` are those of the scoring rules, all if left out; `compares` makes every value of a unit
    one that is compared with others.
    """
    drawn = Draw(draw, compares=compares)
    modules = [
        {
            "id": f"m{number}",
            "chinese": f"模块{number}",
            "clause": "一",
            "basis": "policy",
            **ends(drawn),
        }
        for number in range(2)
    ]
    rules = []
    options = kinds or (*KINDS, "sized", "of_projects", "of_projects")
    for number in range(draw(st.integers(1, 6))):
        kind = drawn.pick(options)
        if kind == "of_projects":
            rule = of_projects(drawn)
            rules.append(named(f"r{number}", drawn, rule["kind"], rule))
        elif kind == "sized":
            rules.append(named(f"r{number}", drawn, "per_item", sized(drawn)))
        else:
            rules.append(named(f"r{number}", drawn, kind, KINDS[kind](drawn)))
    groups = drawn.maybe(groups=[GROUP])
    rules += list(changing_rules(drawn, [rule["id"] for rule in rules], groups.get("groups", [])))
    rules += list(exclusive_per_project(drawn))
    return {
        "id": "drawn",
        "title": "随机办法",
        "issuer": "随机",
        "effective_from": date(2024, 1, 1),
        "effective_to": date(2024, 12, 31),
        **optional(drawn),
        "funds": funds(drawn),
        "rounding": {"shown": 2, "json": 10, "clause": "一", "basis": "policy"},
        "ranking": {"within": "sequence", "clause": "一", "basis": "policy"},
        "modules": modules,
        **groups,
        "coefficients": [
            {
                "id": "size",
                "chinese": "系数",
                "combine": drawn.pick(("highest", "product")),
                "clause": "一",
                **NOTE,
                "rows": [
                    {"where": [{"scale": "[2000,)"}], "factor": Decimal("1.5")},
                    {
                        "where": [{"traits": ["foreign"]}, {"sector": ["service"]}],
                        "factor": Decimal("1.1"),
                    },
                ],
            }
        ],
        "limits": [
            # Without a table of deadlines each has levels of its own.
            limit_table(draw, limit_id, PROJECT_FILTERS) | {"levels": LEVELS}
            for limit_id in LIMIT_IDS
        ],
        "rules": rules,
    }


def optional(drawn: Draw) -> Data:
    """Tables that may be left out."""
    grades = [
        {"chinese": name, "total": text, "clause": "一", "basis": "policy"}
        for name, text in (("优", "[20,)"), ("良", "[5,20)"), ("差", "(,5)"))
    ]
    return drawn.maybe(
        total={"floor": Decimal(0), "clause": "一", "basis": "policy"},
        grades=grades,
        assessed=lambda: {
            "period": drawn.pick(CHECK_PERIODS),
            "clause": "一",
            "basis": "policy",
        },
        exclusions=lambda: [
            {"fact": fact, "chinese": fact, "clause": "一", "basis": "policy"}
            for fact in drawn.some(EXCLUSIONS)
        ],
        recognition={
            "needs": "consultation",
            "chinese": "未通过决策咨询",
            "clause": "一",
            "basis": "policy",
        },
        nodes=lambda: {
            "by_tax": drawn.some(("service", "industrial")),
            "clause": "一",
            "basis": "policy",
        },
        credit=lambda: {
            "transferred_from": drawn.some(("outpost_group", "department")),
            "share": 1,
            "clause": "一",
            "basis": "policy",
        },
        eligibility=lambda: [
            {"id": f"q{number}", **row, "clause": "一", "basis": "policy"}
            for number, row in enumerate(drawn.some(ELIGIBLE))
        ],
        assessment_period=lambda: {
            "counts_from": "signing",
            "limits": drawn.some(("nodes_reached", "funds_in_place")),
            "clause": "一",
            "basis": "policy",
            "bands": [
                {"scale": "(,2000)", "months": drawn.pick((1, 5))},
                {"scale": "[2000,)", "months": drawn.pick((3, 12))},
            ],
        },
        schedule_checks=lambda: {
            "every": drawn.pick(CHECK_PERIODS),
            "clause": "一",
            "basis": "policy",
        },
    )


ELIGIBLE: tuple[Data, ...] = (
    {"where": {}, "needs": [{"measure": "scale", "at_least": Decimal(2000)}]},
    {
        "where": {"kind": ["technical_upgrade"]},
        "needs": [
            {"measure": "meets_city_standard"},
            {"measure": "scale", "at_least": Decimal(1500)},
        ],
    },
    {
        "where": {"kind": ["new"]},
        "needs": [{"measure": "outside_ratio", "at_least": Decimal("0.3")}],
    },
    {
        "where": {"sector": ["service"]},
        "needs": [{"measure": "tax_in_year", "at_least": Decimal(15)}],
    },
    {
        "where": {"sector": ["industrial"], "sequence": ["一序列"]},
        "needs": [{"measure": "land_acquired"}],
    },
    {
        "where": {"site": ["standard_factory"]},
        "needs": [{"measure": "statistics_entered"}, {"measure": "land_acquired"}],
    },
)


def funds(drawn: Draw) -> list[Data]:
    """What funds in place are, for one sector or for both."""
    needs: Data = drawn.maybe(needs="statistics", share=Decimal("0.1"))
    sources = {
        sector: drawn.pick(FUND_SOURCES)
        for sector in drawn.pick((("industrial",), ("industrial", "service")))
    }
    return [
        {"sector": [sector], "source": source, **needs, "clause": "一", "basis": "policy"}
        for sector, source in sources.items()
    ]


def named(
    name: str,
    drawn: Draw,
    kind: str,
    rule: Data,
) -> Data:
    """A rule with its name, in a module, under a clause of its own."""
    return {
        "id": name,
        "chinese": f"规则{name}",
        "module": drawn.pick(("m0", "m1")),
        "kind": kind,
        **rule,
        "clause": name,
        **drawn.pick((NOTE, {"basis": "policy"})),
    }


def changing_rules(
    drawn: Draw,
    names: list[str],
    groups: Sequence[Data],
) -> Any:
    """Rules that change what others gave."""
    if len(names) > 1 and drawn.draw(st.booleans()):
        yield named("x", drawn, "exclusive", {"rules": names[:2], "per": "unit"})
    if drawn.draw(st.booleans()):
        rows = [
            {"where": [{"sequence": ["一序列"]}], "factor": Decimal("1.2")},
            {"where": [{"category": ["township"]}], "factor": Decimal("0.9")},
        ]
        yield named(
            "k",
            drawn,
            "coefficient",
            {
                "rules": [drawn.pick(names)],
                "combine": drawn.pick(("highest", "product")),
                "rows": rows,
            },
        )
    yield from achievement_factors(drawn, names, groups)
    for number in range(drawn.draw(st.integers(0, 3))):
        gates = drawn.pick(("rule", "module", "total"))
        rule: Data = {"gates": gates, **({"rule": drawn.pick(names)} if gates == "rule" else {})}
        gate = named(f"g{number}", drawn, "gate", rule)
        yield {**gate, "any_of": drawn.any_of(readable(gate, names, groups))}
    if drawn.draw(st.booleans()):
        yield named(
            "o",
            drawn,
            "outcome",
            {
                "outcome": "降等",
                **drawn.maybe(steps=lambda: drawn.pick((-1, 1)), unranked=True),
                "any_of": drawn.any_of(readable({"gates": "total"}, names, groups)),
            },
        )


def achievement_factors(drawn: Draw, names: Sequence[str], groups: Sequence[Data]) -> Any:
    """Now and then factors by what units achieved, on rules, a module or the total."""
    for number in range(drawn.draw(st.integers(0, 2))):
        on = drawn.pick(("rules", "modules", "total"))
        earlier: list[Data] = [{"rule": name} for name in names]
        changed: Data = {"total": True}
        if on == "rules":
            # Factors on the first rule read counts alone, those on the last read those before it.
            changed = {"rules": [drawn.pick((names[0], names[-1]))]}
            last = names.index(changed["rules"][0])
            # An exclusive joins the first two: neither's factor may read the other.
            earlier = [{"rule": name} for name in names[:last]] if last > 1 else []
        elif on == "modules":
            changed = {"modules": [drawn.pick(("m0", "m1"))]}
            if changed["modules"] == ["m1"]:
                earlier.append({"modules": ["m0"]})
        else:
            earlier += [{"modules": ["m0", "m1"]}, {"modules": ["m1"]}]
            earlier += [{"group": group["id"]} for group in groups]
        rows: list[Data] = [{"any_of": drawn.any_of(earlier), "factor": Decimal("1.5")}]
        combine = {}
        if drawn.draw(st.booleans()):
            rows.append({"any_of": drawn.any_of(earlier), "factor": drawn.pick(FACTORS)})
            rows += drawn.maybe_rows(
                {"where": [{"sequence": ["一序列"]}], "factor": Decimal("0.9")}
            )
            combine = {"combine": drawn.pick(("highest", "product"))}
        rule = {**changed, **combine, "rows": rows, **drawn.maybe(otherwise=Decimal("0.8"))}
        yield named(f"f{number}", drawn, "coefficient", rule)


FACTORS = (Decimal("0.5"), "1/3", Decimal(0), Decimal(2))


def readable(gate: Data, names: Sequence[str], groups: Sequence[Data]) -> list[Data]:
    """The results that a gate may read: those before its object, or the object itself."""
    if gate["gates"] == "rule":
        return [{"rule": name} for name in names[: names.index(gate["rule"]) + 1]]
    rules = [{"rule": name} for name in names]
    if gate["gates"] == "module":
        first: list[Data] = [{"modules": ["m0"]}]
        further: list[Data] = [{"modules": ["m1"]}, {"modules": ["m0", "m1"]}]
        return [*rules, *first, *(further if gate["module"] == "m1" else [])]
    both: list[Data] = [{"modules": ["m0", "m1"]}, {"modules": ["m1"]}, {"total": True}]
    return [*rules, *both, *({"group": group["id"]} for group in groups), {"total": True}]


def exclusive_per_project(drawn: Draw) -> Any:
    """Two rules of which each project keeps the higher."""
    if drawn.draw(st.booleans()):
        for name in ("e0", "e1"):
            yield named(
                name, drawn, "per_item", {**drawn.plain(of_units=False), "points": drawn.points()}
            )
        yield named("e", drawn, "exclusive", {"rules": ["e0", "e1"], "per": "project"})
