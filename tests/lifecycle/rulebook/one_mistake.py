"""A rulebook that passes and one mistake in it, for every check there is of rulebooks (spec 6)."""

from __future__ import annotations

from typing import Final, NamedTuple

from lifecycle.rulebook import shipped
from tests.lifecycle.rulebook.test_assessed_modules import COUNT, QUARTERLY, SOUND, taking
from tests.lifecycle.rulebook.test_limit_form import CADENCE, LEVELS, LIMIT, TO_LAND
from tests.lifecycle.rulebook.test_rulebook_review import (
    FIGURE,
    HEAD,
    OUTCOME,
    PER_ITEM,
    RATIO,
    REPORTED,
    RULE,
    SIGNED,
    conditions,
    result,
    second,
)

SOURCE: Final = 'clause = "一"\nbasis = "policy"\n'
LIMITED: Final = LIMIT + TO_LAND + "days = 1\n" + LEVELS
COUNTED: Final = RULE + FIGURE + 'kind = "per_item"\npoints = 1\n'
OF_LIMIT: Final = (
    RULE + 'measure = "limits_missed"\nlimit = "land"\nkind = "per_item"\npoints = 1\n'
)
BANDED: Final = (
    RULE
    + FIGURE
    + 'kind = "bracket"\nbands = [{ value = "(,5)", points = 1 }, { value = "[5,)", points = 2 }]\n'
)
ESCALATING: Final = (
    RULE
    + FIGURE
    + 'kind = "escalating"\napplies_to = "all"\n'
    + 'bands = [{ count = "[1,2]", points = 1 }, { count = "[3,)", points = 2 }]\n'
)
AMOUNTS: Final = (
    second(RULE)
    + SIGNED.replace("projects_signed", "signed_investment")
    + 'kind = "per_amount"\nper = 10\npoints = 3\n'
)
SIZED: Final = (
    RULE + SIGNED + 'kind = "per_item"\nbands = [{ investment = "[5000,)", points = 1 }]\n'
)
TABLE: Final = (
    '[[coefficients]]\nid = "size"\nchinese = "系数"\ncombine = "highest"\n'
    'rows = [{ where = [{ sector = ["industrial"] }], factor = 2 }]\n' + SOURCE
)
OF_SIZE: Final = PER_ITEM + 'coefficient = "size"\n' + TABLE
FACTOR: Final = (
    second(RULE)
    + 'kind = "coefficient"\nmodules = ["m"]\ncombine = "highest"\n'
    + 'rows = [{ where = [{ category = ["township"] }], factor = 2 }]\n'
)
ACHIEVEMENT: Final = FACTOR.replace(
    'where = [{ category = ["township"] }]',
    'any_of = [{ all = [{ result = { rule = "r.1" }, at_least = 1 }] }]',
)
GATE: Final = second(RULE) + 'kind = "gate"\ngates = "rule"\nrule = "r.1"\n'
CREDIT: Final = RULE + SIGNED + 'kind = "credit"\npoints = 1\nto = "first_reporter"\n'
EXCLUSIVE: Final = (
    PER_ITEM
    + second(PER_ITEM.replace('clause = "一"', 'clause = "二"'))
    + RULE.replace("r.1", "r.3")
    + 'kind = "exclusive"\nper = "project"\nrules = ["r.1", "r.2"]\n'
)
DAYS: Final = (
    RULE
    + 'measure = "days_between"\nfrom_stage = "signing"\nto_stage = "land"\neach = "project"\n'
    + 'kind = "deduct"\npoints = -1\n'
)
QUARTERS: Final = RULE + FIGURE + 'kind = "per_item"\npoints = 1\neach = "quarter"\nreaching = 1\n'
SHARED: Final = COUNTED + 'as = "share_of_sequence"\nwhen_zero = 0\n'
STAGES: Final = RULE + 'measure = "nodes_reached"\nkind = "per_item"\npoints = 1\n'
ELIGIBLE: Final = (
    '[[eligibility]]\nid = "e"\nwhere = {}\nneeds = [{ measure = "scale", at_least = 1 }]\n'
    + SOURCE
)
REWARD: Final = (
    '[[rewards]]\nid = "a"\nchinese = "奖励"\namount = 3\nto = "credit_unit"\n'
    'stages = [{ share = 0.5, at = "signing" }, { share = 0.5, at = "land" }]\n' + SOURCE
)
BY_ASSETS: Final = REWARD.replace("amount = 3", 'measure = "fixed_assets"\nper = 10\namount = 3')
TWO_REWARDS: Final = REWARD.replace('"a"', '"a"\ninstead_of = []') + REWARD.replace(
    '"a"', '"b"\ninstead_of = ["a"]'
)
WORD: Final = '[[vocabulary.traits]]\nname = "own"\nchinese = "本县企业"\n' + SOURCE
CAPITAL: Final = (
    '[[vocabulary.figures]]\nname = "capital"\nchinese = "注册资本"\ntake = "last"\n'
    'unit = "万元"\n' + SOURCE
)
CASE: Final = (
    '[[case]]\nfacts = [{ event = "IndicatorReported", unit = "甲镇", indicator = "x", '
    'period = "2024", actual = "5" }]\npoints = { "甲镇" = 5 }\n'
)
BOARDS: Final = (
    f'[schedule_checks]\nevery = "quarter"\n{SOURCE}'
    f"[boards.red]\nplaces = 1\n{SOURCE}"
    f"[boards.missed_checks]\nconsecutive = 2\n{SOURCE}"
    f"[boards.last]\nof_at_least = 4\n{SOURCE}"
    f"[boards.interview]\nconsecutive_months = 2\n{SOURCE}"
)
KAIHUA: Final = shipped("kaihua-2024").content
QUARTERS_OF_ALL: Final = '[assessed]\nperiod = "quarter"\n' + SOURCE
BEST: Final = 'take = "best", best = 2, only = ["Q1", "Q3"]'
READ: Final = PER_ITEM + second(RULE) + OUTCOME


class Mistake(NamedTuple):
    """A text that passes, and what is put in the place of a part of it."""

    passing: str
    old: str
    new: str

    @property
    def failing(self) -> str:
        """The text with the mistake."""
        assert self.passing.count(self.old), self.old
        return self.passing.replace(self.old, self.new, 1)


def reads(bounds: str) -> str:
    """A rulebook with an outcome by a module's result."""
    return READ + result(bounds)


def looks(bounds: str) -> str:
    """A rulebook with an outcome by an indicator."""
    return READ + conditions(bounds)


MISTAKES: Final[dict[str, Mistake]] = {
    # What is there, and what it is called.
    "dates": Mistake(HEAD + PER_ITEM, "effective_to = 2024", "effective_to = 2023"),
    "unknown_field": Mistake(PER_ITEM, "points = 1", "points = 1\npoint = 1"),
    "missing": Mistake(PER_ITEM, 'clause = "一"\n', ""),
    "missing: kind": Mistake(PER_ITEM, 'kind = "per_item"\n', ""),
    "type: infinite": Mistake(LIMITED + PER_ITEM, "days = 1", "days = inf"),
    "type: word": Mistake(PER_ITEM + AMOUNTS, "points = 3", 'points = 3\nwhole_steps = "maybe"'),
    "measure": Mistake(PER_ITEM, "projects_signed", "project_signed"),
    "toml": Mistake(PER_ITEM, "points = 1", "points = one"),
    "name_repeated": Mistake(EXCLUSIVE, '"r.2"]', '"r.2", "r.2"]'),
    "list_empty": Mistake(PER_ITEM, "points = 1", "points = 1\nwhere = { sector = [] }"),
    "size_negative": Mistake(KAIHUA, "scale_at_least = 100000", "scale_at_least = -100000"),
    "module_constant": Mistake(HEAD + COUNTED, 'chinese = "得分"', 'chinese = "得分"\ncap = 0'),
    "text_empty:name": Mistake(PER_ITEM, 'chinese = "规则"', 'chinese = ""'),
    "text_empty:blank": Mistake(COUNTED, 'indicator = "x"', 'indicator = " "'),
    "text_padded": Mistake(COUNTED, 'indicator = "x"', 'indicator = " x"'),
    "text_hidden": Mistake(COUNTED, 'indicator = "x"', 'indicator = "x\\u200b"'),
    "named_twice": Mistake(LIMITED + PER_ITEM + second(COUNTED), "r.2", "r.1"),
    "named_twice: limit": Mistake(PER_ITEM + LIMITED, LIMITED, LIMITED * 2),
    "unknown_name": Mistake(OF_SIZE, 'coefficient = "size"', 'coefficient = "sise"'),
    "unknown_name: reward": Mistake(PER_ITEM + TWO_REWARDS, '["a"]', '["c"]'),
    "note": Mistake(PER_ITEM, 'basis = "policy"', 'basis = "assumption"'),
    "exact": Mistake(PER_ITEM, "points = 1", 'points = "1/0"'),
    "interval": Mistake(BANDED, '"[5,)"', '"[5,4)"'),
    "vocabulary": Mistake(WORD + PER_ITEM + 'where = { traits = ["own"] }\n', '["own"]', '["onw"]'),
    "word_twice": Mistake(PER_ITEM + WORD, '"own"', '"listed"'),
    "name_of_another": Mistake(PER_ITEM + WORD, "本县企业", "外资"),
    # What a measure takes.
    "indicator": Mistake(COUNTED, 'indicator = "x"\n', ""),
    "figure": Mistake(PER_ITEM + CAPITAL, "points = 1", 'points = 1\nfigure = "capital"'),
    "range": Mistake(PER_ITEM, "points = 1", 'points = 1\nrange = "[1,2]"'),
    "stages": Mistake(STAGES, "nodes_reached", 'projects_signed"\nstages = ["land"]\nnote = "'),
    "of_unit": Mistake(COUNTED, "points = 1", 'points = 1\nneeds = ["eligible"]'),
    "each_of_units": Mistake(COUNTED, "points = 1", 'points = 1\neach = "project"'),
    "each": Mistake(
        PER_ITEM + 'each = "project"\nbeyond = { fixed = 1 }\n',
        "{ fixed = 1 }",
        '{ source = "set", indicator = "x" }',
    ),
    "ways": Mistake(QUARTERS, "reaching = 1", "reaching = 1\nshort_of = { fixed = 1 }"),
    "periods": Mistake(QUARTERS, "reaching = 1\n", ""),
    "reference": Mistake(RATIO + "target = { fixed = 1 }\n", "fixed = 1", 'indicator = "x"'),
    "per": Mistake(RATIO + "target = { fixed = 1 }\n", "fixed = 1", 'fixed = 1, per = "year"'),
    "no_quotient": Mistake(RATIO + "target = { fixed = 1 }\n", "target = { fixed = 1 }\n", ""),
    "zero_target": Mistake(RATIO + REPORTED + 'when_missing = "none"\n', "when_zero = 0\n", ""),
    "when_missing: nothing missing": Mistake(
        PER_ITEM, "points = 1", "points = 1\nwhen_missing = 1"
    ),
    "as": Mistake(SHARED, "when_zero = 0\n", ""),
    "days_of_whom": Mistake(DAYS, 'each = "project"\n', ""),
    "time_limit": Mistake(LIMITED + PER_ITEM, "points = 1", 'points = 1\nlimit = "land"'),
    "unknown_limit": Mistake(LIMITED + OF_LIMIT, 'limit = "land"', 'limit = "lend"'),
    # Points.
    "points": Mistake(PER_ITEM, "points = 1", "points = 1\npoints_by = { signing = 1 }"),
    "cap_below_floor": Mistake(
        RATIO + "target = { fixed = 1 }\ncap = 2\nfloor = 1\n", "floor = 1", "floor = 3"
    ),
    "unreachable": Mistake(PER_ITEM, "points = 1", "points = 0"),
    "band_size": Mistake(SIZED, 'investment = "[5000,)"', 'investment = "[5000,)", scale = "[1,)"'),
    "bands_gap": Mistake(BANDED, '"[5,)"', '"(5,)"'),
    "bands_overlap": Mistake(BANDED, '"[5,)"', '"[4,)"'),
    "bands_open": Mistake(ESCALATING, '"[1,2]"', '"[2,2]"'),
    "bands_of_units": Mistake(SIZED, SIGNED, FIGURE),
    "labels_compared": Mistake(
        STAGES + 'as = "share_of_sequence"\nwhen_zero = 0\n',
        "points = 1",
        "points_by = { land = 1 }",
    ),
    "credit": Mistake(CREDIT, "first_reporter", "equally"),
    "exclusive": Mistake(
        EXCLUSIVE, 'kind = "per_item"\n', 'kind = "per_item"\neach = "quarter"\nreaching = 1\n'
    ),
    "bound_of_units": Mistake(COUNTED, "points = 1", "points = 1\nat_most_per_project = 1"),
    "coefficient_of_units": Mistake(OF_SIZE, SIGNED, FIGURE),
    "no_combination": Mistake(OF_SIZE, 'combine = "highest"\n', ""),
    "total": Mistake(PER_ITEM + FACTOR, 'modules = ["m"]', "total = false"),
    "gate": Mistake(PER_ITEM + GATE + conditions("at_least = 1"), 'rule = "r.1"\n', ""),
    # Conditions.
    "bounds": Mistake(looks("at_least = 1"), "at_least = 1", "needs = []"),
    "result": Mistake(reads("at_least = 1"), 'modules = ["m"]', 'modules = ["m"], total = true'),
    "where": Mistake(
        reads('at_least = 1, where = { category = ["township"] }'),
        'category = ["township"]',
        'sector = ["industrial"]',
    ),
    "each_below": Mistake(reads("each_below = 1, at_least = 1"), "at_least = 1", "at_most = 1"),
    "place": Mistake(reads('place = "top", at_most = 1'), "at_most = 1", "at_least = 1"),
    "circle": Mistake(
        PER_ITEM + ACHIEVEMENT, 'result = { rule = "r.1" }', "result = { total = true }"
    ),
    # Modules by period.
    "assessed_twice": Mistake(
        SOUND, "[[rules]]", '[assessed]\nperiod = "quarter"\n' + SOURCE + "[[rules]]"
    ),
    "assessed_length": Mistake(SOUND, 'each = "quarter"', 'each = "month"'),
    "assessed_module": Mistake(
        SOUND + second(RULE).replace("r.2", "o") + OUTCOME + conditions("at_least = 1"),
        'id = "o"\nchinese = "规则"\nmodule = "m"',
        'id = "o"\nchinese = "规则"\nmodule = "q"',
    ),
    "assessed_untaken": Mistake(SOUND + PER_ITEM.replace("r.1", "r.2"), taking(), ""),
    "unknown_period": Mistake(QUARTERLY + COUNT + taking(BEST), '"Q3"', '"Q5"'),
    "only": Mistake(QUARTERLY + COUNT + taking(BEST), '"Q3"', '"Q1"'),
    "best": Mistake(QUARTERLY + COUNT + taking(BEST), "best = 2, ", ""),
    "too_many_best": Mistake(QUARTERLY + COUNT + taking(BEST), "best = 2", "best = 3"),
    # Other tables.
    "boards_quarter": Mistake(PER_ITEM + BOARDS, '"quarter"', '"month"'),
    "needs": Mistake(PER_ITEM + ELIGIBLE, ", at_least = 1", ""),
    "sectors": Mistake(KAIHUA, ', "agricultural", "other"], by', ', "agricultural"], by'),
    "at_least": Mistake(KAIHUA, '"tax_of_a_year", at_least = 15', '"tax_of_a_year"'),
    "levels": Mistake(LIMITED + PER_ITEM, "orange = 3", "orange = 7"),
    "limit_levels": Mistake(LIMITED + PER_ITEM, LEVELS, ""),
    "limit_form": Mistake(LIMITED + PER_ITEM, TO_LAND, ""),
    "limit_length": Mistake(LIMITED + PER_ITEM, "days = 1\n", ""),
    "limit_event": Mistake(
        LIMIT + CADENCE + "days = 1\n" + LEVELS + PER_ITEM, "FollowedUp", "FolowedUp"
    ),
    "reward_amount": Mistake(PER_ITEM + BY_ASSETS, "per = 10\n", ""),
    "reward_measure": Mistake(PER_ITEM + BY_ASSETS, "fixed_assets", "activities_held"),
    "reward_shares": Mistake(PER_ITEM + REWARD, "share = 0.5", "share = 0.4"),
    "circle: rewards": Mistake(PER_ITEM + TWO_REWARDS, "instead_of = []", 'instead_of = ["b"]'),
    "clause_unnamed": Mistake('clauses = ["一"]\n', '["一"]', '["一", "二"]'),
    "left_out_encoded": Mistake('left_out = [{ clause = "二", why = "不计" }]\n', "二", "一"),
    "left_out_unlisted": Mistake(
        'clauses = ["一", "二"]\nleft_out = [{ clause = "二", why = "不计" }]\n',
        'clause = "二"',
        'clause = "二,三"',
    ),
    "case": Mistake(COUNTED + CASE, '"甲镇" = 5', '"甲镇" = 2'),
    "case_facts": Mistake(COUNTED + CASE, 'period = "2024"', 'period = "2024-13"'),
}
"""Check, perhaps with what tells it from others of one name → the text and its mistake."""
