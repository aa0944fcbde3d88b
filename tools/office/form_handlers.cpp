#include "tools/office/form_handlers.hpp"

#include <spdlog/spdlog.h>

#include <cassert>

#include "tools/office/enrolment.hpp"
#include "tools/office/page_handlers.hpp"
#include "tools/office/pages.hpp"
#include "tools/office/parameters.hpp"
#include "tools/office/responses.hpp"

namespace riverlight::office {
namespace {

using http::Response;

Response sign_in_refused(const Services& services, int status, const std::string& message) {
    return page_response(sign_in_page(message, services.store.users.has_users()), status);
}

/// Runs a change of boards; one that is refused shows the boards page with the reason.
template <class Change>
Response on_boards_page(Services& services, const Call& call, const Change& change) {
    assert(call.session);
    try {
        return change();
    } catch (const BadRequest& e) {
        auto page = boards_now(services, call.now);
        page.error = e.what();
        return page_response(boards_page(page, *call.session), 400);
    }
}

}  // namespace

Response sign_in(Services& services, const Call& call) {
    // A sign-in form sent from another site would sign a person in as somebody else.
    if (!Access::is_same_origin(call.request))
        return sign_in_refused(services, 403, "That form came from another site.");
    auto form = call.request.form();
    const auto result = services.access.sign_in({form["user"], form["password"]}, call.request, call.now);
    if (result.wait.count() > 0) {
        const auto seconds = std::to_string(result.wait.count());
        auto response =
            sign_in_refused(services, 429, "Too many wrong passwords; try again in " + seconds + " seconds.");
        response.headers.emplace_back("Retry-After", seconds);
        return response;
    }
    if (result.cookies.empty()) return sign_in_refused(services, 403, "Wrong user or password.");
    auto response = http::redirect("/boards");
    for (const auto& cookie : result.cookies) response.headers.emplace_back("Set-Cookie", cookie);
    return response;
}

Response sign_out(Services& services, const Call& call) {
    auto response = http::redirect("/sign-in");
    response.headers.emplace_back("Set-Cookie", services.access.sign_out(call.request));
    return response;
}

Response make_claim_code(Services& services, const Call& call) {
    return on_boards_page(services, call, [&] {
        const auto place = call.request.form()["place"];
        const auto release = services.channel.release();
        if (!release || !release->content.catalogue.place(place))
            throw BadRequest("the channel has no place '" + place + "'");
        const auto code = issue_claim_code(services.store, place, place, call.now);
        spdlog::info("{} made a claim code for {}", call.session->user, place);
        auto page = boards_now(services, call.now);
        page.new_code = NewClaimCode{code, place};
        return page_response(boards_page(page, *call.session));
    });
}

Response retire_board(Services& services, const Call& call) {
    return on_boards_page(services, call, [&] {
        const auto board = call.request.form()["board"];
        const auto row = services.store.boards.find(board);
        if (!row) throw BadRequest("no board '" + board + "' has enrolled here");
        services.store.boards.set_state(board, BoardState::retired);
        spdlog::info("{} retired {}", call.session->user, board);
        services.comparer.discard_all();
        services.comparer.store_plans_of(row->place, call.now);
        return http::redirect("/boards");
    });
}

Response resolve_twins(Services& services, const Call& call) {
    return on_boards_page(services, call, [&] {
        const auto& board = call.values.at(0);
        const auto run = call.request.form()["run"];
        keep_device(services.store, board, run);
        spdlog::info("{} decided that the device of run {} stays {}", call.session->user, run, board);
        return http::redirect("/boards");
    });
}

Response approve_board_form(Services& services, const Call& call) {
    return on_boards_page(services, call, [&] {
        const auto& board = call.values.at(0);
        approve_board(services.store, board, call.request.form()["fingerprint"]);
        spdlog::info("{} approved {}", call.session->user, board);
        services.comparer.discard_all();
        if (const auto row = services.store.boards.find(board))
            services.comparer.store_plans_of(row->place, call.now);
        return http::redirect("/boards");
    });
}

}  // namespace riverlight::office
