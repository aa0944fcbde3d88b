#include "tools/office/page_handlers.hpp"

#include <cassert>

#include "content/html/page.hpp"
#include "tools/office/as_run_file.hpp"
#include "tools/office/csv.hpp"
#include "tools/office/parameters.hpp"
#include "tools/office/responses.hpp"

namespace riverlight::office {
namespace {

using http::Response;

constexpr std::size_t page_rows = 100;
constexpr std::int64_t count_cap = 10'001;
constexpr std::size_t export_rows = 200'000;
constexpr std::chrono::days most_days{31};  // of an export of promises
constexpr auto alarms_shown_for = std::chrono::days(7);
constexpr std::size_t alarms_shown = 20;

}  // namespace

Response layout_file(Services&, const Call& call) {
    const auto* file = html::file_at(call.request.path);
    if (!file)
        return page_response(
            message_page("There is no such page", "The office was updated: load the page again.", {}), 404);
    Response response;
    response.type = file->type;
    response.headers.emplace_back("Cache-Control", html::file_cache_control);
    response.body = file->bytes;
    return response;
}

Response show_sign_in(Services& services, const Call&) {
    return page_response(sign_in_page("", services.store.users.has_users()));
}

Response go_to_boards(Services&, const Call&) {
    return http::redirect("/boards");
}

BoardsPage boards_now(const Services& services, Instant now) {
    BoardsPage page;
    page.now = now;
    const auto release = services.channel.release();
    for (const auto& row : services.store.boards.all()) {
        auto board = summarise_board(row, release.get(), now);
        board.twins_since = services.store.twins.twins_since(row.board);
        if (board.twins_since) board.devices = services.store.twins.devices(row.board, now);
        board.applicant = services.store.boards.applicant(row.board);
        page.boards.push_back(std::move(board));
    }
    page.alarms = services.store.alarms.since(now - alarms_shown_for, alarms_shown);
    page.channel_fault = services.channel.fault();
    if (release)
        for (const auto& [_, country] : release->content.catalogue.countries)
            for (const auto& place : country.places) page.places.push_back(place.id);
    return page;
}

Response show_boards(Services& services, const Call& call) {
    assert(call.session);
    return page_response(boards_page(boards_now(services, call.now), *call.session));
}

Response show_airings(Services& services, const Call& call) {
    assert(call.session);
    const auto& store = services.store;
    AiringsPage page;
    page.filter = filter_parameters(call.request);
    auto [rows, next] = airings_from(store, page.filter, cursor_parameter(call.request), page_rows);
    page.rows = std::move(rows);
    page.next = std::move(next);
    page.count = store.airings.count(page.filter, count_cap);
    page.count_cap = count_cap;
    page.countries = store.airings.values_of(AiringColumn::country);
    page.locales = store.airings.values_of(AiringColumn::locale);
    page.campaigns = store.airings.values_of(AiringColumn::campaign);
    page.segments = store.airings.values_of(AiringColumn::segment);
    for (const auto& board : store.boards.all()) page.boards.push_back(board.board);
    page.channel = &services.channel;
    return page_response(airings_page(page, *call.session));
}

Response show_planned(Services& services, const Call& call) {
    assert(call.session);
    PlannedPage page;
    page.day = day_or_today(call.request, services.zone, call.now);
    page.country = call.request.query_or("country");
    page.countries = services.comparer.day(page.day, page.country, call.now);
    for (int back = 6; back >= 0; --back) {
        const auto day = page.day - std::chrono::days(back);
        Tally all;
        for (const auto& country : services.comparer.day(day, page.country, call.now)) all += country.tally;
        page.days.emplace_back(day, all);
    }
    page.channel_fault = services.channel.fault();
    if (const auto release = services.channel.release()) {
        page.release = release->content.release;
        for (const auto& [code, _] : release->content.catalogue.countries)
            page.channel_countries.push_back(code);
    }
    return page_response(planned_page(page, *call.session));
}

Response show_quarantine(Services& services, const Call& call) {
    assert(call.session);
    const auto& airings = services.store.airings;
    QuarantinePage page;
    page.doubts = airings.doubts();
    AiringFilter filter;
    filter.in_doubt = true;
    auto [rows, next] = airings_from(services.store, filter, cursor_parameter(call.request), page_rows);
    page.rows = std::move(rows);
    page.next = std::move(next);
    page.refused_count = airings.refused_count();
    page.refused = airings.refused(page_rows);
    return page_response(quarantine_page(page, *call.session));
}

Response download_airings(Services& services, const Call& call) {
    const auto rows =
        services.store.airings.list(filter_parameters(call.request), std::nullopt, export_rows + 1);
    if (rows.size() > export_rows)
        throw BadRequest("more than " + std::to_string(export_rows) +
                         " airings match; choose fewer days or one country");
    return download_response(airings_csv(rows), "text/csv; charset=utf-8; header=present", "airings.csv");
}

Response download_promises(Services& services, const Call& call) {
    const auto from =
        day_parameter(call.request, "from").value_or(day_or_today(call.request, services.zone, call.now));
    const auto until = day_parameter(call.request, "until").value_or(from);
    if (until < from || until - from >= most_days)
        throw BadRequest("'until' must be 'from' or up to " + std::to_string(most_days.count() - 1) +
                         " days after it");
    auto text = promises_csv_head();
    for (auto day = from; day <= until; day += std::chrono::days(1))
        services.comparer.for_each_place(day, call.request.query_or("country"), call.now,
                                         [&](const DayFacts& place, const SettledDay& settled) {
                                             text += promises_csv_rows(place, settled);
                                         });
    return download_response(std::move(text), "text/csv; charset=utf-8; header=present", "promises.csv");
}

Response download_as_run(Services& services, const Call& call) {
    return as_run_file(services.store, services.channel, call.request, call.now);
}

}  // namespace riverlight::office
