#include "firmware/outlet/announcements.hpp"

#include <utility>

#include "firmware/outlet/avails.hpp"

namespace riverlight::firmware {

using namespace std::chrono_literals;

namespace {

constexpr auto guide_every = 10min;
constexpr auto avails_ahead = 15s;  // a feed arms six seconds ahead; an earlier plan may still change

}  // namespace

std::optional<player::Notice> Announcements::restart() {
    guide_sent_.reset();
    last_avail_.reset();
    if (notice_.text.empty()) return {};
    return notice_;
}

std::optional<player::Notice> Announcements::show(player::Notice notice) {
    const bool same = notice.text == notice_.text && (notice.text.empty() || notice.locale == notice_.locale);
    if (same) return {};
    notice_ = std::move(notice);
    return notice_;
}

std::optional<player::Panel> Announcements::switch_panel(bool on) {
    if (std::exchange(panel_on_, on) == on) return {};
    return player::Panel{on};
}

std::optional<player::Guide> Announcements::guide(const Programme& programme, const Airings& airings,
                                                  const ClockReading& now) {
    if (guide_sent_ && now.monotonic - *guide_sent_ <= guide_every) return {};
    guide_sent_ = now.monotonic;
    auto guide = guide_of(programme, airings);
    for (auto& item : guide.items) item.start -= now.ahead;
    return guide;
}

std::vector<player::Avail> Announcements::avails(const Airings& airings, const ClockReading& now) {
    std::vector<player::Avail> due;
    for (auto avail : avails_of(airings, now.now, now.now + avails_ahead)) {
        if (last_avail_ && avail.event <= *last_avail_) continue;
        last_avail_ = avail.event;
        avail.start -= now.ahead;
        due.push_back(avail);
    }
    return due;
}

}  // namespace riverlight::firmware
