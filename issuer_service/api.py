"""The web application: every router, the problem details, and headers that hold for all answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles

from issuer_service.administration.audit import router as audit
from issuer_service.administration.catalogue import router as catalogue
from issuer_service.administration.consents import router as consents
from issuer_service.administration.endorsements import router as endorsements
from issuer_service.administration.exchange import router as exchange
from issuer_service.administration.keys import router as keys
from issuer_service.administration.organisations import router as organisations
from issuer_service.administration.people import router as people
from issuer_service.administration.programmes import router as programmes
from issuer_service.administration.qualifications import router as qualifications
from issuer_service.administration.signing_keys import router as signing_keys
from issuer_service.administration.ulo_drafts import router as ulo_drafts
from issuer_service.assessing.endpoints import router as assessing
from issuer_service.assessing.skills_endpoints import router as skills
from issuer_service.awarding.endpoints import router as awarding
from issuer_service.awarding.map_endpoints import router as personal_maps
from issuer_service.bulk.endpoints import router as bulk
from issuer_service.delivery.registry_endpoints import router as registries
from issuer_service.installation import Installation
from issuer_service.issuance.endpoints import router as issuance
from issuer_service.notices.endpoints import router as notices
from issuer_service.operations.endpoints import router as operations
from issuer_service.operations.telemetry import Measured, Telemetry
from issuer_service.pages.assessing_modules import router as module_pages
from issuer_service.pages.canvases import router as canvas_pages
from issuer_service.pages.cases import router as case_pages
from issuer_service.pages.catalogue import router as catalogue_pages
from issuer_service.pages.claim import router as claim
from issuer_service.pages.criteria import router as criteria_pages
from issuer_service.pages.drawings import router as drawings
from issuer_service.pages.errors import error_page
from issuer_service.pages.examples import router as examples
from issuer_service.pages.lines import router as line_pages
from issuer_service.pages.metro_maps import router as map_pages
from issuer_service.pages.outbox import router as outbox_pages
from issuer_service.pages.participations import router as participation_pages
from issuer_service.pages.programmes import router as programme_pages
from issuer_service.pages.public import router as public
from issuer_service.pages.recognition import router as recognition_pages
from issuer_service.pages.rendering import STATIC
from issuer_service.pages.runs import router as run_pages
from issuer_service.pages.skills import router as skills_pages
from issuer_service.pages.staff import router as staff
from issuer_service.privacy.endpoints import router as privacy
from issuer_service.problem_details import add_problem_details, document_problems
from issuer_service.recognition.decision_endpoints import router as recognition_decisions
from issuer_service.recognition.endpoints import router as recognition
from issuer_service.recognition.request_endpoints import router as recognition_requests
from issuer_service.status_lists.endpoints import router as status_lists
from issuer_service.vc_api.endpoints import routers as vc_api
from issuer_service.verifying.endpoints import router as verifying
from issuer_service.web.authentication import Gates
from issuer_service.web.bodies import BoundedBodies
from issuer_service.web.dependencies import count_call
from issuer_service.web.examples import add_examples
from issuer_service.web.headers import SecurityHeaders
from issuer_service.webhooks.endpoints import router as webhooks
from issuer_service.workflow.candidate.endpoints import router as candidate
from issuer_service.workflow.cases.endpoints import router as cases
from issuer_service.workflow.cases.referring_endpoints import router as referring
from issuer_service.workflow.definitions.drawings import router as process_drawings
from issuer_service.workflow.definitions.endpoints import router as processes
from issuer_service.workflow.metroline.line_endpoints import router as metrolines
from issuer_service.workflow.metroline.map_endpoints import router as metro_maps
from issuer_service.workflow.metroline.run_endpoints import router as station_runs
from issuer_service.workflow.metroline.travel_endpoints import router as participations

__all__ = ["create_app"]

_DESCRIPTION = """Issues Open Badges 3.0 for units of learning outcomes.

Errors are [problem details](https://www.rfc-editor.org/rfc/rfc9457). Calls that change something take an access
token: `Authorization: Bearer …`."""


def create_app(
    installation: Installation, telemetry: Telemetry | None = None, *, before: Sequence[APIRouter] = ()
) -> FastAPI:
    """The application for an installation. It serves; jobs are done by a worker.

    What is routed `before` all else stands in its place.
    """
    app = FastAPI(
        title="Issuer service",
        version="0.1.0",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(count_call)],
    )
    app.state.installation = installation
    app.state.gates = Gates.of(installation.settings)
    for router in (
        *before,
        organisations,
        people,
        keys,
        signing_keys,
        qualifications,
        exchange,
        endorsements,
        ulo_drafts,
        catalogue,
        programmes,
        candidate,
        metrolines,
        station_runs,
        participations,
        referring,
        metro_maps,
        cases,
        processes,
        process_drawings,
        awarding,
        personal_maps,
        issuance,
        bulk,
        verifying,
        status_lists,
        audit,
        consents,
        privacy,
        recognition,
        recognition_requests,
        recognition_decisions,
        assessing,
        skills,
    ):
        app.include_router(router)
    for router in (
        operations,
        webhooks,
        notices,
        outbox_pages,
        registries,
        *vc_api(installation),
        public,
        claim,
        staff,
        drawings,
        examples,
        catalogue_pages,
        map_pages,
        line_pages,
        canvas_pages,
        run_pages,
        participation_pages,
        case_pages,
        module_pages,
        programme_pages,
        criteria_pages,
        recognition_pages,
        skills_pages,
    ):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    add_problem_details(app, html=error_page)
    app.add_middleware(BoundedBodies)
    app.add_middleware(SecurityHeaders)
    if telemetry is not None and telemetry.measures:
        app.add_middleware(Measured, telemetry=telemetry)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # how FastAPI has it extended

    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        document_problems(document)
        add_examples(document)
        app.openapi_schema = document
    return app.openapi_schema
