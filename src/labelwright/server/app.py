"""The composition root: settings in, ASGI app out. The list of routes reads from top to bottom."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from litestar import Litestar
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

from labelwright.server.api import (
    agreement,
    avatars,
    builtin_model,
    current_user,
    data_manager,
    drafts,
    exports,
    feature_flags,
    file_uploads,
    jobs,
    label_links,
    label_stream,
    labels,
    local_files,
    media,
    ml_backends,
    openapi,
    organizations,
    pages,
    predictions,
    project_import,
    project_models,
    projects,
    server_info,
    session_pages,
    skim,
    snapshots,
    suggestion_stats,
    tasks,
    templates,
    tokens,
    training,
    users,
    views,
    webhooks,
)
from labelwright.server.api import annotations as annotation_routes
from labelwright.server.api.observe import observed
from labelwright.server.api.routing import Route, Services, handlers
from labelwright.server.api.static import static_files
from labelwright.server.api.unknown import unknown_paths
from labelwright.server.db.engine import Database
from labelwright.server.db.migrate import upgrade
from labelwright.server.jobs.kinds import KINDS
from labelwright.server.jobs.learn import learn_what_is_due
from labelwright.server.jobs.runner import JobRunner
from labelwright.server.purge import Purger
from labelwright.server.settings import Settings
from labelwright.server.webhooks.relay import Relay

log = logging.getLogger("labelwright")


def all_routes() -> list[Route[Any]]:
    """Every route of the server, in reading order."""
    routes: list[Route[Any]] = [
        *server_info.routes,
        *pages.routes,
        *session_pages.routes,
        *current_user.routes,
        *tokens.routes,
        *users.routes,
        *avatars.routes,
        *organizations.routes,
        *projects.routes,
        *templates.routes,
        *project_import.routes,
        *file_uploads.routes,
        *media.routes,
        *tasks.routes,
        *data_manager.routes,
        *views.routes,
        *label_stream.routes,
        *annotation_routes.routes,
        *drafts.routes,
        *predictions.routes,
        *project_models.routes,
        *jobs.routes,
        *skim.routes,
        *suggestion_stats.routes,
        *ml_backends.routes,
        *exports.routes,
        *snapshots.routes,
        *labels.routes,
        *label_links.routes,
        *training.routes,
        *webhooks.routes,
        *agreement.routes,
        *builtin_model.routes,
        *local_files.routes,
        *feature_flags.routes,
    ]
    return [*routes, *openapi.docs_of(routes)]


class App(Litestar):
    """Litestar without its plugins for libraries we don't speak: importing pydantic alone takes a tenth of a second."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def create_app(settings: Settings) -> Litestar:
    """The ASGI app on an up-to-date database."""
    db = Database(settings.database_url)
    upgrade(db.engine)
    purger = Purger(db, settings.upload_dir)
    runner = JobRunner(db, settings, KINDS, watchers=[learn_what_is_due])
    relay = Relay(db, settings)
    services = Services(
        db=db,
        settings=settings,
        streams=ThreadPoolExecutor(16, thread_name_prefix="work"),
        purge=purger.purge,
        job_titles={kind.name: kind.title for kind in KINDS.values()},
    )

    def stop(_: Litestar) -> None:
        runner.close()
        relay.close()
        purger.close()
        services.streams.shutdown(wait=False, cancel_futures=True)
        db.close()

    app = App(
        route_handlers=[*handlers(all_routes(), services), static_files(settings.web_dir)],
        on_shutdown=[stop],
        openapi_config=None,
        request_max_body_size=None,
        exception_handlers=unknown_paths(services),
        logging_config=None,
    )
    app.asgi_handler = observed(app.asgi_handler, services.metrics, access_log=settings.access_log)
    app.state.services = services
    app.state.jobs = runner
    app.state.relay = relay
    return app
