#include "tools/fleet/check_figures.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <thread>

#include "content/base/json.hpp"
#include "tools/fleet/expected_day.hpp"
#include "tools/office/figures/doubt.hpp"
#include "tools/traffic/csv.hpp"

namespace riverlight::fleet {
namespace {

namespace json = boost::json;
using office::Tally;
using std::chrono::milliseconds;

constexpr std::size_t most_told = 100;

using CsvLine = std::map<std::string, std::string>;

std::string text_of(const Tally& t) {
    std::string out;
    for (const auto& [name, count] : {std::pair{"aired", t.aired},
                                      {"partly", t.partly},
                                      {"missed", t.missed},
                                      {"silent", t.silent},
                                      {"upcoming", t.upcoming},
                                      {"waived", t.waived},
                                      {"filler", t.filler},
                                      {"unplanned", t.unplanned}})
        out += std::string(name) + ' ' + std::to_string(count) + ", ";
    for (const auto& [name, time] : {std::pair{"due", t.due_time},
                                     {"shown", t.shown},
                                     {"filler", t.filler_time},
                                     {"unplanned", t.unplanned_time}})
        out += std::string(name) + ' ' + std::to_string(time.count()) + " ms, ";
    return out.substr(0, out.size() - 2);
}

Tally tally_of(const json::value& value) {
    JsonFields f(value, "tally");
    const auto count = [&](std::string_view key) {
        return static_cast<int>(f.integer(key, 0, 2'000'000'000));
    };
    const auto time = [&](std::string_view key) {
        return milliseconds{f.integer(key, 0, std::int64_t{1} << 53)};
    };
    Tally t;
    t.aired = count("aired");
    t.partly = count("partly");
    t.missed = count("missed");
    t.silent = count("silent");
    t.upcoming = count("upcoming");
    t.waived = count("waived");
    t.filler = count("filler");
    t.unplanned = count("unplanned");
    t.due_time = time("due_ms");
    t.shown = time("shown_ms");
    t.filler_time = time("filler_ms");
    t.unplanned_time = time("unplanned_ms");
    return t;
}

/// A row of the export, in the words of the export.
std::string office_row(CsvLine& row) {
    std::string out;
    for (const auto* column : {"place", "planned start (UTC)", "planned end (UTC)", "campaign", "booking",
                               "segment", "language", "outcome", "shown (ms)"})
        out += row[column] + ' ';
    return out;
}

std::string expected_row(const std::string& place, const ExpectedRow& row) {
    std::string out;
    for (const auto& text : {place, to_rfc3339(row.start), to_rfc3339(row.end), row.subject.campaign,
                             row.subject.booking, row.subject.segment, row.subject.locale,
                             std::string(to_text(row.outcome)), std::to_string(row.shown.count())})
        out += text + ' ';
    return out;
}

class FiguresChecker {
  public:
    FiguresChecker(const FiguresSubject& subject, OfficeReader& office, int threads)
        : subject_(subject), office_(office), threads_(threads) {}

    FiguresCheck run() {
        for (const auto& country : subject_.scenario.countries)
            for (int n = 0; n < subject_.scenario.days; ++n)
                check_day(country.code, subject_.scenario.first_day + std::chrono::days{n});
        check_doubts();
        check_twins();
        return std::move(result_);
    }

  private:
    void differ(const std::string& what, const std::string& office, const std::string& ledger) {
        ++result_.differences;
        if (result_.first_differences.size() < most_told)
            result_.first_differences.push_back(what + ": the office says '" + office +
                                                "', and the ledger '" + ledger + "'");
    }
    void compare(const std::string& what, const Tally& office, const Tally& ledger) {
        ++result_.sums;
        if (office != ledger) differ(what, text_of(office), text_of(ledger));
    }

    [[nodiscard]] std::vector<const FleetBoard*> boards_in(const std::string& country) const {
        std::vector<const FleetBoard*> out;
        for (const auto& board : subject_.boards)
            if (board->place().country == country) out.push_back(board.get());
        return out;
    }
    [[nodiscard]] std::vector<ExpectedDay> expected(const std::vector<const FleetBoard*>& boards,
                                                    std::chrono::local_days day) const {
        std::vector<ExpectedDay> out(boards.size());
        std::atomic<std::size_t> next = 0;
        const auto work = [&] {
            for (std::size_t n = next++; n < boards.size(); n = next++)
                out[n] = expected_day(subject_.releases, boards[n]->place(), day, subject_.since,
                                      boards[n]->ledger(), subject_.subjects);
        };
        std::vector<std::thread> threads;
        threads.reserve(static_cast<std::size_t>(threads_));
        for (int n = 0; n < threads_; ++n) threads.emplace_back(work);
        for (auto& thread : threads) thread.join();
        return out;
    }

    void check_day(const std::string& country, std::chrono::local_days day) {
        const auto boards = boards_in(country);
        if (boards.empty()) return;  // more countries than boards
        const auto days = expected(boards, day);
        const auto query = to_iso(day) + "&country=" + country;
        check_rows(boards, days, office_.get("/planned.csv?from=" + query));
        check_sums(country + ' ' + to_iso(day), boards, days, office_.get_json("/v1/planned?day=" + query));
    }

    void check_rows(const std::vector<const FleetBoard*>& boards, const std::vector<ExpectedDay>& days,
                    const std::string& csv) {
        std::map<std::string, std::string> exported;  // by airing
        const auto lines = traffic::read_csv_rows(csv, "planned.csv");
        for (std::size_t n = 1; n < lines.size(); ++n) {
            CsvLine line;
            for (std::size_t i = 0; i < lines[n].cells.size(); ++i)
                line[lines[0].cells.at(i)] = lines[n].cells[i];
            if (!exported.emplace(line["airing"], office_row(line)).second)
                differ("a promise has one row", office_row(line), "a row before it");
        }
        for (std::size_t n = 0; n < days.size(); ++n)
            for (const auto& row : days[n].rows) {
                ++result_.rows;
                const auto wanted = expected_row(boards[n]->place().id, row);
                const auto found = exported.extract(row.airing);
                if (found.empty() || found.mapped() != wanted)
                    differ("row " + row.airing, found.empty() ? "nothing" : found.mapped(), wanted);
            }
        for (const auto& [id, row] : exported) differ("row " + id, row, "nothing");
    }

    void check_sums(const std::string& what, const std::vector<const FleetBoard*>& boards,
                    const std::vector<ExpectedDay>& days, const json::value& planned) {
        Tally all;
        std::map<office::Subject, Tally> by_subject;
        std::map<std::string, const ExpectedDay*> by_place;
        for (std::size_t n = 0; n < days.size(); ++n) {
            all += days[n].tally;
            for (const auto& [subject, tally] : days[n].by_subject) by_subject[subject] += tally;
            by_place.emplace(boards[n]->place().id, &days[n]);
        }
        result_.airings += all.aired + all.filler;
        const auto& countries = planned.at("countries").as_array();
        if (countries.size() != 1) return differ(what, std::to_string(countries.size()) + " countries", "1");
        const auto& country = countries.front();
        compare(what, tally_of(country.at("tally")), all);
        check_split(what + " by campaign", country.at("by_campaign"),
                    split_by(office::Split::campaign, by_subject));
        check_split(what + " by segment", country.at("by_segment"),
                    split_by(office::Split::segment, by_subject));
        check_split(what + " by language", country.at("by_language"),
                    split_by(office::Split::locale, by_subject));
        for (const auto& place : country.at("places").as_array()) {
            const std::string id(place.at("place").as_string());
            const auto found = by_place.extract(id);
            compare(what + ' ' + id, tally_of(place.at("tally")),
                    found.empty() ? Tally{} : found.mapped()->tally);
        }
        for (const auto& [id, day] : by_place) compare(what + ' ' + id, {}, day->tally);
    }

    void check_split(const std::string& what, const json::value& split, std::map<std::string, Tally> ledger) {
        for (const auto& [key, tally] : split.as_object()) {
            const auto found = ledger.extract(std::string(key));
            compare(what + ' ' + std::string(key), tally_of(tally), found.empty() ? Tally{} : found.mapped());
        }
        for (const auto& [key, tally] : ledger) compare(what + ' ' + key, {}, tally);
    }

    /// Every lie is found out, by its own reason, and nothing else is doubted.
    void check_doubts() {
        std::map<std::string, std::int64_t> wanted;
        const auto add = [&](office::Doubt doubt, std::int64_t count) {
            if (count > 0) wanted[std::string(to_text(doubt))] += count;
        };
        for (const auto& board : subject_.boards) {
            const auto& book = board->ledger();
            add(office::Doubt::no_evidence, book.lies(Lie::without_evidence));
            add(office::Doubt::overlap, book.lies(Lie::overlap) + book.not_believed());
            add(office::Doubt::ends_before_start, book.lies(Lie::ends_before_start));
            add(office::Doubt::far_from_plan, book.lies(Lie::far_from_plan));
        }
        const auto answer = office_.get_json("/v1/quarantine");
        for (const auto& [doubt, count] : answer.at("doubts").as_object()) {
            const auto found = wanted.extract(std::string(doubt));
            const auto expected = found.empty() ? 0 : found.mapped();
            if (count.to_number<std::int64_t>() != expected)
                differ("records in doubt, " + std::string(doubt), json::serialize(count),
                       std::to_string(expected));
        }
        for (const auto& [doubt, count] : wanted)
            differ("records in doubt, " + doubt, "0", std::to_string(count));
    }

    /// Each cloned card is found out, on both devices, and nothing else is taken for one.
    void check_twins() {
        std::map<std::string, bool> has_clone;
        for (const auto& board : subject_.boards) {
            has_clone[board->id()] = board->has_clone();
            for (const auto& device : board->devices())
                if (device->has_twin != board->has_clone())
                    differ(board->id() + ", what its device was told of a twin",
                           device->has_twin ? "it has one" : "nothing",
                           board->has_clone() ? "a twin" : "none");
        }
        const auto answer = office_.get_json("/v1/boards");
        for (const auto& row : answer.at("boards").as_array()) {
            const std::string id(row.at("board").as_string());
            const bool found = !row.at("twins").is_null();
            const auto board = has_clone.extract(id);
            if (board.empty() || board.mapped() != found)
                differ(id, found ? "two devices" : "one device", found ? "one device" : "two devices");
        }
        for (const auto& [id, _] : has_clone) differ(id, "no such board", "a board");
    }

    const FiguresSubject& subject_;
    OfficeReader& office_;
    const int threads_;
    FiguresCheck result_;
};

}  // namespace

FiguresCheck check_figures(const FiguresSubject& subject, OfficeReader& office, int threads) {
    return FiguresChecker(subject, office, threads).run();
}

}  // namespace riverlight::fleet
