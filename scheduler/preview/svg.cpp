#include "scheduler/preview/svg.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "content/base/markup.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

// All lengths are user units of the picture.
constexpr int width = 1600, label_width = 300, right_margin = 40, header = 104, day_header = 62,
              lane_height = 46, day_gap = 26, legend_height = 58, margin = 32;
constexpr double axis_width = width - label_width - right_margin - margin;
constexpr double least_width = 1.2;    // thinner marks vanish on a screen
constexpr double least_labelled = 60;  // narrower hours have no room for a word

constexpr auto fonts =
    "'Noto Sans','Noto Sans Khmer','Noto Sans Lao','Noto Sans Myanmar','Noto Sans Thai','Noto Sans CJK SC',"
    "sans-serif";

struct BookingStyle {
    BookingKind kind;
    const char* name;
    const char* colour;
};
constexpr std::array<BookingStyle, 5> styles{{{BookingKind::takeover, "takeover", "#b3261e"},
                                              {BookingKind::fixed, "fixed", "#17406d"},
                                              {BookingKind::block, "block", "#6d4aa0"},
                                              {BookingKind::rotation, "rotation", "#17877b"},
                                              {BookingKind::filler, "filler", "#a9b8c4"}}};

const BookingStyle& style_of(BookingKind kind) {
    return *std::find_if(styles.begin(), styles.end(),
                         [&](const BookingStyle& one) { return one.kind == kind; });
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

std::string number(int value) {
    return std::to_string(value);
}

template <class X, class Y>
std::string text_at(X x, Y y, const char* style, std::string_view text) {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" class=\"" + style + "\">" +
           markup_escaped(text) + "</text>\n";
}

template <class X, class Y, class W, class H>
std::string box(X x, Y y, W w, H h, std::string_view fill, std::string_view more = {}) {
    return "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(w) + "\" height=\"" +
           number(h) + "\" fill=\"" + std::string(fill) + '"' + std::string(more) + "/>\n";
}

/// The time axis of one day. It maps instants, not clock times, so that days of 23 and 25 hours fill it too.
struct Axis {
    const Plan& plan;
    Instant from{}, until{};

    [[nodiscard]] double x(Instant at) const {
        const auto inside = std::clamp(at, from, until);
        const auto part = duration<double>(inside - from) / duration<double>(until - from);
        return label_width + margin + part * axis_width;
    }
};

/// Marks of one lane. Those that touch become one, so that a day of thousands of airings stays a small file.
class LaneMarks {
  public:
    void add(double from, double until) {
        until = std::max(until, from + least_width);
        if (!spans_.empty() && from <= spans_.back().second + 0.15) {
            spans_.back().second = std::max(spans_.back().second, until);
        } else {
            spans_.emplace_back(from, until);
        }
    }

    [[nodiscard]] std::string path(double top, double height, std::string_view fill) const {
        if (spans_.empty()) return {};
        std::string out = "<path fill=\"" + std::string(fill) + "\" d=\"";
        for (const auto& [from, until] : spans_) {
            out += 'M' + number(from) + ' ' + number(top) + 'H' + number(until) + 'v' + number(height) + 'H' +
                   number(from) + 'z';
        }
        return out + "\"/>\n";
    }

  private:
    std::vector<std::pair<double, double>> spans_;
};

/// One campaign on one day. The slate has a lane of its own, with an empty id.
struct Lane {
    std::string title;
    int priority = 0;
    std::map<BookingKind, LaneMarks> airs;
    LaneMarks gives_way;
    int plays = 0, lost = 0;
};

std::string plural(int n, const char* one, const char* many) {
    return std::to_string(n) + ' ' + (n == 1 ? one : many);
}

std::vector<std::pair<std::string, Lane>> lanes_of(const Plan& plan, const Axis& axis,
                                                   const Schedule& schedule) {
    std::map<std::string, Lane> lanes;
    for (const auto& a : plan.airings) {
        auto& lane = lanes[a.campaign];
        lane.airs[a.kind].add(axis.x(a.start), axis.x(a.end));
        ++lane.plays;
    }
    for (const auto& s : plan.shortfalls) {
        auto& lane = lanes[s.campaign];
        lane.gives_way.add(axis.x(s.when), axis.x(std::max(s.when, s.until)));
        lane.lost += s.plays;
    }
    for (const auto& gap : plan.gaps) {
        if (gap.cause == GapCause::closed) continue;
        auto& slate = lanes[""];
        slate.gives_way.add(axis.x(gap.from), axis.x(gap.until));
        ++slate.lost;
    }
    std::vector<std::pair<std::string, Lane>> out;
    for (auto& [id, lane] : lanes) {
        const auto known = std::find_if(schedule.campaigns.begin(), schedule.campaigns.end(),
                                        [&id = id](const Campaign& c) { return c.id == id; });
        lane.title = id.empty()                                                  ? "Slate"
                     : known == schedule.campaigns.end() || known->title.empty() ? id
                                                                                 : known->title;
        lane.priority = known == schedule.campaigns.end() ? -1 : known->priority;
        out.emplace_back(id, std::move(lane));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.second.priority > b.second.priority; });
    return out;
}

/// Shades the hours at which the place is closed, over all lanes.
std::string draw_closed(const Plan& plan, const Axis& axis, int top, int bottom) {
    LaneMarks marks;
    std::string out;
    for (const auto& gap : plan.gaps) {
        if (gap.cause != GapCause::closed) continue;
        const auto from = axis.x(gap.from), until = axis.x(gap.until);
        marks.add(from, until);
        if (until - from > least_labelled)
            out += text_at((from + until) / 2, (top + bottom) / 2.0 + 4, "closed", "closed");
    }
    return marks.path(top, bottom - top, "#dbe2e8") + out;
}

std::string lane_text(const std::string& id, const Lane& lane) {
    if (id.empty()) return "nothing booked may air";
    auto text = "priority " + std::to_string(lane.priority) + " · " + plural(lane.plays, "play", "plays");
    if (lane.lost > 0)
        text += " · " + std::to_string(lane.lost) + (lane.lost == 1 ? " gives way" : " give way");
    return text;
}

std::string draw_lane(const std::string& id, const Lane& lane, int top, bool shaded) {
    std::string out = shaded ? box(margin, top, width - 2 * margin, lane_height, "#f3f6f8") : std::string();
    out += "<g clip-path=\"url(#labels)\">" + text_at(margin + 10, top + 20, "lane", lane.title) +
           text_at(margin + 10, top + 37, lane.lost > 0 && !id.empty() ? "small loss" : "small",
                   lane_text(id, lane)) +
           "</g>\n";
    out += lane.gives_way.path(top + 3, lane_height - 6, "url(#hatch)");
    for (const auto& [kind, marks] : lane.airs)
        out += marks.path(top + 9, lane_height - 18, style_of(kind).colour);
    return out;
}

/// A line and a label at the full hours of the local clock, and a note where the clock changes.
std::string draw_ticks(const Axis& axis, int top, int bottom) {
    std::string out;
    const auto& zone = axis.plan.zone;
    for (auto at = axis.from; at <= axis.until; at += 15min) {
        const auto shown = local_text(at, zone);
        if (shown.substr(14, 2) != "00") continue;
        const auto hour = std::stoi(shown.substr(11, 2));
        const auto x = number(axis.x(at));
        out += "<path class=\"" + std::string(hour % 3 == 0 ? "tick" : "tick faint") + "\" d=\"M" + x + ' ' +
               number(top) + 'V' + number(bottom) + "\"/>\n";
        if (hour % 3 == 0) out += text_at(axis.x(at), top - 8, "hour", shown.substr(11, 5));
    }
    const auto gap = [&](Instant at) {
        return from_rfc3339(local_text(at, zone).replace(10, 1, "T") + "Z").value() - at;
    };
    for (auto at = axis.from; at + 15min < axis.until; at += 15min) {
        const auto changed = gap(at + 15min) - gap(at);
        if (changed == 0us) continue;
        const auto x = axis.x(at + 15min);
        out += "<path class=\"change\" d=\"M" + number(x) + ' ' + number(top - 22) + 'V' + number(bottom) +
               "\"/>\n" +
               text_at(x + 5, top - 24, "small loss",
                       std::string("clock goes ") + (changed > 0us ? "forward " : "back ") +
                           std::to_string(std::abs(duration_cast<minutes>(changed).count())) + " min");
    }
    return out;
}

std::string day_name(local_days day) {
    static constexpr std::array<const char*, 7> names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
    return names[weekday{day}.c_encoding()];
}

std::string draw_day(const Plan& plan, const Schedule& schedule, int& top) {
    const Axis axis{plan, plan.from, std::max(plan.until, plan.from + 1s)};
    const auto lanes = lanes_of(plan, axis, schedule);
    const int lanes_top = top + day_header;
    const int bottom = lanes_top + std::max(1, static_cast<int>(lanes.size())) * lane_height;
    auto out = text_at(margin, top + 24, "day", day_name(plan.day) + ' ' + to_iso(plan.day));
    if (lanes.empty()) out += text_at(margin + 10, lanes_top + 28, "lane", "Nothing is booked");
    int lane_top = lanes_top;
    std::string pictures;
    for (bool shaded = true; const auto& [id, lane] : lanes) {
        pictures += draw_lane(id, lane, lane_top, shaded);
        lane_top += lane_height;
        shaded = !shaded;
    }
    // Ticks come last and are translucent: lanes stay visible through them.
    out += pictures + draw_closed(plan, axis, lanes_top, bottom) + draw_ticks(axis, lanes_top, bottom);
    top = bottom + day_gap;
    return out;
}

std::string draw_legend(int top) {
    std::string out;
    double x = margin;
    for (const auto& style : styles) {
        out += box(x, top, 26, 16, style.colour, " rx=\"3\"") + text_at(x + 34, top + 14, "key", style.name);
        x += 120;
    }
    out += box(x, top, 26, 16, "url(#hatch)", " stroke=\"#b3261e\" stroke-opacity=\".5\"") +
           text_at(x + 34, top + 14, "key", "gives way, or nothing booked");
    return out;
}

std::string opening(int height) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width) + "\" height=\"" +
           number(height) + "\" viewBox=\"0 0 " + number(width) + ' ' + number(height) + "\" font-family=\"" +
           fonts +
           "\">\n<style>\n.title{font-size:30px;font-weight:600;fill:#12263a}"
           ".sub{font-size:16px;fill:#51677b}.day{font-size:19px;font-weight:600;fill:#12263a}"
           ".closed{font-size:13px;fill:#51677b;text-anchor:middle}.lane{font-size:15px;font-weight:500;fill:"
           "#12263a}.small{font-size:12px;fill:#51677b}"
           ".loss{fill:#b3261e}.hour{font-size:13px;fill:#51677b;text-anchor:middle}"
           ".key{font-size:14px;fill:#33485b}.tick{stroke:#12263a;stroke-opacity:.22;fill:none}"
           ".faint{stroke-opacity:.08}.change{stroke:#b3261e;stroke-dasharray:4 3;fill:none}\n</style>\n"
           "<defs><pattern id=\"hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
           "patternTransform=\"rotate(45)\"><rect width=\"7\" height=\"7\" fill=\"#fdecea\"/>"
           "<rect width=\"2.4\" height=\"7\" fill=\"#d9584f\"/></pattern><clipPath id=\"labels\"><rect x=\"" +
           number(margin) + "\" y=\"0\" width=\"" + number(label_width - 14) + "\" height=\"" +
           number(height) + "\"/></clipPath></defs>\n" + box(0, 0, width, height, "#ffffff");
}

std::string subtitle(const std::vector<Plan>& plans, const content::Place& place) {
    auto text = "Schedule preview · " + place.id + " · " + place.zone;
    if (plans.empty()) return text;
    text += " · " + to_iso(plans.front().day);
    return plans.size() == 1 ? text : text + " to " + to_iso(plans.back().day);
}

}  // namespace

std::string preview_svg(const std::vector<Plan>& plans, const Schedule& schedule,
                        const content::Place& place) {
    int top = header;
    std::string days;
    for (const auto& plan : plans) days += draw_day(plan, schedule, top);
    const auto title = (place.name.empty() ? place.id : place.name) + ": " + schedule.name;
    return opening(top + legend_height) + "<title>" + markup_escaped(title) + "</title>\n" +
           text_at(margin, 52, "title", title) + text_at(margin, 80, "sub", subtitle(plans, place)) + days +
           draw_legend(top + 4) + "</svg>\n";
}

}  // namespace riverlight::scheduler
