"""alarm-unrouted: alarms go to a topic that nobody is subscribed to."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.terraform._alarms import alarms
from runcrew_lint.domains.terraform.modules import modules_of, texts
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_TOPIC = lazily(r"aws_sns_topic\.([\w-]+)")
# What hands a topic's messages to people. Source: docs.aws.amazon.com/chatbot, /sns.
_READERS = (
    "aws_sns_topic_subscription",
    "aws_chatbot_slack_channel_configuration",
    "aws_chatbot_teams_channel_configuration",
    "awscc_chatbot_slack_channel_configuration",
    "aws_lambda_permission",
    "aws_lambda_event_source_mapping",
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each topic that an alarm of its folder names and that nothing in any folder reads.

    A topic that is handed out, by an output or to a module, may have its readers there.
    """
    modules = repository.derive(modules_of)
    reads = any(True for module in modules for _ in module.of("aws_chatbot_slack_channel_configuration"))
    told: set[tuple[str, str]] = set()
    for module, alarm in alarms(repository):
        for name in _TOPIC.findall(" ".join(texts(alarm.block))):
            topic = next((each for each in module.of("aws_sns_topic") if each.name == name), None)
            if topic is None or (topic.path, name) in told or reads:
                continue
            told.add((topic.path, name))
            handed = any(
                f"aws_sns_topic.{name}." in text
                for file in module.files
                for block in file.blocks
                if block.kind in ("output", "module", "locals")
                for text in texts(block)
            )
            if not handed and not any(True for _ in module.refers(topic, *_READERS)):
                yield Fault(
                    topic.place,
                    f"alarms go to {name}, and nothing subscribes to it: no chat, no mail, no pager "
                    "hears of them",
                    related=(Related(alarm.place, "this alarm goes there"),),
                )
