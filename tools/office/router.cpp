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
    Route{"GET", "/style.{}.css", Role::anyone, Queue::pages, layout_file},
    Route{"GET", "/live.{}.js", Role::anyone, Queue::pages, layout_file},
    Route{"GET", "/icon.{}.svg", Role::anyone, Queue::pages, layout_file},
    Route{"GET", "/v1/openapi.json", Role::anyone, Queue::pages, openapi_file},
    Route{"GET", "/sign-in", Role::anyone, Queue::pages, show_sign_in},
    Route{"POST", "/sign-in", Role::anyone, Queue::passwords, sign_in},

    Route{"POST", "/v1/enrolments", Role::board, Queue::boards, enrol_board},
    Route{"PUT", "/v1/boards/{}/health", Role::board, Queue::boards, receive_health},
    Route{"PUT", "/v1/boards/{}/epochs/{}/airings/{}", Role::board, Queue::boards, receive_airings},
    Route{"POST", "/v1/boards/{}/audits", Role::board, Queue::boards, answer_audit},
    Route{"GET", "/v1/tree-head", Role::anyone, Queue::pages, show_tree_head},
    Route{"GET", "/v1/daily-head", Role::anyone, Queue::pages, show_daily_head},
    Route{"GET", "/v1/tree-growth/{}", Role::anyone, Queue::pages, show_tree_growth},

    Route{"GET", "/v1/boards", Role::session, Queue::pages, list_boards},
    Route{"GET", "/v1/airings", Role::session, Queue::pages, list_airings},
    Route{"GET", "/v1/planned", Role::session, Queue::figures, list_planned},
    Route{"GET", "/v1/quarantine", Role::session, Queue::pages, list_quarantine},
    Route{"GET", "/v1/as-run", Role::session, Queue::pages, download_as_run},

    Route{"GET", "/", Role::session, Queue::pages, go_to_boards},
    Route{"GET", "/claims", Role::session, Queue::pages,
          go_to_boards},  // the address of a page that was posted
    Route{"GET", "/boards", Role::session, Queue::pages, show_boards},
    Route{"GET", "/airings", Role::session, Queue::pages, show_airings},
    Route{"GET", "/airings.csv", Role::session, Queue::pages, download_airings},
    Route{"GET", "/airings.jsonl", Role::session, Queue::pages, download_airings},
    Route{"GET", "/airings.xlsx", Role::session, Queue::pages, download_airings},
    Route{"GET", "/as-run", Role::session, Queue::pages, download_as_run},
    Route{"GET", "/planned", Role::session, Queue::figures, show_planned},
    Route{"GET", "/planned.csv", Role::session, Queue::figures, download_promises},
    Route{"GET", "/planned.jsonl", Role::session, Queue::figures, download_promises},
    Route{"GET", "/planned.xlsx", Role::session, Queue::figures, download_promises},
    Route{"GET", "/quarantine", Role::session, Queue::pages, show_quarantine},

    Route{"POST", "/sign-out", Role::form, Queue::pages, sign_out},
    Route{"POST", "/claims", Role::form, Queue::pages, make_claim_code},
    Route{"POST", "/boards/retire", Role::form, Queue::pages, retire_board},
    Route{"POST", "/boards/{}/approve", Role::form, Queue::pages, approve_board_form},
    Route{"POST", "/boards/{}/decline", Role::form, Queue::pages, decline_board_form},
    Route{"POST", "/boards/{}/twins", Role::form, Queue::pages, resolve_twins},
};

bool is_api(const Request& request) {
    return request.path.starts_with("/v1/");
}

/// A page about what went wrong, with the navigation for people who signed in. `what_to_do`: a sentence.
Response error_page(Services& services, const Request& request, int status, const std::string& title,
                    const std::string& what_to_do) {
    std::optional<Session> session;
    try {
        session = services.access.session(services.store, request, services.now());
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

/// The session of a request, and that it is in use.
std::optional<Session> session_of(Services& services, const Request& request, Instant now) {
    auto session = services.access.session(services.store, request, now);
    // Where too much waits, or the disk is full, the use is recorded with a later request: that ends no
    // session, and what is stored can be read.
    if (session && !session->unrecorded.empty())
        static_cast<void>(services.writer.submit(
            [hash = session->unrecorded, now](OfficeStore& store) { store.users.record_use(hash, now); },
            [](const auto&) {}));
    return session;
}

Answer dispatch(Services& services, Visit& visit) {
    const auto now = services.now();
    const auto& request = visit.request;
    auto match = http::find_route(all_routes, request.method, request.path);
    if (!match.route)
        return match.allowed.empty() ? no_such_path(services, request)
                                     : wrong_method(services, request, match.allowed);
    visit.call.emplace(Call{request, std::move(match.values), nullptr, now});
    switch (match.route->role) {
        case Role::anyone:
        case Role::board:
            break;
        case Role::session:
        case Role::form:
            visit.session = session_of(services, request, now);
            if (!visit.session) return sign_in_first(request);
            if (match.route->role == Role::form && !Access::is_own_form(request, *visit.session))
                return foreign_form(*visit.session);
            visit.call->session = &*visit.session;
    }
    return std::visit([&](const auto& handle) -> Answer { return handle(services, *visit.call); },
                      match.route->handle);
}

/// The answer for the exception that is being handled. Throws it again if it is none of what may happen.
Response failed(Services& services, const Request& request) {
    try {
        throw;
    } catch (const BadRequest& e) {
        return is_api(request) ? http::problem(400, "urn:riverlight:question", "Cannot be answered", e.what())
                               : error_page(services, request, 400, "That cannot be shown",
                                            std::string(e.what()) + ". Go back and correct it.");
    } catch (const Error& e) {  // a full disk, a locked file: the next request is answered again
        spdlog::error("{} {}: {}", request.method, request.path, e.what());
        constexpr auto text =
            "The office could not read or write its records: try again in a minute, and if it stays so, "
            "ask its keeper, who finds the reason in its log.";
        auto response = is_api(request) ? http::problem(503, "urn:riverlight:records", "Not now", text)
                                        : error_page(services, request, 503, "Not now", text);
        response.headers.emplace_back("Retry-After", "60");
        return response;
    }
}

}  // namespace

std::span<const Route> routes() {
    return all_routes;
}

bool is_for_boards(const Request& request) {
    const auto match = http::find_route(all_routes, request.method, request.path);
    return match.route && match.route->role == Role::board;
}

Queue queue_of(const Request& request) {
    const auto match = http::find_route(all_routes, request.method, request.path);
    return match.route ? match.route->queue : Queue::pages;
}

Answer begin(Services& services, Visit& visit) {
    try {
        return dispatch(services, visit);
    } catch (const Error&) {
        return failed(services, visit.request);
    }
}

Response end(Services& services, const Visit& visit, const PendingWrite& written,
             const std::exception_ptr& fault) {
    assert(visit.call);
    try {
        if (!fault) return written.answer(services, *visit.call);
        if (!written.refused) std::rethrow_exception(fault);
        try {
            std::rethrow_exception(fault);
        } catch (const BadRequest& why) {
            return written.refused(services, *visit.call, why);
        }
    } catch (const Error&) {
        return failed(services, visit.request);
    }
}

Response without_records(const Request& request) {
    constexpr auto text =
        "The office cannot reach its records: try again in a minute, and if it stays so, ask its keeper, who "
        "finds the reason in its log.";
    auto response = is_api(request) ? http::problem(503, "urn:riverlight:records", "Not now", text)
                                    : page_response(message_page("Not now", text, {}), 503);
    response.headers.emplace_back("Retry-After", "60");
    return response;
}

Response too_busy(const Request& request) {
    constexpr auto text = "The office has more to do than it can at the moment: try again in a few seconds.";
    auto response = is_api(request) ? http::problem(503, "urn:riverlight:busy", "Busy", text)
                                    : page_response(message_page("Busy", text, {}), 503);
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

}  // namespace riverlight::office
