"""What goes wrong around the API's views leaves as a problem as well."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from clm.core.api import problems


class ProblemMiddleware:
    """
    Turns an error page under `/api/` into problem details.

    Such pages come from before or around the views: a body over the limit, a host that is
    not ours, an unforeseen error. The token endpoint keeps the shape OAuth clients read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path.startswith("/api/"):
            return response
        content_type = response.headers.get("Content-Type", "")
        if content_type.startswith((problems.CONTENT_TYPE, "application/json")):
            return response
        problem = problems.plain_response(request, response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                problem.headers[name] = response.headers[name]
        return problem
