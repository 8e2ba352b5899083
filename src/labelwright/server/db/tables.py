"""All tables. JSON documents and timestamps are text on both databases: they go from row to response as they are.

`project_id` leads every index of task-owned rows. Counters on tasks and projects change in the transaction of the rows they
count (`queries/counters.py`). Migrations: `migrations/versions/`, one set for both databases.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")


NO_REUSE: dict[str, Any] = {"sqlite_autoincrement": True}
"""Ids of deleted rows are never given out again."""


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _to(
    target: str, *, name: str | None = None, null: bool = False, on_delete: str = "CASCADE", index: bool = False
) -> Column[int]:
    return Column(name or f"{target[:-1]}_id", Id, ForeignKey(f"{target}.id", ondelete=on_delete), nullable=null, index=index)


def _time(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, String(27), nullable=null)


def _flag(name: str, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def _count(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=sa.text(str(default)))


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


# ---------------------------------------------------------------- people
users = Table(
    "users",
    metadata,
    _id(),
    Column("email", String(254), nullable=False, unique=True),
    Column("username", String(256), nullable=False),
    _text("first_name"),
    _text("last_name"),
    _text("phone"),
    Column("password_hash", Text),
    _flag("is_active", True),
    Column("allow_newsletters", Boolean),
    Column("active_organization_id", Id),
    _text("custom_hotkeys", "{}"),
    _text("preferences", "{}"),
    Column("avatar_key", String(80)),
    _time("created_at"),
    _time("last_activity_at"),
    **NO_REUSE,
)

organizations = Table(
    "organizations",
    metadata,
    _id(),
    Column("title", String(1000), nullable=False),
    Column("contact_info", String(254)),
    Column("invite_token", String(64), nullable=False, unique=True),
    _to("users", name="owner_id", null=True, on_delete="SET NULL"),
    _flag("api_tokens_enabled", True),
    _flag("legacy_tokens_enabled", True),
    _count("max_session_age_min", 8 * 24 * 60),
    _count("max_session_idle_min", 3 * 24 * 60),
    _time("created_at"),
    _time("updated_at"),
    **NO_REUSE,
)

memberships = Table(
    "memberships",
    metadata,
    _id(),
    _to("organizations"),
    _to("users", index=True),
    Column("role", String(20), nullable=False, server_default="annotator"),
    _time("created_at"),
    _time("left_at", null=True),
    UniqueConstraint("organization_id", "user_id"),
    **NO_REUSE,
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _to("users", index=True),
    _flag("is_persistent"),
    _text("user_agent"),
    _time("created_at"),
    _time("last_seen_at"),
)

tokens = Table(
    "tokens",
    metadata,
    _id(),
    _to("users", index=True),
    Column("kind", String(10), nullable=False),  # legacy | refresh
    Column("token_hash", String(64), nullable=False, unique=True),
    # sha256 of the legacy token, or the refresh token's jti
    Column("sealed", Text),
    # the token itself, encrypted with the server's key: the contract lets its owner read it again
    _time("created_at"),
    _time("expires_at", null=True),
    _time("revoked_at", null=True),
    **NO_REUSE,
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("subject", String(320), primary_key=True),
    _count("count"),
    _time("last_at"),
)

# ---------------------------------------------------------------- projects
projects = Table(
    "projects",
    metadata,
    _id(),
    _to("organizations", index=True),
    Column("title", String(50), nullable=False),
    _text("description"),
    _text("label_config", "<View></View>"),
    _text("expert_instruction"),
    Column("color", String(16), nullable=False, server_default="#FFFFFF"),
    _flag("show_instruction"),
    _flag("show_skip_button", True),
    _flag("enable_empty_annotation", True),
    _flag("show_annotation_history"),
    _count("maximum_annotations", 1),
    _flag("is_published"),
    _flag("is_draft"),
    Column("model_version", Text, server_default=""),
    _count("min_annotations_to_start_training", 0),
    _flag("show_collab_predictions", True),
    Column("sampling", String(40), nullable=False, server_default="Sequential sampling"),
    Column("skip_queue", String(40), nullable=False, server_default="REQUEUE_FOR_OTHERS"),
    _flag("show_ground_truth_first"),
    _flag("show_overlap_first"),
    _count("overlap_cohort_percentage", 100),
    _flag("annotator_evaluation_enabled"),
    _flag("evaluate_predictions_automatically"),
    _flag("reveal_preannotations_interactively"),
    # models in the loop
    _flag("prelabel_automatically", True),
    _flag("has_webhooks"),
    # whether anybody listens at all: labeling asks no further table where not
    _count("withheld_percent"),
    _count("train_every"),
    _count("train_at_least"),
    _flag("goes_live_if_better", True),
    Column("task_data_login", String(256)),
    Column("task_data_password", Text),
    Column("control_weights", Text),
    Column("created_by_id", Id, ForeignKey("users.id", ondelete="SET NULL")),
    _time("created_at"),
    _time("updated_at"),
    _time("pinned_at", null=True),
    _time("deleted_at", null=True),
    # counters
    _count("task_count"),
    _count("finished_count"),
    _count("annotation_count"),
    _count("skip_count"),
    _count("ground_truth_count"),
    _count("useful_count"),
    _count("answered_task_count"),
    _count("prediction_count"),
    _count("last_inner_id"),
    _count("change_number"),
    **NO_REUSE,
)

data_columns = Table(
    "data_columns",
    metadata,
    _to("projects"),
    Column("name", Text, nullable=False),
    _count("task_count"),
    _count("position"),
    sa.PrimaryKeyConstraint("project_id", "name"),
)

file_uploads = Table(
    "file_uploads",
    metadata,
    _id(),
    _to("projects", index=True),
    Column("user_id", Id, ForeignKey("users.id", ondelete="SET NULL")),
    Column("name", Text, nullable=False),  # as uploaded, cleaned
    Column("key", String(300), nullable=False, unique=True),  # <project>/<8 hex>-<name>, below the media folder
    Column("content_type", String(120), nullable=False),
    Column("size", BigInteger, nullable=False),
    _time("created_at"),
    **NO_REUSE,
)

tasks = Table(
    "tasks",
    metadata,
    _id(),
    _to("projects"),
    _count("inner_id"),
    Column("data", Text, nullable=False),
    _text("meta", "{}"),
    _count("overlap", 1),
    _flag("is_labeled"),
    _flag("allow_skip", True),
    _count("annotation_count"),
    _count("skip_count"),
    _count("prediction_count"),
    _count("ground_truth_count"),
    _count("useful_count"),
    Column("file_upload_id", Id, ForeignKey("file_uploads.id", ondelete="SET NULL"), index=True),
    Column("updated_by_id", Id, ForeignKey("users.id", ondelete="SET NULL")),
    _time("created_at"),
    _time("updated_at"),
    _time("completed_at", null=True),
    Index("ix_tasks_project_id_id", "project_id", "id"),
    Index("ix_tasks_project_id_is_labeled_id", "project_id", "is_labeled", "id"),
    Index("ix_tasks_project_id_updated_at", "project_id", "updated_at"),
    **NO_REUSE,
)

# ---------------------------------------------------------------- answers
annotation_table = Table(
    "annotations",
    metadata,
    _id(),
    _to("projects"),
    _to("tasks", index=True),
    Column("annotator_id", Id, ForeignKey("users.id", ondelete="SET NULL")),
    Column("result", Text),
    _flag("is_skipped"),
    _flag("is_ground_truth"),
    Column("lead_time_s", Float),
    Column("unique_id", String(64), unique=True),
    Column("import_id", BigInteger),
    Column("last_action", String(40)),
    Column("last_created_by_id", Id),
    Column("parent_prediction_id", Id),
    Column("parent_annotation_id", Id),
    _text("prediction_snapshot", "{}"),
    Column("suggestion", String(10)),  # shown | withheld; null: there was none
    _count("result_count"),
    _flag("is_bulk_created"),
    Column("updated_by_id", Id, ForeignKey("users.id", ondelete="SET NULL")),
    _time("created_at"),
    _time("updated_at"),
    _time("draft_created_at", null=True),
    Index("ix_annotations_project_id_annotator_id_task_id", "project_id", "annotator_id", "task_id"),
    Index("ix_annotations_project_id_id", "project_id", "id"),
    **NO_REUSE,
)

annotation_versions = Table(
    "annotation_versions",
    metadata,
    _id(),
    _to("projects", index=True),
    Column("task_id", Id, nullable=False),
    Column("annotation_id", Id, nullable=False, index=True),
    Column("action", String(20), nullable=False),  # updated | deleted: the state before it
    Column("user_id", Id),
    Column("result", Text),
    _flag("is_skipped"),
    _flag("is_ground_truth"),
    _time("created_at"),
    **NO_REUSE,
)

annotation_labels = Table(
    "annotation_labels",
    metadata,
    _to("projects"),
    _to("annotations"),
    Column("control", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("type", String(40), nullable=False),
    Column("label", Text, nullable=False),  # "" counts the result items of this control
    _count("count", 1),
    _flag("in_summary", True),
    sa.PrimaryKeyConstraint("annotation_id", "control", "object", "type", "label"),
    Index("ix_annotation_labels_project_id_control_label", "project_id", "control", "label"),
)

drafts = Table(
    "drafts",
    metadata,
    _id(),
    _to("projects", index=True),
    _to("tasks", index=True),
    Column("annotation_id", Id, ForeignKey("annotations.id", ondelete="CASCADE"), index=True),
    _to("users"),
    Column("result", Text, nullable=False),
    Column("lead_time_s", Float),
    _flag("is_postponed"),
    Column("import_id", BigInteger),
    _time("created_at"),
    _time("updated_at"),
    Index("ix_drafts_project_id_user_id_task_id", "project_id", "user_id", "task_id"),
    **NO_REUSE,
)

predictions = Table(
    "predictions",
    metadata,
    _id(),
    _to("projects"),
    _to("tasks", index=True),
    Column("result", Text, nullable=False),
    Column("score", Float),
    Column("model_version", Text),
    Column("cluster", Integer),
    Column("neighbors", Text),
    Column("mislabeling", Float, nullable=False, server_default=sa.text("0")),
    Column("model_id", Id),
    Column("model_run_id", Id),
    Column("ml_backend_id", Id),  # the connected model that said so; 0: the built-in one; null: imported
    Column("data_hash", String(40)),  # of what a connected model was asked, so that it is not asked again
    _time("created_at"),
    _time("updated_at"),
    Index("ix_predictions_project_id_model_version_score", "project_id", "model_version", "score"),
    Index("ix_predictions_project_id_ml_backend_id_data_hash", "project_id", "ml_backend_id", "data_hash"),
    **NO_REUSE,
)

task_locks = Table(
    "task_locks",
    metadata,
    _to("tasks"),
    _to("users", index=True),
    Column("project_id", Id, nullable=False),
    Column("lock_id", String(36), nullable=False),
    _time("created_at"),
    _time("expires_at"),
    sa.PrimaryKeyConstraint("task_id", "user_id"),
    Index("ix_task_locks_project_id_user_id", "project_id", "user_id"),
)

# ---------------------------------------------------------------- around it
views = Table(
    "views",
    metadata,
    _id(),
    _to("projects", index=True),
    Column("user_id", Id, ForeignKey("users.id", ondelete="SET NULL")),
    _text("data", "{}"),
    Column("selected_items", Text),
    _count("position"),
    **NO_REUSE,
)

exports = Table(
    "exports",
    metadata,
    _id(),
    _to("projects", index=True),
    Column("title", Text, nullable=False),
    Column("created_by_id", Id, ForeignKey("users.id", ondelete="SET NULL")),
    Column("status", String(20), nullable=False),
    _text("options", "{}"),
    _text("counters", "{}"),
    Column("key", String(300)),
    Column("md5", String(32)),
    _time("created_at"),
    _time("finished_at", null=True),
    **NO_REUSE,
)

export_conversions = Table(
    "export_conversions",
    metadata,
    _id(),
    _to("exports", index=True),
    Column("format", String(60), nullable=False),
    Column("status", String(20), nullable=False),
    Column("traceback", Text),
    Column("key", String(300)),
    **NO_REUSE,
)

labels = Table(
    "labels",
    metadata,
    _id(),
    _to("organizations"),
    Column("title", String(600), nullable=False),  # what fits a PostgreSQL index in any script
    Column("value", Text, nullable=False),
    Column("description", Text),
    _flag("is_approved"),
    Column("approved_by_id", Id, ForeignKey("users.id", ondelete="SET NULL")),
    Column("created_by_id", Id, ForeignKey("users.id", ondelete="SET NULL")),
    _time("created_at"),
    _time("updated_at"),
    UniqueConstraint("organization_id", "title"),
    **NO_REUSE,
)

label_links = Table(
    "label_links",
    metadata,
    _id(),
    _to("projects"),
    _to("labels", index=True),
    Column("control", Text, nullable=False),
    UniqueConstraint("project_id", "label_id"),
    **NO_REUSE,
)

# ---------------------------------------------------------------- models in the loop
ml_backends = Table(
    "ml_backends",
    metadata,
    _id(),
    _to("projects", index=True),
    Column("title", Text, nullable=False, server_default="default"),
    _text("description"),
    Column("url", Text, nullable=False),
    Column("auth_method", String(20), nullable=False, server_default="NONE"),
    _text("basic_auth_user"),
    Column("basic_auth_pass_sealed", Text),
    Column("extra_params", Text),
    Column("timeout_s", Float, nullable=False, server_default=sa.text("100")),
    _flag("is_interactive"),
    _flag("auto_update", True),
    Column("state", String(2), nullable=False, server_default="DI"),
    Column("error_message", Text),
    Column("model_version", Text),  # what the model said last at /setup
    Column("said_version", Text),  # what its predictions name, where that is another
    Column("live_version", Text),  # whose predictions people see; null: the newest
    Column("latency_ms", Float),
    _time("checked_at", null=True),
    Column("connected_by_id", Id, ForeignKey("users.id", ondelete="SET NULL")),  # who chose the address: see open_model
    _time("created_at"),
    _time("updated_at"),
    **NO_REUSE,
)

jobs = Table(
    "jobs",
    metadata,
    _id(),
    _to("projects"),
    Column("ml_backend_id", Id, ForeignKey("ml_backends.id", ondelete="CASCADE"), index=True),
    Column("kind", String(30), nullable=False),  # one of server/jobs/kinds.py
    Column("state", String(10), nullable=False),  # queued | running | done | failed | cancelled
    _text("params", "{}"),
    _text("memory", "{}"),  # what the job needs to go on after a crash: its own, written with its rows
    Column("total", Integer),
    _count("done"),
    _count("failed"),
    _text("message"),
    _text("problems", "[]"),
    _count("tries"),  # of the step at hand; 0 after each that worked
    _time("not_before", null=True),
    Column("owner", String(36)),  # the server process that runs it
    _time("lease_until", null=True),
    Column("created_by_id", Id, ForeignKey("users.id", ondelete="SET NULL")),
    _time("created_at"),
    _time("started_at", null=True),
    _time("finished_at", null=True),
    Index("ix_jobs_project_id_id", "project_id", "id"),
    Index("ix_jobs_state", "state"),
    **NO_REUSE,
)

training_runs = Table(
    "training_runs",
    metadata,
    _id(),
    _to("projects"),
    Column("ml_backend_id", Id, ForeignKey("ml_backends.id", ondelete="CASCADE"), index=True),  # null: the built-in model
    Column("job_id", Id),
    Column("state", String(10), nullable=False),  # running | done | failed | cancelled
    Column("reason", String(20), nullable=False),  # rule | asked | annotation
    _count("label_count"),
    Column("version_before", Text),
    Column("version_after", Text),
    Column("score_before", Float),
    Column("score_after", Float),
    _text("report", "{}"),
    _flag("is_live"),
    _text("log"),
    _time("created_at"),
    _time("finished_at", null=True),
    Index("ix_training_runs_project_id_id", "project_id", "id"),
    **NO_REUSE,
)

builtin_models = Table(
    "builtin_models",
    metadata,
    Column("project_id", Id, ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    _flag("is_on", True),
    _count("version"),
    _count("trained_label_count"),
    _count("learns_at", 20),  # labels at which it learns next
    _count("task_count"),  # of the project when it learned last
    _text("report", "{}"),
    _text("message"),
    _time("created_at"),
    _time("updated_at"),
)

skim_batches = Table(
    "skim_batches",
    metadata,
    _id(),
    _to("projects"),
    _to("users", index=True),
    Column("batch", String(64), nullable=False),  # one request of its author; large ones are several rows
    _text("annotations", "[]"),  # ids
    _count("annotation_count"),
    _time("created_at"),
    _time("undone_at", null=True),
    Index("ix_skim_batches_project_id_user_id_id", "project_id", "user_id", "id"),
    Index("ix_skim_batches_project_id_user_id_batch", "project_id", "user_id", "batch"),
    **NO_REUSE,
)
"""What somebody accepted in one go while skimming, so that it can be taken back in one go."""

# ---------------------------------------------------------------- telling others
webhooks = Table(
    "webhooks",
    metadata,
    _id(),
    _to("organizations"),
    _to("projects", null=True, index=True),
    Column("ml_backend_id", Id, ForeignKey("ml_backends.id", ondelete="CASCADE"), index=True),  # made for a connected model
    Column("url", Text, nullable=False),
    _flag("send_payload", True),
    _flag("send_for_all_actions", True),
    Column("headers_sealed", Text),
    Column("secret_sealed", Text),
    _flag("is_active", True),
    _text("actions", "[]"),
    Column("busy_by", String(36)),  # the server process that delivers at this moment
    _time("busy_until", null=True),
    _time("resting_until", null=True),  # the receiver is away: nothing is sent before
    _count("failures"),  # in a row, without an answer
    _time("created_at"),
    _time("updated_at"),
    **NO_REUSE,
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    _id(),
    _to("projects", index=True),
    _to("webhooks"),
    Column("action", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(10), nullable=False),  # waiting (in line) | retrying (beside it) | delivered | failed
    _count("attempts"),
    _time("next_try_at", null=True),
    Column("status_code", Integer),
    Column("duration_ms", Float),
    Column("error", Text),
    _time("created_at"),
    _time("finished_at", null=True),
    Index("ix_webhook_deliveries_webhook_id_state_id", "webhook_id", "state", "id"),
    Index("ix_webhook_deliveries_webhook_id_id", "webhook_id", "id"),
    **NO_REUSE,
)

server_state = Table(
    "server_state",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", LargeBinary),
)
