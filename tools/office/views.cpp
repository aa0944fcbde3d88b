#include "tools/office/views.hpp"

#include <algorithm>

#include "content/airing/health.hpp"
#include "content/base/error.hpp"
#include "scheduler/plan/broadcast_day.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;

/// What people see of a health report.
void show_health(const std::string& text, BoardView& view) {
    if (text.empty()) return;
    auto [report, fault] = content::read_health(text);
    if (report.clock) view.clock = to_text(*report.clock);
    if (report.clock_error) view.clock_error_ms = report.clock_error->count();
    view.release = std::move(report.release);
    view.queue = report.queue;
    view.disk_free_bytes = report.disk_free_bytes.value_or(-1);
    view.signed_until = report.signed_until;
    view.alarms = std::move(report.alarms);
    for (auto& outlet : report.outlets) {
        OutletNow now{std::move(outlet.id), "", "", ""};
        if (const auto& on = outlet.on_air) now = {now.id, on->segment, on->locale, on->campaign};
        view.outlets.push_back(std::move(now));
    }
    if (!fault.empty()) view.alarms.emplace_back("Its last report could not be read completely: " + fault);
}

}  // namespace

BoardView board_view(const BoardRow& row, const Release* release, Instant now) {
    BoardView view;
    view.row = row;
    const auto* place = release ? release->content.catalogue.place(row.place) : nullptr;
    if (place) {
        view.place_name = place->name;
        view.country = place->country;
        view.zone = place->zone;
    }
    show_health(row.health, view);
    view.quiet = row.state == BoardState::active && (!row.heard || now - *row.heard > 5min);
    view.behind = release && row.heard && view.release != release->content.release;
    return view;
}

std::vector<CountryDay> Comparer::day(std::chrono::local_days day, const std::string& country, Instant now) {
    std::vector<CountryDay> out;
    const auto release = programme_.release();
    if (!release) return out;
    std::map<std::string, Instant> since;  // place → when its first board enrolled
    for (const auto& board : store_.boards()) {
        if (board.state == BoardState::retired) continue;
        const auto [it, fresh] = since.emplace(board.place, board.enrolled);
        if (!fresh) it->second = std::min(it->second, board.enrolled);
    }
    for (const auto& [code, facts] : release->content.catalogue.countries) {
        if (!country.empty() && code != country) continue;
        CountryDay here{code, {}, {}, {}};
        for (const auto& place : facts.places) {
            const auto reports = since.find(place.id);
            if (reports == since.end()) {
                here.without_board.push_back(place.id);
                continue;
            }
            const std::pair key{place.id, day};
            auto known = known_.find(key);
            if (known == known_.end() || known->second.until <= now) {
                const auto kept = store_.plan(place.id, day);
                const auto plan = kept.empty() ? release->plan(place.id, day) : read_kept_plan(kept);
                const auto bounds = scheduler::broadcast_day(release->day_start(place), place.zone, day);
                Known entry;
                if (plan)
                    entry.comparison = compare(*plan, store_.outcomes(place.id, day), reports->second, now);
                // A day that is over changes only with what a board sends later.
                entry.until = bounds.until < now ? now + 24h : now + 5s;
                known = known_.insert_or_assign(key, std::move(entry)).first;
            }
            here.tally += known->second.comparison.tally;
            here.places.push_back({place.id, place.name, known->second.comparison});
        }
        out.push_back(std::move(here));
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return country_name(a.country) < country_name(b.country); });
    if (known_.size() > 100'000) known_.clear();
    return out;
}

void Comparer::keep_plans(Instant now) {
    const auto release = programme_.release();
    if (!release) return;
    for (const auto& board : store_.boards()) {
        const auto* place = release->content.catalogue.place(board.place);
        if (!place || board.state == BoardState::retired) continue;
        const auto today = scheduler::broadcast_day_of(release->day_start(*place), place->zone, now).day;
        // Tomorrow's too: an office that is down over midnight still knows what was planned.
        for (const auto day : {today, today + std::chrono::days(1)}) {
            const auto fresh = release->plan(place->id, day);
            if (!fresh) continue;
            const auto kept = store_.plan(place->id, day);
            store_.set_plan(
                place->id, day,
                write_kept_plan(kept.empty() ? *fresh : merged(read_kept_plan(kept), *fresh, now)));
        }
    }
}

void Comparer::forget(const std::string& place) {
    std::erase_if(known_, [&](const auto& entry) { return entry.first.first == place; });
}

std::string country_name(const std::string& code) {
    static const std::map<std::string, std::string> names{{"CN", "China"},    {"KH", "Cambodia"},
                                                          {"LA", "Lao PDR"},  {"MM", "Myanmar"},
                                                          {"TH", "Thailand"}, {"VN", "Viet Nam"}};
    const auto found = names.find(code);
    return found == names.end() ? code : found->second;
}

}  // namespace riverlight::office
