#include "tools/office/api_handlers.hpp"

#include <utility>

#include "content/base/crypto.hpp"
#include "tools/office/api.hpp"
#include "tools/office/assets.hpp"
#include "tools/office/audits.hpp"
#include "tools/office/parameters.hpp"
#include "tools/office/responses.hpp"

namespace riverlight::office {

using http::Response;

Response openapi_file(Services&, const Call& call) {
    Response response;
    const auto etag = '"' + sha256_hex(assets::openapi_json).substr(0, 16) + '"';
    response.type = "application/json";
    response.headers.emplace_back("ETag", etag);
    response.headers.emplace_back("Cache-Control", "no-cache");
    if (call.request.header("if-none-match") == etag)
        response.status = 304;
    else
        response.body = assets::openapi_json;
    return response;
}

namespace {

Answer of_board(BoardAnswer answer) {
    if (auto* refusal = std::get_if<Response>(&answer)) return std::move(*refusal);
    auto& checked = std::get<BoardWrite>(answer);
    return PendingWrite{std::move(checked.write),
                        [then = std::move(checked.answer)](Services&, const Call&) { return then(); }};
}

}  // namespace

Answer enrol_board(Services& services, const Call& call) {
    return of_board(services.reception.enrol(services.store, call.request, call.now));
}

Answer receive_health(Services& services, const Call& call) {
    return of_board(services.reception.health(services.store, call.request, call.values.at(0), call.now));
}

Answer receive_airings(Services& services, const Call& call) {
    return of_board(services.reception.airings(
        services.store, call.request, {call.values.at(0), call.values.at(1), call.values.at(2)}, call.now));
}

Response answer_audit(Services& services, const Call& call) {
    return services.reception.audit(services.store, call.request, call.values.at(0), call.now);
}

Answer show_tree_head(Services& services, const Call& call) {
    const auto head = signed_head(services.store, services.reception.key(), call.now);
    if (services.store.tree.kept_head(call.now)) return head_response(head);
    return PendingWrite{[head](OfficeStore& store) { store.tree.keep_head(head); },
                        [head](Services&, const Call&) { return head_response(head); }};
}

Answer show_daily_head(Services& services, const Call& call) {
    if (auto kept = daily_head_response(services.store, call.now)) return std::move(*kept);
    const auto head = signed_head(services.store, services.reception.key(), call.now);
    return PendingWrite{[head](OfficeStore& store) { store.tree.keep_head(head); },
                        [head](Services& after, const Call& asked) {
                            // Another request may have been first: its head stays.
                            return daily_head_response(after.store, asked.now).value_or(head_response(head));
                        }};
}

Response show_tree_growth(Services& services, const Call& call) {
    return growth_response(services.store, call.values.at(0));
}

Response list_boards(Services& services, const Call& call) {
    return json_response(boards_json(services.store, call.now));
}

Response list_airings(Services& services, const Call& call) {
    const auto count = number_parameter(call.request, "count", 100, 1, 1000);
    const auto [rows, next] =
        airings_from(services.store, filter_parameters(call.request), cursor_parameter(call.request), count,
                     order_parameter(call.request));
    return json_response(airings_json(rows, next ? cursor_text(*next) : ""));
}

Response list_quarantine(Services& services, const Call&) {
    return json_response(quarantine_json(services.store.airings));
}

Response list_planned(Services& services, const Call& call) {
    const auto day = day_or_today(call.request, services.zone, call.now);
    const auto release = services.channel.release();
    return json_response(
        planned_json(day, release ? release->content.release : "",
                     services.comparer.day(day, call.request.query_or("country"), call.now)));
}

}  // namespace riverlight::office
