"""The label config: the XML document that says what a project shows and asks. Pure functions; no database, no HTTP.

A tour in reading order:

1. `tag` and `tags/*.json`: what each tag is. One file per tag is the single source for this package, for the web's lint
   and completion (imported at build time) and for the manual. A new tag is a new file.
2. `config`: a config as frozen values. `parse` makes them from the document and never raises; `attributes` types the
   attributes by the tag's schema.
3. `validate`: may it be saved? `lint`: everything the editor should show, with place and fix. `answers`: does a changed
   config still fit the answers that are there?
4. `facts`: what the project API tells about a config. `variables`: `$field` in attributes. `repeater`: a part per list
   element. `samples`: a task to show a config with; `sample_files`: what stands at the addresses in it.
5. `task_data`: is a task what the config wants (import)? `result`: is a result (predictions)?
6. `template` and `templates/`: configs to start from. `suggest`: which of them fits the data.

Functions take a parsed config or its document. Parse once and keep it where the same config is asked often.
"""

from labelwright.labelconfig.answers import AnswerSummary, check_against_answers, essential_change
from labelwright.labelconfig.config import ConfigNode, ConfigProblem, LabelConfig, Place
from labelwright.labelconfig.facts import (
    config_has_control_tags,
    control_weights,
    data_types,
    first_data_key,
    is_suitable_for_bulk_annotation,
    parsed_label_config,
)
from labelwright.labelconfig.lint import lint_config
from labelwright.labelconfig.parse import MAX_BYTES, MAX_DEPTH, parse_config
from labelwright.labelconfig.repeater import expand, index_flags, matches_name
from labelwright.labelconfig.result import ResultChecker, ResultProblem, check_result
from labelwright.labelconfig.sample_files import SampleFile, sample_file
from labelwright.labelconfig.samples import Sample, complete_sample, sample_in_comment, sample_of, sample_result, sample_task
from labelwright.labelconfig.suggest import fitted_config, suggest_templates
from labelwright.labelconfig.tag import AttrSchema, ResultSchema, TagSchema, load_tags, tag_schema
from labelwright.labelconfig.task_data import TaskChecker, check_task_data, describe_item_error, name_undefined_field
from labelwright.labelconfig.template import GROUPS, Template, load_templates, template_named
from labelwright.labelconfig.validate import validate_config
from labelwright.labelconfig.variables import UNDEFINED, field_at, has_field, has_variable, resolve, variables_in

__all__ = [
    "GROUPS",
    "MAX_BYTES",
    "MAX_DEPTH",
    "UNDEFINED",
    "AnswerSummary",
    "AttrSchema",
    "ConfigNode",
    "ConfigProblem",
    "LabelConfig",
    "Place",
    "ResultChecker",
    "ResultProblem",
    "ResultSchema",
    "Sample",
    "SampleFile",
    "TagSchema",
    "TaskChecker",
    "Template",
    "check_against_answers",
    "check_result",
    "check_task_data",
    "complete_sample",
    "config_has_control_tags",
    "control_weights",
    "data_types",
    "describe_item_error",
    "essential_change",
    "expand",
    "field_at",
    "first_data_key",
    "fitted_config",
    "has_field",
    "has_variable",
    "index_flags",
    "is_suitable_for_bulk_annotation",
    "lint_config",
    "load_tags",
    "load_templates",
    "matches_name",
    "name_undefined_field",
    "parse_config",
    "parsed_label_config",
    "resolve",
    "sample_file",
    "sample_in_comment",
    "sample_of",
    "sample_result",
    "sample_task",
    "suggest_templates",
    "tag_schema",
    "template_named",
    "validate_config",
    "variables_in",
]
