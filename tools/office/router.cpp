#include "tools/office/router.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <cassert>

#include "content/html/page.hpp"
#include "content/http/routing.hpp"
#include "tools/office/api_handlers.hpp"
#include "tools/office/form_handlers.hpp"
#include "tools/office/page_handlers.hpp"
#include "tools/office/pages.hpp"
#include "tools/office/parameters.hpp"
#include "tools/office/responses.hpp"

namespace riverlight::office {
namespace {

using http::Request;
using http::Response;

constexpr std::array all_routes{
    Route{"GET", "/style.{}.css", Role::anyone, layout_file},
    Route{"GET", "/live.{}.js", Role::anyone, layout_file},
    Route{"GET", "/icon.{}.svg", Role::anyone, layout_file},
    Route{"GET", "/v1/openapi.json", Role::anyone, openapi_file},
    Route{"GET", "/sign-in", Role::anyone, show_sign_in},
    Route{"POST", "/sign-in", Role::anyone, sign_in},

    Route{"POST", "/v1/enrolments", Role::board, enrol_board},
    Route{"PUT", "/v1/boards/{}/health", Role::board, receive_health},
    Route{"PUT", "/v1/boards/{}/epochs/{}/airings/{}", Role::board, receive_airings},

    Route{"GET", "/v1/boards", Role::session, list_boards},
    Route{"GET", "/v1/airings", Role::session, list_airings},
    Route{"GET", "/v1/planned", Role::session, list_planned},
    Route{"GET", "/v1/quarantine", Role::session, list_quarantine},
    Route{"GET", "/v1/as-run", Role::session, download_as_run},

    Route{"GET", "/", Role::session, go_to_boards},
    Route{"GET", "/claims", Role::session, go_to_boards},  // the address of a page that was posted
    Route{"GET", "/boards", Role::session, show_boards},
    Route{"GET", "/airings", Role::session, show_airings},
    Route{"GET", "/airings.csv", Role::session, download_airings},
    Route{"GET", "/as-run", Role::session, download_as_run},
    Route{"GET", "/planned", Role::session, show_planned},
    Route{"GET", "/planned.csv", Role::session, download_promises},
    Route{"GET", "/quarantine", Role::session, show_quarantine},

    Route{"POST", "/sign-out", Role::form, sign_out},
    Route{"POST", "/claims", Role::form, make_claim_code},
    Route{"POST", "/boards/retire", Role::form, retire_board},
    Route{"POST", "/boards/{}/approve", Role::form, approve_board_form},
    Route{"POST", "/boards/{}/twins", Role::form, resolve_twins},
};

bool is_api(const Request& request) {
    return request.path.starts_with("/v1/");
}

/// A page about what went wrong, with the navigation for people who signed in. `what_to_do`: a sentence.
Response error_page(Services& services, const Request& request, int status, const std::string& title,
                    const std::string& what_to_do) {
    std::optional<Session> session;
    try {
        session = services.access.session(request, services.now());
    } catch (const Error&) {  // the records cannot be read: the page is shown without it
    }
    return page_response(message_page(title, what_to_do, session), status);
}

Response no_such_path(Services& services, const Request& request) {
    if (is_api(request))
        return http::problem(404, "urn:riverlight:not-found", "There is nothing here",
                             request.method + " " + request.path + " is not part of /v1/openapi.json");
    return error_page(services, request, 404, "There is no such page",
                      "Nothing is at " + request.path + ": go on to the boards and choose a page there.");
}

Response wrong_method(Services& services, const Request& request, const std::string& allowed) {
    const auto text = request.path + " takes " + allowed + ", not " + request.method;
    auto response = is_api(request) ? http::problem(405, "urn:riverlight:method", "Wrong method", text)
                                    : error_page(services, request, 405, "Wrong method",
                                                 text + ": go back and use the page's own buttons.");
    response.headers.emplace_back("Allow", allowed);
    return response;
}

Response sign_in_first(const Request& request) {
    if (is_api(request))
        return http::problem(401, "urn:riverlight:sign-in", "Sign in first",
                             "POST user and password to /sign-in and send its cookie");
    if (request.method == "GET") return http::redirect("/sign-in");
    return page_response(message_page("Signed out", "Sign in again, then do it once more.", {}), 401);
}

Response foreign_form(const Session& session) {
    return page_response(
        message_page("Not done",
                     "This form was not made for your session. Go back, load the page again, and "
                     "send it once more.",
                     session),
        403);
}

Response dispatch(Services& services, const Request& request) {
    const auto now = services.now();
    auto match = http::find_route(all_routes, request.method, request.path);
    if (!match.route)
        return match.allowed.empty() ? no_such_path(services, request)
                                     : wrong_method(services, request, match.allowed);
    Call call{request, std::move(match.values), nullptr, now};
    std::optional<Session> session;
    switch (match.route->role) {
        case Role::anyone:
        case Role::board:
            break;
        case Role::session:
        case Role::form:
            session = services.access.session(request, now);
            if (!session) return sign_in_first(request);
            if (match.route->role == Role::form && !Access::is_own_form(request, *session))
                return foreign_form(*session);
            call.session = &*session;
    }
    return match.route->handle(services, call);
}

}  // namespace

std::span<const Route> routes() {
    return all_routes;
}

bool is_for_boards(const Request& request) {
    const auto match = http::find_route(all_routes, request.method, request.path);
    return match.route && match.route->role == Role::board;
}

Response answer(Services& services, const Request& request) {
    Response response;
    try {
        response = dispatch(services, request);
    } catch (const BadRequest& e) {
        response = is_api(request)
                       ? http::problem(400, "urn:riverlight:question", "Cannot be answered", e.what())
                       : error_page(services, request, 400, "That cannot be shown",
                                    std::string(e.what()) + ". Go back and correct it.");
    } catch (const Error& e) {  // a full disk, a locked file: the next request is answered again
        spdlog::error("{} {}: {}", request.method, request.path, e.what());
        constexpr auto text =
            "The office could not read or write its records: try again in a minute, and if it stays so, "
            "ask its keeper, who finds the reason in its log.";
        response = is_api(request) ? http::problem(503, "urn:riverlight:records", "Not now", text)
                                   : error_page(services, request, 503, "Not now", text);
    }
    response.headers.emplace_back("Referrer-Policy", "same-origin");
    response.headers.emplace_back("Content-Security-Policy", html::content_security_policy);
    return response;
}

}  // namespace riverlight::office
