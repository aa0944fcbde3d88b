#include "tools/office/page_handlers.hpp"

#include <cassert>

#include "content/html/page.hpp"
#include "tools/office/as_run_file.hpp"
#include "tools/office/parameters.hpp"
#include "tools/office/responses.hpp"
#include "tools/office/sheet_sources.hpp"

namespace riverlight::office {
namespace {

using http::Response;

constexpr std::size_t page_rows = 100;
constexpr std::int64_t count_cap = 10'001;
constexpr auto alarms_shown_for = std::chrono::days(7);
constexpr std::size_t alarms_shown = 20;

/// What was pruned would look as if nothing had been heard.
void require_not_pruned(const OfficeStore& store, std::chrono::local_days day) {
    const auto pruned = store.plans.pruned_before();
    if (pruned && day < *pruned)
        throw BadRequest("airings and plans of days before " + to_iso(*pruned) +
                         " were removed; 'Planned against aired' has the sums of those days");
}

/// The rows as a file of the format that the path ends with.
Response file_response(const Services& services, const Call& call, std::unique_ptr<SheetSource> rows,
                       const std::string& name) {
    const auto& path = call.request.path;
    const auto format = parse_sheet_format(path.substr(path.rfind('.') + 1)).value_or(SheetFormat::csv);
    // Shared: what is called for each piece is copied.
    const std::shared_ptr<SheetFile> file = make_sheet_file(format, std::move(rows), services.folder);
    auto response = download_response({}, media_type(format), name + '.' + std::string(to_text(format)));
    response.stream = http::BodyStream{[file] {
                                           auto piece = file->next();
                                           while (piece && piece->empty()) piece = file->next();
                                           return std::move(piece).value_or(std::string());
                                       },
                                       services.exports};
    return response;
}

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
    page.order = order_parameter(call.request);
    auto [rows, next] =
        airings_from(store, page.filter, cursor_parameter(call.request), page_rows, page.order);
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
    page.pruned_before = store.plans.pruned_before();
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
        page.days.emplace_back(day, services.comparer.total(day, page.country, call.now));
    }
    page.channel_fault = services.channel.fault();
    page.pruned_before = services.store.plans.pruned_before();
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
    return file_response(services, call, airing_rows(services.readers, filter_parameters(call.request)),
                         "airings");
}

Response download_promises(Services& services, const Call& call) {
    PromiseFilter filter;
    filter.from =
        day_parameter(call.request, "from").value_or(day_or_today(call.request, services.zone, call.now));
    filter.until = day_parameter(call.request, "until").value_or(filter.from);
    if (filter.until < filter.from) throw BadRequest("'until' must not be before 'from'");
    require_not_pruned(services.store, filter.from);
    const auto of = filter_parameters(call.request);
    filter.country = of.country;
    filter.place = of.place;
    filter.locale = of.locale;
    filter.campaign = of.campaign;
    filter.segment = of.segment;
    return file_response(services, call, promise_rows(services.readers, std::move(filter), call.now),
                         "promises");
}

Response download_as_run(Services& services, const Call& call) {
    if (const auto day = day_parameter(call.request, "day")) require_not_pruned(services.store, *day);
    return as_run_file(services.store, services.channel, call.request, call.now);
}

}  // namespace riverlight::office
