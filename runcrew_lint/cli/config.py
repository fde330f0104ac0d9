"""`runcrew-lint config`: the policy as it is merged, or the schema of one."""

from __future__ import annotations

import click

from runcrew_lint.cli import options, output
from runcrew_lint.reporters.document import document

_SCHEMAS = {"schema": "policy", "rule-schema": "own-rule"}
_ACTIONS = ("show", *_SCHEMAS)


@click.command("config", short_help="Show the merged policy, or the schema of one.")
@click.argument("action", type=click.Choice(_ACTIONS))
@options.path
@options.form("yaml", "json", help="How the policy is written.")
@options.policy
def command(action: str, path: str, form: str, policy: str | None) -> None:
    """`show`: the policy of the repository around PATH with all that it extends. `schema`: the JSON Schema of
    a policy file, which editors complete by; `rule-schema`: that of a rule of your own.
    """
    if action in _SCHEMAS:
        from runcrew_lint.data import data_path

        output.show(data_path(f"schemas/{_SCHEMAS[action]}.schema.json").read_text("utf-8"), for_people=False)
        return
    from runcrew_lint.catalogue.load import load as load_catalogue
    from runcrew_lint.engine.run import root_of
    from runcrew_lint.policy.load import load
    from runcrew_lint.policy.show import as_data

    merged = load(root_of((path,)), policy, load_catalogue().policies)
    data = as_data(merged)
    if form == "json":
        text = document(data)
    else:
        import yaml

        text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)
    output.say(f"policy {merged.name}{'' if merged.named else ', assumed: nobody named one'}", err=True)
    output.show(text, for_people=False)
