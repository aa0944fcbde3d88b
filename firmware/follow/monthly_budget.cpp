#include "firmware/follow/monthly_budget.hpp"

#include <utility>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;

constexpr std::uint64_t save_every = 4U << 20;

bool is_month(const std::string& text) {
    return text.size() == 7 && date_from_iso(text + "-01");
}

std::string month_of(Instant at, const std::string& zone) {
    return to_iso(scheduler::local_day_of(at, zone).day).substr(0, 7);
}

}  // namespace

MonthlyBudget::MonthlyBudget(std::string file) : file_(std::move(file)) {
    try {
        const auto value = parse_json(read_file(file_, 4096), file_, {.bytes = 4096, .depth = 2});
        JsonFields fields(value, file_);
        fields.format(1);
        const auto month = fields.text("month", 7);
        const auto zone = fields.text_or("zone", "", 64);
        if (!is_month(month)) return;
        if (!zone.empty()) static_cast<void>(month_of({}, zone));  // throws where there is no such zone
        zone_ = zone;
        used_ = static_cast<std::uint64_t>(fields.integer("received", 0, 1LL << 60));
        month_ = month;
    } catch (const Error&) {
        // the first start, or a damaged file: counting starts at 0
    }
}

MonthlyBudget::~MonthlyBudget() {
    save();
}

void MonthlyBudget::update_month(const ClockReading& clock, const std::string& zone) {
    if (!zone.empty() && zone != zone_) {
        zone_ = zone;
        changed_ = true;
    }
    if (clock.state == content::ClockState::floor && !month_.empty()) return;
    const bool was_guessed = std::exchange(guessed_, zone_.empty() && (guessed_ || month_.empty()));
    const auto month = month_of(clock.now, zone_.empty() ? "UTC" : zone_);
    if (month == month_ || (month < month_ && clock.state != content::ClockState::synchronised)) return;
    if (month > month_ && (guessed_ || !was_guessed)) used_ = 0;
    month_ = month;
    changed_ = true;
}

void MonthlyBudget::count_received(std::uint64_t bytes, const ClockReading& clock, const std::string& zone) {
    const std::lock_guard lock(mutex_);
    update_month(clock, zone);
    used_ += bytes;
    unsaved_ += bytes;
    changed_ = true;
    if (unsaved_ >= save_every) write();
}

std::uint64_t MonthlyBudget::used(const ClockReading& clock, const std::string& zone) {
    const std::lock_guard lock(mutex_);
    update_month(clock, zone);
    return used_;
}

void MonthlyBudget::save() {
    const std::lock_guard lock(mutex_);
    if (changed_) write();
}

void MonthlyBudget::write() {
    unsaved_ = 0;
    try {
        make_way(file_);
        json::object value{{"format", 1}, {"month", month_}, {"received", used_}};
        if (!zone_.empty()) value["zone"] = zone_;
        write_file_atomically(file_, pretty_json(value));
        changed_ = false;
    } catch (const Error&) {
        // a full disk must not end a visit, which may be what frees space
    }
}

}  // namespace riverlight::firmware
