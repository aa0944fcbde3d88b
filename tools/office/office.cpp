#include "tools/office/office.hpp"

#include <spdlog/spdlog.h>

#include <filesystem>

#include "content/base/json.hpp"
#include "content/html/page.hpp"
#include "content/segment/forms.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/office/api.hpp"
#include "tools/office/assets.hpp"
#include "tools/office/csv.hpp"
#include "tools/office/pages.hpp"
#include "tools/office/paperwork.hpp"
#include "tools/office/question.hpp"

namespace riverlight::office {
namespace {

namespace json = boost::json;
using http::problem;
using http::Request;
using http::Response;
using namespace std::chrono_literals;

constexpr std::size_t page_rows = 100;
constexpr std::int64_t count_cap = 10'001;
constexpr std::size_t export_rows = 200'000;

Response html_page(std::string body, int status = 200) {
    Response response;
    response.status = status;
    response.type = "text/html; charset=utf-8";
    response.body = std::move(body);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Response json_page(const json::value& value) {
    Response response;
    response.type = "application/json";
    response.body = pretty_json(value);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Response served_file(const html::File& file) {
    Response response;
    response.type = file.type;
    response.headers.emplace_back("Cache-Control", html::file_cache_control);
    response.body = file.bytes;
    return response;
}

Response asset(const Request& request, std::string_view bytes, std::string_view type) {
    Response response;
    const auto etag = '"' + sha256_hex(bytes).substr(0, 16) + '"';
    response.type = type;
    response.headers.emplace_back("ETag", etag);
    response.headers.emplace_back("Cache-Control", "no-cache");
    if (request.header("if-none-match") == etag)
        response.status = 304;
    else
        response.body = bytes;
    return response;
}

std::vector<std::string> parts_of(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        parts.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return parts;
}

}  // namespace

SigningKey own_key(const std::string& folder) {
    const auto path = folder + "/office.key";
    if (!std::filesystem::exists(path)) SigningKey::generate().save(path);
    return SigningKey::load(path);
}

Office::Office(boost::asio::io_context& loop, const OfficeSetup& setup, std::function<Instant()> now)
    : now_(std::move(now)),
      store_(setup.state),
      key_(own_key(setup.state)),
      behind_tls_(setup.secure),
      zone_(setup.zone),
      access_(store_, setup.secure),
      programme_(loop, {setup.channel_url, setup.trusted_root, setup.ca_file, setup.state + "/channel", 60s},
                 now_, [this] { released(); }),
      comparer_(store_, programme_),
      intake_(store_, key_, [this](const std::string& place) { return programme_.facts(place); }),
      hour_(loop) {
    keep_plans();
}

/// Another release is current. A full disk must not end the office: what is not kept now is kept within the
/// hour.
void Office::released() {
    try {
        comparer_.forget_all();
        for (const auto& board : store_.boards())
            if (const auto facts = programme_.facts(board.place); !facts.country.empty())
                store_.file_airings(board.place, facts);
        comparer_.keep_plans(now_());
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

void Office::stop() {
    programme_.stop();
    hour_.cancel();
}

/// Once an hour today's plan is made sure to be kept, tomorrow's with it.
void Office::keep_plans() {
    try {
        comparer_.keep_plans(now_());
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
    hour_.expires_after(1h);
    hour_.async_wait([this](const auto& ec) {
        if (!ec) keep_plans();
    });
}

/// The address a request came from: behind a TLS proxy, the one that the proxy saw, which it puts last.
Request Office::as_sent(const Request& request) const {
    auto sent = request;
    const auto forwarded = std::string(request.header("x-forwarded-for"));
    if (behind_tls_ && !forwarded.empty()) {
        const auto last = forwarded.find_last_of(", ");
        sent.remote = last == std::string::npos ? forwarded : forwarded.substr(last + 1);
    }
    return sent;
}

Response Office::answer(const Request& as_received) {
    const auto request = as_sent(as_received);
    Response response;
    try {
        const bool reads = request.method == "GET" || request.method == "HEAD";
        if (const auto* file = html::file_at(request.path); file && reads)
            response = served_file(*file);
        else if (request.path == "/v1/openapi.json" && reads)
            response = asset(request, assets::openapi_json, "application/json");
        else if (request.path.starts_with("/v1/") && !reads)
            response = from_board(request);
        else if (request.path.starts_with("/v1/"))
            response = api(request);
        else if (request.path == "/sign-in")
            response = sign_in(request);
        else if (const auto session = access_.session(request, now_()); !session)
            response =
                reads
                    ? http::redirect("/sign-in")
                    : html_page(message_page("Signed out", "Sign in again, then do it once more.", {}), 401);
        else if (reads)
            response = page(request, *session);
        else if (request.method == "POST" && Access::form_is_ours(request, *session))
            response = post(request, *session);
        else
            response = html_page(message_page("Not done",
                                              "This form was not made for your session. Go back, load the "
                                              "page again, and send it once more.",
                                              session),
                                 403);
    } catch (const BadQuestion& e) {
        response = request.path.starts_with("/v1/")
                       ? problem(400, "urn:riverlight:question", "Cannot be answered", e.what())
                       : html_page(message_page("That cannot be shown", e.what(), {}), 400);
    } catch (const Error& e) {  // a full disk, a locked file: told, and the next request is answered again
        spdlog::error("{} {}: {}", request.method, request.path, e.what());
        constexpr auto words =
            "The office could not read or write its records; whoever keeps it finds the reason in its log.";
        response = request.path.starts_with("/v1/") ? problem(503, "urn:riverlight:records", "Not now", words)
                                                    : html_page(message_page("Not now", words, {}), 503);
    }
    response.headers.emplace_back("Referrer-Policy", "same-origin");
    response.headers.emplace_back("Content-Security-Policy", html::content_security_policy);
    return response;
}

Response Office::from_board(const Request& request) {
    const auto parts = parts_of(request.path);
    const auto now = now_();
    if (request.method == "POST" && request.path == "/v1/enrolments") return intake_.enrol(request, now);
    if (request.method == "PUT" && parts.size() == 4 && parts[1] == "boards" && parts[3] == "health")
        return intake_.health(request, parts[2], now);
    if (request.method == "PUT" && parts.size() == 7 && parts[1] == "boards" && parts[3] == "epochs" &&
        parts[5] == "airings") {
        auto response = intake_.airings(request, parts[2], parts[4], parts[6], now);
        if (const auto board = store_.board(parts[2]); board && response.status == 200)
            comparer_.forget(board->place);
        return response;
    }
    return problem(404, "urn:riverlight:not-found", "There is nothing here",
                   request.method + " " + request.path + " is not part of /v1/openapi.json");
}

Response Office::sign_in(const Request& request) {
    if (request.method != "POST") return html_page(sign_in_page("", store_.has_users()));
    // A sign-in form sent from elsewhere would sign a person in as somebody else.
    const auto origin = request.header("origin");
    auto form = request.form();
    if (!origin.empty() && origin != "http://" + request.host && origin != "https://" + request.host)
        return html_page(sign_in_page("That form came from another site.", store_.has_users()), 403);
    const auto result = access_.sign_in(form["user"], form["password"], request.remote, now_());
    if (result.wait.count() > 0) {
        auto response = html_page(sign_in_page("Too many wrong passwords; try again in " +
                                                   std::to_string(result.wait.count()) + " seconds.",
                                               true),
                                  429);
        response.headers.emplace_back("Retry-After", std::to_string(result.wait.count()));
        return response;
    }
    if (result.cookie.empty())
        return html_page(sign_in_page("Wrong user or password.", store_.has_users()), 403);
    auto response = http::redirect("/boards");
    response.headers.emplace_back("Set-Cookie", result.cookie);
    return response;
}

Response Office::post(const Request& request, const Session& session) {
    auto form = request.form();
    const auto parts = parts_of(request.path);
    if (request.path == "/sign-out") {
        auto response = http::redirect("/sign-in");
        response.headers.emplace_back("Set-Cookie", access_.sign_out(request));
        return response;
    }
    try {
        if (request.path == "/claims") {
            const auto place = form["place"];
            const auto release = programme_.release();
            if (!release || !release->content.catalogue.place(place))
                throw Error("the channel knows no place '" + place + "'");
            auto code = make_claim(store_, place, place, now_());
            spdlog::info("{} made a claim code for {}", session.user, place);
            return boards(request, session, code, place);
        }
        if (request.path == "/boards/retire") {
            const auto board = form["board"];
            if (!store_.board(board)) throw Error("no board '" + board + "' has enrolled here");
            store_.set_board_state(board, BoardState::retired);
            spdlog::info("{} retired {}", session.user, board);
            comparer_.forget_all();
            return http::redirect("/boards");
        }
        if (parts.size() == 3 && parts[0] == "boards" && parts[2] == "approve") {
            approve(store_, parts[1], form["fingerprint"]);
            spdlog::info("{} approved {}", session.user, parts[1]);
            comparer_.forget_all();
            comparer_.keep_plans(now_());
            return http::redirect("/boards");
        }
    } catch (const Error& e) {
        return boards(request, session, "", "", e.what());
    }
    return html_page(message_page("There is no such page", request.path, session), 404);
}

Response Office::page(const Request& request, const Session& session) {
    if (request.path == "/" || request.path == "/claims") return http::redirect("/boards");
    if (request.path == "/boards") return boards(request, session);
    if (request.path == "/airings") return airings(request, session);
    if (request.path == "/airings.csv") return airings_csv(request);
    if (request.path == "/as-run") return as_run_file(store_, programme_, request, now_());
    if (request.path == "/planned") return planned(request, session);
    return html_page(message_page("There is no such page", request.path, session), 404);
}

Response Office::boards(const Request&, const Session& session, const std::string& code,
                        const std::string& place, const std::string& complaint) {
    BoardsPage page;
    page.now = now_();
    const auto release = programme_.release();
    for (const auto& row : store_.boards()) page.boards.push_back(board_view(row, release.get(), page.now));
    page.alarms = store_.alarms(page.now - 24h * 7, 20);
    page.fault = programme_.fault();
    if (release) {
        page.release = release->content.release;
        for (const auto& [_, country] : release->content.catalogue.countries)
            for (const auto& p : country.places) page.places.push_back(p.id);
    }
    page.new_code = code;
    page.new_code_place = place;
    page.complaint = complaint;
    return html_page(boards_page(page, session), complaint.empty() ? 200 : 400);
}

Response Office::airings(const Request& request, const Session& session) {
    AiringsPage page;
    page.filter = filter_of(request);
    page.query = query_of(page.filter);
    page.rows = rows_asked(request, page_rows, page.next);
    page.count = store_.count(page.filter, count_cap);
    page.count_cap = count_cap;
    page.countries = store_.values_of("country");
    page.locales = store_.values_of("locale");
    page.campaigns = store_.values_of("campaign");
    page.segments = store_.values_of("segment");
    for (const auto& board : store_.boards()) page.boards.push_back(board.board);
    page.programme = &programme_;
    return html_page(airings_page(page, session));
}

Response Office::airings_csv(const Request& request) {
    const auto filter = filter_of(request);
    const auto rows = store_.airings(filter, std::nullopt, export_rows + 1);
    if (rows.size() > export_rows)
        throw BadQuestion("more than " + std::to_string(export_rows) +
                          " airings fit; choose fewer days or one country");
    Response response;
    response.type = "text/csv; charset=utf-8; header=present";
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"airings.csv\"");
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = office::airings_csv(rows);
    return response;
}

std::chrono::local_days Office::day_asked(const Request& request) const {
    return day_of(request, "day").value_or(scheduler::local_day_of(now_(), zone_).day);
}

Response Office::planned(const Request& request, const Session& session) {
    PlannedPage page;
    page.day = day_asked(request);
    page.country = request.query_or("country");
    page.countries = comparer_.day(page.day, page.country, now_());
    for (int back = 6; back >= 0; --back) {
        const auto day = page.day - std::chrono::days(back);
        Tally all;
        for (const auto& country : comparer_.day(day, page.country, now_())) all += country.tally;
        page.days.emplace_back(day, all);
    }
    page.fault = programme_.fault();
    if (const auto release = programme_.release()) {
        page.release = release->content.release;
        for (const auto& [code, _] : release->content.catalogue.countries) page.choices.push_back(code);
    }
    return html_page(planned_page(page, session));
}

Response Office::api(const Request& request) {
    if (!access_.session(request, now_()))
        return problem(401, "urn:riverlight:sign-in", "Sign in first",
                       "POST user and password to /sign-in and send its cookie");
    if (request.path == "/v1/boards") return json_page(boards_json(store_.boards()));
    if (request.path == "/v1/airings") {
        std::string next;
        const auto rows = rows_asked(request, number_of(request, "count", page_rows, 1, 1000), next);
        return json_page(airings_json(rows, next));
    }
    if (request.path == "/v1/as-run") return as_run_file(store_, programme_, request, now_());
    if (request.path == "/v1/planned") {
        const auto day = day_asked(request);
        const auto release = programme_.release();
        return json_page(planned_json(day, release ? release->content.release : "",
                                      comparer_.day(day, request.query_or("country"), now_())));
    }
    return problem(404, "urn:riverlight:not-found", "There is nothing here",
                   request.path + " is not part of /v1/openapi.json");
}

/// At most `count` airings from the asked cursor on, and the cursor of what follows them.
std::vector<AiringRow> Office::rows_asked(const Request& request, std::size_t count,
                                          std::string& next) const {
    auto rows = store_.airings(filter_of(request), cursor_of(request), count + 1);
    if (rows.size() > count) {
        rows.pop_back();
        next = cursor_text(rows.back());
    }
    return rows;
}

void approve(OfficeStore& store, const std::string& id, const std::string& fingerprint) {
    const auto board = store.board(id);
    if (!board) throw Error("no board '" + id + "' has enrolled here; see 'board list'");
    if (key_fingerprint(board->public_key) != fingerprint)
        throw Error("board '" + id + "' has another fingerprint than '" + fingerprint +
                    "': it is not the device that was looked at. Nothing was approved");
    store.set_board_state(id, BoardState::active);
}

std::string make_claim(OfficeStore& store, const std::string& place, const std::string& board, Instant now) {
    for (const auto& id : {place, board})
        if (!content::is_id(id)) throw Error("'" + id + "' is no id: lower-case letters, digits and hyphens");
    auto code = new_claim_code();
    store.add_claim(claim_hash(code), {place, board, now + std::chrono::days(30), ""});
    return code;
}

}  // namespace riverlight::office
