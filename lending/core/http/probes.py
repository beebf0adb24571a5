"""`/health` says that the process lives, `/ready` that it can serve."""

from litestar import Response, get
from litestar.di import NamedDependency

from lending.core.readiness import Readiness, Ready


@get("/health", sync_to_thread=False, operation_id="health", tags=("probes",))
def health() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@get("/ready", sync_to_thread=True, operation_id="ready", tags=("probes",))
def ready(readiness: NamedDependency[Readiness]) -> Response[Ready]:
    """The process can serve: 200, or 503 with what is wrong."""
    state = readiness.examine()
    return Response(state, status_code=200 if state.ready else 503)


ROUTES = [health, ready]
