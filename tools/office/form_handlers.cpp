#include "tools/office/form_handlers.hpp"

#include <spdlog/spdlog.h>

#include <cassert>
#include <functional>
#include <memory>
#include <utility>

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

/// A change of boards. One that is refused shows the boards page with the reason.
PendingWrite on_boards_page(std::function<void(OfficeStore&)> change,
                            std::function<Response(Services&, const Call&)> answer) {
    return {std::move(change), std::move(answer),
            [](Services& services, const Call& call, const BadRequest& why) {
                assert(call.session);
                auto page = boards_now(services, call.now);
                page.error = why.what();
                return page_response(boards_page(page, *call.session), 400);
            }};
}

Response go_to_boards_page(Services&, const Call&) {
    return http::redirect("/boards");
}

/// Once a board's state has changed, so have the plans of its place.
std::function<Response(Services&, const Call&)> board_changed(std::string board) {
    return [board = std::move(board)](Services& services, const Call&) {
        if (const auto row = services.store.boards.find(board)) services.handle_boards_changed(row->place);
        return http::redirect("/boards");
    };
}

}  // namespace

Answer sign_in(Services& services, const Call& call) {
    // A sign-in form sent from another site would sign a person in as somebody else.
    if (!Access::is_same_origin(call.request))
        return sign_in_refused(services, 403, "That form came from another site.");
    auto form = call.request.form();
    auto result =
        services.access.sign_in(services.store, {form["user"], form["password"]}, call.request, call.now);
    if (result.wait.count() > 0) {
        const auto seconds = std::to_string(result.wait.count());
        auto response =
            sign_in_refused(services, 429, "Too many wrong passwords; try again in " + seconds + " seconds.");
        response.headers.emplace_back("Retry-After", seconds);
        return response;
    }
    if (result.cookies.empty())
        return PendingWrite{std::move(result.write), [](Services& after, const Call&) {
                                return sign_in_refused(after, 403, "Wrong user or password.");
                            }};
    return PendingWrite{std::move(result.write), [cookies = result.cookies](Services&, const Call&) {
                            auto response = http::redirect("/boards");
                            for (const auto& cookie : cookies)
                                response.headers.emplace_back("Set-Cookie", cookie);
                            return response;
                        }};
}

Answer sign_out(Services& services, const Call& call) {
    return PendingWrite{[&access = services.access, request = call.request](OfficeStore& store) {
                            access.sign_out(store, request);
                        },
                        [](Services& after, const Call&) {
                            auto response = http::redirect("/sign-in");
                            response.headers.emplace_back("Set-Cookie", after.access.no_cookie());
                            return response;
                        }};
}

Answer make_claim_code(Services& services, const Call& call) {
    const auto place = call.request.form()["place"];
    const auto release = services.channel.release();
    const auto code = std::make_shared<std::string>();  // shared by the two steps
    return on_boards_page(
        [place, code, known = release && release->content.catalogue.place(place),
         now = call.now](OfficeStore& store) {
            if (!known) throw BadRequest("the channel has no place '" + place + "'");
            *code = issue_claim_code(store, place, place, now);
        },
        [place, code](Services& after, const Call& asked) {
            spdlog::info("{} made a claim code for {}", asked.session->user, place);
            auto page = boards_now(after, asked.now);
            page.new_code = NewClaimCode{*code, place};
            return page_response(boards_page(page, *asked.session));
        });
}

Answer retire_board(Services&, const Call& call) {
    const auto board = call.request.form()["board"];
    return on_boards_page(
        [board, user = call.session->user](OfficeStore& store) {
            if (!store.boards.find(board)) throw BadRequest("no board '" + board + "' has enrolled here");
            store.boards.set_state(board, BoardState::retired);
            spdlog::info("{} retired {}", user, board);
        },
        board_changed(board));
}

Answer resolve_twins(Services&, const Call& call) {
    return on_boards_page(
        [board = call.values.at(0), run = call.request.form()["run"],
         user = call.session->user](OfficeStore& store) {
            keep_device(store, board, run);
            spdlog::info("{} decided that the device of run {} stays {}", user, run, board);
        },
        go_to_boards_page);
}

Answer approve_board_form(Services&, const Call& call) {
    const auto& board = call.values.at(0);
    return on_boards_page(
        [board, fingerprint = call.request.form()["fingerprint"],
         user = call.session->user](OfficeStore& store) {
            approve_board(store, board, fingerprint);
            spdlog::info("{} approved {}", user, board);
        },
        board_changed(board));
}

Answer decline_board_form(Services&, const Call& call) {
    const auto& board = call.values.at(0);
    return on_boards_page(
        [board, fingerprint = call.request.form()["fingerprint"],
         user = call.session->user](OfficeStore& store) {
            decline_board(store, board, fingerprint);
            spdlog::info("{} declined {}, {}", user, board, fingerprint);
        },
        board_changed(board));
}

}  // namespace riverlight::office
