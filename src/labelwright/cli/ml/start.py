"""`labelwright ml start`: serve a model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from labelwright.cli.start import port_fault

if TYPE_CHECKING:
    from labelwright.ml.app import BackendApp
    from labelwright.ml.serve import Options

LOOPBACK = {"127.0.0.1", "localhost", "::1"}

FILE = typer.Argument(help="The backend: a Python file with a class that extends LabelwrightMLBase, or its folder.")
CLASS = typer.Option("--class", help="Which model class, if the file has several.")
WITH = typer.Option("--with", help="A further argument of the model's __init__, as name=value. May be repeated.")


def start(
    file: Annotated[Path, FILE] = Path("ml_backend.py"),
    port: Annotated[int, typer.Option("--port", "-p", min=1, max=65535, help="Port to listen on.")] = 9090,
    host: Annotated[str, typer.Option(help="Address to listen on (127.0.0.1: this machine only).")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes, each with its own copy of the model.")] = 1,
    reload: Annotated[bool, typer.Option(help="Start again when a Python file beside it changes.")] = False,
    basic_auth: Annotated[
        str | None, typer.Option(envvar="LABELWRIGHT_ML_BASIC_AUTH", help="user:password that the server must send.")
    ] = None,
    model_dir: Annotated[
        Path | None,
        typer.Option(envvar=["LABELWRIGHT_MODEL_DIR", "MODEL_DIR"], help="Where model versions are kept (your data folder)."),
    ] = None,
    class_name: Annotated[str | None, CLASS] = None,
    with_: Annotated[list[str] | None, WITH] = None,
    fit_wait: Annotated[
        float, typer.Option(min=0, help="Seconds that an event's sender waits for `fit`; after that it goes on unwatched.")
    ] = 0.7,
    debug: Annotated[bool, typer.Option(help="Log more.")] = False,
) -> None:
    """Serve a model. Then add its address to a project: Settings → Model."""
    options = options_of(
        file,
        port=port,
        host=host,
        workers=workers,
        basic_auth=basic_auth,
        model_dir=str(model_dir.resolve()) if model_dir else None,
        class_name=class_name,
        model_options=model_options(with_ or []),
        fit_wait_s=fit_wait,
        debug=debug,
    )
    from labelwright.ml.serve import serve, serve_with_reload

    if fault := port_fault(host, port):
        raise typer.Exit(complain(f"{fault} Choose another with --port."))
    if reload and workers > 1:
        raise typer.Exit(complain("--reload works with one worker."))
    if reload:
        command = [sys.executable, "-c", "from labelwright.cli import main; main()"]
        command += [item for item in sys.argv[1:] if item != "--reload"]
        serve_with_reload(command, Path(options.file).parent)
        return
    app = app_or_exit(options)
    typer.echo(
        f"{app.models.model_class.__name__} is at http://{host}:{port}  (data: {options.folder}; stop with Ctrl-C)", err=True
    )
    if basic_auth is None and host not in LOOPBACK:
        typer.echo("Whoever reaches this address can use and train the model: think of --basic-auth user:password.", err=True)
    serve(app, options)


def options_of(file: Path, **options: Any) -> Options:
    """The options, with the backend's file found; ends the command if there is none."""
    from labelwright.ml.backend_file import NoModel, find_file
    from labelwright.ml.serve import Options

    basic_auth = options.get("basic_auth")
    if basic_auth is not None and ":" not in basic_auth:
        raise typer.Exit(complain("--basic-auth wants user:password."))
    try:
        return Options(file=str(find_file(file)), **options)
    except NoModel as error:
        raise typer.Exit(complain(f"{error}.")) from None


def app_or_exit(options: Options) -> BackendApp:
    """The application; a file without a model or with an error in it ends the command with the reason."""
    import traceback

    from labelwright.ml.backend_file import NoModel
    from labelwright.ml.serve import app_of

    try:
        return app_of(options)
    except NoModel as error:
        raise typer.Exit(complain(f"{error}.")) from None
    except ModuleNotFoundError as error:
        hint = "" if error.name is None else f" Install it: pip install {error.name.partition('.')[0]}"
        if error.name == "label_studio_ml":
            hint = " Write instead: from labelwright.ml import LabelStudioMLBase"
        raise typer.Exit(complain(f"{Path(options.file).name} needs a package that is not here: {error.name}.{hint}")) from None
    except Exception:
        traceback.print_exc()
        raise typer.Exit(complain(f"{Path(options.file).name} could not be loaded.")) from None


def model_options(given: list[str]) -> dict[str, Any]:
    """`["threshold=0.5", "name=x"]` as values: numbers and other JSON where it is JSON, else text."""
    import json

    values: dict[str, Any] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not name.isidentifier():
            raise typer.Exit(complain(f"--with wants name=value, not {item!r}."))
        try:
            values[name] = json.loads(value)
        except ValueError:
            values[name] = value
    return values


def complain(text: str) -> int:
    typer.echo(text, err=True)
    return 1
