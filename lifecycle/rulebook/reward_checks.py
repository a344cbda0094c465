"""Find what keeps the rewards of a rulebook from being read: names, circles, years (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.nearest_names import nearest
from lifecycle.rulebook.reward_policy import Reward
from lifecycle.rulebook.rulebook_model import Rulebook


def reward_findings(rulebook: Rulebook) -> Iterator[Problem]:
    """Every problem of the rewards, with the place it is at."""
    # Rows of `incentives` name either by its id alone.
    taken = {incentive.id for incentive in rulebook.incentives}
    rewards: dict[str, Reward] = {}
    for reward in rulebook.rewards or ():
        if reward.id in taken or reward.id in rewards:
            template = msg("{name} appears twice")
            yield Problem("named_twice", template, {"name": reward.id}, "rewards")
        rewards[reward.id] = reward
    for reward in rewards.values():
        yield from _unknown_rewards(reward, rewards)
        yield from _crossed_reward_years(reward)
    yield from _circles_of_rewards(rewards)


def _unknown_rewards(reward: Reward, rewards: Mapping[str, Reward]) -> Iterator[Problem]:
    known = sorted(rewards)
    for name in reward.instead_of:
        if name not in rewards:
            yield Problem(
                "unknown_name",
                msg("unknown name {name}; most similar: {nearest}; allowed: {allowed}"),
                {"name": name, "nearest": nearest(name, known), "allowed": known},
                f"rewards.{reward.id}.instead_of",
            )


def _crossed_reward_years(reward: Reward) -> Iterator[Problem]:
    years = None if reward.where is None else reward.where.information_years
    if years is not None and years[0] > years[1]:
        template = msg("the years end before they begin")
        yield Problem("ends_crossed", template, {}, f"rewards.{reward.id}.where")


def _circles_of_rewards(rewards: Mapping[str, Reward]) -> Iterator[Problem]:
    # In a circle each would be replaced, and nothing would be paid.
    for name in rewards:
        path = _path_back(name, rewards)
        if path:
            yield Problem(
                "circle",
                msg("the rewards replace each other in a circle: {path}"),
                {"path": " → ".join(path)},
                f"rewards.{name}.instead_of",
            )
            return


def _path_back(name: str, rewards: Mapping[str, Reward]) -> list[str]:
    """The names by which a reward replaces itself; empty where it doesn't."""
    paths = [[name]]
    visited: set[str] = set()
    while paths:
        path = paths.pop()
        for following in rewards[path[-1]].instead_of:
            if following == name:
                return [*path, name]
            if following in rewards and following not in visited:
                visited.add(following)
                paths.append([*path, following])
    return []
