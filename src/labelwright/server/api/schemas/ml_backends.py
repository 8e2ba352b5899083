"""Connected models (ML backends)."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct

from labelwright.server.api.schemas.parts import Opt


class MLBackendChange(Struct):
    """`timeout` in seconds, of a prediction. `basic_auth_pass` is never shown again. `live_version`: null for the newest."""

    url: str | Opt = UNSET
    project: int | Opt = UNSET
    title: str | Opt | None = UNSET
    description: str | Opt | None = UNSET
    is_interactive: bool | Opt = UNSET
    auto_update: bool | Opt = UNSET
    auth_method: Literal["NONE", "BASIC_AUTH"] | Opt = UNSET
    basic_auth_user: str | Opt | None = UNSET
    basic_auth_pass: str | Opt | None = UNSET
    extra_params: Any = UNSET
    timeout: float | Opt = UNSET
    model_version: str | Opt | None = UNSET
    live_version: str | Opt | None = UNSET


class NewMLBackend(MLBackendChange, kw_only=True):
    url: str
    project: int


class MLBackend(Struct):
    """`state`: CO connected, DI disconnected, ER error, TR training, PR predicting."""

    id: int
    state: str
    readable_state: str
    is_interactive: bool
    url: str
    error_message: str | None
    title: str
    auth_method: str
    basic_auth_user: str
    basic_auth_pass_is_set: bool
    description: str
    extra_params: Any
    model_version: str
    timeout: float
    created_at: str
    updated_at: str
    auto_update: bool
    project: int


class ModelVersions(Struct):
    versions: list[str]
    message: str | Opt = UNSET


class ModelTest(Struct):
    """`latency_ms`: of the health check. `problem`: what is wrong, in words."""

    state: str
    latency_ms: float | None
    model_version: str
    problem: str | None


class Prompt(Struct):
    """`context`: what the person drew or typed so far (`{"result": […]}`)."""

    task: int
    context: Any = UNSET


class PromptAnswer(Struct):
    """`data`: the model's first result; or `errors`."""

    data: Any = UNSET
    errors: list[str] | Opt = UNSET


class DoctorWish(Struct):
    """`task`: which one to ask about; without it the project's first."""

    task: int | Opt | None = UNSET


class DoctorStep(Struct):
    name: Literal["connect", "health", "setup", "predict", "check"]
    is_ok: bool
    ms: float | None
    words: str


class DoctorProblem(Struct):
    place: str
    reason: str
    hint: str


class DoctorReport(Struct):
    steps: list[DoctorStep]
    task: int | None
    prediction: Any
    problems: list[DoctorProblem]
