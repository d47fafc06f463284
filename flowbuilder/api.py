"""The HTTP API: every app's router, one error shape, the OpenAPI document."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from flowbuilder.abtests.api import router as abtests
from flowbuilder.accounts.api import router as accounts
from flowbuilder.accounts.authentication import BearerKey, SessionCookie
from flowbuilder.accounts.errors import ApiError
from flowbuilder.apis.api import router as apis
from flowbuilder.comments.api import router as comments
from flowbuilder.datasets.api.augmentations import router as augmentations
from flowbuilder.datasets.api.datasets import router as datasets
from flowbuilder.datasets.api.filling import router as dataset_filling
from flowbuilder.datasets.api.rows import router as dataset_rows
from flowbuilder.datasets.api.versions import router as dataset_versions
from flowbuilder.debugging.api import router as debugging
from flowbuilder.evaluation.api import router as evaluation
from flowbuilder.feedback.api import router as feedback
from flowbuilder.feedback.review_api import router as review
from flowbuilder.flows.api import router as flows
from flowbuilder.flows.bots.api import router as bots
from flowbuilder.flows.describing.api import router as describing
from flowbuilder.flows.editing.api import router as editing
from flowbuilder.flows.environments_api import router as environments
from flowbuilder.flows.files.api import router as flow_files
from flowbuilder.flows.versions_api import router as versions
from flowbuilder.importing.api import router as importing
from flowbuilder.improvement.api import router as improvement
from flowbuilder.knowledge.api import router as knowledge
from flowbuilder.knowledge.documents_api import router as documents
from flowbuilder.knowledge.embedder_api import router as embedders
from flowbuilder.knowledge.passages_api import router as passages
from flowbuilder.modelhub.api import router as modelhub
from flowbuilder.modelhub.upload_api import router as uploads
from flowbuilder.people.api.groups import router as groups
from flowbuilder.people.api.invitations import router as invitations
from flowbuilder.people.api.members import router as members
from flowbuilder.people.api.workspaces import router as workspaces
from flowbuilder.prompting.api import router as prompting
from flowbuilder.publishing.api import router as publishing
from flowbuilder.publishing.callbacks.api import router as callbacks
from flowbuilder.publishing.chat_api import router as chat
from flowbuilder.publishing.chat_pairs_api import router as chat_pairs
from flowbuilder.publishing.conversations.api import router as conversations
from flowbuilder.publishing.doors_api import router as doors
from flowbuilder.publishing.flowise.chats_api import router as flowise_chats
from flowbuilder.publishing.flowise.errors import refusal
from flowbuilder.publishing.flowise.files_api import router as flowise_files
from flowbuilder.publishing.flowise.leads_api import router as leads
from flowbuilder.publishing.flowise.prediction_api import router as flowise_predictions
from flowbuilder.publishing.limits.api import router as limits
from flowbuilder.publishing.logs.api import router as logs
from flowbuilder.publishing.openai.chat_api import router as openai_chat
from flowbuilder.publishing.openai.embeddings_api import router as openai_embeddings
from flowbuilder.publishing.openai.errors import headers_of, openai_error
from flowbuilder.publishing.openai.models_api import router as openai_models
from flowbuilder.publishing.openai.responses_api import router as openai_responses
from flowbuilder.publishing.transfer.api import router as transfer
from flowbuilder.publishing.transfer.offers_api import router as transfer_offers
from flowbuilder.publishing.triggers.api import router as triggers
from flowbuilder.publishing.triggers.hooks_api import router as hooks
from flowbuilder.publishing.usage.api import router as usage
from flowbuilder.runs.api import router as runs
from flowbuilder.runs.waits_api import router as waits
from flowbuilder.secrets.api import router as secrets
from flowbuilder.sharing.api import router as sharing
from flowbuilder.testcases.api.cases import router as test_cases
from flowbuilder.testcases.api.recall_reports import router as recall_reports
from flowbuilder.testcases.api.runs import router as test_runs
from flowbuilder.testcases.api.sets import router as test_sets
from flowbuilder.training.api import router as training
from flowbuilder.translation.errors import in_answer
from flowbuilder.variables.api import router as variables
from nodes.base import NodeError


class Api(NinjaAPI):
    """Its document takes the better part of a second to draw up, and stays as it is while the process lives.

    An operation is called by its app and its function there, whichever file that stands in.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._documents: dict[str | None, Any] = {}

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        if path_prefix not in self._documents:
            document = super().get_openapi_schema(path_prefix=path_prefix)
            document["paths"] = {path: _told_apart(found) for path, found in document["paths"].items()}
            self._documents[path_prefix] = document
        return self._documents[path_prefix]

    def get_openapi_operation_id(self, operation: Operation) -> str:
        app = operation.view_func.__module__.split(".")[1]
        return f"{app}_{operation.view_func.__name__}"


def _told_apart(operations: dict[str, Any]) -> dict[str, Any]:
    """One function that takes several methods is an operation for each."""
    if len(operations) == len({found["operationId"] for found in operations.values()}):
        return operations
    return {
        method: {**found, "operationId": f"{found['operationId']}_{method}"}
        for method, found in operations.items()
    }


class InTheirLanguage(JSONRenderer):
    """Errors that stand in answers, of a run or of a training, are kept in English."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        return super().render(request, in_answer(data), response_status=response_status)


api = Api(
    title="Flowbuilder",
    version="1",
    description="Everything the browser can do. Send `Authorization: Bearer fb_...`.",
    auth=[BearerKey(), SessionCookie()],
    docs_url=None,
    urls_namespace="api",
    renderer=InTheirLanguage(),
)
for router in (
    *(
        flows,
        versions,
        describing,
        editing,
        bots,
        flow_files,
        environments,
        runs,
        waits,
        variables,
        feedback,
        review,
        *(datasets, dataset_versions, dataset_rows, dataset_filling, augmentations),
        knowledge,
        documents,
        passages,
        embedders,
    ),
    *(modelhub, uploads, training, evaluation),
    *(workspaces, members, invitations, groups),
    *(
        debugging,
        *(test_sets, test_cases, test_runs, recall_reports),
        apis,
        abtests,
        improvement,
        importing,
        prompting,
        publishing,
        doors,
        limits,
        usage,
        logs,
        conversations,
        triggers,
        transfer,
        transfer_offers,
        hooks,
        callbacks,
        chat,
        chat_pairs,
        leads,
        secrets,
        sharing,
        comments,
        accounts,
    ),
):
    api.add_router("", router)

openai_api = Api(
    title="Flowbuilder, OpenAI-compatible",
    version="1",
    auth=[BearerKey()],
    docs_url=None,
    openapi_url=None,
    urls_namespace="openai",
)
for router in (openai_models, openai_chat, openai_responses, openai_embeddings):
    openai_api.add_router("", router)


flowise_api = Api(
    title="Flowbuilder, Flowise-compatible",
    version="1",
    docs_url=None,
    openapi_url=None,
    urls_namespace="flowise",
)
for router in (flowise_predictions, flowise_chats, flowise_files):
    flowise_api.add_router("", router)


def _answer(request: HttpRequest, error: ApiError) -> HttpResponse:
    """Our own error shape, and OpenAI's or Flowise's where their clients ask."""
    if request.path.startswith("/api/v1/"):
        return refusal(request, error)
    headers = error.headers
    if request.path.startswith("/v1/"):
        answer = openai_api.create_response(request, openai_error(error), status=error.status)
        headers = headers_of(error)
    else:
        answer = api.create_response(request, error.body(), status=error.status)
    for name, value in headers.items():
        answer[name] = value
    return answer


def api_error(request: HttpRequest, error: ApiError) -> HttpResponse:
    return _answer(request, error)


def node_error(request: HttpRequest, error: NodeError) -> HttpResponse:
    return _answer(request, ApiError("invalid", str(error), 422))


def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    message = "Sign in, or send a live API key as 'Authorization: Bearer fb_...'."
    return _answer(request, ApiError("unauthenticated", message, 401))


def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _answer(request, ApiError("not_found", "There is no such thing here, or it is not yours.", 404))


def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return _answer(request, ApiError("forbidden", str(error) or "Your role does not allow this.", 403))


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    details: list[dict[str, Any]] = [
        {"where": ".".join(str(part) for part in item["loc"]), "message": item["msg"]}
        for item in error.errors
    ]
    summary = "; ".join(f"{item['where']}: {item['message']}" for item in details)
    return _answer(request, ApiError("invalid", summary, 422, details))


def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
    return _answer(
        request, ApiError("too_large", f"A body may have {most} MB; files have limits of their own.", 413)
    )


def not_storable(request: HttpRequest, error: Exception) -> HttpResponse:
    """What JSON may hold and a database does not keep: PostgreSQL no NUL, SQLite no number beyond 64 bits, none of them
    half a character (a lone surrogate)."""
    theirs = {OverflowError: "SQLite", UnicodeEncodeError: "surrogates not allowed"}
    if theirs.get(type(error), "") not in str(error):
        raise error  # of our own doing
    return _answer(
        request, ApiError("invalid", "The body holds a character or a number that cannot be stored.", 422)
    )


def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(request, ApiError("refused", str(error), error.status_code))


HANDLERS = {
    ApiError: api_error,
    NodeError: node_error,
    AuthenticationError: unauthenticated,
    Http404: not_found,
    PermissionDenied: forbidden,
    ValidationError: invalid,
    HttpError: http_error,
    RequestDataTooBig: too_large,
    DataError: not_storable,
    OverflowError: not_storable,
    UnicodeEncodeError: not_storable,
}
for mounted in (api, openai_api, flowise_api):
    for kind, handler in HANDLERS.items():
        mounted.add_exception_handler(kind, handler)
